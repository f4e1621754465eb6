import Aggregation
import Testing

/// What teamd would take and not do, and what it cannot do.
@Suite struct TeamingRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let mode: Mode
        /// Problems, as they are told.
        let problems: [String]
        let change: @Sendable (inout DesiredAggregate) -> Void

        init(
            _ name: String, _ mode: Mode, _ problems: [String],
            _ change: @escaping @Sendable (inout DesiredAggregate) -> Void
        ) {
            self.name = name
            self.mode = mode
            self.problems = problems
            self.change = change
        }

        var testDescription: String { name }
    }

    static func monitor(_ kind: PathMonitor.Kind) -> Wish<PathMonitor> {
        .value(PathMonitor(kind: kind, targets: Fixture.addresses(kind == .arp ? "192.0.2.1" : "2001:db8::1")))
    }

    static let delay = LinkMonitor.carrier(interval: 100, upDelay: 100, downDelay: nil)

    static let cases: [Case] = [
        Case(
            "option of another runner", .lacp,
            [
                "team0: runner.hwaddr_policy=by_active (mode lacp): teamd does not look at it in this mode; "
                    + "it needs mode active-backup"
            ]
        ) { $0.options = Fixture.options("runner.hwaddr_policy=by_active") },
        Case(
            "option that only bonding has", .activeBackup,
            [
                "team0: miimon=100ms: there is no such option; `aggctl options teaming` lists them"
            ]
        ) { $0.options = Fixture.options("miimon=100ms") },
        Case("option of ports", .activeBackup, ["team0: sticky=on: it is an option of ports; give it to a port"]) {
            $0.options = Fixture.options("sticky=on")
        },
        Case(
            "port option of another runner", .balanceXOR,
            [
                "team0 port eth1: lacp_key=7 (mode balance-xor): teaming does not take it in this mode; it needs mode lacp"
            ]
        ) { $0.ports?[1].options = Fixture.options("lacp_key=7") },
        Case(
            "a watch that asks, in lacp", .lacp,
            [
                "team0: link_watch={ name: arp_ping, target_host: 192.0.2.1 } (mode lacp): the lacp runner ignores arp_ping; "
                    + "use ethtool",
                "team0 port eth0: link_watch={ name: tipc, tipc_bearer: b } (mode lacp): the lacp runner ignores tipc; "
                    + "use ethtool",
            ]
        ) {
            $0.options = Fixture.options("link_watch={name: arp_ping, target_host: 192.0.2.1}")
            $0.ports?[0].options = Fixture.options("link_watch={name: tipc, tipc_bearer: b}")
        },
        Case(
            "path-monitor in lacp", .lacp,
            [
                "team0: path-monitor (mode lacp): it applies only in modes balance-rr, active-backup, balance-xor, broadcast "
                    + "and random; use link-monitor in this mode"
            ]
        ) { $0.pathMonitor = monitor(.arp) },
        Case(
            "link-monitor and path-monitor", .activeBackup,
            [
                "team0: path-monitor: it excludes link-monitor: teamd takes a port for good when one of two watches does; "
                    + "keep the link monitor or the path monitor"
            ]
        ) {
            $0.linkMonitor = .default
            $0.pathMonitor = monitor(.arp)
        },
        Case(
            "path-monitor without anybody", .broadcast,
            [
                "team0: path-monitor.targets: there is nobody to ask; name at least one address behind the link"
            ]
        ) { $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: [])) },
        Case(
            "link_watch none", .activeBackup,
            [
                "team0: link_watch=none: without a watch teamd uses ethtool; write ethtool"
            ]
        ) { $0.options = Fixture.options("link_watch=none") },
        Case(
            "the same neutrally and as an option", .lacp,
            [
                "team0: runner.fast_rate=on: lacp.rate says the same; keep lacp.rate or runner.fast_rate",
                "team0: link_watch={name: ethtool}: link-monitor says the same; keep link-monitor or link_watch",
                "team0 port eth0: lacp_prio=7: lacp-priority says the same; keep lacp-priority or lacp_prio",
            ]
        ) {
            $0.lacp.rate = .value(.fast)
            $0.linkMonitor = .default
            $0.options = Fixture.options("runner.fast_rate=on", "link_watch={name: ethtool}")
            $0.ports?[0].lacpPriority = .value(7)
            $0.ports?[0].options = Fixture.options("lacp_prio=7")
        },
        Case(
            "reselect and an option of a port", .activeBackup,
            [
                "team0 port eth1: sticky=off: reselect says the same; keep reselect or sticky"
            ]
        ) {
            $0.reselect = .value(.failure)
            $0.ports?[0].options = Fixture.options("sticky=on")
            $0.ports?[1].options = Fixture.options("sticky=off")
        },
        Case(
            "primary and a priority", .activeBackup,
            [
                "team0: primary=eth0: the port has a priority of its own; keep the primary or the priority"
            ]
        ) {
            $0.approximate = true
            $0.primary = .value(.name("eth0"))
            $0.ports?[0].priority = .value(3)
        },
        Case(
            "primary that is no port", .activeBackup,
            [
                "team0: primary=eth7: it is no port of team0; use one of eth0, eth1"
            ]
        ) { $0.primary = .value(.name("eth7")) },
        Case(
            "priority in lacp", .lacp,
            [
                "team0 port eth0: priority=3 (mode lacp): it applies only in mode active-backup; use lacp-priority, where "
                    + "lower wins"
            ]
        ) { $0.ports?[0].priority = .value(3) },
        Case(
            "hash of nothing but encap", .lacp,
            [
                "team0: hash=[encap]: it names nothing to tell flows apart; name layers as [l2, l3]"
            ]
        ) {
            $0.approximate = true
            $0.hash = .value([.encap])
        },
        Case(
            "hash emptied", .lacp,
            [
                "team0: runner.tx_hash=eth,ipv4,ipv6: the list is empty; use one or more of eth, vlan, ipv4, ipv6, ip, l3, "
                    + "tcp, udp, sctp, l4"
            ]
        ) { $0.options = Fixture.options("runner.tx_hash-=eth,ipv4,ipv6") },
        Case("min-ports beyond teamd", .lacp, ["team0: lacp.min-ports=256: it is out of range; use 1 to 255"]) {
            $0.lacp.minPorts = .value(256)
        },
        Case(
            "a word of bonding for select", .lacp,
            [
                "team0: lacp.select=stable: there is no such value; use one of lacp_prio, lacp_prio_stable, bandwidth, "
                    + "count, port_config"
            ]
        ) { $0.lacp.select = .value("stable") },
        Case(
            "no election to be had", .activeBackup,
            [
                "team0: runner.active_port=none: teamd takes a port and nothing else; name one of the ports"
            ]
        ) { $0.options = Fixture.options("runner.active_port=none") },
        Case(
            "active port that is no port", .activeBackup,
            [
                "team0: runner.active_port=eth7: eth7 is no port of team0; use one of eth0, eth1"
            ]
        ) { $0.options = Fixture.options("runner.active_port=eth7") },
        Case(
            "an address that the policy takes away", .activeBackup,
            [
                "team0: mac-address=02:00:00:00:00:07: runner.hwaddr_policy=by_active gives the aggregate its active port's "
                    + "address; leave it out, or set runner.hwaddr_policy (mac-policy) to another value"
            ]
        ) {
            $0.macAddress = Fixture.address(7)
            $0.macPolicy = .value(.active)
        },
    ]

    @Test(arguments: cases) func isTold(_ test: Case) throws {
        let resolution = Translation.resolve(try Fixture.team(test.mode, test.change), in: Fixture.host())
        #expect(resolution.problems.map(\.description) == test.problems)
    }

    // MARK: Nearly

    /// A key that is honoured only nearly, and what it becomes when that is accepted.
    struct Nearly: Sendable, CustomTestStringConvertible {
        let mode: Mode
        let key: String
        let difference: String
        let becomes: [String]
        let change: @Sendable (inout DesiredAggregate) -> Void

        init(
            _ mode: Mode, _ key: String, _ difference: String, _ becomes: [String],
            _ change: @escaping @Sendable (inout DesiredAggregate) -> Void
        ) {
            self.mode = mode
            self.key = key
            self.difference = difference
            self.becomes = becomes
            self.change = change
        }

        var testDescription: String { "\(key) in \(mode.rawValue)" }
    }

    private static let arp = "link_watch={ name: arp_ping, missed_max: 2, target_host: 192.0.2.1"
    private static let ns = "link_watch={ name: nsna_ping, missed_max: 2, target_host: \"2001:db8::1\" }"
    private static let anyARP = "the switch hands each answer to one port, so any ARP that a port hears counts as one"

    static let nearly: [Nearly] = [
        Nearly(
            .activeBackup, "link-monitor", "teamd always watches the carrier: without a watch it uses ethtool",
            [
                "link_watch={ name: ethtool }"
            ]
        ) { $0.linkMonitor = .value(.none) },
        Nearly(
            .lacp, "link-monitor", "in mode lacp a change of the carrier counts at once, whatever the delays",
            [
                "link_watch={ name: ethtool }"
            ]
        ) { $0.linkMonitor = .value(delay) },
        Nearly(
            .random, "link-monitor", "in mode random a change of the carrier counts at once, whatever the delays",
            [
                "link_watch={ name: ethtool }"
            ]
        ) { $0.linkMonitor = .value(delay) },
        Nearly(
            .activeBackup, "path-monitor",
            "a port that is not in use does not ask, and takes any ARP that it hears for an answer; with mac-policy "
                + "active or follow it asks too", [arp + ", validate_active: on }"]
        ) { $0.pathMonitor = monitor(.arp) },
        Nearly(
            .activeBackup, "path-monitor",
            "a port that is not in use does not ask, and counts as down until the one in use has failed", [ns]
        ) { $0.pathMonitor = monitor(.ns) },
        Nearly(.balanceRR, "path-monitor", anyARP, [arp + " }"]) { $0.pathMonitor = monitor(.arp) },
        Nearly(.balanceXOR, "path-monitor", anyARP, [arp + ", send_always: on }"]) { $0.pathMonitor = monitor(.arp) },
        Nearly(
            .random, "path-monitor", "the switch hands each answer to one port, and the others are given up", [ns]
        ) { $0.pathMonitor = monitor(.ns) },
        Nearly(
            .balanceXOR, "path-monitor",
            "the switch hands each answer to one port, and a port that got none is given up and not asked again while "
                + "another works", [ns]
        ) { $0.pathMonitor = monitor(.ns) },
        Nearly(.lacp, "hash", "teamd does not look inside tunnels: encap is left out", ["runner.tx_hash=ip,l4"]) {
            $0.hash = .value([.encap, .l3, .l4])
        },
        Nearly(
            .activeBackup, "primary",
            "teamd has none: a high prio takes its place, and it is not strict: a port that is faster can win over one "
                + "of higher prio (teamd compares both)", ["eth1 prio=32767"]
        ) { $0.primary = .value(.permanentAddress(Fixture.address(1))) },
        Nearly(
            .activeBackup, "ports",
            "priority: it is not strict: a port that is faster can win over one of higher prio (teamd compares both)",
            ["eth0 prio=5", "eth1 prio=0"]
        ) {
            $0.ports?[0].priority = .value(5)
            $0.ports?[1].priority = .value(0)
        },
        Nearly(
            .activeBackup, "reselect",
            "teamd always goes to a port that is faster or of higher prio, unless the one in use is sticky",
            ["eth0 sticky=off", "eth1 sticky=off"]
        ) { $0.reselect = .value(.better) },
    ]

    @Test(arguments: nearly) func isAnErrorUnlessNearlyIsGoodEnough(_ test: Nearly) throws {
        var wish = try Fixture.team(test.mode, test.change)
        let strict = Translation.resolve(wish, in: Fixture.host())
        #expect(strict.problems.map(\.rule) == [test.difference] && strict.problems.map(\.option) == [test.key])
        #expect(strict.problems.map(\.remedy) == ["approximate: true accepts that (as a setting: approximate=true)"])
        wish.approximate = true
        let resolution = Translation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.map(\.description) == [])
        #expect(resolution.texts + resolution.portTexts == test.becomes)
        #expect(resolution.notes.map(\.description) == ["team0: \(test.key): \(test.difference)"])
        #expect(resolution.notes.map(\.kind) == [.warning])
    }

    // MARK: Notes

    struct Note: Sendable, CustomTestStringConvertible {
        let mode: Mode
        let option: String
        var port = false
        let notes: [String]

        var testDescription: String { "\(option) in \(mode.rawValue)" }
    }

    static let notes: [Note] = [
        Note(
            mode: .balanceXOR, option: "runner.tx_balancer.balancing_interval=1s",
            notes: [
                "team0: runner.tx_balancer.balancing_interval: it has no effect unless runner.tx_balancer.name is "
                    + "basic"
            ]),
        Note(
            mode: .lacp, option: "link_watch={name: ethtool, delay_up: 1s}",
            notes: ["team0: link_watch: in mode lacp a change of the carrier counts at once, whatever the delays"]),
        Note(mode: .activeBackup, option: "link_watch={name: ethtool, delay_up: 1s}", notes: []),
        Note(
            mode: .balanceRR, option: "link_watch={name: tipc, tipc_bearer: b}",
            notes: ["team0: link_watch: in mode balance-rr a change of the carrier counts at once, whatever tipc says"]),
        Note(
            mode: .activeBackup, option: "link_watch=[ethtool]".replacing("[ethtool]", with: Note.both),
            notes: [
                "team0: link_watch: \(Note.laxity)",
                "team0: link_watch: one watch that is up is enough: with ethtool beside it, arp_ping is never needed",
            ]),
        Note(
            mode: .activeBackup, option: "link_watch={name: arp_ping, target_host: 192.0.2.1}", port: true,
            notes: ["team0 port eth0: link_watch: \(Note.laxity)"]),
        Note(
            mode: .lacp, option: "sticky=on", port: true,
            notes: ["team0 port eth0: sticky: it has no effect unless runner.agg_select_policy is port_config"]),
        Note(
            mode: .lacp, option: "runner.min_ports=3",
            notes: ["team0: runner.min_ports: the aggregate never gets carrier: it has 2 ports, not 3"]),
    ]

    @Test(arguments: notes) func isSaid(_ test: Note) throws {
        let wish = try Fixture.team(test.mode) { wish in
            let options = Fixture.options(test.option)
            if test.port { wish.ports?[0].options = options } else { wish.options = options }
        }
        let resolution = Translation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.map(\.description) == [])
        #expect(resolution.notes.map(\.description) == test.notes)
    }

    @Test func watchesOfTeamAndPortAreJoined() throws {
        let wish = try Fixture.team {
            $0.linkMonitor = .default
            $0.ports?[1].options = Fixture.options("link_watch={name: arp_ping, target_host: 192.0.2.1}")
        }
        #expect(
            Translation.resolve(wish, in: Fixture.host()).notes.map(\.description) == [
                "team0 port eth1: link_watch: the team has a link_watch too: both watch the port, and one that is up is "
                    + "enough", "team0 port eth1: link_watch: \(Note.laxity)",
            ])
    }

    @Test func optionsOfAPortWithADotInItsNameAreRefused() throws {
        var host = Fixture.host()
        var links = host.links
        links[1].name = "eth1.5"
        host.links = links
        let wish = try Fixture.team {
            $0.ports?[1].selector = .name("eth1.5")
            $0.ports?[1].options = Fixture.options("prio=3", "sticky=off")
        }
        #expect(
            Translation.resolve(wish, in: host).problems.map(\.description) == [
                "team0 port eth1.5: prio=3: teamd finds no options of a port with a dot in its name; "
                    + "leave it out, rename the port, or use driver: bonding"
            ])
    }

    @Test func noModeIsWarnedOf() throws {
        let resolution = Translation.resolve(try Fixture.team(nil), in: Fixture.host())
        #expect(resolution.aggregate.mode == .balanceRR)
        #expect(
            resolution.notes.map(\.description) == [
                "team0: mode: none was given: teamd's default is balance-rr, which needs a static LAG on the switch"
            ])
        let existing = Translation.resolve(try Fixture.team(nil), in: Fixture.host(team: .lacp))
        #expect(existing.aggregate.mode == nil && existing.notes.isEmpty)
    }
}

extension TeamingRulesTests.Note {
    /// What is said of a watch that validates nothing.
    fileprivate static let laxity =
        TargetMonitor(
            watches: [
                LinkWatch(
                    .arpPing, [OptionSetting("target_host", .targets(Fixture.addresses("192.0.2.1")))])
            ], mode: .activeBackup)?.warning ?? "nothing"
    fileprivate static let both = "[{name: ethtool}, {name: arp_ping, target_host: 192.0.2.1}]"
}
