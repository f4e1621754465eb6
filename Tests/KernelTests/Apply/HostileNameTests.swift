import Aggregation
import Bonding
import Glibc
import Netlink
import Operations
import Testing

/// Devices with names that a screen would obey, as whoever has a network namespace of their own may give them.
@Suite struct HostileNameTests {
    /// At most fifteen bytes, as the kernel takes them: an escape sequence, the same in one character of C1, a mark that
    /// turns the direction of writing.
    private static func hostile(_ first: Character) -> String { "\(first)\u{1b}[1m\u{9b}2J\u{202e}\u{7f}" }

    private static func obeyed(in text: String) -> [Unicode.Scalar] {
        text.unicodeScalars.filter { scalar in
            switch scalar.value {
            case 0x0a: false
            case 0..<0x20, 0x7f...0x9f, 0x200b...0x200f, 0x2028...0x202e, 0x2066...0x2069: true
            default: false
            }
        }
    }

    @Test func namesAreShownHarmlessly() async throws {
        let (port, vlan) = (Self.hostile("p"), Self.hostile("v"))
        try await withNamespace { ns in
            ns.atEnd {
                for name in SmallFile.names(in: "\(ns.stateDirectory)/changes") where name.hasSuffix(".json") {
                    unlink("\(ns.stateDirectory)/changes/\(name)")
                }
                Scenes.rmtree(ns.stateDirectory)
            }
            try await ns.dummies("eth0", "eth1")
            try await ns.require("create bond0 --mode active-backup --ports eth0 --no-wait")
            func ip(_ words: String...) throws -> String { try Witness.run(["ip", "-n", ns.name] + words) }
            _ = try ip("link", "add", port, "type", "dummy")
            _ = try ip("link", "set", port, "master", "bond0")
            _ = try ip("link", "add", "link", "bond0", "name", vlan, "type", "vlan", "id", "5")
            _ = try ip("addr", "add", "192.0.2.9/24", "dev", vlan)
            // The control: others show them as they are.
            #expect(Self.obeyed(in: try ip("-o", "link")).count >= 8)

            let file = try ns.file(
                "version: 1\naggregates:\n  - { name: bond0, mode: active-backup, mtu: 1400, ports: [eth0, eth1] }\n")
            let host = try await ns.driver.observe(.change)
            let commands = [
                "status", "status bond0", "plan \(file)", "check \(file)", "apply \(file) --dry-run", "delete bond0",
                "set bond0 mtu=1400 --dry-run", "delete bond0 --dry-run", "delete bond0 --dry-run --allow-cutoff",
            ]
            for command in commands + ["changes", "rollback --dry-run", "status bond0", "set bond0 mtu=1300"] {
                if command == "changes" { try Self.interrupt(port, ns, host) }
                for command in [command, command + " --json"] {
                    let outcome = await ns.aggctl(command)
                    #expect(Self.obeyed(in: outcome.output + outcome.errors) == [], "\(command): \(outcome)")
                    let names = outcome.output.contains("[1m") || outcome.errors.contains("[1m")
                    #expect(names || command.hasPrefix("set bond0 mtu=1300"), "\(command): \(outcome)")
                }
            }
        }
    }

    /// Leaves what a killed change leaves.
    private static func interrupt(_ port: String, _ ns: KernelFixture, _ host: HostState) throws {
        var plan = Plan()
        plan.changes = [.init(aggregate: "bond0", kind: .modify)]
        plan.steps = [PlannedStep(.attach(port: port, aggregate: "bond0"), of: "bond0")]
        let journal = try ChangeJournal(
            directory: "\(ns.stateDirectory)/changes", namespace: ns.namespace,
            owner: try .init(ns.namespace, name: ns.name), command: "aggctl port add bond0 \(port)")
        try journal.begin(Rollback(before: host, plan: plan)).begin(1)
    }
}
