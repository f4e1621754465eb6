import Aggregation
import Testing

@testable import Declaration

@Suite("What a file says")
struct FileTests {
    @Test("The manual's example is read key by key")
    func example() throws {
        let aggregates = try Fixtures.parse(Fixtures.example)
        try #require(aggregates.count == 3)
        var bond = DesiredAggregate(name: try Fixtures.name("bond0"))
        bond.mode = .activeBackup
        bond.linkMonitor = .value(.carrier(interval: 100, upDelay: 0, downDelay: 0))
        bond.primary = .value(.name("eth0"))
        var second = DesiredPort(.name("eth1"))
        second.priority = .value(10)
        let third = DesiredPort(.permanentAddress(try #require(LinkLayerAddress(text: "02:00:00:00:00:07"))))
        bond.ports = [DesiredPort(.name("eth0")), second, third]
        bond.options = [DriverOption(name: "num_grat_arp", text: "3")]
        bond.mtu = 9000
        bond.addresses = [
            try #require(IPPrefix(text: "192.0.2.2/24")), try #require(IPPrefix(text: "2001:db8::2/64")),
        ]
        bond.expectedPorts = 3
        bond.driver = .bonding
        #expect(aggregates[0].withoutLocations == bond)

        var lag = DesiredAggregate(name: try Fixtures.name("lag1"))
        lag.driver = .teaming
        lag.mode = .lacp
        lag.lacp.rate = .value(.fast)
        lag.lacp.active = .value(true)
        lag.lacp.minPorts = .value(1)
        lag.hash = .value([.l2, .l3, .l4])
        var first = DesiredPort(.name("eth2"))
        first.lacpPriority = .value(10)
        lag.ports = [first, DesiredPort(.name("eth3"))]
        lag.options = [DriverOption(name: "runner.tx_balancer.name", text: "basic")]
        #expect(aggregates[1].withoutLocations == lag)

        var gone = DesiredAggregate(name: try Fixtures.name("bond9"))
        gone.state = .absent
        #expect(aggregates[2].withoutLocations == gone)
    }

    @Test("Every key knows its place")
    func locations() throws {
        let bond = try Fixtures.parse(Fixtures.example)[0]
        func place(_ key: String) -> String? { bond.locations[key]?.description }
        #expect(place("name") == "f.yaml:3:5")
        #expect(place("mode") == "f.yaml:5:5")
        #expect(place("link-monitor.up-delay") == "f.yaml:6:38")
        #expect(place("ports.1") == "f.yaml:10:9")
        #expect(place("ports.1.priority") == "f.yaml:10:23")
        #expect(place("options.num_grat_arp") == "f.yaml:12:16")
        #expect(bond.options[0].location?.description == "f.yaml:12:16")
    }

    @Test(
        "Names that YAML takes for something else stay names",
        arguments: ["no", "on", "yes", "1e3", "0x1", "0o7", "1_000", "null", "~x", "2024-01-01", ".inf", "12"])
    func names(_ name: String) throws {
        let aggregate = try Fixtures.aggregate("primary: \(name)\nports: [\(name), {name: \(name)x}]")
        #expect(aggregate.primary == .value(.name(name)))
        #expect(aggregate.ports?.map(\.selector) == [.name(name), .name(name + "x")])
    }

    @Test("Addresses that YAML 1.1 takes for numbers in base 60 stay addresses")
    func sexagesimal() throws {
        let aggregate = try Fixtures.aggregate(
            "mac-address: 10:20:30:40:50:51\nports: [{permanent-address: 10:20:30:40:50:51}]")
        let address = LinkLayerAddress([0x10, 0x20, 0x30, 0x40, 0x50, 0x51])
        #expect(aggregate.macAddress == address)
        #expect(aggregate.ports?.first?.selector == .permanentAddress(address))
    }

    @Test(
        "Booleans of every spelling, neutral and as an option",
        arguments: [
            ("on", true), ("off", false), ("true", true), ("false", false), ("yes", true), ("no", false), ("1", true),
            ("0", false), ("On", true), ("\"off\"", false),
        ])
    func booleans(_ text: String, _ value: Bool) throws {
        let neutral = try Fixtures.aggregate("lacp: { active: \(text) }")
        #expect(neutral.lacp.active == .value(value))
        let option = try Fixtures.aggregate("options: { lacp_active: \(text) }").options[0]
        let row = try #require(BondingOptions.table["lacp_active"])
        #expect(try row.parse(option.text) == .number(value ? 1 : 0))
    }

    @Test("Every wish can be for the default, and quotes make a word of it")
    func defaults() throws {
        let aggregate = try Fixtures.aggregate(
            """
            link-monitor: default
            path-monitor: default
            lacp: { rate: default, active: default, system-priority: default, min-ports: default, select: default }
            hash: default
            primary: default
            reselect: default
            mac-policy: default
            ports: [{ name: eth0, priority: default, lacp-priority: default, queue-id: default }]
            options: { miimon: default }
            """)
        #expect(aggregate.linkMonitor == .default)
        #expect(aggregate.pathMonitor == .default)
        #expect(aggregate.lacp.rate == .default)
        #expect(aggregate.lacp.active == .default)
        #expect(aggregate.lacp.systemPriority == .default)
        #expect(aggregate.lacp.minPorts == .default)
        #expect(aggregate.lacp.select == .default)
        #expect(aggregate.hash == .default)
        #expect(aggregate.primary == .default)
        #expect(aggregate.reselect == .default)
        #expect(aggregate.macPolicy == .default)
        let port = try #require(aggregate.ports?.first)
        #expect(port.priority == .default)
        #expect(port.lacpPriority == .default)
        #expect(port.queueID == .default)
        #expect(aggregate.options[0].asksForDefault)
        #expect(try Fixtures.aggregate("primary: none").primary == .default)
        #expect(try Fixtures.aggregate("primary: 'default'").primary == .value(.name("default")))
    }

    @Test("Modes are read by every alias", arguments: Mode.allCases)
    func modes(_ mode: Mode) throws {
        for name in [mode.rawValue] + mode.aliases {
            #expect(try Fixtures.aggregate("mode: \(name)").mode == mode)
        }
    }

    @Test("Monitors, selectors and the remaining keys")
    func remaining() throws {
        let aggregate = try Fixtures.aggregate(
            """
            link-monitor: none
            path-monitor: { kind: ns, targets: ["2001:db8::1", 2001:db8::3], interval: 2s, missed: 5 }
            primary: { path: pci-0000:01:00.1 }
            reselect: better
            mac-policy: follow
            state: down
            approximate: yes
            hash: vlan,l2
            addresses: []
            options:
              arp_ip_target: [192.0.2.1, 192.0.2.2]
              num_unsol_na: 2
            ports:
              - { path: pci-0000:01:00.1, queue-id: 2, options: { prio: -5 } }
            """)
        #expect(aggregate.linkMonitor == .value(.none))
        var monitor = PathMonitor(
            kind: .ns,
            targets: [
                try #require(IPAddress(text: "2001:db8::1")), try #require(IPAddress(text: "2001:db8::3")),
            ])
        monitor.interval = 2000
        monitor.missed = 5
        #expect(aggregate.pathMonitor == .value(monitor))
        #expect(aggregate.primary == .value(.path("pci-0000:01:00.1")))
        #expect(aggregate.reselect == .value(.better))
        #expect(aggregate.macPolicy == .value(.follow))
        #expect(aggregate.state == .down)
        #expect(aggregate.approximate)
        #expect(aggregate.hash == .value([.l2, .vlan]))
        #expect(aggregate.addresses == [])
        #expect(aggregate.options.map(\.name) == ["arp_ip_target", "num_grat_arp"])
        #expect(aggregate.options[0].text == "192.0.2.1,192.0.2.2")
        let port = try #require(aggregate.ports?.first)
        #expect(port.queueID == .value(2))
        #expect(port.options.map(\.withoutLocation) == [DriverOption(name: "prio", text: "-5")])
    }

    @Test("Structures of teaming's options are kept as text on one line")
    func teaming() throws {
        let aggregate = try Fixtures.aggregate(
            """
            driver: teaming
            options:
              link_watch:
                - { name: ethtool, delay_up: 10ms }
                - name: arp_ping
                  target_host: 192.0.2.1
              runner.tx_hash: [eth, ipv4]
            """)
        #expect(
            aggregate.options.map(\.text) == [
                "[{ name: ethtool, delay_up: 10ms }, { name: arp_ping, target_host: 192.0.2.1 }]", "eth,ipv4",
            ])
    }

    @Test("A byte order mark moves nothing, CRLF is a line end")
    func editors() throws {
        let text = "\u{feff}version: 1\r\naggregates:\r\n  - name: bond0\r\n    mode: lacp\r\n"
        let aggregate = try #require(try Fixtures.parse(text).first)
        #expect(aggregate.mode == .lacp)
        #expect(aggregate.location("mode")?.line == 4)
        #expect(Fixtures.complaints("\u{feff}vers: 1").first?.hasPrefix("f.yaml:1:1: ") == true)
    }

    @Test("A port of an aggregate that goes may join another")
    func absentOwner() throws {
        let text = """
            version: 1
            aggregates:
              - { name: bond0, state: absent, ports: [eth0] }
              - { name: bond1, ports: [eth0] }
            """
        #expect(try Fixtures.parse(text).count == 2)
    }
}
