/// The name of a network device, checked by the kernel's own rules: `dev_valid_name` in net/core/dev.c, and what its
/// callers add.
package struct InterfaceName: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    /// 1 to 15 bytes (IFNAMSIZ includes the terminating NUL).
    package static let maximumLength = 15

    package let text: String

    /// - Throws: ``InvalidName`` with the broken rule.
    package init(_ text: String) throws(InvalidName) {
        if let rule = Self.brokenRule(text) { throw InvalidName(text: text, rule: rule) }
        self.text = text
    }

    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }

    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    /// The most bytes of an alternative name (ALTIFNAMSIZ includes the terminating NUL).
    package static let maximumAlternativeLength = 127

    /// Why a text can be neither the name nor an alternative name of a device; nil for one that can.
    package static func brokenRule(ofAlternative text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        if text.utf8.count > maximumAlternativeLength { return "it is longer than \(maximumAlternativeLength) bytes" }
        if [".", ".."].contains(text) { return "the kernel reserves it" }
        let forbidden = text.utf8.first { byte in
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") || byte <= 0x20 || byte == 0x7f
        }
        return forbidden == nil ? nil : "it contains a slash, a colon, white space or a control character"
    }

    private static func brokenRule(_ text: String) -> String? {
        if text.isEmpty { return "it is empty" }
        if text.utf8.count > maximumLength { return "it is longer than \(maximumLength) bytes" }
        // The last two are folders of /proc/sys/net (sysctl_dev_name_is_allowed).
        if [".", "..", "all", "default"].contains(text) { return "the kernel reserves it" }
        // In `bond%d` the kernel would put a number (dev_alloc_name), and make a device of another name.
        if text.contains("%") { return "it contains a per cent sign" }
        let forbidden = text.utf8.first { byte in
            byte == UInt8(ascii: "/") || byte == UInt8(ascii: ":") || byte <= 0x20 || byte == 0x7f || byte == 0xa0
        }
        return forbidden == nil ? nil : "it contains a slash, a colon, white space or a control character"
    }
}

/// A text that cannot name a network device.
package struct InvalidName: Error, CustomStringConvertible {
    package let text: String
    package let rule: String

    package var description: String { "\"\(text)\" is no device name: \(rule)" }

    /// What to do about any of them.
    package static let remedy = "use 1 to \(InterfaceName.maximumLength) bytes without white space, /, : and %"
}
