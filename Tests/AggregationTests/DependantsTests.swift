import Testing

@testable import Aggregation

/// What lives on a device: the graph that every guard asks.
@Suite struct DependantsTests {
    /// A host with one bond of two ports, bond0 (100).
    private static func host() -> HostState { Fixture.host(bond: .activeBackup) }

    private static func device(
        _ name: String, _ kind: String, on lower: Int32, index: Int32, further: Bool = false
    ) -> Link {
        var link = Link(index: index, name: name)
        link.kind = kind
        if further { link.furtherLowers = [lower] } else { link.lower = lower }
        return link
    }

    private static func bond(_ host: HostState) throws -> Link { try #require(host.link(named: "bond0")) }

    @Test func nothingLivesOnABareBond() throws {
        let host = Self.host()
        #expect(host.burdens(of: try Self.bond(host)) == [])
    }

    @Test(arguments: ["vlan", "macvlan", "ipvlan", "macsec", "gretap", "hsr", "amt", "kind-of-tomorrow"])
    func everyKindOfUpperDeviceIsSeen(kind: String) throws {
        var host = Self.host()
        host.links.append(Self.device("up0", kind, on: 100, index: 200))
        #expect(host.burdens(of: try Self.bond(host)) == ["\(kind) up0 above it"])
    }

    /// Kinds that IFLA_LINK does not speak of.
    @Test(arguments: ["vxlan", "hsr", "ip6gre"]) func aDeviceThatNamesItsLowerElsewhereIsSeen(kind: String) throws {
        var host = Self.host()
        host.links.append(Self.device("up0", kind, on: 100, index: 200, further: true))
        host.links.append(Self.device("up0.5", "vlan", on: 200, index: 201))
        #expect(host.burdens(of: try Self.bond(host)) == ["\(kind) up0 above it", "vlan up0.5 above it"])
    }

    @Test(arguments: ["veth", "netkit"]) func theOtherEndOfACableIsNotAbove(kind: String) throws {
        var host = Self.host()
        host.links.append(Self.device("peer0", kind, on: 100, index: 200))
        #expect(host.burdens(of: try Self.bond(host)) == [])
    }

    @Test func mastersOfUpperDevicesAndWhatTheyCarryAreSeen() throws {
        var host = Self.host()
        var vlan = Self.device("bond0.5", "vlan", on: 100, index: 200)
        vlan.master = 300
        var bridge = Link(index: 300, name: "br0")
        bridge.kind = "bridge"
        host.links += [vlan, bridge]
        host.addresses = [.fixture("192.0.2.2/24", on: 300)]
        #expect(
            host.burdens(of: try Self.bond(host))
                == ["vlan bond0.5 above it", "address 192.0.2.2/24 on br0", "bridge br0 above it"])
    }

    @Test func ofAPortOnlyWhatStandsOnThePortCounts() throws {
        var host = Self.host()
        host.addresses = [.fixture("192.0.2.2/24", on: 100), .fixture("198.51.100.2/24", on: 2)]
        host.links.append(Self.device("eth0.7", "vlan", on: 2, index: 200))
        let port = try #require(host.link(named: "eth0"))
        #expect(host.burdens(ofPort: port) == ["address 198.51.100.2/24", "vlan eth0.7 above it"])
        #expect(host.burdens(of: port).contains("address 192.0.2.2/24 on bond0"))
        let other = try #require(host.link(named: "eth1"))
        #expect(host.burdens(ofPort: other) == [])
    }

