import Aggregation
import Glibc
import Netlink
import Testing

/// Who lives on a device, as this kernel tells it: what it would delete or take down is seen before the first write.
@Suite struct ApplyGuardTests {
    /// One device of each kind above a bond, the command that makes it, and what a refusal says of it.
    static let uppers: [(command: String, words: String)] = [
        ("link add up0 type vxlan id 7 dev bond0 dstport 4789 group 239.1.1.1", "vxlan up0"),
        ("link add link bond0 name up0 type vlan id 5", "vlan up0"),
        ("link add link bond0 name up0 type macvlan", "macvlan up0"),
        ("link add link bond0 name up0 type ipvlan", "ipvlan up0"),
        ("nexthop add id 17 dev bond0", "nexthop id 17"),
        ("rule add oif bond0 table 77 priority 99", "rule 99"),
        ("neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev bond0 nud permanent", "192.0.2.9"),
        ("route add 203.0.113.0/24 dev bond0 table 77", "203.0.113.0/24"),
    ]

    @Test(arguments: uppers) func whateverStandsOnABondKeepsItFromBeingDeleted(
        _ upper: (command: String, words: String)
    ) async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1")
            #expect(await ns.aggctl("delete bond0 --dry-run").code == 0)
            _ = try ns.ip([], [upper.command])
            let before = try await Scenes.settled(ns)
            let outcome = await ns.aggctl("delete bond0")
            #expect(outcome.code == 5 && outcome.errors.contains(upper.words), "\(outcome)")
            #expect(outcome.errors.contains("--allow-cutoff"), "\(outcome)")
            #expect(await ns.aggctl("delete bond0 --allow-interruption --take-addresses").code != 0)
            #expect(try await ns.expectUnchanged(since: before) == [])
            #expect(await ns.aggctl("delete bond0 --allow-cutoff").code == 0)
        }
    }

    /// The kernel deletes a macvlan with the bond below it, in whichever namespace it is.
    @Test func aContainersMacvlanIsSeen() async throws {
        try await withTwoNamespaces { ns, pod in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1")
            _ = try ns.ip(
                [], ["link add link bond0 name mv0 type macvlan mode bridge", "link set mv0 netns \(pod.name)"])
            _ = try pod.ip([], ["addr add 198.51.100.9/24 dev mv0", "link set mv0 up"])
            let outcome = await ns.aggctl("delete bond0")
            for word in ["macvlan mv0", pod.name, "198.51.100.9/24", "--allow-cutoff"] {
                #expect(outcome.errors.contains(word), "\(word): \(outcome)")
            }
            #expect(outcome.code == 5)
            let down = await ns.aggctl("set bond0 mode=balance-xor")
            #expect(down.code == 5 && down.errors.contains("mv0"), "\(down)")
            // It is true: with the bond it goes.
            try await ns.require("delete bond0 --allow-cutoff")
            #expect(try pod.ip([], ["link show"]).contains("mv0") == false)
        }
    }

    @Test(arguments: ["macvlan", "ipvlan", "macvlan elsewhere"]) func aPortWhoseFramesGoElsewhereIsRefusedAtOnce(
        kind: String
    ) async throws {
        try await withTwoNamespaces { ns, pod in
            try await Scenes.ports(ns)
            _ = try ns.ip([], ["link add link eth0 name mv0 type \(kind.split(separator: " ")[0])"])
            if kind.hasSuffix("elsewhere") { _ = try ns.ip([], ["link set mv0 netns \(pod.name)"]) }
            let writes = RefusingDriver(ns.driver)
            for flags in ["", " --allow-interruption --take-addresses --allow-cutoff"] {
                let outcome = await ns.aggctl(
                    "create bond0 --mode active-backup --ports eth0,eth1\(flags)",
                    driver: kind.hasSuffix("elsewhere") ? nil : writes)
                #expect(outcome.code == 65 && outcome.errors.contains("mv0"), "\(outcome)")
            }
            #expect(writes.performed.isEmpty)
        }
    }

    @Test func aTunnelThatSendsByAPortIsNamed() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            _ = try ns.ip(
                [], ["link add vx7 type vxlan id 7 dev eth0 dstport 4789 group 239.1.1.1", "link set vx7 up"])
            let outcome = await ns.aggctl("create bond0 --mode active-backup --ports eth0,eth1 --allow-interruption")
            #expect(outcome.code == 5 && outcome.errors.contains("vxlan vx7"), "\(outcome)")
            #expect(outcome.errors.contains("--allow-cutoff"), "\(outcome)")
            let allowed = await ns.aggctl(
                "create bond0 --mode active-backup --ports eth0,eth1 --allow-interruption --allow-cutoff --no-wait")
            #expect(allowed.code == 0, "\(allowed)")
        }
    }

    /// A port goes down as it leaves, and a VLAN on the port with it.
    @Test func whatStandsOnAPortKeepsItInPlace() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1")
            _ = try ns.ip([], ["link add link eth1 name eth1.5 type vlan id 5", "link set eth1.5 up"])
            let outcome = await ns.aggctl("port remove bond0 eth1")
            #expect(outcome.code == 5 && outcome.errors.contains("eth1.5"), "\(outcome)")
            #expect(await ns.aggctl("port remove bond0 eth0 --dry-run").code == 0)
            let whole = await ns.aggctl("delete bond0")
            #expect(whole.code == 5 && whole.errors.contains("eth1.5"), "\(whole)")
            #expect(await ns.aggctl("port remove bond0 eth1 --allow-cutoff").code == 0)
        }
    }

    @Test func aPlanListsWhatApplyRefuses() async throws {
        try await withNamespace { ns in
            try await Scenes.addressedPort(ns)
            let file = try ns.file(
                "version: 1\naggregates: [{name: bond0, mode: active-backup, ports: [eth0, eth1]}]\n")
            for line in ["plan \(file)", "apply \(file) --dry-run"] {
                let outcome = await ns.aggctl(line)
                #expect(outcome.code == 5 && outcome.output.contains("--take-addresses"), "\(outcome)")
                #expect(outcome.output.contains("attach eth0 to bond0"), "\(outcome)")
                #expect(await ns.aggctl("\(line) --take-addresses").code == 2)
            }
            let refused = await ns.aggctl("apply \(file)")
            #expect(refused.code == 5 && refused.errors.contains("--take-addresses"), "\(refused)")
            try await ns.require("apply \(file) --take-addresses")
            for line in ["plan \(file)", "apply \(file) --dry-run", "check \(file)"] {
                #expect(await ns.aggctl(line).code == 0)
            }
        }
    }

    @Test func aDeviceAboveFollowsTheMTUAndIsNamed() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1 --set mtu=9000")
            _ = try ns.ip([], ["link add link bond0 name bond0.5 type vlan id 5"])
            let shrunk = await ns.aggctl("set bond0 mtu=1500")
            #expect(shrunk.code == 0 && shrunk.output.contains("bond0.5: mtu: its MTU shrinks from 9000"), "\(shrunk)")
            let grown = await ns.aggctl("set bond0 mtu=9000")
            #expect(grown.output.contains("bond0.5: mtu: its MTU stays at 1500"), "\(grown)")
            #expect(try ns.ip([], ["link show bond0.5"]).contains("mtu 1500"))
            _ = try ns.ip([], ["link set bond0.5 mtu 1400"])
            #expect(await ns.aggctl("set bond0 mtu=1500").output.contains("bond0.5") == false)
        }
    }
}

private func withTwoNamespaces(_ body: (KernelFixture, KernelFixture) async throws -> Void) async throws {
    try await withNamespace { first in try await withNamespace { second in try await body(first, second) } }
}
