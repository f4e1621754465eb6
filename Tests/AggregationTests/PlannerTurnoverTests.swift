import Aggregation
import Testing

/// What a change takes along without being asked to, in the order in which the kernel loses it.
@Suite struct PlannerTurnoverTests {
    private static let everything: Allowances = [.takeAddresses, .interruption, .cutoff]

    /// The steps of a change, in words.
    private static func steps(_ host: HostState, _ wishes: [DesiredAggregate]) -> [String] {
        let resolutions = wishes.map { Translation.resolve($0, in: host) }
        #expect(resolutions.flatMap(\.problems).isEmpty)
        let plan = Planner(host: host, allow: everything).plan(resolutions.map(\.aggregate))
        #expect(plan.problems.isEmpty)
        return plan.steps.map { $0.step.summary(OptionTables.shared) }
    }

    private static func up(_ host: HostState) -> HostState {
        var host = host
        host.links = host.links.map { link in
            var link = link
            link.flags.insert(.up)
            link.hasCarrier = true
            return link
        }
        return host
    }

    private static func address(_ text: String, on device: Int32, flags: UInt32 = 0x80) throws -> HostState.Address {
        .init(
            device: device, prefix: try #require(IPPrefix(text: text)), scope: 0, flags: flags, origin: 0,
            validLifetime: nil,
            record: KernelRecord(kind: .address, key: "\(text) \(device)", summary: text, payload: [2]))
    }

    private static func route(
        _ text: String, via gateway: String? = nil, through device: Int32
    ) -> HostState.Route {
        .init(
            devices: [device], table: 254, origin: 4, isDefault: text == "default", preferredSource: nil,
            gateway: gateway.flatMap { IPAddress(text: $0) },
            record: KernelRecord(kind: .route, key: "\(text) \(device)", summary: text, payload: [2]))
    }

    // MARK: - Addresses

