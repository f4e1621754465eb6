import Aggregation
import Testing

@testable import Declaration

@Suite("Settings on the command line")
struct SettingTests {
    private func set(
        _ settings: [String], driver: DesiredAggregate.DriverChoice = .bonding,
        on start: (inout DesiredAggregate) -> Void = { _ in }
    ) throws -> DesiredAggregate {
        var aggregate = DesiredAggregate(name: try Fixtures.name("bond0"))
        aggregate.driver = driver
        start(&aggregate)
        try CommandSettings.apply(settings, to: &aggregate)
        return aggregate
    }

    private func complaints(
        _ settings: [String], driver: DesiredAggregate.DriverChoice = .bonding
    ) -> [String] {
        do {
            _ = try set(settings, driver: driver)
            return []
        } catch let error as Problems { return error.all.map(\.description) } catch { return ["\(error)"] }
    }

    @Test("Nested keys in any order, lists with commas, structures as YAML")
    func neutral() throws {
        let aggregate = try set([
            "lacp.rate=fast", "lacp.min-ports=2", "link-monitor.up-delay=200ms", "link-monitor.interval=50ms",
            "hash=l3,l4", "path-monitor={kind: arp, targets: [192.0.2.1]}", "mtu=9000", "primary=no",
            "addresses=[192.0.2.2/24, 2001:db8::2/64]", "mode=802.3ad", "state=down", "mac-policy=default",
        ])
        #expect(aggregate.lacp.rate == .value(.fast))
        #expect(aggregate.lacp.minPorts == .value(2))
        #expect(aggregate.linkMonitor == .value(.carrier(interval: 50, upDelay: 200, downDelay: nil)))
        #expect(aggregate.hash == .value([.l3, .l4]))
        #expect(aggregate.pathMonitor?.value?.targets.map(\.description) == ["192.0.2.1"])
        #expect(aggregate.mtu == 9000)
        #expect(aggregate.primary == .value(.name("no")))
        #expect(aggregate.addresses?.map(\.description) == ["192.0.2.2/24", "2001:db8::2/64"])
        #expect(aggregate.mode == .lacp)
        #expect(aggregate.state == .down)
        #expect(aggregate.macPolicy == .default)
    }

    @Test("The forms of one list", arguments: ["hash=l3,l4", "hash=l3+l4", "hash=[l3,l4]", "hash=[ l4, l3 ]"])
    func hash(_ setting: String) throws {
        #expect(try set([setting]).hash == .value([.l3, .l4]))
    }

