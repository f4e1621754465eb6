internal import FoundationEssentials

/// Any JSON value: what teamd prints and reads.
package indirect enum JSONTree: Sendable, Hashable, Codable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSONTree])
    case object([String: JSONTree])

    /// Reads a whole text.
    ///
    /// - Returns: nil for what is no JSON, is cut short or is nested beyond measure.
    package init?(parsing text: String) {
        // A decoder of ours would be one more; this one bounds the depth.
        guard let tree = try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8)) else { return nil }
        self = tree
    }

    package init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let boolean = try? value.decode(Bool.self) {
            self = .boolean(boolean)
        } else if let integer = try? value.decode(Int64.self) {
            self = .integer(integer)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let string = try? value.decode(String.self) {
            self = .string(string)
        } else if let array = try? value.decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .object(try value.decode([String: JSONTree].self))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .boolean(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// One line with sorted keys.
    package var text: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(self) else { return "null" }
        return String(decoding: data, as: UTF8.self)
    }

    // MARK: Looking inside

    /// The members of an object; nil for anything else.
    package var members: [String: JSONTree]? { if case .object(let members) = self { members } else { nil } }
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .integer(let number) = self { number } else { nil } }
    package var boolean: Bool? { if case .boolean(let value) = self { value } else { nil } }

    package subscript(_ key: String) -> JSONTree? { members?[key] }

    /// The value at a path of keys.
    package func at(_ path: some Collection<String>) -> JSONTree? {
        guard let first = path.first else { return self }
        return members?[first]?.at(path.dropFirst())
    }

    /// Puts a value at a path of keys; what stands in the way is replaced.
    package mutating func set(_ path: some Collection<String>, _ value: JSONTree) {
        guard let first = path.first else {
            self = value
            return
        }
        var members = members ?? [:]
        var member = members[first] ?? .object([:])
        member.set(path.dropFirst(), value)
        members[first] = member
        self = .object(members)
    }
}
