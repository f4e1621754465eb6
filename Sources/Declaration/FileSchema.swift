internal import Aggregation

/// The JSON Schema of the file, made from the table of keys and the option tables; it describes the YAML as JSON.
package enum FileSchema {
    /// The text of the schema, for `docs/schemas/file.schema.json`.
    package static func text() throws -> String { try schema.text() }

    static var schema: JSONValue {
        var aggregate = AggregateKeys.table.schema
        aggregate["allOf"] = .array(DriverKind.allCases.map(options))
        var schema = Document.table.schema
        schema["properties", "aggregates", "items"] = aggregate
        schema["$defs"] = ["watch": watch]
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = "A declaration of link aggregates"
        return schema
    }

    /// The options of a driver, where it is the one that is named; an aggregate that names none has bonding.
    private static func options(_ driver: DriverKind) -> JSONValue {
        var named: JSONValue = ["properties": ["driver": .const(driver.rawValue)]]
        if driver != .bonding { named["required"] = ["driver"] }
        return [
            "if": named,
            "then": [
                "properties": [
                    "options": object(OptionTables.shared.aggregate(driver)),
                    "ports": [
                        "if": ["type": "array"],
                        "then": [
                            "items": [
                                "if": ["type": "object"],
                                "then": ["properties": ["options": object(OptionTables.shared.port(driver))]],
                            ]
                        ],
                    ],
                ]
            ],
        ]
    }

    private static func object(_ table: OptionTable) -> JSONValue {
        var properties: [String: JSONValue] = [:]
        for row in table.rows where row.name != table.driver.modeOption && !row.isReadOnly {
            let schema = JSONValue.anyOf([.const("default"), value(row)]).described(row.help)
            for name in [row.name] + row.aliases { properties[name] = schema }
        }
        return ["type": "object", "properties": .object(properties), "additionalProperties": false]
    }

    private static func value(_ row: OptionDefinition) -> JSONValue {
        switch row.kind {
        case .integer(let range): .whole(range)
        case .duration: .duration
        case .boolean: .booleanWord
        case .choice(let choices):
            // The numbers of bonding are the kernel's; those of teaming are nobody's.
            [
                "enum": .array(
                    choices.map { .string($0.name) } + (row.wire == .json ? [] : choices.map { .integer($0.number) }))
            ]
        case .port: ["type": "string"]
        case .ethernetAddress: Form<LinkLayerAddress>.ethernetAddress.facts.schema
        case .targets: .list(of: ["type": "string"])
        case .names(let choices): .list(of: ["enum": .array(choices.map { .string($0.name) })])
        case .watches:
            .anyOf([["type": "string"], watchReference, ["type": "array", "items": watchReference]])
        case .text: ["type": "string"]
        }
    }

    private static let watchReference: JSONValue = ["$ref": "#/$defs/watch"]

    /// One link watch, of any kind.
    private static var watch: JSONValue {
        .anyOf(
            LinkWatch.Kind.allCases.map { kind in
                let table = LinkWatchOptions.table(kind)
                var schema = object(table)
                schema["properties", "name"] = .const(kind.rawValue)
                let needed = table.rows.filter { $0.needs.contains(.required) }.map(\.name)
                schema["required"] = .array((["name"] + needed).map(JSONValue.string))
                return schema
            })
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
