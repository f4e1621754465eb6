import Aggregation
import Bonding
import Testing

/// What is found out before the first write.
@Suite struct ApplyPreflightTests {
    @Test func everyPortThatCannotJoinIsNamedWithTheReason() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.dummies("d0", "bond9", "ib0")
            try await ns.require("create bond1 --mode active-backup --ports eth3 --no-wait")
            _ = try ns.ip(
                [],
                [
                    "link add br0 type bridge", "link set eth2 master br0", "addr add 192.0.2.2/24 dev eth0",
                    "link add link bond1 name bond1.5 type vlan id 5",
                ])
            let before = try await Scenes.settled(ns)
            let writes = RefusingDriver(ns.driver)
            let cases: [(command: String, code: Int32, words: [String])] = [
                ("create bond0 --mode active-backup --ports eth1,nosuch0", 66, ["nosuch0", "no such device"]),
                ("create bond0 --mode active-backup --ports lo", 65, ["loopback"]),
                ("create bond0 --mode active-backup --ports eth3", 65, ["port of bond1"]),
                ("create bond0 --mode active-backup --ports eth2", 65, ["port of br0"]),
                ("create bond0 --mode active-backup --ports eth0", 5, ["192.0.2.2/24", "--take-addresses"]),
                ("create bond0 --mode active-backup --ports lo,eth3,eth2", 65, ["loopback", "bond1", "br0"]),
                ("create bond9 --mode active-backup --ports eth1", 65, ["bond9", "dummy"]),
                ("create bond1 --mode active-backup --ports eth1", 65, ["exists already"]),
                ("port add bond1 bond1", 65, ["itself"]),
                ("port add bond1 bond1.5", 65, ["stacked on bond1"]),
                ("port add bond1 eth3", 65, ["already"]),
                ("port remove bond1 eth1", 66, ["no port", "eth3"]),
            ]
            for each in cases {
                let outcome = await ns.aggctl(each.command, driver: writes)
                #expect(outcome.code == each.code, "\(each.command): \(outcome)")
                for word in each.words { #expect(outcome.errors.contains(word), "\(each.command): \(outcome)") }
            }
            #expect(writes.performed.isEmpty)
            #expect(before.differences(to: try HostWitness(ns)) == [])
            let differing = await ns.aggctl("create bond0 --mode active-backup --ports eth1,d0 --dry-run")
            #expect(differing.code == 0, "\(differing)")
            _ = try ns.ip([], ["link set d0 mtu 1400"])
            let mtu = await ns.aggctl("create bond0 --mode active-backup --ports eth1,d0 --dry-run")
            #expect(mtu.output.contains("differ in MTU"), "\(mtu)")
        }
    }

    @Test func anIdleBondIsRecognised() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            _ = try ns.ip([], ["link add bond0 type bond"])
            let outcome = await ns.aggctl("create bond0 --mode lacp --ports eth0 --no-wait")
            #expect(
                outcome.code == 65 && outcome.errors.contains("idle") && outcome.errors.contains("delete bond0"),
                "\(outcome)")
            try await ns.require("delete bond0")
            try await ns.require("create bond0 --mode lacp --ports eth0 --no-wait")
        }
    }

    @Test func aDeviceThatCannotCarryVLANsIsKnown() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let state = try await ns.driver.observe(.change)
            // Independent: ethtool -k says `vlan-challenged: on [fixed]` of the loopback device.
            #expect(state.link(named: "lo")?.isVLANChallenged == true)
            #expect(state.link(named: "eth0")?.isVLANChallenged == false)
        }
    }
}
