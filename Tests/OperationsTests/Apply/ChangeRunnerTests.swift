import Aggregation
import Operations
import Testing

/// Fault level: whatever step fails, the host is as it was.
@Suite struct ChangeRunnerTests {
    /// A change that somebody may ask for.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var start: @Sendable () async throws -> HostState = { Hosts.bare() }
        let wishes: @Sendable () -> [ResolvedAggregate]

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "create active-backup", start: { Hosts.bare() }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.mode = .activeBackup
            wish.mtu = 9000
            wish.settings = [
                .init("miimon", .number(100), origin: "link-monitor"),
                .init("primary", .port("eth1"), origin: "primary"),
            ]
            wish.ports = [
                .init(name: "eth0"), .init(name: "eth1", settings: [.init("prio", .number(5), origin: "priority")]),
            ]
            wish.addresses = [IPPrefix(text: "192.0.2.2/24"), IPPrefix(text: "2001:db8::2/64")].compactMap { $0 }
            return [wish]
        },
        Case(name: "set an option that needs the bond down", start: { try await Hosts.loaded() }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.settings = [.init("lacp_rate", .number(1), origin: "lacp.rate")]
            return [wish]
        },
        Case(name: "change the mode", start: { try await Hosts.loaded() }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.mode = .activeBackup
            wish.settings = [.init("miimon", .number(50), origin: "link-monitor")]
            return [wish]
        },
        Case(name: "remove the first port and add two", start: { try await Hosts.loaded() }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.ports = [.init(name: "eth1"), .init(name: "eth2"), .init(name: "eth3")]
            return [wish]
        },
        Case(name: "delete", start: { try await Hosts.loaded() }) {
            [ResolvedAggregate(name: "bond0", driver: .bonding, state: .absent)]
        },
        Case(name: "two aggregates, a port moves", start: { try await Hosts.loaded() }) {
            var first = ResolvedAggregate(name: "bond0", driver: .bonding)
            first.ports = [.init(name: "eth0")]
            var second = ResolvedAggregate(name: "bond1", driver: .bonding)
            second.mode = .balanceXOR
            second.ports = [.init(name: "eth1"), .init(name: "eth2")]
            return [first, second]
        },
        Case(name: "take over what a port carries", start: { Hosts.addressedPort() }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.mode = .activeBackup
            wish.ports = [.init(name: "eth0"), .init(name: "eth1")]
            return [wish]
        },
        Case(name: "let all ports leave for a moment", start: { try await Hosts.loaded(.activeBackup) }) {
            var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
            wish.settings = [.init("fail_over_mac", .number(1), origin: "mac-policy")]
            return [wish]
        },
        Case(name: "take it down", start: { try await Hosts.loaded() }) {
            [ResolvedAggregate(name: "bond0", driver: .bonding, state: .down)]
        },
    ]

    private static let everything: Allowances = [.takeAddresses, .interruption, .cutoff]

    @Test(arguments: cases) func everyStepCanFail(_ each: Case) async throws {
        let start = try await each.start()
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        #expect(plan.problems.isEmpty, "\(plan.problems)")
        try #require(!plan.isEmpty)
        var failures = 0
        for refused in 1...(plan.steps.count + 40) {
            let driver = FakeHost(start, refusing: refused)
            do {
                try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
                // What is put back by comparison goes on past a refusal.
                if await !driver.hasRefused { break }
            } catch {
                failures += 1
                #expect(error.undo.isComplete, "step \(refused): \(error.undo)")
                Self.expectEqual(await driver.state, start, "step \(refused) of \(each.name)")
            }
        }
        // What is put back by comparison is no step of the driver's own when nothing was dropped.
        let own = plan.steps.filter { if case .restore = $0.step { false } else { true } }
        #expect(failures >= own.count)
    }

    @Test(arguments: cases) func aFailedVerificationIsTakenBack(_ each: Case) async throws {
        let start = try await each.start()
        let driver = FakeHost(start)
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        let problem = Problem(.unavailable, subject: "bond0", rule: "this kernel does not know it")
        await #expect(throws: ChangeFailure.self) {
            try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [problem] }
        }
        Self.expectEqual(await driver.state, start, each.name)
    }

    @Test(arguments: cases) func aSecondRunHasNothingToDo(_ each: Case) async throws {
        let start = try await each.start()
        let driver = FakeHost(start)
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
        let again = Planner(host: await driver.state).plan(each.wishes())
        #expect(again.problems.isEmpty, "\(again.problems)")
        #expect(again.steps.map { $0.step.summary(.shared) } == [])
    }

    @Test func goingDownForAnOptionKeepsWhatTheKernelDrops() async throws {
        let start = try await Hosts.loaded()
        let driver = FakeHost(start)
        let plan = Planner(host: start, allow: .interruption).plan(Self.cases[1].wishes())
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
        var expected = start
        let place = try #require(expected.links.firstIndex { $0.name == "bond0" })
        expected.links[place].aggregate?.options["lacp_rate"] = .number(1)
        Self.expectEqual(await driver.state, expected, "lacp_rate")
    }

    /// What ports carried is the aggregate's afterwards, and nothing of it is left or lost.
    @Test func whatAPortCarriedMovesWithAllThatStandsOnIt() async throws {
        let start = Hosts.addressedPort()
        let driver = FakeHost(start)
        let each = try #require(Self.cases.first { $0.name.hasPrefix("take over") })
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
        let end = await driver.state
        let bond = try #require(end.link(named: "bond0"))
        #expect(end.link(named: "eth0.50")?.lower == bond.index && end.link(named: "eth0.50")?.index == 50)
        #expect(end.addresses(of: bond).map(\.prefix.description) == ["192.0.2.1/24", "2001:db8::1/64"])
        #expect(Set(end.routes.map(\.record.summary)) == Set(start.routes.map(\.record.summary)))
        #expect(end.routes.allSatisfy { $0.devices != [2] })
        #expect(end.nexthops.map(\.device) == [bond.index])
        #expect(end.rules.map(\.deviceNames) == [["bond0"]])
        let settings = Set((end.settings ?? []).map(\.record.summary))
        #expect(settings.isSuperset(of: ["gc_stale_time=77 of bond0", "alias=vlan of eth0.50"]), "\(settings)")
    }

    /// A record of the version before has no settings: what it has is put back, and nothing else is touched.
    @Test func aRecordWithoutSettingsIsTakenBackAsFarAsItGoes() async throws {
        let start = try await Hosts.loaded()
        var known = start
        known.settings = nil
        var wish = ResolvedAggregate(name: "bond0", driver: .bonding)
        wish.settings = [.init("lacp_rate", .number(1), origin: "lacp.rate")]
        let plan = Planner(host: start, allow: Self.everything).plan([wish])
        let driver = FakeHost(start)
        for step in plan.steps.map(\.step).prefix(2) { try await driver.perform(step) }
        let report = await ChangeRunner(driver: driver, journal: nil).takeBack(
            Rollback(before: known, plan: plan), nil)
        #expect(report.isComplete, "\(report)")
        Self.expectEqual(await driver.state, start, "without settings")
    }

    /// Equal means everything, in the order that means something: that of ports, addresses and rules.
    static func expectEqual(_ one: HostState, _ other: HostState, _ what: String) {
        func canonical(_ host: HostState) -> HostState {
            var host = host
            host.links.sort { $0.name < $1.name }
            host.addresses.sort {
                ($0.device, $0.prefix.address.family.rawValue) < ($1.device, $1.prefix.address.family.rawValue)
            }
            host.routes.sort { $0.record.key < $1.record.key }
            host.neighbours.sort { $0.record.key < $1.record.key }
            host.settings?.sort { $0.record.key < $1.record.key }
            return host
        }
        let (left, right) = (canonical(one), canonical(other))
        for (link, wanted) in zip(left.links, right.links) where link != wanted {
            Issue.record("\(what): \(link) is not \(wanted)")
        }
        #expect(left.links.map(\.name) == right.links.map(\.name), "\(what)")
        #expect(left.addresses == right.addresses, "\(what)")
        #expect(left.routes == right.routes, "\(what)")
        #expect(left.neighbours == right.neighbours, "\(what)")
        #expect(left.nexthops == right.nexthops, "\(what)")
        #expect(left.rules == right.rules, "\(what)")
        #expect(left.settings == right.settings, "\(what)")
    }
}
