import Aggregation
import Glibc
import Netlink
import SystemPackage
import Testing

/// What is left of a change that was killed: who it keeps out, what others do meanwhile, and how it is closed. One after
/// the other, for they share what the program keeps below /run.
@Suite(.serialized) struct UnfinishedChangeSharedTests {
    private static let directory = "/run/aggctl/changes"

    private static func run(_ line: String, _ ns: KernelFixture, _ environment: [String] = []) throws -> Program.Outcome
    {
        let words = line.split(separator: " ").map(String.init)
        return try ChildProcess([Program.path] + words + ["--netns", ns.name], environment: environment).wait()
    }

    /// Runs a command that ends with SIGKILL before the request of this number.
    private static func kill(_ line: String, at point: Int, _ ns: KernelFixture) throws {
        let library = FilePath(Program.path).removingLastComponent().appending("libKillPoint.so").string
        let end = try run(line, ns, ["LD_PRELOAD=\(library)", "AGGCTL_KILL_AT=\(point)"])
        guard end.code == 128 + SIGKILL else { throw Missing(what: "kill at \(point): \(end)") }
    }

    private static let create =
        "create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --allow-interruption --no-wait"

    private static func records(_ ns: KernelFixture) throws -> [JSON] {
        try JSON.parse(try run("changes --json", ns).output)["changes"]?.elements ?? []
    }

