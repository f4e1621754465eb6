import Aggregation
import Operations

/// Hosts to begin with.
enum Hosts {
    /// Four ports, two of them up.
    static func bare() -> HostState {
        var host = HostState()
        host.settings = []
        for number in 0..<4 {
            var link = Link(index: Int32(2 + number), name: "eth\(number)")
            link.kind = "veth"
            link.address = LinkLayerAddress([2, 0, 0, 0, 0, UInt8(number)])
            link.hasCarrier = true
            if number < 2 { link.flags.insert(.up) }
            host.links.append(link)
        }
        return host
    }

    /// A bond of eth0 and eth1 that carries addresses, a VLAN, routes, a nexthop object, a rule and a neighbour, is the
    /// port of a bridge, and is set to this and that.
    static func loaded(_ mode: Mode = .lacp) async throws -> HostState {
        let driver = FakeHost(bare())
        var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
        wish.mode = mode
        wish.ports = [.init(name: "eth0"), .init(name: "eth1")]
        let plan = Planner(host: await driver.state).plan([wish])
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: await driver.state) { _ in [] }
        var host = await driver.state
        let bond = host.link(named: "bond0")?.index ?? 0
        host.links.append(vlan("bond0.10", on: bond))
        var bridge = Link(index: 60, name: "br0")
        bridge.kind = "bridge"
        bridge.flags.insert(.up)
        var links = host.links + [bridge]
        for place in links.indices where links[place].name == "bond0" {
            links[place].master = bridge.index
            if mode == .activeBackup { links[place].aggregate?.activePort = "eth1" }
        }
        host.links = links
        carry(on: bond, vlan: 50, in: &host)
        host.settings = [
            .fake(.setting, "alias", "uplink", of: "bond0"), .fake(.setting, "bridge learning", "0", of: "bond0"),
            .fake(.bridgeVLAN, "20", nil, of: "bond0"), .fake(.forwarding, "02:00:00:00:00:99", nil, of: "bond0"),
            .fake(.multicastGroup, "239.1.1.1", nil, of: "bond0"),
            .fake(.neighbourParameter, "gc_stale_time", "77", of: "bond0"),
            .fake(.setting, "alias", "vlan", of: "bond0.10"),
        ]
        host.rules = [.fakeRule("90 table 77", device: "bond0")]
        return host
    }

    /// The host's only addresses on eth0, as NetworkManager sets them, with a VLAN on it.
    static func addressedPort() -> HostState {
        var host = bare()
        host.links.append(vlan("eth0.50", on: 2))
        carry(on: 2, vlan: 50, in: &host)
        host.settings = [
            .fake(.neighbourParameter, "gc_stale_time", "77", of: "eth0"),
            .fake(.setting, "alias", "vlan", of: "eth0.50"),
        ]
        host.rules = [.fakeRule("90 table 77", device: "eth0")]
        return host
    }

    private static func vlan(_ name: String, on lower: Int32) -> Link {
        var vlan = Link(index: 50, name: name)
        vlan.kind = "vlan"
        vlan.vlanID = 50
        vlan.lower = lower
        vlan.flags.insert(.up)
        vlan.record = KernelRecord(
            kind: .link, key: "link \(name)", summary: name, payload: [UInt8(truncatingIfNeeded: lower), 50])
        return vlan
    }

    /// Addresses without routes of their own, the route that somebody set for them, and what follows from it.
    private static func carry(on device: Int32, vlan: Int32, in host: inout HostState) {
        func prefix(_ text: String) -> [IPPrefix] { [text].compactMap(IPPrefix.init(text:)) }
        host.addresses =
            (prefix("192.0.2.1/24") + prefix("2001:db8::1/64")).map { .fake($0, on: device, noPrefixRoute: true) }
            + (prefix("198.51.100.1/24") + prefix("2001:db8:1::1/64")).map { .fake($0, on: vlan) }
        host.routes = [
            .fake("default via 192.0.2.254", through: device), .fake("192.0.2.0/24 proto kernel", through: device),
            .fake("2001:db8::/64 proto kernel", through: device), .fake("203.0.113.0/24 nhid 5", through: device),
            .fake("203.0.114.0/24 via 198.51.100.254", through: vlan),
        ]
        host.routes += host.addresses.filter { $0.device == vlan }.map { .fakeKernel($0.prefix, through: vlan) }
        host.nexthops = [.fake("5 via 192.0.2.9", on: device)]
        host.neighbours = [.fake("192.0.2.9", on: device)]
    }
}
