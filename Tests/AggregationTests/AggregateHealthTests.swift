import Aggregation
import Testing

/// The judgement itself, where a picture of the whole (the golden tests) would hide the rule.
@Suite struct AggregateHealthTests {
    private func port(_ name: String, _ index: Int32, speed: UInt32? = 1000) -> Link {
        var link = Link(index: index, name: name)
        link.flags = [.up]
        link.hasCarrier = true
        link.master = 100
        link.speed = speed
        link.duplex = .full
        link.port = PortFacts(options: [:], isBackup: false, monitor: .up, linkFailures: 0)
        return link
    }

    private func host(_ mode: Mode, _ ports: [Link], _ body: (inout AggregateFacts) -> Void = { _ in }) -> HostState {
        var facts = AggregateFacts(driver: .bonding, mode: mode, options: ["miimon": .number(100)])
        facts.ports = ports.map(\.name)
        body(&facts)
        var link = Link(index: 100, name: "bond0")
        link.kind = "bond"
        link.flags = [.up]
        link.hasCarrier = true
        link.aggregate = facts
        var state = HostState()
        state.links = [link] + ports
        return state
    }

    private func status(_ state: HostState, expected: [String: Int] = [:]) throws -> AggregateStatus {
        try #require(AggregateHealth.statuses(of: state, expected: expected).first)
    }

    @Test func expectedPortsThatAreMissingDegrade() throws {
        let state = host(.balanceXOR, [port("a", 1), port("b", 2)])
        #expect(try status(state).verdict == .healthy)
        let judged = try status(state, expected: ["bond0": 3])
        #expect(judged.verdict == .degraded)
        #expect(judged.portsUp == 2)
        #expect(judged.expectedPorts == 3)
    }

    @Test(arguments: [
        (Mode.balanceXOR, UInt64(1100)), (.balanceRR, 1100), (.balanceALB, 1100), (.broadcast, 100),
        (.activeBackup, 100),
    ])
    func speedIsWhatTheModeCanUse(_ mode: Mode, _ expected: UInt64) throws {
        let state = host(mode, [port("a", 1, speed: 1000), port("b", 2, speed: 100)]) { $0.activePort = "b" }
        #expect(try status(state).speed == expected)
    }

    @Test func anUnknownSpeedIsNotZero() throws {
        #expect(try status(host(.balanceXOR, [port("a", 1), port("b", 2, speed: nil)])).speed == nil)
        #expect(try status(host(.balanceXOR, [])).speed == 0)
    }

    /// Kernels up to 6.1 leave the LACP state of a forwarding port on one whose link is down.
    @Test func theLinkIsJudgedBeforeLACP() throws {
        var down = port("a", 1)
        down.port?.aggregatorID = 1
        down.port?.actorState = LACPPortState(rawValue: 63)
        down.port?.monitor = .down
        down.hasCarrier = false
        let state = host(.lacp, [down]) {
            $0.activeAggregator = .init(id: 1, portCount: 1, actorKey: 9, partnerKey: 9, partnerSystem: .zero)
        }
        let judged = try status(state)
        #expect(judged.verdict == .down)
        #expect(judged.ports.first?.isUsable == false)
        #expect(judged.ports.first?.planesDisagree == false)
    }

    @Test func whatIsHiddenIsNotMissing() throws {
        var state = host(.lacp, [port("a", 1)]) {
            $0.activeAggregator = .init(id: 1, portCount: 1, actorKey: 9, partnerKey: 9, partnerSystem: nil)
        }
        #expect(try status(state).partner == .unknown)
        #expect(try status(state).hidden == [])
        state.isPrivileged = false
        #expect(try status(state).partner == .unknown)
        #expect(try status(state).hidden == ["partner"])
        state.links[0].aggregate?.activeAggregator?.partnerSystem = .zero
        #expect(try status(state).partner == .nothing)
        #expect(try status(state).hidden == [])
    }

    @Test func portsComeInTheOrderInWhichTheyJoined() throws {
        let state = host(.balanceXOR, [port("a", 1), port("b", 2)]) { $0.ports = ["b", "a"] }
        #expect(try status(state).ports.map(\.name) == ["b", "a"])
    }

    @Test func hashPolicyAppliesWhereAPortIsChosenByHash() throws {
        func policy(_ mode: Mode, dynamic: Int64 = 1) throws -> Reading<String> {
            try status(
                host(mode, [port("a", 1)]) {
                    $0.options["xmit_hash_policy"] = .number(2)
                    $0.options["tlb_dynamic_lb"] = .number(dynamic)
                }
            ).hashPolicy
        }
        #expect(try policy(.balanceXOR) == .value("layer2+3"))
        #expect(try policy(.balanceTLB) == .doesNotApply)
        #expect(try policy(.balanceTLB, dynamic: 0) == .value("layer2+3"))
        #expect(try policy(.activeBackup) == .doesNotApply)
    }

    @Test func monitoringWithoutTargetsIsMisconfigured() throws {
        let state = host(.balanceXOR, [port("a", 1), port("b", 2)]) {
            $0.options = ["miimon": .number(0), "arp_interval": .number(1000), "arp_ip_target": .targets([])]
        }
        #expect(try status(state).verdict == .misconfigured)
    }

    @Test func verdictsAreOrderedFromBestToWorst() {
        #expect(Verdict.allCases.sorted() == Verdict.allCases)
        #expect(Verdict.allCases == [.healthy, .settling, .unknown, .degraded, .misconfigured, .down])
    }
}
