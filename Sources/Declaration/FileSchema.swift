internal import Aggregation

/// The JSON Schema of the file, made from the table of keys and the option tables; it describes the YAML as JSON.
package enum FileSchema {
    /// The text of the schema, for `docs/schemas/file.schema.json`.
    package static func text() throws -> String { try schema.text() }

    static var schema: JSONValue {
        var aggregate = AggregateKeys.table.schema
        aggregate["allOf"] = [teamingOrElse(bondingOptions)]
        var schema = Document.table.schema
        schema["properties", "aggregates", "items"] = aggregate
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = "A declaration of link aggregates"
        return schema
    }

    /// Bonding's options are known; those of a daemon are checked by the daemon's own table.
    private static func teamingOrElse(_ bonding: JSONValue) -> JSONValue {
        [
            "if": ["properties": ["driver": .const("teaming")], "required": ["driver"]],
            "then": true,
            "else": bonding,
        ]
    }

    private static var bondingOptions: JSONValue {
        [
            "properties": [
                "options": object(BondingOptions.table),
                "ports": [
                    "if": ["type": "array"],
                    "then": [
                        "items": [
                            "if": ["type": "object"],
                            "then": ["properties": ["options": object(BondingPortOptions.table)]],
                        ]
                    ],
                ],
            ]
        ]
    }

    private static func object(_ table: OptionTable) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for row in table.rows where row.name != "mode" && !row.isReadOnly {
            let schema = JSONValue.anyOf([.const("default"), value(row.kind)]).described(row.help)
            for name in [row.name] + row.aliases { properties[name] = schema }
        }
        return ["type": "object", "properties": .object(properties), "additionalProperties": false]
    }

    private static func value(_ kind: ValueKind) -> JSONValue {
        switch kind {
        case .integer(let range): .whole(range)
        case .duration: .duration
        case .boolean: .booleanWord
        case .choice(let choices):
            ["enum": .array(choices.map { .string($0.name) } + choices.map { .integer($0.number) })]
        case .port: ["type": "string"]
        case .ethernetAddress: Form<LinkLayerAddress>.ethernetAddress.facts.schema
        case .targets: .list(of: ["type": "string"])
        case .names(let choices): .list(of: ["enum": .array(choices.map { .string($0.name) })])
        case .watches: .anyOf([["type": "object"], ["type": "array"]])
        case .text: ["type": "string"]
        }
    }
}

extension JSONValue {
    /// The value at a path of keys; setting makes the objects on the way.
    fileprivate subscript(_ path: String...) -> JSONValue? {
        get { at(path[...]) }
        set { if let newValue { set(path[...], newValue) } }
    }

    private func at(_ path: ArraySlice<String>) -> JSONValue? {
        guard let first = path.first else { return self }
        guard case .object(let members) = self else { return nil }
        return members[first]?.at(path.dropFirst())
    }

    private mutating func set(_ path: ArraySlice<String>, _ value: JSONValue) {
        guard let first = path.first else {
            self = value
            return
        }
        var members: [String: JSONValue] = [:]
        if case .object(let existing) = self { members = existing }
        var member = members[first] ?? [:]
        member.set(path.dropFirst(), value)
        members[first] = member
        self = .object(members)
    }
}
