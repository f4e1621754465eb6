import Aggregation
import Bonding
import Glibc
import Netlink
import Testing

/// The program itself: killed, interrupted, run twice at once, without privilege, over SSH. One after the other, for
/// they share what the program keeps below /run.
@Suite(.serialized) struct ApplyProgramSharedTests {
    private static let ports = (0..<24).map { "p\($0)" }

    /// A change that takes long enough to be cut short.
    private static func longChange(_ ns: KernelFixture) async throws -> [String] {
        _ = try ns.ip(
            [],
            Self.ports.enumerated().flatMap { number, port in
                // A port gets its address back by its being set, so that is how it is from the start.
                ["link add \(port) address 02:00:00:00:01:\(number + 10) type dummy", "link set \(port) up"]
            })
        return [
            Program.path, "--netns", ns.name, "create", "bond0", "--mode", "active-backup", "--no-wait",
            "--ports", Self.ports.joined(separator: ","), "--address", "192.0.2.2/24",
        ].reordered
    }

    /// Waits until the bond has this many ports: somewhere in the middle of the change.
    private static func waitForPorts(_ count: Int, _ ns: KernelFixture) async throws {
        let deadline = ContinuousClock().now + .seconds(60)
        while ContinuousClock().now < deadline {
            let state = try await ns.driver.observe(.links)
            if let bond = state.link(named: "bond0"), state.ports(of: bond).count >= count { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw Missing(what: "bond with \(count) ports")
    }

    private static func run(_ arguments: [String], environment: [String] = []) throws -> Program.Outcome {
        try ChildProcess(arguments, environment: environment).wait()
    }

    @Test func whatIsLeftOfAKilledChangeIsTakenBack() async throws {
        try await withNamespace { ns in
            let command = try await Self.longChange(ns)
            let rollback = [Program.path, "rollback", "--netns", ns.name]
            let before = try await Scenes.settled(ns)
            var cutShort = 0
            for count in [0, 1, 7, 15, 22] {
                let child = try ChildProcess(command)
                try await Self.waitForPorts(count, ns)
                child.signal(SIGKILL)
                let end = child.wait()
                let state = try await ns.driver.observe(.links)
                let wasKilled = end.code == 128 + SIGKILL
                var isDone = end.code == 0
                if state.link(named: "bond0") != nil, wasKilled {
                    // Until it is taken back, nothing else is begun; the remedy is named, and works as it is written.
                    let next = try Self.run([Program.path, "delete", "bond0", "--netns", ns.name])
                    // The address comes last: a bond that carries it was whole before the kill.
                    isDone = next.code == 5
                    if !isDone {
                        cutShort += 1
                        #expect(
                            next.code == 1 && next.output.contains("aggctl rollback --netns \(ns.name)"), "\(next)")
                    }
                }
                if isDone {
                    #expect(
                        try Self.run([Program.path, "delete", "bond0", "--allow-cutoff", "--netns", ns.name]).code == 0)
                } else {
                    #expect(wasKilled, "\(end)")
                    let back = try Self.run(rollback)
                    #expect(back.code == 0, "\(back)")
                }
                let differences = try await ns.expectUnchanged(since: before)
                #expect(differences.isEmpty, "after \(count) ports: \(differences.joined(separator: "\n"))")
            }
            #expect(cutShort > 0, "no kill came in the middle")
            #expect(try Self.run(rollback).output.contains("no unfinished changes"))
        }
    }

