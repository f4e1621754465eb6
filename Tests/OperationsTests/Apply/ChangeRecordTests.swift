import Aggregation
import FoundationEssentials
import Netlink
import Operations
import Testing

/// The record of a change as a file: whole, of another version, cut, damaged.
@Suite struct ChangeRecordTests {
    /// What a journal writes, with two steps begun.
    private static func recorded() throws -> [UInt8] {
        let scratch = RecordDirectory()
        var plan = Plan()
        plan.changes = [.init(aggregate: "bond0", kind: .create)]
        plan.steps = [
            PlannedStep(
                .create(aggregate: "bond0", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
                of: "bond0"),
            PlannedStep(.attach(port: "eth0", aggregate: "bond0"), of: "bond0"),
        ]
        var host = Hosts.bare()
        host.addresses = [.fake(try #require(IPPrefix(text: "192.0.2.2/24")), on: 2)]
        let entry = try scratch.journal("aggctl create bond0").begin(Rollback(before: host, plan: plan))
        entry.begin(1)
        entry.begin(2)
        return try #require(scratch.bytes())
    }

    private static func read(_ bytes: [UInt8]) -> ChangeRecord {
        ChangeRecord(id: "1-1", path: "1-1.json", bytes: bytes)
    }

    @Test func whatIsWrittenIsRead() throws {
        let record = Self.read(try Self.recorded())
        let rollback = try #require(record.rollback)
        #expect(rollback.steps.count == 2)
        #expect(rollback.restoration.snapshot.addresses.map(\.prefix.description) == ["192.0.2.2/24"])
        #expect(record.head.command == "aggctl create bond0")
        #expect(record.head.devices == ["bond0", "eth0"])
        #expect(record.head.indices == [2])
        #expect(record.begun == 2 && record.head.steps == 2)
        // This very process is still there.
        guard case .underWay = record.state() else { return #expect(Bool(false), "\(record.state())") }
        #expect(record.state(isLocked: true) == .interrupted)
    }

    /// Wherever it is cut, it is not carried out unless all that is needed was there; and its devices are known as soon
    /// as they were written.
    @Test func aCutRecordIsNeverHalfRead() throws {
        let whole = try Self.recorded()
        let lines = whole.split(separator: 10, omittingEmptySubsequences: false)
        let needed = lines[0].count + lines[1].count + 2
        let devices = try #require(
            String(decoding: whole, as: UTF8.self).utf8Offset(after: #""devices":["bond0","eth0""#))
        for count in 0..<whole.count {
            let record = Self.read(Array(whole.prefix(count)))
            #expect((record.rollback != nil) == (count >= needed), "\(count) of \(whole.count)")
            if count >= devices { #expect(record.head.devices == ["bond0", "eth0"], "\(count)") }
            if record.rollback == nil { #expect(record.state() == .unreadable) }
        }
    }

    @Test(arguments: [UInt8(0x01), 0x80, 0x20]) func aDamagedRecordIsNeverCarriedOut(_ bit: UInt8) throws {
        let whole = try Self.recorded()
        for place in whole.indices {
            var bytes = whole
            bytes[place] ^= bit
            let record = Self.read(bytes)
            guard case .rollback = record.content else { continue }
            Issue.record("byte \(place) of \(whole.count): carried out")
        }
    }

    @Test func bytesThatAreMissingOrTooManyAreDamage() throws {
        let whole = try Self.recorded()
        for place in stride(from: 0, to: whole.count - 1, by: 7) {
            var (less, more) = (whole, whole)
            less.remove(at: place)
            more.insert(UInt8(ascii: "x"), at: place)
            #expect(Self.read(less).rollback == nil, "without byte \(place)")
            #expect(Self.read(more).rollback == nil, "one more at \(place)")
        }
        #expect(Self.read(whole + whole).rollback == nil)
    }

    @Test(arguments: ["3", "7", "99"]) func aNewerFormatIsNamed(_ number: String) throws {
        let text = String(decoding: try Self.recorded(), as: UTF8.self)
        let record = Self.read(Array(text.replacing("\"format\":2", with: "\"format\":\(number)").utf8))
        #expect(record.state() == .newer)
        guard case .newer(let format) = record.content else { return #expect(Bool(false)) }
        #expect("\(format)" == number)
        #expect(record.head.devices == ["bond0", "eth0"])
    }

    /// As version 0.1.0 wrote it: one object.
    private static func formatOne(_ format: Int) throws -> [UInt8] {
        struct Old: Encodable {
            var format: Int
            var started = Date()
            var process: Int32 = .max
            var owner: ChangeJournal.Owner
            var command = "aggctl delete bond0"
            var restoration: Restoration
        }
        let host = try #require(Self.read(try recorded()).rollback).restoration
        return Array(
            try JSONEncoder().encode(Old(format: format, owner: try .init(.current, name: nil), restoration: host)))
    }

    @Test func theFormatBeforeIsRead() throws {
        let record = Self.read(try Self.formatOne(1))
        #expect(record.rollback?.restoration.aggregates == ["bond0"])
        #expect(record.head.devices == ["bond0", "eth0"] && record.head.command == "aggctl delete bond0")
        #expect(record.state() == .interrupted)
    }

    @Test func theFormatBeforeWithALaterNumberIsNot() throws {
        let record = Self.read(try Self.formatOne(7))
        #expect(record.state() == .newer && record.head.devices == ["bond0", "eth0"])
        #expect(Self.read(try Self.formatOne(0)).state() == .unreadable)
        #expect(Self.read(try Self.formatOne(-1)).state() == .unreadable)
    }

    @Test func theFormatBeforeCutAnywhereIsNot() throws {
        let whole = try Self.formatOne(1)
        for count in 0..<whole.count { #expect(Self.read(Array(whole.prefix(count))).rollback == nil, "\(count)") }
    }

    @Test(arguments: ["", "\n", "{}", "[]", "null", "{\"format\":2}", "{\"format\":1}", "\u{0}\u{0}", "{\"check\":\""])
    func whatIsNoRecordIsNotCarriedOut(_ text: String) {
        let record = Self.read(Array(text.utf8))
        #expect(record.state() == .unreadable && record.head.devices.isEmpty, "\(text)")
    }
}

extension String {
    /// How many bytes there are up to the end of some words.
    fileprivate func utf8Offset(after words: String) -> Int? {
        firstRange(of: words).map { utf8.distance(from: utf8.startIndex, to: $0.upperBound) }
    }
}
