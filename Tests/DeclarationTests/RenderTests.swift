import Aggregation
import Testing

@testable import Declaration

@Suite("Writing a file")
struct RenderTests {
    private func roundTrip(_ aggregates: [DesiredAggregate]) throws {
        let text = DeclarationFile.render(aggregates)
        let again = try Fixtures.parse(text).map(\.withoutLocations)
        #expect(again == aggregates.map(\.withoutLocations), "\(text)")
    }

    @Test("The example is written in the order of keys, and reads back the same")
    func example() throws {
        let aggregates = try Fixtures.parse(Fixtures.example)
        try roundTrip(aggregates)
        #expect(
            DeclarationFile.render(aggregates) == """
                version: 1
                aggregates:
                  - name: bond0
                    driver: bonding
                    mode: active-backup
                    link-monitor: { interval: 100ms, up-delay: 0ms, down-delay: 0ms }
                    primary: eth0
                    mtu: 9000
                    addresses: [192.0.2.2/24, "2001:db8::2/64"]
                    ports:
                      - eth0
                      - { name: eth1, priority: 10 }
                      - { permanent-address: "02:00:00:00:00:07" }
                    expected-ports: 3
                    options: { num_grat_arp: 3 }
                  - name: lag1
                    driver: teaming
                    mode: lacp
                    lacp: { rate: fast, active: true, min-ports: 1 }
                    hash: [l2, l3, l4]
                    ports:
                      - { name: eth2, lacp-priority: 10 }
                      - eth3
                    options: { runner.tx_balancer.name: basic }
                  - name: bond9
                    state: absent

                """)
    }

    @Test("No aggregates")
    func none() throws {
        try roundTrip([])
    }

    @Test("Every key with a value, and every wish for a default")
    func everything() throws {
        try roundTrip([
            try Fixtures.aggregate(
                """
                state: down
                mode: lacp
                link-monitor: none
                path-monitor: { kind: arp, targets: [192.0.2.1, 192.0.2.3], interval: 500ms, missed: 4 }
                lacp: { rate: slow, active: off, system-priority: 7, min-ports: 2, select: bandwidth }
                hash: [vlan, encap]
                primary: { permanent-address: 02:00:00:00:00:07 }
                reselect: failure
                mac-policy: active
                mac-address: 02:00:00:00:00:09
                mtu: 1500
                addresses: []
                ports: []
                expected-ports: 0
                approximate: on
                options: { arp_ip_target: [192.0.2.1, 192.0.2.2], miimon: default, primary: none }
                """)
        ])
        try roundTrip([
            try Fixtures.aggregate(
                """
                link-monitor: default
                path-monitor: default
                lacp: { rate: default, active: default, system-priority: default, min-ports: default, select: default }
                hash: default
                primary: default
                reselect: default
                mac-policy: default
                ports: [{ path: pci-0000:01:00.1, priority: -3, lacp-priority: default, queue-id: 4, options: { prio: 2 } }]
                """)
        ])
    }

    @Test(
        "Names that could be something else",
        arguments: [
            "default", "none", "no", "1e3", "0x1", "-", "-x", "?", "!a", "&a", "*a", "#a", "a#b", "{", "[a]", "'", "\"",
            "\\",
            "a,b", "@", "`", "%", "|", ">", "null", "~", "ü", "a\u{85}b", "=", "<<", "12:30",
        ])
    func traps(_ name: String) throws {
        var aggregate = DesiredAggregate(name: try Fixtures.name("bond0"))
        aggregate.driver = .teaming
        aggregate.lacp.select = .value(name)
        // What no device is called cannot be a port.
        if !name.contains(":"), !name.contains(",") {
            aggregate.primary = .value(.name(name))
            aggregate.ports = [DesiredPort(.name(name))]
        }
        try roundTrip([aggregate])
    }

    @Test("Structures of options stay structures")
    func structures() throws {
        let aggregates = try Fixtures.parse(
            Fixtures.file(
                "driver: teaming\noptions: { link_watch: [{ name: tipc, tipc_bearer: 'a, b' }, { name: ethtool }] }"))
        try roundTrip(aggregates)
        #expect(DeclarationFile.render(aggregates).contains("{ name: tipc, tipc_bearer: \"a, b\" }"))
    }

    @Test("Edits of link watches are worked into their list")
    func watchEdits() throws {
        var aggregate = DesiredAggregate(name: try Fixtures.name("team0"))
        aggregate.driver = .teaming
        aggregate.options = [
            DriverOption(name: "link_watch", text: "{ name: ethtool, delay_up: 1s }"),
            DriverOption(name: "link_watch", edit: .add, text: "{ name: tipc, tipc_bearer: \"a, b\" }"),
            DriverOption(name: "runner.tx_hash", text: "eth,l4"),
            DriverOption(name: "runner.tx_hash", edit: .remove, text: "l4"),
        ]
        let text = DeclarationFile.render([aggregate])
        #expect(text.contains("link_watch: [{ name: ethtool, delay_up: 1s }, { name: tipc, tipc_bearer: \"a, b\" }]"))
        #expect(text.contains("runner.tx_hash: eth"))
        aggregate.options = [
            DriverOption(name: "link_watch", text: "[{ name: ethtool }, { name: tipc, tipc_bearer: b }]"),
            DriverOption(name: "link_watch", edit: .remove, text: "{ name: tipc, tipc_bearer: b }"),
            DriverOption(name: "runner.tx_hash", text: "eth,l4"),
        ]
        let fewer = DeclarationFile.render([aggregate])
        #expect(fewer.contains("link_watch: { name: ethtool }") && fewer.contains("runner.tx_hash: [eth, l4]"))
    }

    @Test("Edits of a list are worked into it")
    func edits() throws {
        var aggregate = DesiredAggregate(name: try Fixtures.name("bond0"))
        aggregate.options = [
            DriverOption(name: "arp_ip_target", text: "192.0.2.1,192.0.2.2"),
            DriverOption(name: "arp_ip_target", edit: .add, text: "192.0.2.3"),
            DriverOption(name: "arp_ip_target", edit: .remove, text: "192.0.2.1"),
        ]
        let again = try Fixtures.parse(DeclarationFile.render([aggregate]))
        #expect(again.first?.options.map(\.text) == ["192.0.2.2,192.0.2.3"])
    }
}