    @Test("A part of a key changes only that part")
    func parts() throws {
        let aggregate = try set([
            "link-monitor.interval=50ms", "path-monitor.targets+=192.0.2.9", "hash-=l2", "hash+=l3,l4",
        ]) {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: 200, downDelay: nil))
            $0.pathMonitor = IPAddress(text: "192.0.2.1").map { .value(PathMonitor(kind: .arp, targets: [$0])) }
            $0.hash = .value([.l2, .l3])
        }
        #expect(aggregate.linkMonitor == .value(.carrier(interval: 50, upDelay: 200, downDelay: nil)))
        #expect(aggregate.pathMonitor?.value?.targets.map(\.description) == ["192.0.2.1", "192.0.2.9"])
        #expect(aggregate.hash == .value([.l3, .l4]))
        #expect(try set(["hash=l3", "hash+=l4"]).hash == .value([.l3, .l4]))
    }

    @Test("Addresses are edited whatever their spelling")
    func addresses() throws {
        let aggregate = try set(["addresses-=2001:DB8:0::2/64", "addresses+=192.0.2.3/24,192.0.2.2/24"]) {
            $0.addresses = ["2001:db8::2/64", "192.0.2.2/24"].compactMap(IPPrefix.init(text:))
        }
        #expect(aggregate.addresses?.map(\.description) == ["192.0.2.2/24", "192.0.2.3/24"])
    }

    @Test("Options of the driver under their own names")
    func options() throws {
        let aggregate = try set([
            "miimon=100ms", "arp_ip_target=[192.0.2.1,192.0.2.2]", "arp_ip_target+=192.0.2.3", "num_unsol_na=2",
            "xmit_hash_policy=default",
        ])
        #expect(
            aggregate.options == [
                DriverOption(name: "miimon", text: "100ms"),
                DriverOption(name: "arp_ip_target", text: "192.0.2.1,192.0.2.2"),
                DriverOption(name: "arp_ip_target", edit: .add, text: "192.0.2.3"),
                DriverOption(name: "num_grat_arp", text: "2"), DriverOption(name: "xmit_hash_policy", text: "default"),
            ])
        let team = try set(
            [
                "link_watch={name: ethtool}", "runner.tx_balancer.name=basic", "runner.tx_hash=[eth, l4]",
                "link_watch+={name: nsna_ping, target_host: 2001:db8::1}", "runner.tx_hash-=l4",
            ], driver: .teaming)
        #expect(
            team.options == [
                DriverOption(name: "link_watch", text: "{ name: ethtool }"),
                DriverOption(name: "runner.tx_balancer.name", text: "basic"),
                DriverOption(name: "runner.tx_hash", text: "eth,l4"),
                DriverOption(
                    name: "link_watch", edit: .add, text: "{ name: nsna_ping, target_host: \"2001:db8::1\" }"),
                DriverOption(name: "runner.tx_hash", edit: .remove, text: "l4"),
            ])
        #expect(
            CommandSettings.keysBuiltUpon(in: ["hash+=l4", "mtu=1500", "lacp.rate=fast", "arp_ip_target+=192.0.2.1"])
                == ["hash", "lacp"])
    }

    @Test(
        "What is said about wrong settings",
        arguments: [
            ("mtu", "bond0: \"mtu\" sets nothing; write KEY=VALUE"),
            ("=1", "bond0: \"=1\" sets nothing; write KEY=VALUE"),
            ("mtu=", "bond0: mtu: it has no value; write mtu=VALUE"),
            ("lacp.rate=", "bond0: lacp.rate: it has no value; write lacp.rate=VALUE, or lacp.rate=default"),
            ("miimon=", "bond0: miimon: it has no value; write miimon=VALUE, or miimon=default"),
            ("mtu=7", "bond0: mtu=7: it is out of range; use 68 to 65535"),
            ("mimon=100ms", "bond0: mimon=100ms: there is no such key or option; did you mean miimon?"),
            ("reslect=better", "bond0: reslect=better: there is no such key or option; did you mean reselect?"),
            ("zzzzzzzzz=1", "bond0: zzzzzzzzz=1: there is no such key or option; see aggctl options bonding"),
            ("miimon=100", "bond0: miimon=100: it has no unit; write 100ms if that is what you mean"),
            ("miimon+=1ms", "bond0: miimon=1ms: it is no list, so += cannot edit it; write miimon=VALUE"),
            ("mtu+=1", "bond0: mtu=1: it is no list, so += cannot edit it; use ="),
            ("hash+=l4", "bond0: hash=l4: there is no list to edit; write the whole list with ="),
            ("lacp.rat=fast", "bond0: lacp: there is no key \"lacp.rat\"; did you mean lacp.rate?"),
            ("mtu.x=1", "bond0: mtu: there is no key \"mtu.x\"; mtu has no parts"),
            ("lacp.rate=quick", "bond0: lacp.rate=quick: there is no such value; use slow or fast"),
            (
                "link-monitor.up-delay=1s",
                "bond0: link-monitor: the key interval is missing; write interval: a duration as 100ms"
            ),
            (
                "link-monitor={interval: 100ms",
                "bond0: link-monitor={interval: 100ms: it is no valid YAML: did not find expected ',' or '}' "
                    + "while parsing a flow mapping at character 17; check brackets, quotes and indentation there"
            ),
            (
                "options.miimon=1s",
                "bond0: miimon=1s: options stand under their own names here; write miimon=1s"
            ),
            (
                "ports=eth0",
                "bond0: ports=eth0: it cannot be set here; use --ports, aggctl port add or aggctl port remove"
            ),
            ("name=bond1", "bond0: name=bond1: it cannot be set here; the name is given once, before the settings"),
        ])
    func wrong(_ setting: String, _ complaint: String) {
        #expect(complaints([setting]) == [complaint])
    }

    @Test("All wrong settings are told, and none is applied")
    func allOrNothing() throws {
        var aggregate = DesiredAggregate(name: try Fixtures.name("bond0"))
        let before = aggregate
        #expect(throws: Problems.self) {
            try CommandSettings.apply(["mtu=9000", "mode=lcap", "miimon=1", "mtu=1500"], to: &aggregate)
        }
        #expect(aggregate == before)
        #expect(
            complaints(["mtu=9000", "miimon=1", "mtu=1500", "mode=lcap"]).map { $0.prefix { $0 != "=" } }
                == ["bond0: miimon", "bond0: mtu", "bond0: mode"])
        #expect(
            complaints(["miimon=1s"], driver: .auto) == [
                "bond0: options: driver auto excludes options; name the driver, or use neutral keys only"
            ])
    }

    @Test("Ports have keys and options too")
    func port() throws {
        var wish = CommandSettings.PortWish(DesiredPort(.name("eth0")))
        try CommandSettings.apply(
            ["priority=10", "lacp-priority=default", "queue-id=3", "actor_port_prio=7", "approximate=true"], to: &wish,
            of: "bond0")
        let port = wish.port
        #expect(wish.approximate)
        #expect(port.priority == .value(10))
        #expect(port.lacpPriority == .default)
        #expect(port.queueID == .value(3))
        #expect(port.options == [DriverOption(name: "actor_port_prio", text: "7")])
        #expect {
            try CommandSettings.apply(["prioity=1", "queue_id=x"], to: &wish, of: "bond0")
        } throws: { error in
            "\(error)" == """
                bond0 port eth0: prioity=1: there is no such key or option; did you mean priority?
                bond0 port eth0: queue_id=x: it is no whole number; write a number from 0 to 65535
                """
        }
    }

    @Test("Lists of ports")
    func ports() throws {
        #expect(try CommandSettings.ports("eth0,no", of: "bond0").map(\.selector) == [.name("eth0"), .name("no")])
        let ports = try CommandSettings.ports("[eth0, {path: pci-0000:01:00.1, priority: 3}]", of: "bond0")
        #expect(ports.map(\.selector) == [.name("eth0"), .path("pci-0000:01:00.1")])
        #expect(ports.last?.priority == .value(3))
        #expect {
            _ = try CommandSettings.ports("eth0,,eth0", of: "bond0")
        } throws: { error in
            "\(error)" == """
                bond0: ports.1: it has no value; write the name of a port, or leave the key out
                bond0: ports.2: port eth0 is there twice; list each port once
                """
        }
    }

    @Test("Every key that help names can be set")
    func keys() throws {
        for key in DeclarationKeys.aggregate where key.allowed.contains("or default") {
            #expect(complaints(["\(key.path)=default"]).isEmpty, "\(key.path)")
        }
        #expect(DeclarationKeys.aggregate.contains { $0.path == "link-monitor.interval" })
        #expect(!DeclarationKeys.aggregate.contains { $0.path == "ports" || $0.path == "options" })
    }
}
