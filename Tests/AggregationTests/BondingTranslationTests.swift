import Aggregation
import Testing

/// Each neutral key as the options that it becomes.
@Suite struct BondingTranslationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let mode: Mode
        let expected: [String]
        let change: @Sendable (inout DesiredAggregate) -> Void

        init(
            _ name: String, _ mode: Mode, _ expected: [String],
            _ change: @escaping @Sendable (inout DesiredAggregate) -> Void
        ) {
            self.name = name
            self.mode = mode
            self.expected = expected
            self.change = change
        }

        var testDescription: String { name }
    }

    static let monitor = ["miimon=100ms*"]

    static let cases: [Case] = [
        Case("nothing", .activeBackup, monitor) { _ in },
        Case("nothing in lacp: the kernel watches by itself", .lacp, []) { _ in },
        Case("random", .random, monitor + ["packets_per_slave=0"]) { _ in },
        Case("link-monitor", .balanceXOR, ["miimon=50ms", "updelay=200ms", "downdelay=100ms"]) {
            $0.linkMonitor = .value(.carrier(interval: 50, upDelay: 200, downDelay: 100))
        },
        Case("link-monitor without delays", .lacp, ["miimon=50ms"]) {
            $0.linkMonitor = .value(.carrier(interval: 50, upDelay: nil, downDelay: nil))
        },
        Case("link-monitor none", .activeBackup, ["miimon=0ms"]) { $0.linkMonitor = .value(.none) },
        Case("link-monitor default", .activeBackup, ["miimon=100ms", "updelay=0ms", "downdelay=0ms"]) {
            $0.linkMonitor = .default
        },
        Case(
            "path-monitor arp", .activeBackup,
            ["arp_interval=1000ms", "arp_ip_target=192.0.2.1,192.0.2.2", "arp_validate=all*", "arp_missed_max=3"]
        ) { $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1", "192.0.2.2"))) },
        Case(
            "path-monitor ns", .broadcast,
            ["arp_interval=500ms", "ns_ip6_target=2001:db8::1", "arp_validate=all*", "arp_missed_max=5"]
        ) {
            var monitor = PathMonitor(kind: .ns, targets: Fixture.addresses("2001:db8::1"))
            monitor.interval = 500
            monitor.missed = 5
            $0.pathMonitor = .value(monitor)
        },
        Case(
            "path-monitor with its validation said", .balanceXOR,
            ["arp_interval=1000ms", "arp_ip_target=192.0.2.1", "arp_validate=filter", "arp_missed_max=3"]
        ) {
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
            $0.options = Fixture.options("arp_validate=filter")
        },
        Case(
            "path-monitor and no link monitor", .activeBackup,
            [
                "miimon=0ms", "arp_interval=1000ms", "arp_ip_target=192.0.2.1", "arp_validate=all*", "arp_missed_max=3",
            ]
        ) {
            $0.linkMonitor = .value(.none)
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
        },
        Case("path-monitor default", .activeBackup, monitor) { $0.pathMonitor = .default },
        Case("lacp.rate", .lacp, ["lacp_rate=fast"]) { $0.lacp.rate = .value(.fast) },
        Case("lacp.rate default", .lacp, ["lacp_rate=slow"]) { $0.lacp.rate = .default },
        Case("lacp.active", .lacp, ["lacp_active=off"]) { $0.lacp.active = .value(false) },
        Case("lacp.system-priority", .lacp, ["ad_actor_sys_prio=7"]) { $0.lacp.systemPriority = .value(7) },
        Case("lacp.system-priority default", .lacp, ["ad_actor_sys_prio=65535"]) { $0.lacp.systemPriority = .default },
        Case("lacp.min-ports", .lacp, ["min_links=2"]) { $0.lacp.minPorts = .value(2) },
        Case("lacp.select", .lacp, ["ad_select=bandwidth"]) { $0.lacp.select = .value("bandwidth") },
        Case("hash", .lacp, ["xmit_hash_policy=layer3+4"]) { $0.hash = .value([.l4, .l3]) },
        Case("hash default", .balanceXOR, monitor + ["xmit_hash_policy=layer2"]) { $0.hash = .default },
        Case("primary", .activeBackup, monitor + ["primary=eth1"]) { $0.primary = .value(.name("eth1")) },
        Case("primary by address", .balanceTLB, ["primary=eth1"]) {
            $0.primary = .value(.permanentAddress(Fixture.address(1)))
        },
        Case("primary default", .balanceALB, ["primary=none"]) { $0.primary = .default },
        Case("reselect", .activeBackup, monitor + ["primary_reselect=failure"]) { $0.reselect = .value(.failure) },
        Case("mac-policy same", .activeBackup, monitor + ["fail_over_mac=none"]) { $0.macPolicy = .value(.same) },
        Case("mac-policy active", .activeBackup, monitor + ["fail_over_mac=active"]) { $0.macPolicy = .value(.active) },
        Case("mac-policy follow", .activeBackup, monitor + ["fail_over_mac=follow"]) { $0.macPolicy = .value(.follow) },
        Case("mac-policy default", .activeBackup, monitor + ["fail_over_mac=none"]) { $0.macPolicy = .default },
        Case(
            "options in the kernel's order", .activeBackup,
            [
                "miimon=50ms", "updelay=100ms", "primary_reselect=better", "num_grat_arp=3", "all_slaves_active=on",
            ]
        ) {
            $0.options = Fixture.options(
                "all_slaves_active=yes", "num_unsol_na=3", "updelay=100ms", "miimon=50ms", "primary_reselect=better")
        },
        Case("option default", .lacp, ["miimon=100ms"]) { $0.options = Fixture.options("miimon=default") },
        Case("option default is what a new bond gets", .activeBackup, ["miimon=100ms"]) {
            $0.options = Fixture.options("miimon=default")
        },
        Case(
            "list edits follow each other", .activeBackup,
            [
                "arp_interval=1000ms", "arp_ip_target=192.0.2.1,192.0.2.3",
            ]
        ) {
            $0.options = Fixture.options(
                "arp_interval=1s", "arp_ip_target=192.0.2.1,192.0.2.2", "arp_ip_target+=192.0.2.3",
                "arp_ip_target-=192.0.2.2")
        },
    ]

    @Test(arguments: cases) func becomes(_ test: Case) throws {
        let resolution = BondingTranslation.resolve(try Fixture.wish(test.mode, test.change), in: Fixture.host())
        #expect(resolution.problems.map(\.description) == [])
        #expect(resolution.texts == test.expected)
    }

    @Test func everySettingSaysWhoAskedForIt() throws {
        let wish = try Fixture.wish(.lacp) {
            $0.linkMonitor = .value(.carrier(interval: 50, upDelay: 100, downDelay: nil))
            $0.hash = .value([.l2])
            $0.lacp.minPorts = .value(1)
            $0.options = Fixture.options("num_unsol_na=1")
        }
        let settings = BondingTranslation.resolve(wish, in: Fixture.host()).aggregate.settings
        #expect(
            settings.map(\.origin) == [
                "link-monitor.interval", "link-monitor.up-delay", "hash", "options.num_unsol_na", "lacp.min-ports",
            ])
        #expect(settings.allSatisfy { !$0.isOurDefault })
    }

    @Test func theDefaultMonitorIsSaid() throws {
        let resolution = BondingTranslation.resolve(try Fixture.wish(), in: Fixture.host())
        #expect(
            resolution.notes.map(\.description) == [
                "bond0: link-monitor: miimon 100ms, because mode active-backup has no link monitor of its own; "
                    + "link-monitor: none leaves it out"
            ])
        #expect(BondingTranslation.resolve(try Fixture.wish(.balanceTLB), in: Fixture.host()).notes.isEmpty)
        let existing = BondingTranslation.resolve(try Fixture.wish(), in: Fixture.host(bond: .activeBackup))
        #expect(existing.texts == [] && existing.notes.isEmpty, "an aggregate that exists keeps what it has")
    }

    @Test func noMonitorAtAllIsWarnedOf() throws {
        let resolution = BondingTranslation.resolve(
            try Fixture.wish { $0.linkMonitor = .value(.none) }, in: Fixture.host())
        #expect(resolution.notes.map(\.description) == ["bond0: nothing watches the links: a dead one is not noticed"])
    }

    @Test func ports() throws {
        let wish = try Fixture.wish {
            var first = DesiredPort(.name("eth1"))
            first.priority = .value(-5)
            first.queueID = .value(2)
            var second = DesiredPort(.name("eth0"))
            second.options = Fixture.options("prio=7")
            $0.ports = [first, second]
        }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.isEmpty)
        #expect(resolution.portTexts == ["eth1 queue_id=2", "eth1 prio=-5", "eth0 prio=7"])
        let lacp = try Fixture.wish(.lacp) {
            var port = DesiredPort(.name("eth1"))
            port.lacpPriority = .value(10)
            $0.ports = [port]
        }
        #expect(BondingTranslation.resolve(lacp, in: Fixture.host()).portTexts == ["eth1 actor_port_prio=10"])
    }

    @Test func modes() throws {
        let host = Fixture.host()
        let random = BondingTranslation.resolve(try Fixture.wish(.random), in: host)
        #expect(random.aggregate.mode == .balanceRR)
        let byOption = BondingTranslation.resolve(
            try Fixture.wish(nil) { $0.options = Fixture.options("mode=802.3ad") }, in: host)
        #expect(byOption.aggregate.mode == .lacp && byOption.problems.isEmpty)
        let unsaid = BondingTranslation.resolve(try Fixture.wish(nil), in: host)
        #expect(unsaid.aggregate.mode == .balanceRR)
        #expect(
            unsaid.notes.first?.description
                == "bond0: mode: none was given: the kernel's default is balance-rr, which needs a static LAG on the switch"
        )
        let kept = BondingTranslation.resolve(try Fixture.wish(nil), in: Fixture.host(bond: .lacp))
        #expect(kept.aggregate.mode == nil && kept.texts.isEmpty && kept.problems.isEmpty && kept.notes.isEmpty)
    }

    @Test func balanceRRIsNotRandom() throws {
        let host = Fixture.host(bond: .balanceRR, ["packets_per_slave": .number(0), "miimon": .number(100)])
        #expect(BondingTranslation.resolve(try Fixture.wish(.balanceRR), in: host).texts == ["packets_per_slave=1"])
        #expect(BondingTranslation.resolve(try Fixture.wish(nil), in: host).texts == [])
        #expect(BondingTranslation.resolve(try Fixture.wish(.random), in: host).texts == ["packets_per_slave=0"])
    }

    @Test func listEditsStartFromWhatIsThere() throws {
        let host = Fixture.host(
            bond: .activeBackup,
            ["arp_interval": .number(1000), "arp_ip_target": .targets(Fixture.addresses("192.0.2.1", "192.0.2.2"))])
        let added = try Fixture.wish { $0.options = Fixture.options("arp_ip_target+=192.0.2.1,192.0.2.3") }
        #expect(BondingTranslation.resolve(added, in: host).texts == ["arp_ip_target=192.0.2.1,192.0.2.2,192.0.2.3"])
        let removed = try Fixture.wish { $0.options = Fixture.options("arp_ip_target-=192.0.2.1,192.0.2.9") }
        let resolution = BondingTranslation.resolve(removed, in: host)
        #expect(resolution.texts == ["arp_ip_target=192.0.2.2"])
        #expect(resolution.notes.first?.description == "bond0: arp_ip_target: 192.0.2.9 is not in the list")
    }

    @Test func thePathMonitorIsTheWholeList() throws {
        let old = Fixture.host(
            bond: .activeBackup,
            [
                "arp_interval": .number(1000), "ns_ip6_target": .targets(Fixture.addresses("2001:db8::1")),
                "arp_validate": .number(3),
            ])
        let arp = try Fixture.wish {
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
        }
        #expect(
            BondingTranslation.resolve(arp, in: old).texts == [
                "arp_interval=1000ms", "arp_ip_target=192.0.2.1", "ns_ip6_target=none", "arp_validate=all*",
                "arp_missed_max=3",
            ])
        let reset = try Fixture.wish { $0.pathMonitor = .default }
        #expect(
            BondingTranslation.resolve(reset, in: old).texts == [
                "arp_interval=0ms", "ns_ip6_target=none", "arp_validate=none", "arp_missed_max=2",
            ])
        let lacp = try Fixture.wish(.lacp) { $0.pathMonitor = .default }
        let inLACP = BondingTranslation.resolve(lacp, in: Fixture.host(bond: .lacp))
        #expect(inLACP.texts.isEmpty && inLACP.problems.isEmpty)
    }

    @Test func deviceAttributesAndAbsence() throws {
        var wish = try Fixture.wish {
            $0.mtu = 9000
            $0.macAddress = Fixture.address(9)
            $0.addresses = [IPPrefix(text: "192.0.2.2/24")].compactMap { $0 }
            $0.expectedPorts = 3
            $0.state = .down
        }
        let down = BondingTranslation.resolve(wish, in: Fixture.host()).aggregate
        #expect(down.mtu == 9000 && down.macAddress == Fixture.address(9) && down.addresses?.count == 1)
        #expect(down.expectedPorts == 3 && down.state == .down)
        wish.state = .absent
        let absent = BondingTranslation.resolve(wish, in: Fixture.host()).aggregate
        #expect(absent == ResolvedAggregate(name: "bond0", driver: .bonding, state: .absent))
    }
}

