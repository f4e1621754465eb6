import Aggregation
import Glibc
import Netlink
import Operations
import Testing

/// Which records there are, whose they are, and what they keep from being changed.
@Suite struct ChangeJournalTests {
    private static func plan(_ aggregate: String, ports: [String]) -> Rollback {
        var plan = Plan()
        plan.changes = [.init(aggregate: aggregate, kind: .create)]
        plan.steps = ports.map { PlannedStep(.attach(port: $0, aggregate: aggregate), of: aggregate) }
        return Rollback(before: Hosts.bare(), plan: plan)
    }

    /// Leaves a record behind, as a process that is killed does.
    private static func interrupted(_ scratch: RecordDirectory, _ command: String = "aggctl create bond0") throws {
        _ = try scratch.journal(command).begin(plan("bond0", ports: ["eth0", "eth1"]))
    }

    @Test func anUnfinishedChangeBlocksItsOwnDevicesOnly() throws {
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let journal = try scratch.journal()
        for (aggregate, port) in [("bond0", "eth2"), ("bond1", "eth1"), ("bond0", "eth0")] {
            #expect(throws: JournalError.self, "\(aggregate) \(port)") {
                try journal.begin(Self.plan(aggregate, ports: [port]))
            }
        }
        let other = try journal.begin(Self.plan("bond1", ports: ["eth2", "eth3"]))
        #expect(scratch.records.count == 2)
        _ = other
    }

    /// A port that has another name now is the same port.
    @Test func aRenamedDeviceIsKnownByItsIndex() throws {
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let journal = try scratch.journal()
        #expect(throws: JournalError.self) { try journal.requireFinished(["lan1"], indices: [3]) }
        try journal.requireFinished(["lan1"], indices: [4])
    }

    @Test func aDamagedRecordBlocksTheDevicesThatItNames() throws {
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let whole = try #require(scratch.bytes())
        let path = try #require(scratch.records.first?.path)
        unlink(path)
        try scratch.write(Array(whole.prefix(whole.count / 2)), to: "7-7.json")
        let journal = try scratch.journal()
        #expect(throws: JournalError.self) { try journal.begin(Self.plan("bond0", ports: ["eth2"])) }
        _ = try journal.begin(Self.plan("bond1", ports: ["eth2"]))
        // Nothing can be read of this one, so it blocks nothing; it is listed all the same.
        try scratch.write([0, 1, 2], to: "8-8.json")
        _ = try journal.begin(Self.plan("bond2", ports: ["eth3"]))
        #expect(journal.unfinished().contains { $0.id == "8-8" && $0.state() == .unreadable })
    }

    @Test func theErrorSaysWhatToDo() throws {
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let journal = try scratch.journal()
        do throws(JournalError) {
            try journal.requireFinished(["eth1"])
            Issue.record("not refused")
        } catch {
            #expect("\(error)".contains("eth1") && "\(error)".contains("aggctl create bond0"))
            #expect(error.remedy.contains("aggctl rollback"))
        }
    }

    @Test func anotherNamespaceIsNotConcerned() throws {
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let text = String(decoding: try #require(scratch.bytes()), as: UTF8.self)
        let path = try #require(scratch.records.first?.path)
        let identity = try NetworkNamespace.current.identity()
        unlink(path)
        // Not whole any more, and yet it is seen whose it was.
        try scratch.write(
            Array(text.replacing("\(identity.device):\(identity.inode)", with: "4:1").utf8), to: "7-7.json")
        let journal = try scratch.journal()
        #expect(journal.unfinished().isEmpty)
        _ = try journal.begin(Self.plan("bond0", ports: ["eth0"]))
    }

    /// An inode goes to the next namespace; its number does not.
    @Test func aNamespaceThatHasGotTheInodeOfAnotherIsNotThatOne() throws {
        var (one, other) = (
            try ChangeJournal.Owner(.current, name: nil), try ChangeJournal.Owner(.current, name: nil)
        )
        one.cookie = 7
        other.cookie = 8
        #expect(!one.matches(other))
        other.cookie = nil
        #expect(one.matches(other), "an older kernel and format 1 have none")
    }

    /// Format 1 and older kernels noted no cookie: it may be of another namespace that had the inode.
    @Test func aRecordWithoutACookieIsNotProved() throws {
        try #require(NetworkNamespace.current.cookie() != nil)
        let scratch = RecordDirectory()
        try Self.interrupted(scratch)
        let record = try #require(scratch.records.first)
        #expect(!record.isUnproved && record.state(isLocked: true) == .interrupted)
        var head = record.head
        head.owner?.cookie = nil
        unlink(record.path)
        try scratch.write(try ChangeRecord.lines(head, try #require(record.rollback)), to: "7-7.json")
        let unproved = try #require(scratch.records.first)
        #expect(unproved.state(isLocked: true) == .unproved && unproved.rollback != nil)
        let journal = try scratch.journal()
        #expect(journal.unfinished().map(\.id) == ["7-7"], "it is shown, and not removed")
        do throws(JournalError) {
            try journal.requireFinished(["eth1"])
            Issue.record("not refused")
        } catch {
            #expect(error.remedy.contains("rollback 7-7 --dry-run") && error.remedy.contains("--accept 7-7"))
        }
    }

    @Test func whoeverIsKeptOutIsToldByWhom() throws {
        let scratch = RecordDirectory()
        let first = try scratch.journal("aggctl apply big.yaml")
        do {
            _ = try scratch.journal()
            Issue.record("not refused")
        } catch {
            #expect("\(error)".contains("another change is under way: aggctl apply big.yaml (process \(getpid())"))
            #expect("\(error)".contains("since 2"))
        }
        #expect(ChangeJournal.holder(in: scratch.path)?.command == "aggctl apply big.yaml")
        _ = first
    }

    @Test func whoeverIsDoneHoldsNothing() throws {
        let scratch = RecordDirectory()
        do { _ = try scratch.journal("aggctl apply big.yaml") }
        #expect(ChangeJournal.holder(in: scratch.path) == nil)
        _ = try scratch.journal()
    }
}