    /// IFA_F_SECONDARY: gone with the primary one of its network, and so put back after it.
    @Test(arguments: [(UInt32(0x81), true), (0x80, false)])
    func aSecondaryAddressComesBackAfterItsPrimary(flags: UInt32, isSecondary: Bool) throws {
        var host = Self.up(Fixture.host(bond: .activeBackup))
        host.addresses = [
            try Self.address("192.0.2.2/24", on: 100), try Self.address("192.0.2.3/24", on: 100, flags: flags),
        ]
        let kept = [try #require(IPPrefix(text: "192.0.2.3/24"))]
        let steps = Self.steps(
            host,
            [
                try Fixture.wish(nil) {
                    $0.addresses = kept; $0.ports = nil
                }
            ])
        let moved = ["remove address 192.0.2.3/24", "remove 192.0.2.2/24 from bond0", "put back address 192.0.2.3/24"]
        #expect(steps == (isSecondary ? moved : ["remove 192.0.2.2/24 from bond0"]), "\(steps)")
    }

    /// A new address comes before the old one goes, unless it would be secondary to it and go with it, or is refused while
    /// the old one is there.
    @Test(arguments: [
        ("198.51.100.9/24", ["add 198.51.100.9/24 to bond0", "remove 192.0.2.2/24 from bond0"]),
        ("192.0.2.9/24", ["remove 192.0.2.2/24 from bond0", "add 192.0.2.9/24 to bond0"]),
        ("192.0.2.9/25", ["add 192.0.2.9/25 to bond0", "remove 192.0.2.2/24 from bond0"]),
    ])
    func aNewAddressComesFirst(new: String, expected: [String]) throws {
        try expectTurnover(from: "192.0.2.2/24", to: new, expected)
    }

    @Test(arguments: [("2001:db8::2/128", false), ("2001:db8::9/64", true)])
    func anAddressOfAnotherLengthComesLast(new: String, isFirst: Bool) throws {
        let (add, remove) = ("add \(new) to bond0", "remove 2001:db8::2/64 from bond0")
        try expectTurnover(from: "2001:db8::2/64", to: new, isFirst ? [add, remove] : [remove, add])
    }

    private func expectTurnover(from old: String, to new: String, _ expected: [String]) throws {
        var host = Self.up(Fixture.host(bond: .activeBackup))
        host.addresses = [try Self.address(old, on: 100)]
        let wanted = [try #require(IPPrefix(text: new))]
        let steps = Self.steps(
            host,
            [
                try Fixture.wish(nil) {
                    $0.addresses = wanted; $0.ports = nil
                }
            ])
        #expect(steps == expected)
    }

    /// Routes to a network come before those through a gateway in it, whatever order the kernel lists them in.
    @Test(arguments: [false, true]) func movedRoutesComeBehindWhatTheyNeed(reversed: Bool) throws {
        var host = Fixture.host()
        host.addresses = [try Self.address("192.0.2.2/24", on: 2)]
        let routes = [
            Self.route("203.0.113.0/24", through: 2), Self.route("default", via: "203.0.113.1", through: 2),
        ]
        host.routes = reversed ? routes.reversed() : routes
        let steps = Self.steps(host, [try Fixture.wish { $0.ports = [DesiredPort(.name("eth0"))] }])
        let moves = steps.filter { $0.hasPrefix("put back") }
        #expect(
            moves == [
                "put back address 192.0.2.2/24 onto bond0", "put back route 203.0.113.0/24 onto bond0",
                "put back route default onto bond0",
            ], "\(steps)")
    }

    // MARK: - Ports

    /// Ports that have to leave for a moment come back in their order, with what the kernel forgets of them.
    @Test func portsComeBackAsTheyWere() throws {
        var host = Self.up(Fixture.host(bond: .activeBackup, ["miimon": .number(100)], ports: 3))
        Fixture.setPort("eth1", "queue_id", .number(5), on: &host)
        let steps = Self.steps(
            host,
            [
                try Fixture.wish(nil) {
                    $0.options = Fixture.options("fail_over_mac=active"); $0.ports = nil
                }
            ])
        let joins = steps.filter { $0.hasPrefix("attach") || $0.hasPrefix("set on port") }
        #expect(
            joins == [
                "attach eth0 to bond0", "attach eth1 to bond0", "set on port eth1: queue_id=5", "attach eth2 to bond0",
            ], "\(steps)")
    }

    /// A port that was up before it joined comes up when it leaves for good, and not when another aggregate has it.
    @Test func aPortThatMovesStaysDown() throws {
        var host = Self.up(Fixture.host(bond: .activeBackup, ["miimon": .number(100)]))
        host.upBeforeJoining = ["eth0", "eth1"]
        let left = try Fixture.wish(nil) { $0.ports = [DesiredPort(.name("eth0"))] }
        #expect(Self.steps(host, [left]).suffix(1) == ["bring eth1 up"])
        let other = try Fixture.wish { wish in
            wish.ports = [DesiredPort(.name("eth1"))]
            wish.name = (try? InterfaceName("bond1")) ?? wish.name
        }
        let steps = Self.steps(host, [left, other])
        #expect(steps.contains("attach eth1 to bond1"))
        #expect(!steps.contains("bring eth1 up"), "\(steps)")
    }

    /// The kernel takes no port that is up, whatever is on it.
    @Test(arguments: [false, true]) func aPortGoesDownBeforeItJoins(hasAddress: Bool) throws {
        var host = Self.up(Fixture.host())
        if hasAddress { host.addresses = [try Self.address("192.0.2.2/24", on: 2)] }
        let steps = Self.steps(host, [try Fixture.wish()])
        for port in ["eth0", "eth1"] {
            let down = try #require(steps.firstIndex(of: "bring \(port) down"))
            #expect(down < (try #require(steps.firstIndex(of: "attach \(port) to bond0"))))
        }
    }
}
