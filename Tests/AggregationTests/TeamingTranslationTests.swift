import Aggregation
import Testing

/// Each neutral key as the options of teamd that it becomes.
@Suite struct TeamingTranslationTests {
    typealias Case = BondingTranslationTests.Case

    static let cases: [Case] = [
        Case("nothing: teamd watches by itself", .activeBackup, []) { _ in },
        Case("link-monitor", .activeBackup, ["link_watch={ name: ethtool, delay_up: 200ms, delay_down: 100ms }"]) {
            $0.linkMonitor = .value(.carrier(interval: 50, upDelay: 200, downDelay: 100))
        },
        Case("link-monitor without delays", .lacp, ["link_watch={ name: ethtool }"]) {
            $0.linkMonitor = .value(.carrier(interval: 50, upDelay: nil, downDelay: 0))
        },
        Case("link-monitor default", .balanceRR, ["link_watch={ name: ethtool }"]) { $0.linkMonitor = .default },
        Case(
            "path-monitor arp with addresses of their own", .activeBackup,
            [
                "runner.hwaddr_policy=by_active",
                "link_watch=[{ name: arp_ping, missed_max: 2, target_host: 192.0.2.1, validate_active: on, "
                    + "validate_inactive: on, send_always: on }, { name: arp_ping, missed_max: 2, "
                    + "target_host: 192.0.2.2, validate_active: on, validate_inactive: on, send_always: on }]",
            ]
        ) {
            $0.macPolicy = .value(.active)
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1", "192.0.2.2")))
        },
        Case(
            "path-monitor in broadcast", .broadcast,
            [
                "link_watch={ name: arp_ping, interval: 500ms, missed_max: 4, target_host: 192.0.2.1, "
                    + "validate_active: on, validate_inactive: on }"
            ]
        ) {
            var monitor = PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1"))
            monitor.interval = 500
            monitor.missed = 5
            $0.pathMonitor = .value(monitor)
        },
        Case(
            "path-monitor ns, one miss is enough, no link monitor", .broadcast,
            ["link_watch={ name: nsna_ping, missed_max: 0, target_host: \"2001:db8::1\" }"]
        ) {
            var monitor = PathMonitor(kind: .ns, targets: Fixture.addresses("2001:db8::1"))
            monitor.missed = 1
            $0.pathMonitor = .value(monitor)
            $0.linkMonitor = .value(.none)
        },
        Case("path-monitor default", .activeBackup, []) { $0.pathMonitor = .default },
        Case(
            "both monitors where each has to be up", .broadcast,
            [
                "link_watch=[{ name: nsna_ping, missed_max: 2, target_host: \"2001:db8::1\" }, { name: ethtool }]",
                "link_watch_policy=all",
            ]
        ) {
            $0.pathMonitor = .value(PathMonitor(kind: .ns, targets: Fixture.addresses("2001:db8::1")))
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: nil, downDelay: nil))
            $0.options = Fixture.options("link_watch_policy=all")
        },
        Case("lacp.rate", .lacp, ["runner.fast_rate=on"]) { $0.lacp.rate = .value(.fast) },
        Case("lacp.rate default", .lacp, ["runner.fast_rate=off"]) { $0.lacp.rate = .default },
        Case("lacp.active", .lacp, ["runner.active=off"]) { $0.lacp.active = .value(false) },
        Case("lacp.system-priority", .lacp, ["runner.sys_prio=7"]) { $0.lacp.systemPriority = .value(7) },
        Case("lacp.min-ports", .lacp, ["runner.min_ports=2"]) { $0.lacp.minPorts = .value(2) },
        Case("lacp.min-ports 0", .lacp, ["runner.min_ports=1"]) { $0.lacp.minPorts = .value(0) },
        Case("lacp.select", .lacp, ["runner.agg_select_policy=count"]) { $0.lacp.select = .value("count") },
        Case("lacp.select default", .lacp, ["runner.agg_select_policy=lacp_prio"]) { $0.lacp.select = .default },
        Case("hash", .balanceXOR, ["runner.tx_hash=eth,vlan,ip,l4"]) { $0.hash = .value([.l4, .l3, .vlan, .l2]) },
        Case("hash default", .lacp, ["runner.tx_hash=eth,ipv4,ipv6"]) { $0.hash = .default },
        Case("reselect always", .activeBackup, ["eth0 sticky=off", "eth1 sticky=off"]) {
            $0.reselect = .value(.always)
        },
        Case("reselect failure", .activeBackup, ["eth0 sticky=on", "eth1 sticky=on"]) {
            $0.reselect = .value(.failure)
        },
        Case("primary default", .activeBackup, ["eth0 prio=0", "eth1 prio=0"]) { $0.primary = .default },
        Case("mac-policy same", .activeBackup, ["runner.hwaddr_policy=same_all"]) { $0.macPolicy = .value(.same) },
        Case("mac-policy follow", .activeBackup, ["runner.hwaddr_policy=only_active"]) {
            $0.macPolicy = .value(.follow)
        },
        Case("mac-policy default", .activeBackup, ["runner.hwaddr_policy=same_all"]) { $0.macPolicy = .default },
        Case("lacp-priority", .lacp, ["eth1 lacp_prio=7"]) { $0.ports?[1].lacpPriority = .value(7) },
        Case("queue-id, which ports may share", .broadcast, ["eth0 queue_id=3", "eth1 queue_id=3"]) {
            $0.ports?[0].queueID = .value(3)
            $0.ports?[1].queueID = .value(3)
        },
        Case(
            "options in the table's order", .balanceXOR,
            ["runner.tx_hash=l4,eth", "runner.tx_balancer.name=basic", "notify_peers.count=2"]
        ) {
            $0.options = Fixture.options(
                "notify_peers.count=2", "runner.tx_balancer.name=basic", "runner.tx_hash=l4,eth")
        },
        Case("the default hangs on the mode", .activeBackup, ["notify_peers.count=1"]) {
            $0.options = Fixture.options("notify_peers.count=default")
        },
        Case(
            "list edits follow each other", .activeBackup,
            ["link_watch=[{ name: ethtool }, { name: tipc, tipc_bearer: \"eth:b\" }]"]
        ) {
            $0.options = Fixture.options(
                "link_watch+={name: tipc, tipc_bearer: \"eth:a\"}", "link_watch+={name: tipc, tipc_bearer: \"eth:b\"}",
                "link_watch-={name: tipc, tipc_bearer: \"eth:a\"}")
        },
        Case("names are edited too", .lacp, ["runner.tx_hash=ipv4,ipv6,l4"]) {
            $0.options = Fixture.options("runner.tx_hash+=l4", "runner.tx_hash-=eth")
        },
        Case(
            "options of a port", .activeBackup, ["eth0 sticky=on", "eth0 link_watch={ name: ethtool, delay_up: 5ms }"]
        ) {
            $0.ports?[0].options = Fixture.options("link_watch={delay_up: 5ms, name: ethtool}", "sticky=yes")
        },
    ]

    @Test(arguments: cases) func becomes(_ test: Case) throws {
        let resolution = Translation.resolve(try Fixture.team(test.mode, test.change), in: Fixture.host())
        #expect(resolution.problems.map(\.description) == [])
        #expect(resolution.texts + resolution.portTexts == test.expected)
        #expect(resolution.aggregate.driver == .teaming && resolution.aggregate.mode == test.mode)
    }

    @Test(arguments: Mode.modes(of: .teaming)) func everyRunnerIsKept(_ mode: Mode) throws {
        let resolution = Translation.resolve(try Fixture.team(mode), in: Fixture.host())
        #expect(resolution.aggregate.mode == mode && resolution.problems.isEmpty && resolution.notes.isEmpty)
    }

    @Test(arguments: [Mode.balanceTLB, .balanceALB]) func modesOfBondingOnlyAreRefused(_ mode: Mode) throws {
        let resolution = Translation.resolve(try Fixture.team(mode), in: Fixture.host())
        #expect(
            resolution.problems.map(\.description) == [
                "team0: mode=\(mode.rawValue): teaming has no such mode; use driver bonding, or one of balance-rr, "
                    + "active-backup, balance-xor, broadcast, lacp, random"
            ])
    }

    @Test func aBondOfTheNameIsNoTeam() throws {
        var wish = try Fixture.team(nil)
        wish.name = try InterfaceName("bond0")
        let resolution = Translation.resolve(wish, in: Fixture.host(bond: .lacp))
        #expect(resolution.aggregate.mode == .balanceRR, "what a bond is says nothing about the team")
    }

    // MARK: A team that exists

    @Test func whatMeansTheSameStays() throws {
        let wish = try Fixture.team(.lacp) { $0.hash = .value([.l2, .l3]) }
        #expect(Translation.resolve(wish, in: Fixture.host(team: .lacp)).texts == ["runner.tx_hash=eth,ipv4,ipv6"])
        #expect(Translation.resolve(wish, in: Fixture.host()).texts == ["runner.tx_hash=eth,ip"])
    }

    @Test func delaysThatAreNotMentionedStay() throws {
        let watch = LinkWatch(.ethtool, values: ["delay_up": .number(70), "delay_down": .number(30)])
        let wish = try Fixture.team(nil) {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: 0, downDelay: nil))
        }
        let host = Fixture.host(team: .activeBackup, ["link_watch": .watches([watch])])
        #expect(Translation.resolve(wish, in: host).texts == ["link_watch={ name: ethtool, delay_down: 30ms }"])
    }

    @Test func oneMonitorTakesThePlaceOfAnother() throws {
        let watch = LinkWatch(.nsnaPing, values: ["target_host": .targets(Fixture.addresses("2001:db8::1"))])
        let host = Fixture.host(team: .broadcast, ["link_watch": .watches([watch])])
        let carrier = try Fixture.team(nil) {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: nil, downDelay: nil))
        }
        let resolution = Translation.resolve(carrier, in: host)
        #expect(resolution.texts == ["link_watch={ name: ethtool }"])
        #expect(
            resolution.notes.map(\.description) == [
                "team0: link_watch: { name: nsna_ping, target_host: \"2001:db8::1\" } goes: link-monitor takes its place, "
                    + "because one watch that is up would be enough"
            ])
        let none = Translation.resolve(try Fixture.team(nil) { $0.linkMonitor = .value(.none) }, in: host)
        #expect(none.texts == [] && none.problems.isEmpty, "the carrier is not watched")
        let back = Translation.resolve(try Fixture.team(nil) { $0.pathMonitor = .default }, in: host)
        #expect(back.texts == ["link_watch={ name: ethtool }"])
    }

    @Test func keysOfPortsReachPortsThatAreNotListed() throws {
        let wish = try Fixture.team(nil) {
            $0.ports = nil
            $0.primary = .value(.name("eth1"))
            $0.approximate = true
        }
        let host = Fixture.host(team: .activeBackup)
        #expect(Translation.resolve(wish, in: host).portTexts == ["eth1 prio=32767"])
        #expect(Translation.resolve(wish, in: host).aggregate.ports?.map(\.name) == ["eth0", "eth1"])
        let other = try Fixture.team(nil) { $0.ports = nil }
        #expect(Translation.resolve(other, in: host).aggregate.ports == nil, "ports are not managed")
    }

    @Test func aNewPrimaryTakesThePlaceOfTheOld() throws {
        let wish = try Fixture.team(nil) {
            $0.primary = .value(.name("eth1"))
            $0.approximate = true
        }
        var host = Fixture.host(team: .activeBackup)
        Fixture.setPort("eth0", "prio", .number(32767), on: &host)
        #expect(Translation.resolve(wish, in: host).portTexts == ["eth0 prio=0", "eth1 prio=32767"])
        Fixture.setPort("eth0", "prio", .number(40000), on: &host)
        #expect(
            Translation.resolve(wish, in: host).problems.map(\.rule) == ["prio of eth0 is 32767 or more, and would win"]
        )
    }

    @Test func thePrimaryMayComeLater() throws {
        let wish = try Fixture.team {
            $0.ports = [DesiredPort(.name("eth0")), DesiredPort(.name("eth9"))]
            $0.primary = .value(.name("eth9"))
            $0.approximate = true
        }
        let resolution = Translation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.isEmpty && resolution.aggregate.missingPorts == ["eth9"])
        #expect(resolution.notes.first?.text == "eth9 is not there yet: apply again when it is")
    }
}
