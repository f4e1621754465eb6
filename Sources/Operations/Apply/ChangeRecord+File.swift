package import Aggregation
internal import FoundationEssentials

/// How a record is written: one JSON value a line, each with a sum of its bytes.
///
///     {"check":"9f…","record":{"format":2,"devices":["bond0","eth0"],"indices":[7,3],"owner":{…},"command":"…",…}}
///     {"check":"01…","record":{"restoration":{…},"steps":[…]}}
///     {"check":"c3…","record":{"step":1}}
///
/// The first two are there before the first step; a line is added as each step begins. Format 1 was one JSON object
/// without sums.
extension ChangeRecord {
    static let currentFormat = 2
    private static let opening = Array(#"{"check":""#.utf8)
    private static let middle = Array(#"","record":"#.utf8)
    private static let sumLength = 16

    // MARK: - Writing

    package static func lines(_ head: Head, _ rollback: Rollback) throws -> [UInt8] {
        let encoder = JSONEncoder()
        let parts: [(String, any Encodable)] = [
            ("format", currentFormat), ("devices", head.devices), ("indices", head.indices), ("owner", head.owner),
            ("command", head.command), ("started", head.started), ("process", head.process),
            ("processStart", head.processStart), ("user", head.user), ("steps", head.steps),
        ]
        // By hand, for the order: what tells whose it is has to be there when the rest is cut off.
        let members = try parts.map { name, value in
            "\"\(name)\":" + String(decoding: try encoder.encode(value), as: UTF8.self)
        }
        return line(Array("{\(members.joined(separator: ","))}".utf8)) + line(Array(try encoder.encode(rollback)))
    }

    static func line(_ note: ProgressNote) throws -> [UInt8] { line(Array(try JSONEncoder().encode(note))) }

    private static func line(_ value: [UInt8]) -> [UInt8] {
        opening + Array(sum(value[...]).utf8) + middle + value + Array("}\n".utf8)
    }

    /// FNV-1a: any one byte that differs gives another sum.
    private static func sum(_ bytes: ArraySlice<UInt8>) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: sumLength - digits.count) + digits
    }

    /// A line that is added while a change goes on.
    struct ProgressNote: Codable {
        var step: Int?
        var created: [String: Int32]?
        var left: [String]?

        var isEmpty: Bool { step == nil && created == nil && left == nil }
    }

    // MARK: - Reading

    package init(id: String, path: String, bytes: [UInt8]) {
        self.id = id
        self.path = path
        head = Head()
        content = .unreadable("it is empty")
        read(bytes)
    }

    private mutating func read(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        guard let first = lines.first, !bytes.isEmpty else { return }
        let isFormatOne = !first.starts(with: Self.opening)
        let lenient = LenientHead(isFormatOne ? bytes[...] : Self.value(of: first))
        head = lenient?.head ?? Head()
        if lenient?.head == nil || head.devices.isEmpty { salvage(bytes) }
        if let format = lenient?.format, format > Self.currentFormat {
            content = .newer(format)
            return
        }
        do {
            content = .rollback(
                try isFormatOne ? Self.formatOne(bytes, lenient?.format) : try readLines(lines))
        } catch {
            content = .unreadable(error.reason)
            salvage(bytes)
        }
    }

    private struct Damage: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func formatOne(_ bytes: [UInt8], _ format: Int?) throws(Damage) -> Rollback {
        struct FormatOne: Decodable { let restoration: Restoration }
        guard format == 1 else { throw Damage("it is not a whole record") }
        do {
            return Rollback(try JSONDecoder().decode(FormatOne.self, from: Data(bytes)).restoration)
        } catch {
            throw Damage("it is not a whole record of format 1")
        }
    }

    private mutating func readLines(_ lines: [ArraySlice<UInt8>]) throws(Damage) -> Rollback {
        // After the last line feed there is nothing, or a line that was cut off as it was written.
        guard lines.count > 2 else { throw Damage("its end is missing") }
        _ = try Self.checked(lines[0], "its first line")
        let body = try Self.checked(lines[1], "its second line")
        guard var rollback = try? JSONDecoder().decode(Rollback.self, from: Data(body)) else {
            throw Damage("its second line is none of this version")
        }
        for (number, line) in lines.enumerated().dropFirst(2).dropLast() {
            let value = try Self.checked(line, "line \(number + 1)")
            guard let note = try? JSONDecoder().decode(ProgressNote.self, from: Data(value)), !note.isEmpty else {
                throw Damage("line \(number + 1) is none of this version")
            }
            if let step = note.step { begun = step }
            if let created = note.created { rollback.created.merge(created) { $1 } }
            if let left = note.left { self.left = left }
        }
        if let last = lines.last, !last.isEmpty, Self.isDamaged(cut: last) { throw Damage("its last line is damaged") }
        return rollback
    }

