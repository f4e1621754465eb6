import Aggregation
import Bonding
import Glibc
import Testing

/// Changes that take a device down for a moment, and what they may not take with it.
@Suite struct ApplyInterruptionTests {
    @Test func aDownChangeLeavesAllButTheOptionAsItWas() async throws {
        try await withNamespace { ns in
            try await Scenes.loaded(ns, mode: "lacp")
            let before = try await Scenes.settled(ns)
            let writes = RefusingDriver(ns.driver)
            let refused = await ns.aggctl("set bond0 lacp_rate=fast", driver: writes)
            #expect(refused.code == 5, "\(refused)")
            #expect(refused.errors.contains("--allow-interruption"))
            #expect(writes.performed.isEmpty)
            #expect(before.differences(to: try HostWitness(ns)).isEmpty)

            let planned = await ns.aggctl("set bond0 lacp_rate=fast --allow-interruption --dry-run", driver: writes)
            #expect(planned.output.contains("interrupts"), "\(planned)")
            #expect(writes.performed.isEmpty)

            let lifetime = try Self.lifetime(ns)
            let done = await ns.aggctl("set bond0 lacp_rate=fast --allow-interruption")
            #expect(done.code == 0, "\(done)")
            // Usable at once: nothing is being asked whether somebody else has the address.
            let addresses = try ns.ip(["-6", "-o"], ["addr show scope global"])
            for line in addresses.split(separator: "\n") where !line.contains("bond0.20") {
                #expect(!line.contains("tentative") && !line.contains("dadfailed"), "\(line)")
            }
            #expect(addresses.contains("2001:db8:8::2"))
            let left = try Self.lifetime(ns)
            #expect(left <= lifetime && left > lifetime - 30)

            let differences = try await ns.expectUnchanged(since: before).filter { !$0.contains(" bond0: <") }
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            #expect(try ns.ip(["-d"], ["link show bond0"]).contains("lacp_rate fast"))
        }
    }

    /// Seconds left of the address that has a lifetime.
    private static func lifetime(_ ns: KernelFixture) throws -> Int {
        let text = try ns.ip(["-6", "-o"], ["addr show dev bond0"])
        guard let match = text.firstMatch(of: /2001:db8:8::2\/64.*valid_lft ([0-9]+)sec/), let seconds = Int(match.1)
        else { throw Missing(what: "lifetime in \(text)") }
        return seconds
    }

