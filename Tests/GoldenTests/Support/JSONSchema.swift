import AggctlCommands
import FoundationEssentials

/// Checks a document against the part of JSON Schema that our schemas use; any other keyword is itself a fault, so that
/// nothing is believed to be checked that is not.
struct JSONSchema {
    private let root: [String: JSONValue]

    /// - Parameter name: a file in docs/schemas.
    init(named name: String) throws {
        root = try JSONValue.parse(try Golden.text(of: "docs/schemas/\(name)")).members ?? [:]
    }

    /// What is wrong with a document: one line a fault, with the place.
    func faults(in document: JSONValue) -> [String] { faults(document, .object(JSONObject(root)), "$") }

    private func faults(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        guard let schema = schema.members else { return ["\(place): the schema is no object"] }
        return schema.flatMap { keyword, rule in fault(value, keyword, rule, schema, place) }
    }

    private func fault(
        _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ schema: [String: JSONValue], _ place: String
    ) -> [String] {
        switch keyword {
        case "$schema", "$id", "$defs", "title", "description": return []
        case "$ref": return faults(value, definition(rule), place)
        case "type": return types(rule).contains { value.has(type: $0) } ? [] : ["\(place): is not \(rule)"]
        case "enum": return rule.elements?.contains(value) == true ? [] : ["\(place): is none of \(rule)"]
        case "required":
            guard let members = value.members else { return [] }
            let names = (rule.elements ?? []).compactMap(\.text)
            return names.filter { members[$0] == nil }.map { "\(place): lacks \($0)" }
        case "properties":
            guard let members = value.members, let rules = rule.members else { return [] }
            return members.flatMap { name, member in
                rules[name].map { faults(member, $0, "\(place).\(name)") } ?? []
            }
        case "additionalProperties":
            guard let members = value.members else { return [] }
            let known = schema["properties"]?.members ?? [:]
            let others = members.filter { known[$0.key] == nil }
            if rule == false { return others.keys.map { "\(place): has \($0), which is not described" } }
            return others.flatMap { faults($1, rule, "\(place).\($0)") }
        case "items":
            return (value.elements ?? []).enumerated().flatMap { faults($1, rule, "\(place)[\($0)]") }
        case "const": return value == rule ? [] : ["\(place): is not \(rule)"]
        case "pattern":
            guard let text = value.text, let pattern = rule.text, let regex = try? Regex(pattern) else { return [] }
            return text.contains(regex) ? [] : ["\(place): is not as \(pattern)"]
        case "minItems":
            guard let count = value.elements?.count, case .integer(let least) = rule else { return [] }
            return count < least ? ["\(place): has \(count) items"] : []
        case "minimum", "maximum":
            guard case .integer(let number) = value, case .integer(let limit) = rule else { return [] }
            let isIn = keyword == "minimum" ? number >= limit : number <= limit
            return isIn ? [] : ["\(place): is \(number)"]
        case "anyOf":
            let all = (rule.elements ?? []).map { faults(value, $0, place) }
            return all.contains([]) ? [] : ["\(place): is none of \(rule)"]
        default: return ["\(place): the schema uses \(keyword), which is not checked"]
        }
    }

    private func definition(_ reference: JSONValue) -> JSONValue {
        guard let name = reference.text?.split(separator: "/").last else { return .null }
        return root["$defs"]?.members?[String(name)] ?? .null
    }

    private func types(_ rule: JSONValue) -> [String] { rule.elements?.compactMap(\.text) ?? [rule.text ?? ""] }
}

extension JSONValue {
    static func parse(_ text: String) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    }

    var members: [String: JSONValue]? {
        guard case .object(let object) = self else { return nil }
        return Dictionary(uniqueKeysWithValues: object.members.map { ($0.name, $0.value) })
    }
    var elements: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }
    var text: String? { if case .string(let text) = self { text } else { nil } }

    fileprivate func has(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .integer: type == "integer" || type == "number"
        case .number: type == "number"
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        }
    }
}

extension JSONValue: Decodable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? container.decode(Int64.self) {
            self = .integer(number)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .string(text)
        } else if let elements = try? container.decode([JSONValue].self) {
            self = .array(elements)
        } else {
            self = .object(JSONObject(try container.decode([String: JSONValue].self)))
        }
    }
}