    @Test func anInterruptedChangeTakesItselfBack() async throws {
        try await withNamespace { ns in
            let command = try await Self.longChange(ns)
            let before = try await Scenes.settled(ns)
            var interrupted = 0
            // A busy machine may let the whole change happen before the signal is sent: then it is tried again.
            for number in Array(repeating: [SIGINT, SIGTERM, SIGHUP], count: 5).joined() where interrupted < 3 {
                let child = try ChildProcess(command)
                // As soon as the bond is there.
                try await Self.waitForPorts(number == SIGINT ? 0 : 8, ns)
                child.signal(number)
                let end = child.wait()
                if end.code == 0 {
                    #expect(
                        try Self.run([Program.path, "delete", "bond0", "--allow-cutoff", "--netns", ns.name]).code == 0)
                } else {
                    interrupted += 1
                    #expect(
                        end.code == 1 && end.output.contains("interrupted") && end.output.contains("rolled back"),
                        "\(end)"
                    )
                }
                let differences = try await ns.expectUnchanged(since: before)
                #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            }
            #expect(interrupted > 0)
        }
    }

    @Test func twoChangesAtOnceKeepOutOfEachOthersWay() async throws {
        try await withNamespace { ns in
            let command = try await Self.longChange(ns)
            var wasCaught = false
            // A busy machine may let the whole change happen before it is stopped; then there is nothing to see.
            for _ in 0..<10 where !wasCaught {
                let first = try ChildProcess(command)
                try await Self.waitForPorts(1, ns)
                first.signal(SIGSTOP)
                let host = try await ns.driver.observe(.links)
                wasCaught = host.link(named: "bond0").map { host.ports(of: $0).count < Self.ports.count } ?? false
                if wasCaught {
                    let second = try Self.run([Program.path, "delete", "bond0", "--netns", ns.name])
                    #expect(second.code == 75 && second.output.contains("another change is under way"), "\(second)")
                }
                first.signal(SIGCONT)
                #expect(first.wait().code == 0)
                #expect(
                    try Self.run([Program.path, "delete", "bond0", "--allow-cutoff", "--netns", ns.name]).code == 0)
            }
            #expect(wasCaught, "no change was stopped in its middle")
        }
    }

    @Test func withoutPrivilegeNothingIsClaimedAndNothingDone() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.require(
                "create bond0 --mode lacp --ports eth0 --no-wait --set ad_actor_system=02:00:00:00:00:cc")
            let path = try ns.file(
                "{version: 1, aggregates: [{name: bond0, mode: lacp, options: {ad_actor_system: 02:00:00:00:00:cc}}]}")
            chmod(path, 0o644)
            let enter = [
                "ip", "netns", "exec", ns.name, "setpriv", "--reuid", "65534", "--clear-groups", "--bounding-set",
                "-all", "--inh-caps", "-all", Program.path,
            ]
            let check = try Self.run(enter + ["check", path])
            #expect(
                check.code == 77 && check.output.contains("not verified") && !check.output.contains("as wanted"),
                "\(check)")
            let write = try Self.run(enter + ["set", "bond0", "num_grat_arp=7"])
            #expect(write.code == 77, "\(write)")
            #expect(try await ns.facts("bond0").options["num_grat_arp"] == .number(1))
        }
    }

    @Test func theCallersOwnSSHPathIsSeenWhereverItIs() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.require("create bond0 --mode active-backup --ports eth0 --no-wait")
            _ = try ns.ip(
                [],
                [
                    "link add link bond0 name bond0.5 type vlan id 5", "link add br0 type bridge",
                    "link set bond0.5 master br0",
                    "link set bond0.5 up", "link set br0 up", "addr add 192.0.2.1/24 dev br0",
                ])
            let outcome = try Self.run(
                [Program.path, "delete", "bond0", "--netns", ns.name],
                environment: ["SSH_CONNECTION=198.51.100.9 5000 192.0.2.1 22"])
            #expect(outcome.code == 5 && outcome.output.contains("--allow-cutoff"), "\(outcome)")
            let json = try Self.run(
                [Program.path, "delete", "bond0", "--allow-cutoff", "--dry-run", "--netns", ns.name],
                environment: ["SSH_CONNECTION=198.51.100.9 5000 192.0.2.1 22"])
            #expect(json.output.contains("your own SSH connection to 192.0.2.1"), "\(json)")
        }
    }

    @Test func aNamedNamespaceIsWorkedIn() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            let name = ["--netns", ns.name]
            #expect(
                try Self.run(
                    [Program.path, "create", "bond0", "--mode", "active-backup", "--ports", "eth0,eth1"] + name
                ).code == 0)
            let status = try Self.run([Program.path, "status", "bond0"] + name)
            #expect(status.output.contains("bond0") && status.output.contains("eth1"), "\(status)")
            #expect(try Self.run([Program.path, "delete", "bond0"] + name).code == 0)
            #expect(try Self.run([Program.path, "status", "bond0"] + name).code == 66)
            #expect(try Self.run([Program.path, "status", "--netns", "no-such-namespace"]).code == 66)
        }
    }

    /// The one that is worked in, and one in which something stands on the aggregate.
    @Test func aNamespaceMayGoAwayMeanwhile() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            for round in 0..<6 {
                let (pod, gone) = ("\(ns.name)p\(round)", "\(ns.name)g\(round)")
                for name in [pod, gone] { _ = try NamedNamespaces.create(name) }
                try await ns.require("create bond0 --mode active-backup --ports eth0,eth1")
                _ = try ns.ip([], ["link add link bond0 name mv\(round) netns \(pod) type macvlan"])
                _ = try Witness.run(["ip", "-n", gone, "link", "add", "eth0", "type", "dummy"])
                let delay = Duration.milliseconds(round * 25)
                let deleted = try await Self.run("delete bond0 --netns \(ns.name)", whileDeleting: pod, after: delay)
                // Whoever was in time deleted an aggregate that nobody stood on any more.
                #expect([0, 5].contains(deleted.code), "\(deleted)")
                let made = try await Self.run(
                    "create bond0 --mode active-backup --ports eth0 --no-wait --netns \(gone)", whileDeleting: gone,
                    after: delay)
                #expect([0, 1, 66].contains(made.code), "\(made)")
                if deleted.code == 5 { try await ns.require("delete bond0 --allow-cutoff") }
            }
        }
    }

    private static func run(
        _ line: String, whileDeleting namespace: String, after delay: Duration
    ) async throws -> Program.Outcome {
        let child = try ChildProcess([Program.path] + line.split(separator: " ").map(String.init))
        try await Task.sleep(for: delay)
        try NamedNamespaces.delete(namespace)
        return child.wait()
    }
}

extension [String] {
    /// The program takes its options after the command.
    fileprivate var reordered: [String] {
        guard count > 3, self[1] == "--netns" else { return self }
        return [self[0]] + dropFirst(3) + [self[1], self[2]]
    }
}
