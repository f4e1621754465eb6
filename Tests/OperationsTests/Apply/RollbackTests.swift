import Aggregation
import Operations
import Testing

/// A change that ends in the middle, the journal that is left of it, and what others did before it was rolled back.
@Suite struct RollbackTests {
    typealias Case = ChangeRunnerTests.Case
    private static let everything: Allowances = [.takeAddresses, .interruption, .cutoff]

    private struct Killed {
        let start: HostState
        let plan: Plan
        let driver: FakeHost
        let scratch: RecordDirectory
    }

    /// The host and the record after a kill before the step of this number, from 0.
    private static func killed(_ each: Case, before step: Int) async throws -> Killed? {
        let start = try await each.start()
        let plan = Planner(host: start, allow: everything).plan(each.wishes())
        guard step <= plan.steps.count else { return nil }
        let scratch = RecordDirectory()
        let driver = FakeHost(start)
        let entry = try scratch.journal("aggctl \(each.name)").begin(Rollback(before: start, plan: plan))
        for planned in plan.steps.prefix(step) {
            // What going down dropped stays dropped: the worst that can be left.
            if case .restore = planned.step { continue }
            try await driver.perform(planned.step)
        }
        _ = entry
        return Killed(start: start, plan: plan, driver: driver, scratch: scratch)
    }

    private static func rollBack(_ killed: Killed) async throws -> UndoReport {
        let journal = try killed.scratch.journal("aggctl rollback")
        let record = try #require(journal.unfinished().first)
        let rollback = try #require(record.rollback)
        let runner = ChangeRunner(driver: killed.driver, journal: nil)
        return await runner.takeBack(rollback, try journal.resume(record))
    }

    @Test(arguments: ChangeRunnerTests.cases) func afterAKillAtEveryStepTheHostIsAsItWas(_ each: Case) async throws {
        var step = 0
        while let killed = try await Self.killed(each, before: step) {
            let report = try await Self.rollBack(killed)
            #expect(report.isComplete && report.foreign.isEmpty && report.lost.isEmpty, "step \(step): \(report)")
            ChangeRunnerTests.expectEqual(await killed.driver.state, killed.start, "step \(step) of \(each.name)")
            #expect(killed.scratch.records.isEmpty)
            step += 1
        }
        #expect(step > 1)
    }

    /// Something that somebody else does, and what it is called.
    struct Meddling: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let said: String
        let change: @Sendable (inout HostState) -> Void

