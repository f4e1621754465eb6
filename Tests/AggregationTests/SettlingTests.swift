import Aggregation
import Testing

/// What came up just now is told from what does not come up: both sides of every limit, with our own record of the time
/// and by the kernel's states alone.
@Suite struct SettlingTests {
    private static let forwarding = LACPPortState(rawValue: 63)
    /// What 6.1 showed of a port in the first 3.2 s, and of one without a partner afterwards.
    private static let fresh = LACPPortState(rawValue: 199)
    private static let alone = LACPPortState(rawValue: 79)
    /// A partner was heard: not selected yet, and in sync.
    private static let heard = LACPPortState(rawValue: 7)

    private static func port(_ name: String, _ index: Int32) -> Link {
        var link = Link(index: index, name: name)
        link.flags = [.up]
        link.hasCarrier = true
        link.master = 100
        link.speed = 1000
        link.duplex = .full
        link.port = PortFacts(options: [:], isBackup: false, monitor: .up, linkFailures: 0)
        return link
    }

    static func host(_ mode: Mode, _ options: OptionValues = ["miimon": .number(100)]) -> HostState {
        var facts = AggregateFacts(driver: .bonding, mode: mode, options: options)
        facts.ports = ["a", "b"]
        if mode.usesOnePort { facts.activePort = "a" }
        if mode == .lacp {
            facts.activeAggregator = .init(
                id: 1, portCount: 2, actorKey: 9, partnerKey: 9,
                partnerSystem: LinkLayerAddress([2, 0, 0, 0, 0, 9]))
        }
        var link = Link(index: 100, name: "bond0")
        link.kind = "bond"
        link.flags = [.up]
        link.hasCarrier = true
        link.aggregate = facts
        var state = HostState()
        state.links = [link, port("a", 1), port("b", 2)]
        if mode == .lacp {
            for place in 1...2 { lacp(&state.links[place], forwarding, partner: forwarding) }
        }
        return state
    }

    static func lacp(_ link: inout Link, _ actor: LACPPortState, partner: LACPPortState, isBackup: Bool = false) {
        link.port?.aggregatorID = 1
        link.port?.actorState = actor
        link.port?.partnerState = partner
        link.port?.isBackup = isBackup
        link.port?.receivedLACPDUs = 3
    }

    static func status(_ state: HostState, age: Int64? = nil) throws -> AggregateStatus {
        try #require(AggregateHealth.statuses(of: state, ages: age.map { ["bond0": $0] } ?? [:]).first)
    }

    // MARK: - By our own record

    /// 500 ms to be told, twice miimon, and 6 s of LACP.
    @Test(arguments: [(Int64(0), true), (6699, true), (6700, false), (60_000, false)])
    func lacpHasItsTime(_ age: Int64, _ isSettling: Bool) throws {
        var state = Self.host(.lacp)
        Self.lacp(&state.links[2], Self.heard, partner: Self.heard, isBackup: true)
        let judged = try Self.status(state, age: age)
        #expect(judged.verdict == (isSettling ? .settling : .degraded))
        #expect(judged.settling == (isSettling ? .value(6700 - age) : .doesNotApply))
        #expect(judged.ports[1].note == (isSettling ? "negotiating" : "not selected into the aggregator yet"))
        #expect(judged.ports[1].isUsable == false)
    }

    @Test(arguments: [(Int64(699), true), (700, false)])
    func aLinkMonitorHasItsTime(_ age: Int64, _ isSettling: Bool) throws {
        var state = Self.host(.balanceXOR, ["miimon": .number(100), "use_carrier": .number(0)])
        state.links[2].port?.monitor = .down
        #expect(try Self.status(state, age: age).verdict == (isSettling ? .settling : .degraded))
    }

