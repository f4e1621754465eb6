/// Link watches as they are written in a file and on the command line: `{name: ethtool, delay_up: 100ms}`, or a list of
/// such mappings in brackets. The file's reader hands them over in this form whatever form they had there.
enum LinkWatchText {
    typealias InvalidValue = OptionDefinition.InvalidValue

    static func parse(_ text: String) throws(InvalidValue) -> [LinkWatch] {
        if text == "none" { return [] }
        // A kind alone is the watch with its defaults.
        if text.utf8.allSatisfy({ $0 != UInt8(ascii: "{") && $0 != UInt8(ascii: "[") }) {
            return [try watch([("name", text)])]
        }
        var scanner = FlowScanner(text)
        let mappings = try scanner.mappings()
        var watches: [LinkWatch] = []
        for mapping in mappings {
            let watch = try watch(mapping)
            guard !watches.contains(watch) else {
                throw InvalidValue(rule: "\(watch.kind.rawValue) is there twice", remedy: "write it once")
            }
            watches.append(watch)
        }
        return watches
    }

    static func format(_ watches: [LinkWatch]) -> String {
        let texts = watches.map { watch in
            let table = LinkWatchOptions.table(watch.kind)
            let settings = watch.settings.map { "\($0.name): \(quoted(table[$0.name]?.format($0.value) ?? ""))" }
            return "{ " + (["name: \(watch.kind.rawValue)"] + settings).joined(separator: ", ") + " }"
        }
        guard let first = texts.first else { return "none" }
        return texts.count == 1 ? first : "[" + texts.joined(separator: ", ") + "]"
    }

    /// What a YAML reader would take for something else stands in quotes.
    private static func quoted(_ text: String) -> String {
        let plain: (UInt8) -> Bool = { byte in
            byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
                || byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") || "-._/".utf8.contains(byte)
        }
        if !text.isEmpty, text.utf8.allSatisfy(plain), !text.hasPrefix("-") { return text }
        return "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
    }

    private static func watch(_ pairs: [(key: String, text: String)]) throws(InvalidValue) -> LinkWatch {
        let kinds = LinkWatch.Kind.allCases.map(\.rawValue)
        guard let name = pairs.first(where: { $0.key == "name" })?.text else {
            throw InvalidValue(rule: "a link watch has no name", remedy: "use one of \(kinds.joined(separator: ", "))")
        }
        guard let kind = LinkWatch.Kind(rawValue: name) else {
            let meant = Spelling.nearest(to: name, among: kinds).map { "did you mean \($0)? " } ?? ""
            throw InvalidValue(
                rule: "there is no link watch \(name)", remedy: "\(meant)use one of \(kinds.joined(separator: ", "))")
        }
        let table = LinkWatchOptions.table(kind)
        var values: OptionValues = [:]
        var seen: Set<String> = []
        for (key, text) in pairs {
            guard seen.insert(key).inserted else {
                throw InvalidValue(rule: "\(key) is there twice", remedy: "write it once")
            }
            if key == "name" { continue }
            guard let row = table[key] else {
                let meant = table.nearest(to: key).map { "did you mean \($0)? " } ?? ""
                throw InvalidValue(
                    rule: "\(kind.rawValue) has no option \(key)",
                    remedy: "\(meant)it has \(table.rows.map(\.name).joined(separator: ", "))")
            }
            do { values[key] = try value(row, text) } catch {
                throw InvalidValue(rule: "\(kind.rawValue) \(key)=\(text): \(error.rule)", remedy: error.remedy)
            }
        }
        for row in table.rows
        where row.needs.contains(.required) && values[row.name].map({ $0 == row.defaultValue.general }) ?? true {
            throw InvalidValue(
                rule: "\(kind.rawValue) needs \(row.name)", remedy: "write {name: \(kind.rawValue), \(row.name): …}")
        }
        return LinkWatch(kind, values: values)
    }

    /// `default` leaves an option out, and the unspecified address is what teamd sends from when there is no other.
    private static func value(_ row: OptionDefinition, _ text: String) throws(InvalidValue) -> OptionValue {
        if text == "default" || row.name == "source_host" && text == "0.0.0.0" { return row.defaultValue.general }
        return try row.parse(text)
    }
}

/// Reads mappings of single values in braces, one or a list of them.
private struct FlowScanner {
    typealias InvalidValue = OptionDefinition.InvalidValue

    private let bytes: [UInt8]
    private var place = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func mappings() throws(InvalidValue) -> [[(key: String, text: String)]] {
        var found: [[(key: String, text: String)]] = []
        if skip("[") {
            while !skip("]") {
                found.append(try mapping())
                if !skip(","), next != UInt8(ascii: "]") { throw malformed }
            }
        } else {
            found.append(try mapping())
        }
        skipSpaces()
        guard place == bytes.count else { throw malformed }
        return found
    }

    private mutating func mapping() throws(InvalidValue) -> [(key: String, text: String)] {
        guard skip("{") else { throw malformed }
        var pairs: [(key: String, text: String)] = []
        while !skip("}") {
            let key = try scalar()
            guard skip(":") else { throw malformed }
            pairs.append((key, try scalar()))
            if !skip(","), next != UInt8(ascii: "}") { throw malformed }
        }
        return pairs
    }

    private mutating func scalar() throws(InvalidValue) -> String {
        skipSpaces()
        var text: [UInt8] = []
        if let quote = next, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
            place += 1
            while let byte = next, byte != quote {
                place += 1
                if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                    text += try escaped()
                } else {
                    text.append(byte)
                }
            }
            guard next == quote else { throw malformed }
            place += 1
        } else {
            // A colon ends a key only before a space, as in YAML: IPv6 addresses are full of them.
            while let byte = next, !",{}[]".utf8.contains(byte), !endsKey(byte) {
                text.append(byte)
                place += 1
            }
            while text.last == UInt8(ascii: " ") { text.removeLast() }
            guard !text.isEmpty else { throw malformed }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// What stands after a backslash: a quote, a backslash, or the number of a character, as the file's writer writes it.
    private mutating func escaped() throws(InvalidValue) -> [UInt8] {
        guard let mark = next else { throw malformed }
        place += 1
        if mark == UInt8(ascii: "\"") || mark == UInt8(ascii: "\\") { return [mark] }
        let lengths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        guard let length = lengths[mark], place + length <= bytes.count else { throw malformed }
        let digits = String(decoding: bytes[place..<place + length], as: UTF8.self)
        guard let scalar = UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) else { throw malformed }
        place += length
        return Array(String(scalar).utf8)
    }

    private func endsKey(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ":") && (place + 1 >= bytes.count || bytes[place + 1] == UInt8(ascii: " "))
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func skipSpaces() {
        while next == UInt8(ascii: " ") { place += 1 }
    }

    private mutating func skip(_ mark: Unicode.Scalar) -> Bool {
        skipSpaces()
        guard next == UInt8(ascii: mark) else { return false }
        place += 1
        return true
    }

    private var malformed: InvalidValue {
        InvalidValue(
            rule: "it cannot be read at character \(place + 1)",
            remedy: "write {name: ethtool, delay_up: 100ms}, or a list of such mappings in brackets")
    }
}
