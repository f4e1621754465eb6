import Testing

@testable import Aggregation

/// What certainly keeps an aggregate from ever having carrier.
@Suite struct CarrierProspectTests {
    private static func host(_ carrier: [Bool?]) -> HostState {
        var host = Fixture.host(ports: carrier.count)
        for (place, state) in carrier.enumerated() {
            if state != nil { host.links[place].flags.insert(.up) }
            host.links[place].hasCarrier = state ?? false
        }
        return host
    }

    private static func wish(
        _ mode: Mode, _ settings: OptionValues = [:], ports: [String] = ["eth0", "eth1"],
        driver: DriverKind = .bonding, addresses: [String] = []
    ) -> ResolvedAggregate {
        var wish = ResolvedAggregate(name: "bond0", driver: driver)
        wish.mode = mode
        wish.settings = settings.map { .init($0.key, $0.value, origin: $0.key) }
        wish.ports = ports.map { .init(name: $0) }
        wish.addresses = addresses.map { IPPrefix.fixture($0) }
        return wish
    }

    private static func targets(_ texts: String...) -> OptionValue { .targets(texts.compactMap(IPAddress.init(text:))) }

    @Test func plentyOfPortsAreNoObstacle() {
        for mode in Mode.allCases {
            #expect(CarrierProspect(Self.wish(mode), link: nil, host: Self.host([true, nil])).obstacle == nil)
        }
    }

    @Test(arguments: [(1, false), (2, false), (3, true)]) func morePortsThanThereAreAreNeeded(number: Int, never: Bool)
    {
        var host = Self.host([true, true])
        host.heardPartners = [2]
        let wish = Self.wish(.lacp, ["min_links": .number(Int64(number))])
        #expect((CarrierProspect(wish, link: nil, host: host).obstacle != nil) == never)
        // No other mode looks at it.
        let other = Self.wish(.activeBackup, ["min_links": .number(Int64(number))])
        #expect(CarrierProspect(other, link: nil, host: host).obstacle == nil)
    }

    @Test func portsWithoutCarrierCountOnlyWhereTheyAreUp() {
        let wish = Self.wish(.activeBackup)
        #expect(CarrierProspect(wish, link: nil, host: Self.host([false, false])).obstacle != nil)
        #expect(CarrierProspect(wish, link: nil, host: Self.host([false, nil])).obstacle == nil)
        #expect(CarrierProspect(wish, link: nil, host: Self.host([false, true])).obstacle == nil)
    }

    @Test func aPartnerIsMissedOnlyWhereNothingWorksWithoutOne() {
        var host = Self.host([true, true])
        func obstacle(_ wish: ResolvedAggregate) -> String? { CarrierProspect(wish, link: nil, host: host).obstacle }
        let team = Self.wish(.lacp, driver: .teaming)
        let two = Self.wish(.lacp, ["min_links": .number(2)])
        let strict = Self.wish(.lacp, ["lacp_strict": .number(1)])
        let plain = Self.wish(.lacp)
        // Nobody has listened: nothing is known.
        for wish in [team, two, strict, plain] { #expect(obstacle(wish) == nil) }
        host.heardPartners = []
        for wish in [team, two, strict] { #expect(obstacle(wish) != nil) }
        #expect(obstacle(plain) == nil)
        host.heardPartners = [3]
        for wish in [team, two, strict, plain] { #expect(obstacle(wish) == nil) }
    }

    @Test func aPartnerThatIsThereIsNotListenedFor() throws {
        var host = Fixture.host(bond: .lacp)
        let place = try #require(host.links.firstIndex { $0.name == "bond0" })
        var wish = Self.wish(.lacp, ["min_links": .number(2)])
        wish.mode = nil
        #expect(CarrierProspect(wish, link: host.links[place], host: host).dependsOnPartner)
        host.links[place].aggregate?.activeAggregator = .init(
            id: 1, portCount: 2, actorKey: 15, partnerKey: 15, partnerSystem: LinkLayerAddress([2, 0, 0, 0, 0, 9]))
        #expect(!CarrierProspect(wish, link: host.links[place], host: host).dependsOnPartner)
        host.links[place].aggregate?.activeAggregator?.partnerSystem = LinkLayerAddress([0, 0, 0, 0, 0, 0])
        #expect(CarrierProspect(wish, link: host.links[place], host: host).dependsOnPartner)
    }

    @Test func targetsHaveToBeInANetworkOfTheAggregate() {
        let host = Self.host([true, true])
        func obstacle(_ target: OptionValue?, _ option: String = "arp_ip_target", mode: Mode = .activeBackup) -> String?
        {
            var settings: OptionValues = ["arp_interval": .number(100)]
            settings[option] = target
            let wish = Self.wish(mode, settings, addresses: ["192.0.2.2/24", "2001:db8::2/64"])
            return CarrierProspect(wish, link: nil, host: host).obstacle
        }
        #expect(obstacle(Self.targets("192.0.2.1")) == nil)
        #expect(obstacle(Self.targets("198.51.100.1", "192.0.2.1")) == nil)
        #expect(obstacle(Self.targets("2001:db8::1"), "ns_ip6_target") == nil)
        #expect(obstacle(Self.targets("fe80::1"), "ns_ip6_target") == nil)
        #expect(obstacle(Self.targets("198.51.100.1")) != nil)
        #expect(obstacle(Self.targets("192.0.2.2")) != nil)
        #expect(obstacle(Self.targets("2001:db8:1::1"), "ns_ip6_target") != nil)
        #expect(obstacle(nil) != nil)
        #expect(obstacle(Self.targets()) != nil)
        #expect(obstacle(nil, mode: .lacp) == nil)
    }

    @Test func onlyTheCallersOwnPathIsGuarded() {
        var host = Self.host([true, true])
        host.addresses = [.fixture("192.0.2.2/24", on: 2)]
        let wish = Self.wish(.lacp, ["min_links": .number(3)])
        func refused(_ allow: Allowances) -> Bool {
            Planner(host: host, allow: allow).plan([wish]).problems.contains { $0.rule.contains("SSH") }
        }
        #expect(!refused([.takeAddresses]))
        host.callerAddress = IPAddress(text: "192.0.2.2")
        #expect(refused([.takeAddresses]))
        #expect(refused([.takeAddresses, .interruption, .ignoreManager]))
        #expect(!refused([.takeAddresses, .cutoff]))
        host.callerAddress = IPAddress(text: "198.51.100.2")
        #expect(!refused([.takeAddresses]))
        host.callerDevice = 3
        #expect(refused([.takeAddresses]))
    }
}
