internal import FoundationEssentials

/// A JSON value, for the schema.
indirect enum JSONValue: Sendable, Hashable, Encodable {
    case string(String)
    case integer(Int64)
    case boolean(Bool)
    case array([JSONValue])
    case object([String: JSONValue])

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .string(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .boolean(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// Indented text with sorted keys and a line end.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(booleanLiteral value: Bool) { self = .boolean(value) }
    init(integerLiteral value: Int64) { self = .integer(value) }
    init(dictionaryLiteral pairs: (String, JSONValue)...) {
        self = .object(Dictionary(pairs, uniquingKeysWith: { _, last in last }))
    }
    init(arrayLiteral items: JSONValue...) { self = .array(items) }
}

/// The pieces of which the schema is made.
extension JSONValue {
    static func const(_ word: String) -> JSONValue { ["const": .string(word)] }

    static func anyOf(_ choices: [JSONValue]) -> JSONValue { ["anyOf": .array(choices)] }

    static func words(_ words: [String]) -> JSONValue { ["enum": .array(words.map(JSONValue.string))] }

    static func pattern(_ pattern: String) -> JSONValue { ["type": "string", "pattern": .string(pattern)] }

    static func whole(_ range: ClosedRange<Int64>) -> JSONValue {
        ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
    }

    /// A sequence, or values with commas between them.
    static func list(of item: JSONValue) -> JSONValue {
        .anyOf([["type": "array", "items": item], ["type": "string"]])
    }

    /// Converters from YAML turn `on` and `no` into booleans, or do not.
    static let booleanWord: JSONValue = [
        "enum": [true, false, "on", "off", "true", "false", "yes", "no", 1, 0]
    ]

    static let duration: JSONValue = .anyOf([.pattern("^([0-9]+(ms|s|m)|0|off)$"), ["const": 0]])

    func described(_ help: String) -> JSONValue {
        guard case .object(var object) = self else { return self }
        object["description"] = .string(help)
        return .object(object)
    }
}
