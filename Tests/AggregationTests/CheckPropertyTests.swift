import Aggregation
import Testing

/// `check` finds nothing exactly where a plan has nothing to do, nothing to refuse and nothing that stays undone: over
/// generated hosts and wishes, by the two that judge it apart from each other.
@Suite struct CheckPropertyTests {
    /// A pack of 250 cases by its seed.
    @Test(arguments: 0..<16) func checkAgreesWithThePlan(_ pack: Int) throws {
        var counts = (agreed: 0, wanted: 0)
        for number in 0..<250 {
            var random = Seeded(state: UInt64(pack * 1000 + number) &* 0x9E37_79B9_7F4A_7C15 | 1)
            let host = Self.host(&random)
            let desired = try Self.wish(&random, on: host)
            let resolution = Translation.resolve(desired, in: host)
            guard resolution.problems.isEmpty else { continue }
            let wish = resolution.aggregate
            let plan = Planner(host: host, allow: [.interruption, .cutoff, .takeAddresses]).plan([wish])
            let differences = Difference.between(wish, host)
            let isDone = plan.steps.isEmpty && plan.problems.isEmpty && !plan.fallsShort
            #expect(
                differences.isEmpty == isDone,
                """
                pack \(pack) number \(number): check \(differences.map { "\($0.key) \($0.wanted ?? "-") \($0.observed ?? "-")" }), \
                plan \(plan.steps.map { $0.step.summary(.shared) }) \(plan.problems.map(\.message)) \(plan.shortfalls.map(\.text))
                """)
            counts.agreed += 1
            if isDone { counts.wanted += 1 }
        }
        // Neither always yes nor always no.
        #expect(counts.agreed > 100)
        #expect(counts.wanted > 15 && counts.wanted < counts.agreed - 15)
    }

    // MARK: - Hosts

    private static let prefixes = ["192.0.2.2/24", "192.0.2.3/24", "198.51.100.7/24", "2001:db8::2/64"].compactMap {
        IPPrefix(text: $0)
    }

    private static func host(_ random: inout Seeded) -> HostState {
        let driver: DriverKind = random.oneIn(3) ? .teaming : .bonding
        let mode = random.pick(Mode.modes(of: driver).filter { $0 != .random })
        var host = driver == .bonding ? Fixture.host(bond: mode, ports: 3) : Fixture.host(team: mode, ports: 3)
        let name = driver == .bonding ? "bond0" : "team0"
        guard let place = host.links.firstIndex(where: { $0.name == name }) else { return host }
        // One port is free.
        if random.oneIn(2) {
            host.links[2].master = nil
            host.links[2].port = nil
            host.links[place].aggregate?.ports.removeLast()
        }
        if !random.oneIn(6) { host.links[place].flags = [.up] }
        for port in 0..<3 where !random.oneIn(6) {
            host.links[port].flags = [.up]
            host.links[port].hasCarrier = true
        }
        host.links[place].mtu = random.oneIn(5) ? 9000 : 1500
        for port in 0..<3 { host.links[port].mtu = random.oneIn(12) ? 1400 : host.links[place].mtu }
        host.links[place].address = random.oneIn(2) ? host.links[0].address : Fixture.address(7)
        for option in Self.options(driver, mode) where random.oneIn(6) {
            host.links[place].aggregate?.options[option.name] = option.value
        }
        if driver == .teaming {
            host.links[place].aggregate?.daemon = .init(
                random.oneIn(12) ? .absent : random.oneIn(12) ? .silent : .running)
        }
        if mode.usesOnePort, !random.oneIn(5) {
            host.links[place].aggregate?.activePort = random.pick(["eth0", "eth1"])
        }
        if mode.usesOnePort, driver == .bonding, random.oneIn(3) {
            host.links[place].aggregate?.options["primary"] = .port(random.pick(["eth0", "eth1"]))
        }
        for prefix in prefixes where random.oneIn(3) {
            host.addresses.append(address(prefix, on: host.links[place].index, &random))
        }
        if random.oneIn(25) { host.links[place].aggregate = nil }
        if random.oneIn(30) { host.links.remove(at: place) }
        return host
    }

    private static func address(_ prefix: IPPrefix, on device: Int32, _ random: inout Seeded) -> HostState.Address {
        let isBad = random.oneIn(4) && prefix.address.family == .ipv6
        return .init(
            device: device, prefix: prefix, scope: 0, flags: isBad ? 0x88 : 0x80, origin: 0, validLifetime: nil,
            record: KernelRecord(kind: .address, key: "\(prefix)", summary: "\(prefix)", payload: [2, 24]))
    }

    /// Values that options may have, besides their defaults.
    private static func options(_ driver: DriverKind, _ mode: Mode) -> [OptionSetting] {
        driver == .bonding
            ? [
                .init("num_grat_arp", .number(3)), .init("resend_igmp", .number(2)),
                .init("xmit_hash_policy", .number(1)),
                .init("miimon", .number(100)), .init("all_slaves_active", .number(1)), .init("min_links", .number(1)),
                .init("lacp_rate", .number(1)), .init("lp_interval", .number(4)),
            ]
            : [
                .init("notify_peers.count", .number(4)), .init("mcast_rejoin.count", .number(3)),
                .init("debug_level", .number(1)),
            ]
    }

    // MARK: - Wishes

    private static func wish(_ random: inout Seeded, on host: HostState) throws -> DesiredAggregate {
        let link = host.links.first { $0.index == 100 }
        let facts = link?.aggregate
        var desired = DesiredAggregate(name: try InterfaceName(link?.name ?? "bond0"))
        let driver = random.oneIn(20) ? random.pick(DriverKind.allCases) : facts?.driver ?? .bonding
        desired.driver = driver == .teaming ? .teaming : .bonding
        desired.state = random.oneIn(15) ? .absent : random.oneIn(8) ? .down : .present
        if random.oneIn(2) || facts == nil {
            desired.mode = random.oneIn(5) ? .balanceXOR : facts?.mode ?? .activeBackup
        }
        if !random.oneIn(3) {
            var names = facts?.ports ?? ["eth0", "eth1"]
            if random.oneIn(6) { names.reverse() }
            if random.oneIn(10) { names.removeLast() }
            if random.oneIn(10) { names.append("eth2") }
            if random.oneIn(10) { names.append("eth9") }
            desired.ports = names.map { DesiredPort(.name($0)) }
            if driver == .bonding, random.oneIn(8) { desired.ports?[0].options = Fixture.options("queue_id=1") }
        }
        if random.oneIn(4) { desired.mtu = random.pick([1500, 9000]) }
        if random.oneIn(5) { desired.macAddress = random.pick([Fixture.address(0), Fixture.address(7)]) }
        if random.oneIn(3) {
            let present = host.addresses.map(\.prefix)
            desired.addresses = random.oneIn(3) ? Self.prefixes.filter { _ in random.oneIn(2) } : present
        }
        desired.options = options(&random, driver, facts)
        return desired
    }

    private static func options(
        _ random: inout Seeded, _ driver: DriverKind, _ facts: AggregateFacts?
    ) -> [DriverOption] {
        var texts: [(String, String)] = []
        let table = OptionTables.shared.aggregate(driver)
        for option in Self.options(driver, facts?.mode ?? .activeBackup) where random.oneIn(8) {
            // Mostly as it is.
            let value = random.oneIn(3) ? option.value : facts?.options[option.name] ?? option.value
            texts.append((option.name, table[option.name]?.format(value) ?? ""))
        }
        if driver == .bonding, random.oneIn(5) {
            texts.append(("primary", random.pick(["eth0", "eth1", "none", "eth9"])))
        }
        if random.oneIn(6) {
            texts.append(
                (
                    driver.activePortOption,
                    random.pick(driver == .bonding ? ["eth0", "eth1", "none"] : ["eth0", "eth1"])
                ))
        }
        return texts.map { DriverOption(name: $0.0, text: $0.1) }
    }
}

/// The same numbers for the same seed (xorshift64*).
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ list: [Element]) -> Element {
        list[Int.random(in: list.indices, using: &self)]
    }
}
