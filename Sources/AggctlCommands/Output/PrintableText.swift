/// Text that a terminal may see: no control character, no mark of direction, no separator of lines is in it but the line
/// feeds and colours of ours.
///
/// The kernel lets nearly any byte into a device name, an escape sequence included, and so do daemons, files and the
/// command line. What comes from a `String` is cleaned as it comes in, by interpolation or ``init(_:)``; what stands in
/// the source is taken as it is. So a result cannot forget to clean, whatever it is made of.
package struct PrintableText: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// As it is written out.
    package private(set) var description: String

    /// Text from anywhere, every control character in it shown as `?`.
    package init(_ text: String) { description = Self.clean(text) }

    /// Several lines from anywhere. Those after the first are indented, so that none can pass for a line of ours.
    package init(lines text: String, indent: Int) {
        let margin = "\n" + String(repeating: " ", count: indent)
        description = text.split(separator: "\n", omittingEmptySubsequences: false).map { Self.clean(String($0)) }
            .joined(separator: margin)
    }

    /// A text that is ours as a whole, as a page of help or a file that our own writer made: its lines stay.
    package init(page text: String) { self.init(lines: text, indent: 0) }

    package init(stringLiteral text: String) { description = text }
    package init(stringInterpolation: StringInterpolation) { description = stringInterpolation.text }

    /// What is made of nothing but our own words, as a completion script for a shell is.
    package init(own text: String) { description = text }

    package static let empty: PrintableText = ""
    package var isEmpty: Bool { description.isEmpty }
    /// Columns that a terminal needs for it, without colours.
    package var width: Int { Self.width(description) }

    /// The beginning of a text without colours.
    func prefix(_ length: Int) -> PrintableText { PrintableText(own: String(description.prefix(length))) }

    /// In the colour of a role.
    func painted(_ code: String) -> PrintableText { PrintableText(own: "\u{1b}[\(code)m\(description)\u{1b}[0m") }

    package static func spaces(_ count: Int) -> PrintableText {
        PrintableText(own: String(repeating: " ", count: max(0, count)))
    }

    package static func + (one: PrintableText, other: PrintableText) -> PrintableText {
        PrintableText(own: one.description + other.description)
    }

    package static func += (one: inout PrintableText, other: PrintableText) { one.description += other.description }

    /// What stands in the source is ours, and what is put in between is others'.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        package init(literalCapacity: Int, interpolationCount: Int) {}
        package mutating func appendLiteral(_ literal: String) { text += literal }
        package mutating func appendInterpolation(_ text: PrintableText) { self.text += text.description }
        package mutating func appendInterpolation(_ value: some Any) { text += PrintableText.clean("\(value)") }
    }
}

extension Sequence<PrintableText> {
    package func joined(separator: PrintableText = .empty) -> PrintableText {
        PrintableText(own: map(\.description).joined(separator: separator.description))
    }
}

/// Which characters are shown as `?`, and how wide the others are.
extension PrintableText {
    /// Everything that does something to a screen instead of standing on it: control characters, those of C1 included
    /// (U+009B begins a sequence in some terminals), marks of direction, separators of lines, and what is not to be seen.
    static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: false
        default: !properties.isDefaultIgnorableCodePoint
        }
    }

    private static func clean(_ text: String) -> String {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return text }
        var cleaned = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { cleaned.append(isShown(scalar) ? scalar : "?") }
        return String(cleaned)
    }

    private static func width(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
        }
    }

    /// What Unicode's EastAsianWidth.txt calls wide or full width, in coarse blocks.
    private static let wide: [ClosedRange<UInt32>] = [
        0x1100...0x115f, 0x2e80...0x303e, 0x3041...0x33ff, 0x3400...0x4dbf, 0x4e00...0x9fff, 0xa000...0xa4cf,
        0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f, 0xff00...0xff60, 0xffe0...0xffe6, 0x1f300...0x1f64f,
        0x1f680...0x1f6ff, 0x1f900...0x1f9ff, 0x20000...0x3fffd,
    ]
}