    @Test func routesNexthopsNeighboursAndRulesCount() throws {
        var host = Self.host()
        func record(_ kind: KernelRecord.Kind, _ text: String, of device: String? = nil) -> KernelRecord {
            KernelRecord(kind: kind, key: text, summary: text, payload: [], deviceNames: device.map { [$0] } ?? [])
        }
        host.routes = [
            .init(
                devices: [100], table: 77, origin: 4, isDefault: false, preferredSource: nil, gateway: nil,
                record: record(.route, "10.0.0.0/8 table 77")),
            // Comes back by itself.
            .init(
                devices: [100], table: 254, origin: 2, isDefault: false, preferredSource: nil, gateway: nil,
                record: record(.route, "192.0.2.0/24")),
        ]
        host.nexthops = [
            .init(device: 100, record: record(.nexthop, "id 5")), .init(device: 2, record: record(.nexthop, "id 6")),
        ]
        host.neighbours = [.init(device: 100, record: record(.neighbour, "192.0.2.9"))]
        host.rules = [
            record(.rule, "99: iif bond0", of: "bond0"), record(.rule, "97: iif bond00", of: "bond00"),
            record(.rule, "96: from all"),
        ]
        #expect(
            host.burdens(of: try Self.bond(host)) == [
                "route 10.0.0.0/8 table 77", "nexthop id 5", "neighbour 192.0.2.9", "rule 99: iif bond0",
            ])
    }

    /// The kernel takes a route away with the address that it sends from, by whichever device it leaves.
    @Test func aRouteElsewhereThatSendsFromItsAddressCounts() throws {
        var host = Self.host()
        let address = try #require(IPAddress(text: "192.0.2.2"))
        host.addresses = [.fixture("192.0.2.2/24", on: 100)]
        host.routes = [
            .init(
                devices: [7], table: 254, origin: 4, isDefault: false, preferredSource: address, gateway: nil,
                record: KernelRecord(kind: .route, key: "r", summary: "10.0.0.0/8 dev wan", payload: []))
        ]
        #expect(host.burdens(of: try Self.bond(host)).last == "route 10.0.0.0/8 dev wan, which sends from its address")
        #expect(host.burdens(of: try #require(host.link(named: "eth0"))).contains { $0.contains("10.0.0.0/8") })
        #expect(host.burdens(ofPort: try #require(host.link(named: "eth0"))) == [])
    }

    @Test func devicesOfOtherNamespacesCount() throws {
        var host = Self.host()
        host.links.append(Self.device("bond0.5", "vlan", on: 100, index: 200))
        var foreign = ForeignDependants()
        foreign.devices = [
            .init(lower: 200, name: "mv0", kind: "macvlan", namespace: "pod", addresses: [.fixture("10.0.0.2/24")]),
            .init(lower: 999, name: "mv1", kind: "macvlan", namespace: "pod"),
        ]
        host.foreign = foreign
        #expect(
            host.burdens(of: try Self.bond(host))
                == ["vlan bond0.5 above it", "macvlan mv0 in namespace pod (10.0.0.2/24)"])
    }

    @Test func theCallersConnectionIsFoundByAddressAndByRoute() throws {
        var host = Self.host()
        let caller = try #require(IPAddress(text: "192.0.2.2"))
        host.callerAddress = caller
        let bond = try Self.bond(host)
        #expect(!Dependants(of: bond, on: host).carriesCaller)
        // The address is on another device, as on lo, and the answers leave by the bond.
        host.callerDevice = 100
        #expect(Dependants(of: bond, on: host).carriesCaller)
        #expect(host.burdens(of: bond) == ["your own SSH connection to 192.0.2.2"])
        host.callerDevice = nil
        host.addresses = [.fixture("192.0.2.2/24", on: 100)]
        #expect(host.burdens(of: bond).first == "your own SSH connection to 192.0.2.2")
    }

    @Test func fiveHundredDevicesSixDeepAreWalkedOnce() throws {
        var host = Self.host()
        for number in 0..<500 {
            let lower: Int32 = number < 84 ? 100 : Int32(200 + number - 84)
            host.links.append(Self.device("d\(number)", "vlan", on: lower, index: Int32(200 + number)))
        }
        let bond = try Self.bond(host)
        #expect(host.above(bond).count == 500)
        #expect(host.stacked(on: bond).count == 500)
        #expect(host.burdens(of: bond).count == 500)
    }
}

extension IPPrefix {
    static func fixture(_ text: String) -> IPPrefix {
        guard let prefix = IPPrefix(text: text) else { fatalError("\(text) is no prefix") }
        return prefix
    }
}

extension HostState.Address {
    static func fixture(_ text: String, on device: Int32) -> Self {
        let prefix = IPPrefix.fixture(text)
        return .init(
            device: device, prefix: prefix, scope: 0, flags: 0x80, origin: 0, validLifetime: nil,
            record: KernelRecord(kind: .address, key: text, summary: text, payload: []))
    }
}