    private static func value(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        line.dropFirst(opening.count + sumLength + middle.count).dropLast()
    }

    private static func checked(_ line: ArraySlice<UInt8>, _ place: String) throws(Damage) -> ArraySlice<UInt8> {
        let value = value(of: line)
        guard line.starts(with: opening), line.last == UInt8(ascii: "}"),
            line.dropFirst(opening.count + sumLength).starts(with: middle),
            line.dropFirst(opening.count).prefix(sumLength).elementsEqual(sum(value).utf8)
        else { throw Damage("\(place) is damaged") }
        return value
    }

    /// The beginning of a line is no damage; what goes on after its end is.
    private static func isDamaged(cut line: ArraySlice<UInt8>) -> Bool {
        let length = min(line.count, opening.count)
        return !line.prefix(length).elementsEqual(opening.prefix(length))
            || (try? checked(line.dropLast(), "")) != nil
    }
}

/// The head of a record of any format, as much of it as is there.
private struct LenientHead {
    let format: Int?
    let head: ChangeRecord.Head

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let parts = try? JSONDecoder().decode(Parts.self, from: Data(bytes)) else { return nil }
        format = parts.format
        var head = ChangeRecord.Head()
        head.command = parts.command
        head.user = parts.user
        head.started = parts.started
        head.process = parts.process
        head.processStart = parts.processStart
        head.owner = parts.owner
        head.devices = parts.devices ?? parts.restoration?.devices ?? []
        head.indices = parts.indices ?? []
        head.steps = parts.steps
        self.head = head
    }

    private struct Parts: Decodable {
        var format: Int?
        var command, user: String?
        var started: Date?
        var process: Int32?
        var processStart: UInt64?
        var owner: ChangeJournal.Owner?
        var devices: [String]?
        var indices: [Int32]?
        var steps: Int?
        var restoration: Devices?

        struct Devices: Decodable { var devices: [String]? }

        enum CodingKeys: String, CodingKey {
            case format, command, user, started, process, processStart, owner, devices, indices, steps, restoration
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            func read<Value: Decodable>(_ key: CodingKeys) -> Value? { try? values.decode(Value.self, forKey: key) }
            format = read(.format)
            command = read(.command)
            user = read(.user)
            started = read(.started)
            process = read(.process)
            processStart = read(.processStart)
            owner = read(.owner)
            devices = read(.devices)
            indices = read(.indices)
            steps = read(.steps)
            restoration = read(.restoration)
        }
    }
}

// MARK: - What can be read of a damaged record

extension ChangeRecord {
    /// Device names, and whose they are, wherever in the bytes they stand.
    private mutating func salvage(_ bytes: [UInt8]) {
        var seen = Set(head.devices)
        for name in Self.texts(after: #""devices":["#, in: bytes, isList: true) where seen.insert(name).inserted {
            head.devices.append(name)
        }
        if head.owner == nil, let identity = Self.texts(after: #""identity":"#, in: bytes, isList: false).first {
            head.owner = ChangeJournal.Owner(name: nil, identity: identity)
        }
        if head.command == nil { head.command = Self.texts(after: #""command":"#, in: bytes, isList: false).first }
    }

    /// The texts that follow some words: whole ones only.
    private static func texts(after words: String, in bytes: [UInt8], isList: Bool) -> [String] {
        let words = Array(words.utf8)
        var found: [String] = []
        var place = 0
        while place + words.count <= bytes.count {
            guard bytes[place] == words[0], bytes[place..<place + words.count].elementsEqual(words) else {
                place += 1
                continue
            }
            place += words.count
            while let (text, end) = text(in: bytes, at: place) {
                found.append(text)
                place = end
                guard isList, place < bytes.count, bytes[place] == UInt8(ascii: ",") else { break }
                place += 1
            }
        }
        return found
    }

    private static func text(in bytes: [UInt8], at start: Int) -> (text: String, end: Int)? {
        guard start < bytes.count, bytes[start] == UInt8(ascii: "\"") else { return nil }
        var place = start + 1
        while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
            place += bytes[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard place < bytes.count,
            let text = try? JSONDecoder().decode([String].self, from: Data([0x5b] + bytes[start...place] + [0x5d]))
        else { return nil }
        return (text[0], place + 1)
    }
}