    @Test func aModeChangeKeepsTheAddressAndWhatPortsWereTold() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require(
                "create bond0 --mode active-backup --ports eth0,eth1 --set mac-address=02:00:00:00:00:aa --no-wait")
            try await ns.require("port set bond0 eth1 queue-id=2")
            _ = try ns.ip([], ["link set eth1 down"])
            try await ns.require("set bond0 mode=balance-xor")
            let state = try await ns.driver.observe(.ports)
            #expect(state.link(named: "bond0")?.address?.description == "02:00:00:00:00:aa")
            #expect(state.link(named: "eth1")?.port?.options["queue_id"] == .number(2))
            #expect(state.link(named: "eth1")?.isUp == false)
            #expect(state.link(named: "bond0")?.aggregate?.ports == ["eth0", "eth1"])
            #expect(try ns.sysfs()["bond0"] == "3")
        }
    }

    /// All ports leave for a moment: nexthop objects need carrier, and permanent neighbours go when the address changes.
    @Test func aChangeWithoutPortsLeavesAllButTheOptionAsItWas() async throws {
        try await withNamespace { ns in
            try await Scenes.loaded(ns, mode: "active-backup")
            let before = try await Scenes.settled(ns)
            let done = await ns.aggctl("set bond0 fail_over_mac=follow --allow-interruption")
            #expect(done.code == 0, "\(done)")
            #expect(try ns.ip(["-d"], ["link show bond0"]).contains("fail_over_mac follow"))
            let differences = try await ns.expectUnchanged(since: before).filter {
                // With fail_over_mac=follow ports change addresses with each other.
                !$0.contains(" bond0: <") && !$0.contains(" eth0@") && !$0.contains(" eth1@")
            }
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    @Test func addressesAndRoutesMoveToTheAggregate() async throws {
        try await withNamespace { ns in
            try await Scenes.addressedPort(ns)
            let refused = await ns.aggctl("create bond0 --mode active-backup --ports eth0,eth1 --no-wait")
            #expect(refused.code == 5, "\(refused)")
            #expect(refused.errors.contains("192.0.2.2/24") && refused.errors.contains("--take-addresses"))
            let done = await ns.aggctl("create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --no-wait")
            #expect(done.code == 0, "\(done)")
            let addresses = try ns.ip(["-o"], ["addr show"])
            for address in ["192.0.2.2/24", "2001:db8::2/64", "2001:db8:8::2/64"] {
                #expect(
                    addresses.split(separator: "\n").contains { $0.contains(address) && $0.contains("bond0") },
                    "\(address)")
            }
            let routes = try ns.ip([], ["route show table all", "neigh show nud permanent"])
            #expect(routes.contains("default via 192.0.2.254 dev bond0"))
            #expect(routes.contains("default via 2001:db8::1 dev bond0"))
            #expect(routes.contains("198.51.100.0/24 via 192.0.2.253 dev bond0 table 77"))
            #expect(routes.contains("192.0.2.9 dev bond0 lladdr 02:00:00:00:00:09"))
            #expect(!routes.contains("dev eth0"))
        }
    }

    @Test func withAListOfAddressesOnlyThoseMove() async throws {
        try await withNamespace { ns in
            try await Scenes.addressedPort(ns)
            let path = try ns.file(
                """
                version: 1
                aggregates:
                  - { name: bond0, mode: active-backup, ports: [eth0, eth1], addresses: [192.0.2.2/24, 192.0.2.7/24] }
                """)
            let done = await ns.aggctl("apply \(path) --take-addresses")
            #expect(done.code == 0, "\(done)")
            #expect(done.output.contains("2001:db8::2/64 is not in the file"))
            let text = try ns.ip([], ["addr show dev bond0", "route show default"])
            #expect(text.contains("192.0.2.2/24") && text.contains("192.0.2.7/24") && !text.contains("2001:db8::2/64"))
            #expect(text.contains("default via 192.0.2.254 dev bond0"))
            let again = RefusingDriver(ns.driver)
            #expect(await ns.aggctl("apply \(path)", driver: again).code == 0)
            #expect(again.performed.isEmpty)
        }
    }

    @Test func portsComeBackAsTheyWere() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1,eth2 --no-wait")
            try await ns.require("port remove bond0 eth1")
            try await ns.require("port remove bond0 eth2")
            let state = try await ns.driver.observe(.links)
            #expect(state.link(named: "eth1")?.isUp == false)
            #expect(state.link(named: "eth2")?.isUp == true)
            #expect(state.link(named: "eth2")?.mtu == 1300)
            #expect(state.link(named: "eth2")?.address?.description == "02:00:00:00:00:12")

            // The one whose address the bond keeps stays down, and it is said why.
            try await ns.require("port add bond0 eth3")
            let outcome = await ns.aggctl("port remove bond0 eth0")
            #expect(outcome.code == 0 && outcome.output.contains("stays down"), "\(outcome)")
            #expect(try await ns.link("eth0").isUp == false)
            #expect(try await ns.link("bond0").address?.description == "02:00:00:00:00:10")
        }
    }

    @Test func guardsHoldUntilTheyAreSetAside() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1 --no-wait")
            _ = try ns.ip(
                [],
                [
                    "link set eth1 up", "link add link bond0 name bond0.5 type vlan id 5",
                    "addr add 192.0.2.1/24 dev bond0.5",
                ])
            let start = try await Scenes.settled(ns)
            let file = try ns.file("{version: 1, aggregates: [{name: bond0, state: absent}]}")
            let down = try ns.file("{version: 1, aggregates: [{name: bond0, state: down}]}")
            let swap = try ns.file("{version: 1, aggregates: [{name: bond0, ports: [eth2, eth3]}]}")
            for (command, flag) in [
                ("delete bond0", "--allow-cutoff"), ("apply \(file)", "--allow-cutoff"),
                ("apply \(down)", "--allow-cutoff"),
                ("set bond0 fail_over_mac=active", "--allow-interruption"),
                ("set bond0 mode=lacp", "--allow-interruption"),
                ("apply \(swap)", "--allow-interruption"),
            ] {
                let outcome = await ns.aggctl(command)
                #expect(outcome.code == 5 && outcome.errors.contains(flag), "\(command): \(outcome)")
            }
            #expect(await ns.aggctl("port remove bond0 eth1").code == 0)
            let last = await ns.aggctl("port remove bond0 eth0")
            #expect(last.code == 5 && last.errors.contains("--allow-cutoff"), "\(last)")
            try await ns.require("port add bond0 eth1")
            #expect(start.differences(to: try HostWitness(ns)).filter { !$0.contains("fe80") }.isEmpty)
            #expect(await ns.aggctl("delete bond0 --allow-cutoff").code == 0)
        }
    }
}