        init(_ name: String, said: String, _ change: @escaping @Sendable (inout HostState) -> Void) {
            testDescription = name
            self.said = said
            self.change = change
        }
    }

    private static func prefix(_ text: String) -> IPPrefix {
        guard let prefix = IPPrefix(text: text) else { fatalError("no prefix: \(text)") }
        return prefix
    }

    static let meddlings: [Meddling] = [
        Meddling("an IPv4 address", said: "address 198.51.100.200/24 added") { host in
            host.addresses.append(.fake(prefix("198.51.100.200/24"), on: 2))
        },
        Meddling("an IPv6 address, which going down drops", said: "address 2001:db8:99::9/64 added") { host in
            host.addresses.append(.fake(prefix("2001:db8:99::9/64"), on: 2))
        },
        Meddling("a neighbour", said: "neighbour 198.51.100.77 added") { host in
            host.neighbours.append(.fake("198.51.100.77", on: 2))
        },
        Meddling("a VLAN on a port, with an address", said: "eth0.99: vlan created on eth0") { host in
            var vlan = Link(index: 99, name: "eth0.99")
            vlan.kind = "vlan"
            vlan.lower = 2
            vlan.record = .fake(.link, "eth0.99", 2)
            host.links.append(vlan)
            host.addresses.append(.fake(prefix("2001:db8:98::1/64"), on: 99))
        },
        Meddling("promiscuous mode", said: "promiscuous mode turned on") { host in
            host.changeLink(2) { $0.flags.insert(.promiscuous) }
        },
    ]

    /// Every change, killed at every step, with every kind of meddling on its first port: ours goes, theirs stays.
    @Test(arguments: ChangeRunnerTests.cases, meddlings)
    func whatOthersDidStaysAndIsNamed(_ each: Case, _ meddling: Meddling) async throws {
        var step = 0
        while let killed = try await Self.killed(each, before: step) {
            defer { step += 1 }
            let touches = Rollback(before: killed.start, plan: killed.plan).devices.contains("eth0")
            await killed.driver.meddle(meddling.change)
            let report = try await Self.rollBack(killed)
            var expected = killed.start
            meddling.change(&expected)
            #expect(report.isComplete, "step \(step): \(report)")
            if touches {
                #expect(report.foreign.contains { "\($0)".contains(meddling.said) }, "step \(step): \(report)")
            }
            // The route to the prefix of an address comes with it; the meddling here adds the address alone.
            ChangeRunnerTests.expectEqual(
                await killed.driver.state.withoutKernelRoutes, expected.withoutKernelRoutes,
                "step \(step) of \(each.name)")
        }
    }

    /// Killed again in the middle of rolling back: what was found of others is still known.
    @Test func whatWasFoundSurvivesARollBackThatIsKilled() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 6))
        await killed.driver.meddle(Self.meddlings[1].change)
        let journal = try killed.scratch.journal()
        let record = try #require(journal.unfinished().first)
        let stubborn = FakeHost(await killed.driver.state, refusingAlways: { _ in true })
        let first = await ChangeRunner(driver: stubborn, journal: nil)
            .takeBack(try #require(record.rollback), try journal.resume(record))
        #expect(!first.isComplete)
        // By now the address is gone, as after a port went down.
        await killed.driver.meddle { $0.addresses.removeAll { $0.prefix.description == "2001:db8:99::9/64" } }
        let again = try #require(journal.unfinished().first)
        let second = await ChangeRunner(driver: killed.driver, journal: nil)
            .takeBack(try #require(again.rollback), try journal.resume(again))
        #expect(second.isComplete && second.foreign.contains { $0.text.contains("2001:db8:99::9/64") }, "\(second)")
        #expect(await killed.driver.state.addresses.contains { $0.prefix.description == "2001:db8:99::9/64" })
    }

    /// The record keeps what is left, until a later attempt succeeds.
    @Test(arguments: ChangeRunnerTests.cases) func anIncompleteRollBackKeepsItsRecord(_ each: Case) async throws {
        let start = try await each.start()
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        let own = plan.steps.filter { if case .restore = $0.step { false } else { true } }
        guard own.count > 1 else { return }
        let scratch = RecordDirectory()
        let first = own[0].step
        // All but the first step is refused, so that what it did cannot be undone.
        let driver = FakeHost(start, refusingAlways: { $0 != first })
        let undo = try await Self.undo(plan, start, driver, scratch.journal())
        guard !undo.isComplete else { return }
        let left = try #require(scratch.records.first)
        #expect(left.left == undo.left && left.left?.isEmpty == false)
        #expect(left.state(isLocked: true) == .incomplete)
        #expect(left.begun == 2)
        let healed = FakeHost(await driver.state)
        let journal = try scratch.journal()
        let record = try #require(journal.unfinished().first)
        let report = await ChangeRunner(driver: healed, journal: nil)
            .takeBack(try #require(record.rollback), try journal.resume(record))
        #expect(report.isComplete, "\(report)")
        #expect(scratch.records.isEmpty)
        ChangeRunnerTests.expectEqual(await healed.state, start, each.name)
    }

    /// Fails, and lets go of the journal.
    private static func undo(
        _ plan: Plan, _ start: HostState, _ driver: FakeHost, _ journal: ChangeJournal
    ) async throws -> UndoReport {
        do throws(ChangeFailure) {
            try await ChangeRunner(driver: driver, journal: journal).run(plan, from: start) { _ in [] }
        } catch {
            return error.undo
        }
        throw DriverError(.refused, operation: "run", subject: "plan", text: "not refused")
    }

    @Test func aRenamedPortIsFollowed() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 7))
        await killed.driver.meddle { host in host.changeLink(3) { $0.name = "lan1" } }
        let report = try await Self.rollBack(killed)
        #expect(report.isComplete && report.foreign.map(\.description).contains("lan1: renamed, was eth1"), "\(report)")
        var expected = killed.start
        expected.changeLink(3) { $0.name = "lan1" }
        ChangeRunnerTests.expectEqual(await killed.driver.state, expected, "renamed")
        #expect(await killed.driver.state.link(named: "lan1")?.isUp == true)
    }

    @Test func aDeviceThatIsGoneIsNamed() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 1))
        await killed.driver.meddle { host in host.links.removeAll { $0.name == "eth1" } }
        let report = try await Self.rollBack(killed)
        #expect(report.foreign.map(\.description) == ["eth1: no longer on this host"], "\(report)")
        #expect(report.isComplete)
    }

    /// Deleting the aggregate would take along what somebody has put onto it.
    @Test func whatWouldBeLostIsKnownBefore() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 8))
        let bond = try #require(await killed.driver.state.link(named: "bond0")?.index)
        var rollback = Rollback(before: killed.start, plan: killed.plan)
        #expect(rollback.losses(in: await killed.driver.state).isEmpty)
        await killed.driver.meddle { $0.addresses.append(.fake(Self.prefix("203.0.113.5/24"), on: bond)) }
        let now = await killed.driver.state
        rollback.keepForeignChanges(in: now)
        #expect(rollback.losses(in: now).map(\.description) == ["bond0: address 203.0.113.5/24 added"])
        #expect(!rollback.steps(from: now).isEmpty)
    }

    /// The link-local address of a new aggregate came after addresses were listed, and before routes were.
    @Test func aRouteThatTheKernelMadeMeanwhileIsNobodys() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 8))
        let bond = try #require(await killed.driver.state.link(named: "bond0")?.index)
        await killed.driver.meddle { $0.routes.append(.fake("fe80::/64 proto kernel metric 256", through: bond)) }
        let now = await killed.driver.state
        var rollback = Rollback(before: killed.start, plan: killed.plan)
        #expect(rollback.keepForeignChanges(in: now).isEmpty && rollback.losses(in: now).isEmpty)
    }

    /// An MTU that no step can have set is somebody else's; one that a step sets is ours.
    @Test(arguments: [UInt32(1400), 9000]) func anMTUIsOursOnlyIfAStepCanHaveSetIt(_ mtu: UInt32) async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 2))
        await killed.driver.meddle { host in host.changeLink(3) { $0.mtu = mtu } }
        let report = try await Self.rollBack(killed)
        #expect(report.isComplete)
        #expect(report.foreign.isEmpty == (mtu == 9000), "\(report)")
        #expect(await killed.driver.state.link(named: "eth1")?.mtu == (mtu == 9000 ? 1500 : mtu))
    }

    @Test func aPortThatSomebodyHasTakenStaysThere() async throws {
        let each = ChangeRunnerTests.cases[0]
        let killed = try #require(try await Self.killed(each, before: 3))
        await killed.driver.meddle { host in
            var bridge = Link(index: 70, name: "br9")
            bridge.kind = "bridge"
            host.links.append(bridge)
            host.changeLink(2) {
                $0.master = 70
                $0.flags.insert(.up)
            }
        }
        let report = try await Self.rollBack(killed)
        #expect(report.isComplete && report.foreign.map(\.description).contains("eth0: attached to br9"), "\(report)")
        #expect(await killed.driver.state.link(named: "eth0")?.master == 70)
    }

    /// `addAddress` of a link-local address is ours, although the kernel makes such addresses too.
    @Test func aLinkLocalAddressOfOursGoes() async throws {
        let start = try await Hosts.loaded()
        var plan = Plan()
        plan.changes = [.init(aggregate: "bond0", kind: .modify)]
        plan.steps = [PlannedStep(.addAddress(device: "bond0", prefix: Self.prefix("fe80::5/64")), of: "bond0")]
        let driver = FakeHost(start)
        await #expect(throws: ChangeFailure.self) {
            try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in
                [Problem(.failed, subject: "bond0", rule: "injected")]
            }
        }
        ChangeRunnerTests.expectEqual(await driver.state, start, "fe80::5")
    }

    /// Nothing of the change survives as "somebody else's" when it fails by itself.
    @Test(arguments: ChangeRunnerTests.cases) func nobodyIsBlamedWhenNobodyDidAnything(_ each: Case) async throws {
        let start = try await each.start()
        let plan = Planner(host: start, allow: Self.everything).plan(each.wishes())
        for refused in 1...plan.steps.count {
            let driver = FakeHost(start, refusing: refused)
            do throws(ChangeFailure) {
                try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
            } catch {
                #expect(error.undo.foreign.isEmpty && error.undo.lost.isEmpty, "step \(refused): \(error.undo)")
            }
        }
    }
}

extension HostState {
    mutating func changeLink(_ index: Int32, _ body: (inout Link) -> Void) {
        for place in links.indices where links[place].index == index { body(&links[place]) }
    }
}

extension HostState {
    fileprivate var withoutKernelRoutes: HostState {
        var host = self
        host.routes.removeAll { $0.origin == 2 }
        return host
    }
}