@Suite struct BondingHashPolicyTests {
    @Test(arguments: [
        ([HashLayer.l2], "layer2", String?.none), ([.l2, .l3], "layer2+3", nil), ([.l3, .l4], "layer3+4", nil),
        ([.encap, .l2, .l3], "encap2+3", nil), ([.encap, .l3, .l4], "encap3+4", nil),
        ([.l2, .l3, .l4], "layer3+4", "it leaves out l2"), ([.l3], "layer2+3", "it adds l2"),
        ([.l4], "layer3+4", "it adds l3"), ([.l2, .l4], "layer3+4", "it leaves out l2 and it adds l3"),
        ([.vlan, .l2], "vlan+srcmac", "of l2 it takes only the source address"),
        ([.vlan], "vlan+srcmac", "it adds the source address of l2"),
        ([.vlan, .l3, .l4], "layer3+4", "it leaves out vlan"), ([.vlan, .l2, .l3], "layer2+3", "it leaves out vlan"),
        ([.encap], "encap3+4", "it adds l3 and l4"), ([.encap, .l2], "encap2+3", "it adds l3"),
    ])
    func nearest(_ layers: [HashLayer], _ name: String, _ difference: String?) throws {
        let choice = try #require(BondingHashPolicy.nearest(to: Set(layers)))
        #expect(choice.name == name)
        #expect(choice.difference == difference)
    }

    @Test func everySetHasAPolicyTheTableKnows() throws {
        for bits in 1..<32 {
            let layers = HashLayer.allCases.enumerated().filter { bits & (1 << $0.offset) != 0 }.map(\.element)
            let choice = try #require(BondingHashPolicy.nearest(to: Set(layers)))
            #expect(throws: Never.self) { try BondingOptions.table["xmit_hash_policy"]?.parse(choice.name) }
            #expect(choice.difference != "")
        }
        #expect(BondingHashPolicy.nearest(to: []) == nil)
    }
}
