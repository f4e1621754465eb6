/// Writes trees as YAML text which the reader, and every other YAML reader, reads back as what was meant.
enum YAMLWriter {
    /// A node on one line.
    static func flow(_ node: YAMLNode) -> String {
        switch node.content {
        case .scalar(let text, let plain): scalar(text, plain: plain)
        case .sequence(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
        case .mapping(let entries):
            entries.isEmpty
                ? "{}"
                : "{ " + entries.map { flow($0.key) + ": " + flow($0.value) }.joined(separator: ", ") + " }"
        case .refused: "\"\""
        }
    }

    /// The lines of a mapping; lists that hold mappings get a line for each item.
    static func block(_ entries: [YAMLNode.Entry]) -> [String] {
        entries.flatMap { entry -> [String] in
            let key = flow(entry.key) + ":"
            guard case .sequence(let items) = entry.value.content, items.contains(where: \.isMapping) else {
                return [key + " " + flow(entry.value)]
            }
            return [key] + items.map { "  - " + flow($0) }
        }
    }

    /// Whether a text that stands without quotes is a key word here, or is no text to other YAML readers.
    static func isAmbiguous(_ text: String) -> Bool {
        let words: Set<String> = [
            "default", "none", "yes", "no", "on", "off", "true", "false", "null", "y", "n", "",
        ]
        if words.contains(text.lowercased()) { return true }
        guard let first = text.utf8.first(where: { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }) else {
            return true
        }
        // Numbers, dates and times begin so; addresses with a length and durations do as well, but are none.
        let isDigit = (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) || first == UInt8(ascii: ".")
        return isDigit && Double(text) != nil || isDigit && text.contains(":") || isDigit && text.contains("-")
            || isDigit && text.contains("_") || text.hasPrefix("0x") || text.hasPrefix("0o") || text.hasPrefix("0b")
    }

    private static func scalar(_ text: String, plain: Bool) -> String {
        plain && isSafe(text) ? text : quoted(text)
    }

    /// Whether the text reads back as itself without quotes, inside brackets too.
    private static func isSafe(_ text: String) -> Bool {
        guard let first = text.utf8.first, isWordByte(first) || first == UInt8(ascii: "/") || isNegative(text) else {
            return false
        }
        let others: Set<UInt8> = Set("-+./".utf8)
        return text.utf8.dropFirst().allSatisfy { isWordByte($0) || others.contains($0) }
    }

    private static func isNegative(_ text: String) -> Bool {
        text.hasPrefix("-") && text.dropFirst().utf8.first.map(isWordByte) == true
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
    }

    /// In double quotes, with everything but printable ASCII escaped.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case " "..."~": result.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16)
                result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return result + "\""
    }
}

extension YAMLNode {
    var isMapping: Bool { if case .mapping = content { true } else { false } }
}
