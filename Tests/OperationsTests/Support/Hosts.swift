import Aggregation
import Operations

/// Hosts to begin with.
enum Hosts {
    /// Four ports, two of them up.
    static func bare() -> HostState {
        var host = HostState()
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

    /// An LACP bond of eth0 and eth1 that carries addresses, a VLAN, routes and a neighbour.
    static func loaded() async throws -> HostState {
        let driver = FakeHost(bare())
        var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
        wish.mode = .lacp
        wish.ports = [.init(name: "eth0"), .init(name: "eth1")]
        let plan = Planner(host: await driver.state).plan([wish])
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: await driver.state) { _ in [] }
        var host = await driver.state
        let bond = host.link(named: "bond0")?.index ?? 0
        var vlan = Link(index: 50, name: "bond0.10")
        vlan.kind = "vlan"
        vlan.lower = bond
        vlan.flags.insert(.up)
        vlan.record = KernelRecord(kind: .link, key: "link bond0.10", summary: "bond0.10", payload: [UInt8(bond), 50])
        host.links.append(vlan)
        host.addresses = ["192.0.2.1/24", "2001:db8::1/64"].compactMap(IPPrefix.init(text:)).map { .fake($0, on: bond) }
        host.addresses += ["2001:db8:1::1/64"].compactMap(IPPrefix.init(text:)).map { .fake($0, on: 50) }
        host.routes = [.fake("default via 192.0.2.254", through: bond), .fake("203.0.113.0/24", through: 50)]
        host.neighbours = [.fake("192.0.2.9", on: bond)]
        return host
    }
}
