import Aggregation
import Bonding
import Glibc
import Netlink
import Operations
import SystemPackage
import Testing

/// A namespace is not the one that had its inode before. One after the other: another test could get the inode.
@Suite(.serialized) struct NamespaceReuseSharedTests {
    private static let changes = "/run/aggctl/changes"

    private static func run(_ line: String, in name: String, _ environment: [String] = []) throws -> Program.Outcome {
        let words = line.split(separator: " ").map(String.init)
        // As its own: without a name by which it could be found to be gone.
        return try ChildProcess(
            ["ip", "netns", "exec", name, "env"] + environment + [Program.path] + words
        ).wait()
    }

    private static func kill(_ line: String, at point: Int, in name: String) throws {
        let library = FilePath(Program.path).removingLastComponent().appending("libKillPoint.so").string
        let end = try run(line, in: name, ["LD_PRELOAD=\(library)", "AGGCTL_KILL_AT=\(point)"])
        guard end.code == 128 + SIGKILL else { throw Missing(what: "kill at \(point): \(end)") }
    }

    /// A namespace with two dummies at the indexes that those of any other such namespace have.
    private static func make(_ name: String) throws -> NamespaceKey {
        let namespace = try NamedNamespaces.create(name)
        _ = try Witness.run(
            ["ip", "-n", name, "-batch", "-"],
            input: "link add eth0 index 11 type dummy\nlink add eth1 index 12 type dummy\n")
        return try namespace.key()
    }

    /// Runs something in a namespace, deletes it, and makes others until one has its inode.
    private static func reused(
        _ before: (String) throws -> Void, _ after: (String) async throws -> Void
    ) async throws {
        let name = "a" + String(UInt32.random(in: .min ... .max), radix: 36)
        defer { try? NamedNamespaces.delete(name) }
        let old = try make(name)
        try before(name)
        try NamedNamespaces.delete(name)
        // It ends when the kernel comes to it. Those that get a lower number, which is free as well, keep it until one has
        // the number in question.
        var others: [String] = []
        defer { for other in others { try? NamedNamespaces.delete(other) } }
        for number in 0..<50 {
            try await Task.sleep(for: .milliseconds(300))
            let next = "\(name)\(number)"
            let new = try make(next)
            others.append(next)
            // Files of its own /proc/net may have got the number.
            if new.inode > old.inode { try NamedNamespaces.delete(others.removeLast()) }
            guard new.inode == old.inode else { continue }
            #expect(new.cookie != old.cookie && new.cookie != nil)
            return try await after(next)
        }
        throw Missing(what: "namespace with the inode \(old.inode)")
    }

    /// Devices with their addresses, and IPv4 addresses: carrier and IPv6 addresses come a moment later by themselves.
    private static func state(_ name: String) throws -> [String] {
        let links = try Witness.run(["ip", "-n", name, "-br", "link"]).split(separator: "\n").map { line in
            line.split(whereSeparator: \.isWhitespace).enumerated().filter { [0, 2].contains($0.offset) }
                .map { String($0.element) }.joined(separator: " ")
        }
        return links + [try Witness.run(["ip", "-n", name, "-o", "-4", "address"])]
    }

    private static let create = "create bond0 --mode active-backup --ports eth0,eth1 --no-wait"

    /// That roll-back deleted the bond of somebody who had never heard of the change, and said that all was well.
    @Test func anInterruptedChangeOfADeletedNamespaceIsNotCarriedOutInTheNext() async throws {
        try await Self.reused {
            try Self.kill(Self.create, at: 6, in: $0)
            let listed = try Self.run("changes", in: $0)
            #expect(listed.output.contains("interrupted"), "\(listed)")
        } _: { name in
            _ = try Witness.run(
                ["ip", "-n", name, "-batch", "-"],
                input: "link add bond0 index 13 type bond mode active-backup\nlink set bond0 up\n"
                    + "addr add 192.0.2.9/24 dev bond0\n")
            let before = try Self.state(name)
            let back = try Self.run("rollback", in: name)
            #expect(back.code == 0 && back.output.contains("no unfinished changes"), "\(back)")
            let after = try Self.state(name)
            #expect(after == before, "\(before)\(after)")
            let status = try Self.run("status", in: name)
            #expect(!status.output.contains("interrupted"), "\(status)")
            let add = try Self.run("port add bond0 eth0 --no-wait", in: name)
            #expect(add.code == 0, "\(add)")
        }
    }

    /// What is kept beside the records: ports that are expected, and when something began anew.
    @Test func whatIsKeptOfADeletedNamespaceIsNotSaidOfTheNext() async throws {
        var (kept, index): (Set<String>, String) = ([], "")
        try await Self.reused {
            #expect(try Self.run(Self.create, in: $0).code == 0)
            #expect(try Self.run("set bond0 expected-ports=2 --no-wait", in: $0).code == 0)
            kept = SmallFile.names(in: "/run/aggctl")
            index = String(try Witness.run(["ip", "-n", $0, "-o", "link", "show", "bond0"]).prefix { $0 != ":" })
        } _: { name in
            #expect(kept.contains { $0.hasPrefix("expected-") })
            _ = try Witness.run(
                ["ip", "-n", name, "-batch", "-"],
                input: "link add bond0 index \(index) type bond mode active-backup miimon 100\nlink set bond0 up\n"
                    + "link set eth0 master bond0\n")
            try await eventually("one port of one") {
                try Self.run("status bond0", in: name).output.contains("1/1 ports up")
            }
            let status = try Self.run("status bond0", in: name)
            #expect(!status.output.contains("expected"), "\(status)")
        }
    }

    /// A record without a cookie, as an older version wrote them.
    @Test func aRecordThatCannotBeProvedIsShownAndCarriedOutByItsNameOnly() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            try Self.kill(Self.create, at: 6, in: ns.name)
            let record = try #require(ChangeJournal.records(in: Self.changes).last)
            var head = record.head
            head.owner?.cookie = nil
            let text = String(decoding: try ChangeRecord.lines(head, try #require(record.rollback)), as: UTF8.self)
            _ = try Witness.run(["tee", record.path], input: text)
            let state = try Self.state(ns.name)
            let back = try Self.run("rollback", in: ns.name)
            #expect(back.code == 1 && back.output.contains("namespace not proved"), "\(back)")
            #expect(try Self.state(ns.name) == state)
            let listed = try Self.run("changes", in: ns.name)
            #expect(listed.output.contains("rollback \(record.id) --dry-run"), "\(listed)")
            let blocked = try Self.run("delete bond0", in: ns.name)
            #expect(blocked.code == 1 && blocked.output.contains("deleted network namespace"), "\(blocked)")
            let asked = try Self.run("rollback \(record.id)", in: ns.name)
            #expect(asked.code == 0, "\(asked)")
            #expect(!ChangeJournal.records(in: Self.changes).contains { $0.id == record.id })
            #expect(try await ns.driver.observe(.links).link(named: "bond0") == nil)
        }
    }
}