    /// arp_interval × (missed + 1), one more for the first, and 500 ms.
    @Test(arguments: [(Int64(1699), true), (1700, false)])
    func aTargetHasItsTime(_ age: Int64, _ isSettling: Bool) throws {
        var state = Self.host(
            .activeBackup,
            [
                "miimon": .number(0), "arp_interval": .number(300), "arp_missed_max": .number(2),
                "arp_validate": .number(3), "arp_ip_target": .targets([try #require(IPAddress(text: "192.0.2.1"))]),
            ])
        for place in 1...2 { state.links[place].port?.monitor = .down }
        let judged = try Self.status(state, age: age)
        #expect(judged.verdict == (isSettling ? .settling : .down))
        #expect(
            judged.ports[0].note
                == (isSettling ? "waiting for an answer from 192.0.2.1" : "has carrier, but 192.0.2.1 does not answer"))
    }

    @Test(arguments: [(Int64(2499), true), (2500, false)])
    func aDelayOfTeamdHasItsTime(_ age: Int64, _ isSettling: Bool) throws {
        let watch = LinkWatch(.ethtool, [OptionSetting("delay_up", .number(2000))])
        var state = Self.host(.activeBackup)
        state.links[0].kind = "team"
        state.links[0].aggregate?.driver = .teaming
        state.links[0].aggregate?.daemon = .init(.running, process: 7)
        state.links[0].aggregate?.options = ["link_watch": .watches([watch])]
        state.links[0].aggregate?.activePort = nil
        for place in 1...2 {
            state.links[place].port?.monitor = .down
            state.links[place].port?.failedWatches = [watch]
        }
        let judged = try Self.status(state, age: age)
        #expect(judged.verdict == (isSettling ? .settling : .down))
        #expect(judged.ports[0].note == "carrier is back; used after delay_up 2000ms")
    }

    @Test func whatWillNotComeIsSaidAtOnce() throws {
        // No carrier, administratively down, no ports, healthy, too few ports for min_links.
        var state = Self.host(.balanceXOR)
        state.links[2].hasCarrier = false
        state.links[2].port?.monitor = .down
        #expect(try Self.status(state, age: 0).verdict == .degraded)
        state = Self.host(.balanceXOR)
        state.links[0].flags = []
        #expect(try Self.status(state, age: 0).verdict == .down)
        state = Self.host(.balanceXOR)
        state.links.removeLast(2)
        #expect(try Self.status(state, age: 0).verdict == .misconfigured)
        #expect(try Self.status(Self.host(.lacp), age: 0).verdict == .healthy)
        state = Self.host(.lacp)
        state.links[0].aggregate?.options["min_links"] = .number(3)
        Self.lacp(&state.links[2], Self.heard, partner: Self.heard, isBackup: true)
        #expect(try Self.status(state, age: 0).verdict == .misconfigured)
    }

    @Test func nothingIsDiagnosedMeanwhile() throws {
        var state = Self.host(.lacp)
        state.links[0].aggregate?.activeAggregator?.partnerSystem = .zero
        for place in 1...2 {
            Self.lacp(&state.links[place], Self.fresh, partner: LACPPortState(rawValue: 2), isBackup: place == 2)
            state.links[place].port?.receivedLACPDUs = 0
        }
        let judged = try Self.status(state, age: 100)
        #expect(judged.verdict == .settling)
        #expect(judged.findings.map(\.verdict) == [.settling])
        #expect(judged.ports.allSatisfy { $0.note == "negotiating" && !$0.planesDisagree && !$0.isUsable })
    }

    @Test func aTimeThatIsTooLongToCountDoesNotTrap() throws {
        let numbers: [Int64] = [.max, .max - 1, Int64(Int32.max)]
        for number in numbers {
            var state = Self.host(
                .activeBackup,
                [
                    "miimon": .number(number), "updelay": .number(number), "arp_interval": .number(number),
                    "arp_missed_max": .number(255), "arp_ip_target": .targets([]),
                ])
            state.links[2].port?.monitor = .goingUp
            _ = try Self.status(state, age: number)
            let watch = LinkWatch(
                .arpPing,
                [
                    .init("interval", .number(number)), .init("init_wait", .number(number)),
                    .init("missed_max", .number(number)),
                ])
            state.links[0].aggregate?.driver = .teaming
            let late = LinkWatch(.ethtool, [.init("delay_up", .number(number))])
            state.links[0].aggregate?.options = ["link_watch": .watches([watch, late])]
            _ = try Self.status(state, age: 0)
        }
    }

    // MARK: - By the kernel's states

    /// The kernel leaves EXPIRED after 3 s: then nobody is there.
    @Test func theFirstWaitOfLACPIsKnownByItsState() throws {
        var state = Self.host(.lacp)
        state.links[0].aggregate?.activeAggregator?.partnerSystem = .zero
        for place in 1...2 {
            Self.lacp(&state.links[place], Self.fresh, partner: LACPPortState(rawValue: 2), isBackup: place == 2)
        }
        #expect(try Self.status(state).verdict == .settling)
        #expect(try Self.status(state).settling == .value(3000))
        Self.lacp(&state.links[1], Self.alone, partner: LACPPortState(rawValue: 0))
        Self.lacp(&state.links[2], LACPPortState(rawValue: 71), partner: LACPPortState(rawValue: 0), isBackup: true)
        let settled = try Self.status(state)
        #expect(settled.verdict == .degraded)
        #expect(settled.portsUp == 1)
        #expect(settled.ports[0].note?.contains("forwards alone") == true)
        // That is final, however young it is.
        #expect(try Self.status(state, age: 3500).verdict == .degraded)
    }

    /// Before bonding's machines have run a port says what one says that has given up.
    @Test(arguments: [(UInt64(0), true), (1, false)]) func theVeryFirstMomentToo(_ sent: UInt64, _ isSettling: Bool)
        throws
    {
        var state = Self.host(.lacp)
        state.links[0].aggregate?.activeAggregator?.partnerSystem = .zero
        for place in 1...2 {
            Self.lacp(&state.links[place], .init(rawValue: 71), partner: .init(rawValue: 0), isBackup: place == 2)
            state.links[place].port?.sentLACPDUs = sent
        }
        #expect(try Self.status(state).verdict == (isSettling ? .settling : .degraded))
        #expect(try Self.status(state).partner == (isSettling ? .unknown : .nothing))
        // By our own record it cannot have given up before the short timeout, whatever was sent.
        #expect(try Self.status(state, age: 2999).verdict == .settling)
        #expect(try Self.status(state, age: 3000).verdict == (isSettling ? .settling : .degraded))
        // A passive port sends nothing unasked.
        for place in 1...2 { state.links[place].port?.actorState?.remove(.activity) }
        #expect(try Self.status(state).verdict == .degraded)
    }

    /// teamd says EXPIRED without DEFAULTED, of a partner that is nobody.
    @Test func ofTeamdToo() throws {
        var state = Self.host(.lacp)
        for place in 1...2 {
            Self.lacp(
                &state.links[place], LACPPortState(rawValue: 135), partner: LACPPortState(rawValue: 2), isBackup: true)
            state.links[place].port?.partner = .init(
                systemPriority: 0, system: .zero, key: 0, portPriority: 0, portNumber: 0)
        }
        #expect(try Self.status(state).verdict == .settling)
        // One that was heard before has gone silent.
        for place in 1...2 { state.links[place].port?.partner?.system = LinkLayerAddress([2, 0, 0, 0, 0, 9]) }
        #expect(try Self.status(state).verdict == .down)
    }

    @Test(arguments: [(UInt64(0), false), (1, true), (9, true), (10, false), (500, false)])
    func aNegotiationOfOthersIsKnownByItsCounters(_ received: UInt64, _ isSettling: Bool) throws {
        var state = Self.host(.lacp)
        Self.lacp(&state.links[2], Self.heard, partner: Self.heard, isBackup: true)
        state.links[2].port?.actorChurn = .monitoring
        state.links[2].port?.receivedLACPDUs = received
        let judged = try Self.status(state)
        #expect(judged.verdict == (isSettling ? .settling : .degraded))
        #expect(judged.settling == (isSettling ? .unknown : .doesNotApply))
    }

    /// Churn is decided after a minute at most; a record that is over counts more than counters.
    @Test func aNegotiationDoesNotGoOnForEver() throws {
        var state = Self.host(.lacp)
        Self.lacp(&state.links[2], Self.heard, partner: Self.heard, isBackup: true)
        for churn in [PortFacts.ChurnState.churned, .settled] {
            state.links[2].port?.actorChurn = churn
            #expect(try Self.status(state).verdict == .degraded)
        }
        state.links[2].port?.actorChurn = .monitoring
        #expect(try Self.status(state, age: 7000).verdict == .degraded)
    }

    @Test func aDelayThatRunsIsKnownByItsState() throws {
        var state = Self.host(.activeBackup, ["miimon": .number(100), "updelay": .number(400)])
        state.links[2].port?.monitor = .goingUp
        let judged = try Self.status(state)
        #expect(judged.verdict == .settling)
        #expect(judged.settling == .value(500))
        #expect(judged.ports[1].note == "carrier is back; used after updelay 400ms")
        state.links[2].hasCarrier = false
        #expect(try Self.status(state).verdict == .degraded)
    }
}
