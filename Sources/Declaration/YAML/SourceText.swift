internal import Aggregation

/// What can be said about a text before and beside its YAML: size, encoding, and where a byte stands.
enum SourceText {
    /// The subject of problems that concern the text and no aggregate in it; their location names the file.
    static let subject = "YAML"

    /// Why the text cannot be given to libyaml at all.
    static func problem(in bytes: [UInt8], fileName: String, maximumSize: Int) -> Problem? {
        guard bytes.count <= maximumSize else {
            return Problem(
                .invalid, subject: fileName, rule: "it has \(bytes.count) bytes, which is too large",
                remedy: "a declaration has at most \(maximumSize) bytes: is it the right file?")
        }
        if let offset = bytes.firstIndex(of: 0) {
            return Problem(
                .invalid, subject: subject, rule: "there is a NUL byte", remedy: "is it the right file? It is no text",
                location: location(ofByte: offset, in: bytes[...], fileName: fileName))
        }
        if let offset = firstInvalid(in: bytes) {
            return Problem(
                .invalid, subject: subject, rule: "the text is no valid UTF-8",
                remedy: "save it as UTF-8",
                location: location(ofByte: offset, in: bytes[...], fileName: fileName))
        }
        return nil
    }

    /// Some editors write one; it would move the columns of the first line.
    static func withoutByteOrderMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes[3...] : bytes[...]
    }

    /// libyaml's complaint as a problem with a place.
    static func problem(_ error: YAMLParser.SyntaxError, in bytes: ArraySlice<UInt8>, fileName: String) -> Problem {
        let place: SourceLocation
        switch error.place {
        case .mark(let line, let column):
            // libyaml sees the end of a text one line below its last line, when that has no line end.
            let end = location(ofByte: bytes.endIndex, in: bytes, fileName: fileName)
            place = line + 1 > end.line ? end : SourceLocation(file: fileName, line: line + 1, column: column + 1)
        case .byte(let offset): place = location(ofByte: bytes.startIndex + offset, in: bytes, fileName: fileName)
        }
        var rule = "it is no valid YAML: \(error.problem)"
        if let context = error.context {
            rule += " \(context)"
            if let line = error.contextLine, line + 1 != place.line { rule += " that began in line \(line + 1)" }
        }
        let tab = hasTabIndent(line: place.line, of: bytes)
        return Problem(
            .invalid, subject: subject, rule: rule,
            remedy: tab ? "indent with spaces, not with a tab" : "check brackets, quotes and indentation there",
            location: place)
    }

    /// A text for a message: short, on one line, harmless to a terminal.
    static func shown(_ text: String) -> String {
        let short = text.unicodeScalars.prefix(40).map { scalar in
            scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? "?" : String(scalar)
        }
        return "\"" + short.joined() + (text.unicodeScalars.count > 40 ? "…\"" : "\"")
    }

    /// Line and column from 1, in characters, as libyaml counts them.
    private static func location(ofByte offset: Int, in bytes: ArraySlice<UInt8>, fileName: String) -> SourceLocation {
        var line = 1
        var column = 1
        for byte in bytes[..<min(offset, bytes.endIndex)] {
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if byte & 0xc0 != 0x80 {
                column += 1
            }
        }
        return SourceLocation(file: fileName, line: line, column: column)
    }

    private static func firstInvalid(in bytes: [UInt8]) -> Int? {
        guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
        var decoder = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var offset = 0
        while true {
            switch decoder.parseScalar(from: &iterator) {
            case .valid(let scalar): offset += scalar.count
            case .error: return offset
            case .emptyInput: return nil
            }
        }
    }

    private static func hasTabIndent(line: Int, of bytes: ArraySlice<UInt8>) -> Bool {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard line <= lines.count else { return false }
        return lines[line - 1].prefix { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            .contains(UInt8(ascii: "\t"))
    }
}
