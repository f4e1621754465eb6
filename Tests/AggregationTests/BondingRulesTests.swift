import Aggregation
import Testing

/// Each rule with the exact words in which it is broken.
@Suite struct BondingRulesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let mode: Mode
        let host: HostState
        let problems: [String]
        let change: @Sendable (inout DesiredAggregate) -> Void

        init(
            _ name: String, _ mode: Mode = .activeBackup, in host: HostState = Fixture.host(), _ problems: String...,
            change: @escaping @Sendable (inout DesiredAggregate) -> Void
        ) {
            self.name = name
            self.mode = mode
            self.host = host
            self.problems = problems
            self.change = change
        }

        var testDescription: String { name }
    }

    static let neutralKeys: [Case] = [
        Case(
            "lacp in active-backup", .activeBackup,
            "bond0: lacp.rate (mode active-backup): it applies only in mode lacp; leave it out, or choose another mode",
            "bond0: lacp.system-priority (mode active-backup): it applies only in mode lacp; leave it out, or choose another mode",
            "bond0: lacp.select (mode active-backup): it applies only in mode lacp; leave it out, or choose another mode"
        ) {
            $0.lacp.rate = .value(.fast)
            $0.lacp.active = .value(true)
            $0.lacp.systemPriority = .value(1)
            $0.lacp.minPorts = .default
            $0.lacp.select = .value("count")
        },
        Case(
            "hash in active-backup", .activeBackup,
            "bond0: hash (mode active-backup): it applies only in modes balance-xor, lacp, balance-tlb and balance-alb; "
                + "leave it out, or choose another mode"
        ) { $0.hash = .value([.l3]) },
        Case(
            "primary and reselect in lacp", .lacp,
            "bond0: primary (mode lacp): it applies only in modes active-backup, balance-tlb and balance-alb; "
                + "leave it out, or choose another mode",
            "bond0: reselect (mode lacp): it applies only in modes active-backup, balance-tlb and balance-alb; "
                + "leave it out, or choose another mode"
        ) {
            $0.primary = .value(.name("eth0"))
            $0.reselect = .value(.better)
        },
        Case(
            "mac-policy in lacp", .lacp,
            "bond0: mac-policy (mode lacp): it applies only in mode active-backup; leave it out, or choose another mode"
        ) { $0.macPolicy = .value(.active) },
        Case(
            "path-monitor in lacp", .lacp,
            "bond0: path-monitor (mode lacp): it applies only in modes balance-rr, active-backup, balance-xor and "
                + "broadcast; use link-monitor in this mode"
        ) { $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1"))) },
        Case(
            "a path monitor of nobody, never", .activeBackup,
            "bond0: path-monitor.interval=0ms: it would never ask; write an interval as 1s",
            "bond0: path-monitor.targets: there is nobody to ask; name at least one address behind the link",
            "bond0: path-monitor.missed=0: it is out of range; use 1 to 255"
        ) {
            var monitor = PathMonitor(kind: .arp, targets: [])
            monitor.interval = 0
            monitor.missed = 0
            $0.pathMonitor = .value(monitor)
        },
        Case(
            "targets of the other family", .activeBackup,
            "bond0: path-monitor.targets=192.0.2.1: \"192.0.2.1\" is no IPv6 address; write addresses separated by commas"
        ) { $0.pathMonitor = .value(PathMonitor(kind: .ns, targets: Fixture.addresses("192.0.2.1"))) },
        Case(
            "a path monitor in balance-xor", .balanceXOR,
            "bond0: path-monitor: in mode balance-xor any frame that a port receives counts as an answer, because the "
                + "switch hands each answer to one port; arp_validate=all would insist; approximate: true accepts that (as a setting: approximate=true)"
        ) { $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1"))) },
        Case(
            "both monitors", .activeBackup,
            "bond0: path-monitor.interval=1000ms: it excludes miimon=100ms (link-monitor.interval); "
                + "keep the link monitor or the path monitor"
        ) {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: nil, downDelay: nil))
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
        },
        Case(
            "numbers out of range", .lacp,
            "bond0: link-monitor.interval=2147483648ms: it is out of range; use 0ms to 2147483647ms",
            "bond0: lacp.system-priority=0: it is out of range; use 1 to 65535",
            "bond0: lacp.min-ports=-1: it is out of range; use 0 to 2147483647",
            "bond0: lacp.select=most: there is no such value; use one of stable, bandwidth, count, actor_port_prio"
        ) {
            $0.linkMonitor = .value(.carrier(interval: 1 << 31, upDelay: nil, downDelay: nil))
            $0.lacp.systemPriority = .value(0)
            $0.lacp.minPorts = .value(-1)
            $0.lacp.select = .value("most")
        },
        Case(
            "an inexact hash", .lacp,
            "bond0: hash=[l2, l3, l4]: bonding has no such policy: the nearest is layer3+4, and it leaves out l2; "
                + "approximate: true accepts that (as a setting: approximate=true)"
        ) { $0.hash = .value([.l2, .l3, .l4]) },
        Case(
            "an empty hash", .lacp,
            "bond0: hash=[]: it names nothing to tell flows apart; name layers as [l2, l3]"
        ) {
            $0.hash = .value([])
            $0.approximate = true
        },
        Case(
            "a primary that is no port", .activeBackup, in: Fixture.host(ports: 3),
            "bond0: primary=eth7: eth7 is no port of bond0; use one of eth0, eth1"
        ) { $0.primary = .value(.name("eth7")) },
        Case(
            "a primary that is nothing", .activeBackup,
            "bond0: primary=path pci-0000:09:00.0: no device matches; name one of the ports"
        ) { $0.primary = .value(.path("pci-0000:09:00.0")) },
        Case(
            "link-monitor none with a delay", .activeBackup,
            "bond0: updelay=200ms: it needs miimon, which is 0ms; set miimon (link-monitor.interval), or leave it out"
        ) {
            $0.linkMonitor = .value(.none)
            $0.options = Fixture.options("updelay=200ms")
        },
        Case(
            "a delay that is no multiple", .activeBackup,
            "bond0: link-monitor.up-delay=250ms: it is no multiple of miimon (100ms); use 200ms or 300ms",
            "bond0: link-monitor.down-delay=50ms: it is no multiple of miimon (100ms); use 0ms or 100ms"
        ) { $0.linkMonitor = .value(.carrier(interval: 100, upDelay: 250, downDelay: 50)) },
    ]

    static let driverOptions: [Case] = [
        Case(
            "modes", .activeBackup,
            "bond0: lacp_rate=fast (mode active-backup): bonding does not take it in this mode; it needs mode lacp",
            "bond0: packets_per_slave=2 (mode active-backup): bonding does not take it in this mode; it needs mode balance-rr",
            "bond0: tlb_dynamic_lb=off (mode active-backup): bonding does not take it in this mode; "
                + "it needs modes balance-tlb and balance-alb"
        ) { $0.options = Fixture.options("lacp_rate=fast", "packets_per_slave=2", "tlb_dynamic_lb=0") },
        Case(
            "unreadable", .activeBackup,
            "bond0: miimon=100: it has no unit; write 100ms if that is what you mean",
            "bond0: mimon=100ms: there is no such option; did you mean miimon? `aggctl options bonding` lists them",
            "bond0: prio=5: it is an option of ports; give it to a port",
            "bond0: fail_over_mac=activ: there is no such value; did you mean active? use one of none, active, follow",
            "bond0: updelay=100ms: it is no list; write updelay=VALUE",
            "bond0: arp_ip_target=192.0.2.1,192.0.2.1: 192.0.2.1 is there twice; write each target once"
        ) {
            $0.options = Fixture.options(
                "miimon=100", "mimon=100ms", "prio=5", "fail_over_mac=activ", "updelay+=100ms",
                "arp_ip_target=192.0.2.1,192.0.2.1")
        },
        Case(
            "the same fact twice", .activeBackup,
            "bond0: miimon=50ms: link-monitor.interval says the same; keep link-monitor.interval or miimon",
            "bond0: num_unsol_na=2: num_grat_arp says the same; keep num_grat_arp or num_unsol_na",
            "bond0: num_grat_arp=3: it is given twice; keep one"
        ) {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: nil, downDelay: nil))
            $0.options = Fixture.options("miimon=50ms", "num_grat_arp=1", "num_unsol_na=2", "num_grat_arp=3")
        },
        Case(
            "a list is owned by its neutral key", .activeBackup,
            "bond0: arp_ip_target=192.0.2.2: path-monitor.targets says the same; keep path-monitor.targets or arp_ip_target"
        ) {
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
            $0.options = Fixture.options("arp_ip_target+=192.0.2.2")
        },
        Case(
            "packets_per_slave of random", .random,
            "bond0: packets_per_slave=0: mode says the same; keep mode or packets_per_slave"
        ) { $0.options = Fixture.options("packets_per_slave=0") },
        Case(
            "mode twice", .lacp,
            "bond0: mode=4: the key mode says the same; keep it, and leave mode out of the options"
        ) { $0.options = Fixture.options("mode=4") },
        Case(
            "more targets than the kernel keeps", .activeBackup,
            in: Fixture.host(
                bond: .activeBackup,
                ["arp_ip_target": .targets((1...16).compactMap { IPAddress(text: "192.0.2.\($0)") })]),
            "bond0: arp_ip_target=192.0.2.17: there are 17 targets; the kernel keeps at most 16"
        ) { $0.options = Fixture.options("arp_ip_target+=192.0.2.17") },
        Case(
            "both monitors", .activeBackup,
            "bond0: arp_interval=1000ms: it excludes miimon=100ms; keep the link monitor or the path monitor"
        ) { $0.options = Fixture.options("arp_interval=1s", "miimon=100ms", "arp_ip_target=192.0.2.1") },
        Case(
            "arp_validate beside our own monitor", .activeBackup,
            "bond0: arp_validate=all: it validates answers that nobody asks for: arp_interval is 0ms; "
                + "set arp_interval and its targets too, or leave it out"
        ) { $0.options = Fixture.options("arp_validate=all") },
        Case(
            "an active port that is none", .activeBackup,
            "bond0: active_slave=eth7: eth7 is no port of bond0; use one of eth0, eth1"
        ) { $0.options = Fixture.options("active_slave=eth7") },
        Case(
            "a multicast system id", .lacp,
            "bond0: ad_actor_system=01:00:00:00:00:01: it is a multicast address; use an address whose first byte is even"
        ) { $0.options = Fixture.options("ad_actor_system=01:00:00:00:00:01") },
    ]

    static let devices: [Case] = [
        Case("mtu", .lacp, "bond0: mtu=67: it is out of range; use 68 to 65535") { $0.mtu = 67 },
        Case("mtu over", .lacp, "bond0: mtu=65536: it is out of range; use 68 to 65535") { $0.mtu = 65536 },
        Case(
            "mtu under IPv6", .lacp,
            "bond0: mtu=1000: IPv6 needs at least 1280, and bond0 has 2001:db8::1/64; use 1280 or more, or IPv4 addresses only"
        ) {
            $0.mtu = 1000
            $0.addresses = [IPPrefix(text: "2001:db8::1/64")].compactMap { $0 }
        },
        Case(
            "zero address", .lacp,
            "bond0: mac-address=00:00:00:00:00:00: it is all zero; leave it out to get the first port's"
        ) { $0.macAddress = .zero },
        Case(
            "multicast address", .lacp,
            "bond0: mac-address=03:00:00:00:00:00: it is a multicast address; use an address whose first byte is even"
        ) { $0.macAddress = LinkLayerAddress([3, 0, 0, 0, 0, 0]) },
        Case(
            "short address", .lacp,
            "bond0: mac-address=02:00: it is no Ethernet address; write six bytes as 02:00:00:00:00:01"
        ) { $0.macAddress = LinkLayerAddress([2, 0]) },
        Case(
            "an address under fail_over_mac", .activeBackup,
            in: Fixture.host(bond: .activeBackup, ["fail_over_mac": .number(1)]),
            "bond0: mac-address=02:00:00:00:00:09: fail_over_mac=active gives the aggregate its active port's address; "
                + "leave it out, or set fail_over_mac (mac-policy) to another value"
        ) { $0.macAddress = Fixture.address(9) },
        Case("expected ports", .lacp, "bond0: expected-ports=-1: it is less than 0; write a number of ports") {
            $0.expectedPorts = -1
        },
    ]

    static let ports: [Case] = [
        Case(
            "priority in lacp", .lacp,
            "bond0 port eth1: priority=5 (mode lacp): it applies only in modes active-backup, balance-tlb and "
                + "balance-alb; use lacp-priority, where lower wins"
        ) { $0.ports?[1].priority = .value(5) },
        Case(
            "lacp-priority in active-backup", .activeBackup,
            "bond0 port eth0: lacp-priority=5 (mode active-backup): it applies only in mode lacp; "
                + "leave it out, or choose another mode"
        ) { $0.ports?[0].lacpPriority = .value(5) },
        Case(
            "ranges", .lacp,
            "bond0 port eth0: lacp-priority=0: it is out of range; use 1 to 65535",
            "bond0 port eth0: queue-id=65536: it is out of range; use 0 to 65535"
        ) {
            $0.ports?[0].lacpPriority = .value(0)
            $0.ports?[0].queueID = .value(65536)
        },
        Case(
            "options", .balanceXOR,
            "bond0 port eth0: miimon=1: there is no such option; `aggctl options bonding` lists them",
            "bond0 port eth0: queue_id=1: queue-id says the same; keep queue-id or queue_id",
            "bond0 port eth1: prio=1 (mode balance-xor): bonding does not take it in this mode; "
                + "it needs modes active-backup, balance-tlb and balance-alb"
        ) {
            $0.ports?[0].queueID = .value(1)
            $0.ports?[0].options = Fixture.options("miimon=1", "queue_id=1")
            $0.ports?[1].options = Fixture.options("prio=1")
        },
        Case(
            "one queue for two", .lacp,
            "bond0 port eth1: queue-id=2: eth0 has this queue already; give each port a queue of its own, or 0"
        ) {
            $0.ports?[0].queueID = .value(2)
            $0.ports?[1].queueID = .value(2)
        },
        Case(
            "a port that is not there is checked too", .lacp,
            "bond0 port eth7: lacp-priority=0: it is out of range; use 1 to 65535"
        ) {
            var port = DesiredPort(.name("eth7"))
            port.lacpPriority = .value(0)
            $0.ports = [port]
        },
    ]

    @Test(arguments: neutralKeys + driverOptions + devices + ports) func isRefused(_ test: Case) throws {
        let resolution = BondingTranslation.resolve(try Fixture.wish(test.mode, test.change), in: test.host)
        #expect(resolution.problems.map(\.description) == test.problems)
    }

    @Test func problemsSayWhereTheyAre() throws {
        let wish = try Fixture.wish {
            $0.hash = .value([.l3])
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: 250, downDelay: nil))
            $0.options = [
                DriverOption(name: "nosuch", text: "1", location: SourceLocation(file: "f", line: 8, column: 3)),
                DriverOption(name: "lacp_rate", text: "fast", location: SourceLocation(file: "f", line: 9, column: 3)),
            ]
            $0.ports?[1].queueID = .value(-1)
            $0.locations = [
                "name": SourceLocation(file: "f", line: 1, column: 1),
                "link-monitor": SourceLocation(file: "f", line: 3, column: 1),
                "ports.1": SourceLocation(file: "f", line: 5, column: 1),
            ]
        }
        let problems = BondingTranslation.resolve(wish, in: Fixture.host()).problems
        let places = Dictionary(uniqueKeysWithValues: problems.map { ($0.option ?? "", $0.location?.line) })
        #expect(places == ["hash": 1, "nosuch": 8, "link-monitor.up-delay": 3, "queue-id": 5, "lacp_rate": 9])
        #expect(problems.allSatisfy { $0.category == .invalid && $0.remedy != nil })
    }

    @Test func aQueueThatAnUnmentionedPortHas() throws {
        var host = Fixture.host(bond: .lacp)
        host.links[0].port?.options["queue_id"] = .number(3)
        let wish = try Fixture.wish(.lacp) { $0.ports?[1].queueID = .value(3) }
        #expect(BondingTranslation.resolve(wish, in: host).problems.count == 1)
    }

    /// Bonding counts from 1, teams from 0.
    @Test(arguments: [(DriverKind.bonding, Int64(16), "16"), (.teaming, 15, "15")])
    func queuesThatTheAggregateHas(_ driver: DriverKind, _ last: Int64, _ shown: String) throws {
        for (count, queue, isTaken) in [(16, last, true), (16, last + 1, false), (nil, last + 1, true)]
            as [(UInt32?, Int64, Bool)]
        {
            var host = driver == .bonding ? Fixture.host(bond: .activeBackup) : Fixture.host(team: .activeBackup)
            let name = driver == .bonding ? "bond0" : "team0"
            for index in host.links.indices where host.links[index].name == name {
                host.links[index].transmitQueues = count
            }
            var wish = try Fixture.wish(.activeBackup) { $0.ports?[1].queueID = .value(queue) }
            wish.name = try InterfaceName(name)
            let problems =
                driver == .bonding
                ? BondingTranslation.resolve(wish, in: host).problems
                : TeamingTranslation.resolve(wish, in: host).problems
            #expect(problems.isEmpty == isTaken, "\(problems)")
            guard !isTaken else { continue }
            #expect(problems.first?.rule == "the aggregate has 16 transmit queues")
            #expect(problems.first?.remedy == "use 0 to \(shown), where 0 is none")
        }
    }

    static let warnings: [(Mode, [String], [String])] = [
        (.activeBackup, ["min_links=2"], ["min_links: it has no effect in mode active-backup: it acts in mode lacp"]),
        (
            .lacp, ["fail_over_mac=active"],
            ["fail_over_mac: it has no effect in mode lacp: it acts in mode active-backup"]
        ),
        (.lacp, ["lacp_strict=on"], ["lacp_strict: it has no effect unless min_links is at least 1"]),
        (.lacp, ["lacp_strict=on", "min_links=1"], []),
        (.lacp, ["lacp_strict=off"], []),
        (
            .lacp, ["arp_ip_target=192.0.2.1"],
            [
                "arp_ip_target: it has no effect in mode lacp: it acts in modes balance-rr, active-backup, balance-xor and broadcast"
            ]
        ),
        (.lacp, ["min_links=3"], ["min_links: the aggregate never gets carrier: it has 2 ports, not 3"]),
        (
            .balanceALB, ["xmit_hash_policy=layer3+4"],
            ["xmit_hash_policy: it has no effect unless tlb_dynamic_lb is off"]
        ),
        (.balanceTLB, ["xmit_hash_policy=layer3+4"], []),
        (.balanceTLB, ["xmit_hash_policy=layer3+4", "tlb_dynamic_lb=off"], []),
        (.lacp, ["xmit_hash_policy=vlan+srcmac", "ad_select=actor_port_prio"], []),
        (.lacp, ["miimon=0"], ["nothing watches the links: a dead one is not noticed"]),
    ]

    @Test(arguments: warnings.indices) func isWarnedOf(_ index: Int) throws {
        let (mode, options, expected) = Self.warnings[index]
        let wish = try Fixture.wish(mode) { $0.options = options.flatMap { Fixture.options($0) } }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.map(\.description) == [])
        let warnings = resolution.notes.filter { $0.kind == .warning }
        #expect(warnings.map(\.description) == expected.map { "bond0: \($0)" })
    }

    @Test func approximationsAreNamed() throws {
        let wish = try Fixture.wish(.balanceXOR) {
            $0.approximate = true
            $0.hash = .value([.l4])
            $0.pathMonitor = .value(PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1")))
        }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host())
        #expect(resolution.problems.isEmpty)
        #expect(
            resolution.texts == [
                "arp_interval=1000ms", "arp_ip_target=192.0.2.1", "xmit_hash_policy=layer3+4", "arp_missed_max=3",
            ])
        #expect(
            resolution.notes.map(\.description) == [
                "bond0: hash: bonding has no such policy: the nearest is layer3+4, and it adds l3",
                "bond0: path-monitor: in mode balance-xor any frame that a port receives counts as an answer, because "
                    + "the switch hands each answer to one port; arp_validate=all would insist",
            ])
    }

    @Test func priorityBesideAPrimary() throws {
        let wish = try Fixture.wish {
            $0.primary = .value(.name("eth0"))
            $0.ports?[1].priority = .value(9)
        }
        let notes = BondingTranslation.resolve(wish, in: Fixture.host()).notes.filter { $0.kind == .warning }
        #expect(notes.map(\.description) == ["bond0 port eth1: prio: it is ignored while eth0 is the primary"])
    }

    @Test func aPrimaryThatIsNotThereYet() throws {
        let byName = try Fixture.wish {
            $0.ports = [DesiredPort(.name("eth0")), DesiredPort(.name("eth7"))]
            $0.primary = .value(.name("eth7"))
        }
        let named = BondingTranslation.resolve(byName, in: Fixture.host())
        #expect(named.problems.isEmpty && named.texts == ["miimon=100ms*", "primary=eth7"])
        let selector = PortSelector.permanentAddress(Fixture.address(7))
        let byAddress = try Fixture.wish {
            $0.ports = [DesiredPort(.name("eth0")), DesiredPort(selector)]
            $0.primary = .value(selector)
        }
        let found = BondingTranslation.resolve(byAddress, in: Fixture.host())
        #expect(found.problems.isEmpty && found.texts == ["miimon=100ms*"])
        #expect(
            found.notes.map(\.description).contains(
                "bond0: primary: permanent-address 02:00:00:00:00:07 is not there yet: apply again when it is"))
    }

    @Test func aPrimaryOfPortsThatAreNotManaged() throws {
        let wish = try Fixture.wish(nil) {
            $0.ports = nil
            $0.primary = .value(.name("eth1"))
        }
        let resolution = BondingTranslation.resolve(wish, in: Fixture.host(bond: .activeBackup))
        #expect(resolution.problems.isEmpty && resolution.texts == ["primary=eth1"])
        #expect(resolution.aggregate.ports == nil)
    }
}