    /// At a request in the middle and early.
    @Test(arguments: [2, 9]) func whatOthersChangedIsKeptAndNamed(_ point: Int) async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.addressedPort(ns)
            let before = try await Scenes.settled(ns)
            try Self.kill(Self.create, at: point, ns)
            let meddling = [
                "addr add 198.51.100.200/24 dev eth0", "link set eth1 mtu 1400",
                "addr add 2001:db8:77::7/64 dev eth1 nodad",
            ]
            _ = try ns.ip([], meddling)
            let preview = try Self.run("rollback --dry-run", ns)
            #expect(preview.code == 0 && preview.output.contains("198.51.100.200/24"), "\(preview)")
            let back = try Self.run("rollback", ns)
            #expect(back.code == 0, "\(back)")
            for text in ["eth0: address 198.51.100.200/24 added", "MTU changed to 1400, was 1500", "2001:db8:77::7/64"]
            {
                #expect(back.output.contains(text), "\(text) in \(back)")
            }
            let now = try ns.ip(["-o"], ["addr show", "link show", "route show table all"])
            #expect(now.contains("eth0    inet 198.51.100.200/24") && now.contains("mtu 1400"))
            #expect(now.contains("2001:db8:77::7/64") && now.contains("default via 192.0.2.254 dev eth0"))
            // Without what they did, all is as it was.
            _ = try ns.ip(
                [],
                [
                    "addr del 198.51.100.200/24 dev eth0", "link set eth1 mtu 1500",
                    "addr del 2001:db8:77::7/64 dev eth1",
                ])
            #expect(try await ns.expectUnchanged(since: before) == [])
        }
    }

    @Test func aPortThatWasRenamedIsFollowed() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.addressedPort(ns)
            _ = try ns.ip([], ["link set eth1 up", "addr add 203.0.113.9/24 dev eth1"])
            let before = try await Scenes.settled(ns)
            try Self.kill(
                "create bond0 --mode active-backup --ports eth1,eth0 --take-addresses --allow-interruption --no-wait",
                at: 4, ns)
            // 6.1 renames what is down only.
            _ = try ns.ip([], ["link set eth1 down", "link set eth1 name lan1"])
            let back = try Self.run("rollback", ns)
            #expect(back.code == 0 && back.output.contains("lan1: renamed, was eth1"), "\(back)")
            _ = try ns.ip([], ["link set lan1 down", "link set lan1 name eth1", "link set eth1 up"])
            let differences = try await ns.expectUnchanged(since: before)
            #expect(differences == [])
        }
    }

    /// What somebody has put onto the new aggregate is not thrown away without leave.
    @Test func anAggregateThatOthersUseIsNotDeletedUnasked() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.addressedPort(ns)
            let before = try await Scenes.settled(ns)
            try Self.kill(Self.create, at: 8, ns)
            _ = try ns.ip([], ["addr add 203.0.113.5/24 dev bond0", "link add link bond0 name bond0.7 type vlan id 7"])
            let refused = try Self.run("rollback", ns)
            #expect(refused.code == 5 && refused.output.contains("203.0.113.5/24"), "\(refused)")
            #expect(refused.output.contains("bond0.7") && refused.output.contains("--allow-cutoff"))
            #expect(try ns.ip([], ["link show bond0"]).contains("bond0"))
            let back = try Self.run("rollback --allow-cutoff", ns)
            #expect(back.code == 0 && back.output.contains("deleted"), "\(back)")
            #expect(try await ns.expectUnchanged(since: before) == [])
        }
    }

    @Test func anUnfinishedChangeIsToldAndBlocksItsOwnDevicesOnly() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try Self.kill("create bond0 --mode active-backup --ports eth0,eth1 --no-wait", at: 6, ns)
            let file = try ns.file("{version: 1, aggregates: [{name: bond0, mode: active-backup}]}")
            #expect(try Self.run("status", ns).output.contains("was interrupted"))
            for command in ["plan", "check"] {
                let outcome = try Self.run("\(command) \(file)", ns)
                #expect(outcome.code == 2 && outcome.output.contains("was interrupted"), "\(outcome)")
            }
            for command in [
                "delete bond0", "apply \(file)", "set bond0 miimon=50ms", "create bond1 --mode lacp --ports eth1",
            ] {
                let outcome = try Self.run(command, ns)
                #expect(outcome.code != 0, "\(command): \(outcome)")
            }
            let other = try Self.run("create bond1 --mode active-backup --ports eth2,eth3 --no-wait", ns)
            #expect(other.code == 0, "\(other)")
            let listed = try Self.records(ns)
            #expect(listed.count == 1 && listed[0]["state"] == .string("interrupted"), "\(listed)")
            #expect(listed[0]["devices"]?.elements.contains(.string("eth1")) == true)
            #expect(try Self.run("rollback", ns).code == 0)
            #expect(try Self.records(ns).isEmpty)
            #expect(try Self.run("create bond0 --mode active-backup --ports eth0,eth1 --no-wait", ns).code == 0)
        }
    }

    /// Of a newer format, cut, and not a record at all.
    @Test func aRecordThatCannotBeReadIsNotCarriedOutAndCanBeClosed() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try Self.kill("create bond0 --mode active-backup --ports eth0,eth1 --no-wait", at: 6, ns)
            let id = try #require(try Self.records(ns).first?["id"]?.plain)
            let path = "\(Self.directory)/\(id).json"
            let whole = try #require(SmallFile.text(path))
            let damaged = [
                whole.replacing("\"format\":2", with: "\"format\":7"), String(whole.prefix(whole.count / 2)),
                whole.replacing("eth1", with: "eth9"),
            ]
            // The killed change has brought devices up, and what comes with that takes a second or two.
            let state = try await Scenes.settled(ns)
            for text in damaged {
                try Self.write(text, to: path)
                let back = try Self.run("rollback", ns)
                #expect(back.code == 1 && back.output.contains("not rolled back"), "\(back)")
                #expect(try await ns.expectUnchanged(since: state) == [])
                let blocked = try Self.run("delete bond0", ns)
                #expect(blocked.code == 1 && blocked.output.contains("--accept \(id)"), "\(blocked)")
                try await withNamespace { other in
                    try await Scenes.ports(other)
                    let outcome = try Self.run("create bond0 --mode active-backup --ports eth0,eth1 --no-wait", other)
                    #expect(outcome.code == 0, "\(outcome)")
                }
            }
            try Self.write("\u{0}\u{1}", to: path)
            let warned = try Self.run("delete bond0", ns)
            #expect(warned.code == 0 && warned.output.contains("cannot be used"), "\(warned)")
            let closed = try Self.run("rollback --accept \(id)", ns)
            #expect(closed.code == 0, "\(closed)")
            #expect(try Self.records(ns).isEmpty)
        }
    }

    private static func write(_ text: String, to path: String) throws {
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: .truncate)
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
    }

    /// The next namespace of the name, which may get the inode as well, is not the one of the change.
    @Test func aNamespaceThatIsGoneTakesItsRecordsAlong() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try Self.kill("create bond0 --mode active-backup --ports eth0,eth1 --no-wait", at: 6, ns)
            let name = ns.name + "b"
            _ = try NamedNamespaces.create(name)
            ns.atEnd { try? NamedNamespaces.delete(name) }
            _ = try Witness.run(["ip", "-n", name, "link", "add", "eth0", "type", "dummy"])
            let command = [
                "create", "bond0", "--mode", "active-backup", "--ports", "eth0", "--no-wait", "--netns", name,
            ]
            let library = FilePath(Program.path).removingLastComponent().appending("libKillPoint.so").string
            let end = try ChildProcess(
                [Program.path] + command, environment: ["LD_PRELOAD=\(library)", "AGGCTL_KILL_AT=4"]
            ).wait()
            #expect(end.code == 128 + SIGKILL, "\(end)")
            try NamedNamespaces.delete(name)
            _ = try NamedNamespaces.create(name)
            _ = try Witness.run(["ip", "-n", name, "link", "add", "eth0", "type", "dummy"])
            let back = try ChildProcess([Program.path, "rollback", "--netns", name]).wait()
            #expect(back.code == 0 && back.output.contains("no unfinished changes"), "\(back)")
            // The other one has its own still.
            #expect(try Self.records(ns).count == 1)
            #expect(try Self.run("rollback", ns).code == 0)
        }
    }

    @Test func whoeverIsKeptOutIsToldByWhom() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            var wasCaught = false
            for _ in 0..<10 where !wasCaught {
                let first = try ChildProcess([
                    Program.path, "create", "bond0", "--mode", "active-backup", "--ports", "eth0,eth1", "--no-wait",
                    "--netns", ns.name,
                ])
                let deadline = ContinuousClock().now + .seconds(20)
                while SmallFile.text("\(Self.directory)/holder")?.contains("bond0") != true,
                    ContinuousClock().now < deadline
                {
                    usleep(500)
                }
                first.signal(SIGSTOP)
                let second = try Self.run("delete bond0", ns)
                wasCaught = second.code == 75
                if wasCaught {
                    #expect(second.output.contains("process \(first.process)"), "\(second)")
                    #expect(
                        second.output.contains("aggctl create bond0") && second.output.contains("since 2"), "\(second)")
                    let list = try JSON.parse(try Self.run("changes --json", ns).output)
                    #expect(list["under_way"]?["process"] == .number(Int64(first.process)))
                }
                first.signal(SIGCONT)
                _ = first.wait()
                _ = try Self.run("delete bond0 --allow-cutoff", ns)
            }
            #expect(wasCaught)
        }
    }
}
