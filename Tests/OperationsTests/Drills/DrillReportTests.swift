import Aggregation
import FoundationEssentials
import Operations
import Testing

/// What a drill concludes from what it measured.
@Suite struct DrillReportTests {
    private static let millisecond: Int64 = 1_000_000
    private let times = DrillTimes(
        start: 0, fault: 1000 * millisecond, restored: 2000 * millisecond, end: 3000 * millisecond,
        underway: 4 * millisecond)

    /// A flow on a port that loses the probes sent in a span, in milliseconds.
    ///
    /// - Parameters:
    ///   - late: those sent then are answered too late.
    ///   - pause: nothing is sent then.
    private func flow(
        _ port: String, losing lost: Range<Int64> = 0..<0, late: Range<Int64> = 0..<0, pause: Range<Int64> = 0..<0
    ) throws -> DrillReport.FlowReport {
        let sent = stride(from: Int64(0), to: 3000, by: 2).filter { !pause.contains($0) }
        let answered = sent.map { time in
            lost.contains(time) ? 0 : time * Self.millisecond + (late.contains(time) ? 250_000_000 : 500_000)
        }
        let record = ProbeRecord(sent: sent.map { $0 * Self.millisecond }, answered: answered)
        let path = ProbePath(
            target: try #require(IPAddress(text: "198.51.100.1")),
            source: try #require(IPAddress(text: "198.51.100.2")),
            device: "bond0")
        return .init(
            ProbeFlow(path: path, sourcePort: 1, targetPort: 2), placement: .init(sending: [port], receiving: [port]),
            record: record, pulled: "eth0", times: times)
    }

    private func report(_ flows: [DrillReport.FlowReport], objective: Int64? = nil) throws -> DrillReport {
        let host = DrillHosts.activeBackup()
        let subject = try DrillSubject(
            named: "bond0", in: host, wanted: [], farTargets: [try #require(IPAddress(text: "198.51.100.1"))])
        return DrillReport(
            subject: subject, fault: .carrier, started: Date(), interval: 2 * Self.millisecond,
            objective: objective.map { $0 * Self.millisecond }, pulledPort: "eth0", farEnd: "sw0", ports: [],
            flows: flows, times: times, lateness: Lateness())
    }

    @Test func onlyTheFlowThatWasHitShowsAnOutage() throws {
        let report = try report([try flow("eth0", losing: 1001..<1041), try flow("eth1")])
        #expect(report.outage == 42 * Self.millisecond)
        #expect(report.outage(.during) == report.outage)
        #expect(report.outage(.before) == 0 && report.outage(.after) == 0)
        #expect(report.flows.map(\.outage) == [42 * Self.millisecond, 0])
        #expect(report.affected == 1)
        #expect(report.lost == 20)
        #expect(report.recoveryTime == 42 * Self.millisecond)
        #expect(report.verdict == .measured)
    }

    @Test(arguments: [(Int64(42), DrillReport.Verdict.met), (41, .missed)])
    func theObjectiveIsTheLongestThatIsFine(objective: Int64, verdict: DrillReport.Verdict) throws {
        #expect(try report([try flow("eth0", losing: 1001..<1041)], objective: objective).verdict == verdict)
    }

    @Test func whatTheRestorationCostsCounts() throws {
        let report = try report([try flow("eth0", losing: 2101..<2301)], objective: 100)
        #expect(report.outage(.after) == 202 * Self.millisecond)
        #expect(report.outage(.during) == 0)
        #expect(report.verdict == .missed)
        #expect(report.recoveryTime == nil)
    }

    @Test(arguments: [Int64(1996), 2000, 2050, 3000])
    func flowsThatComeBackOnlyWithThePortAreNoFailover(until: Int64) throws {
        let report = try report([try flow("eth0", losing: 1001..<until), try flow("eth1")], objective: 10_000)
        #expect(report.verdict == .noFailover)
        #expect(DrillFindings.all(of: report, empty: []).contains { $0.contains("no failover") })
    }

    @Test func anOutageThatNeverEndsIsNoSuccess() throws {
        let report = try report([try flow("eth0", losing: 2500..<3000)], objective: 10_000)
        #expect(report.verdict == .noFailover)
    }

    /// What stood still at the moment that matters proves nothing, in either direction.
    @Test func standingStillIsNoFailoverProved() throws {
        // The sender, from the first loss until long after the port is back: the drill of a stopped process.
        let asleep = try report([try flow("eth0", losing: 1001..<1020, pause: 1020..<2600), try flow("eth1")])
        #expect(asleep.verdict == .inconclusive)
        // The responder, over the moment at which the port comes back.
        #expect(try report([try flow("eth0", late: 1900..<2100), try flow("eth1")]).verdict == .inconclusive)
        // The last answers, for which there was no time any more.
        #expect(try report([try flow("eth0", losing: 2990..<3000)]).verdict == .inconclusive)
        #expect(try report([try flow("eth0", late: 2700..<3000)]).verdict == .inconclusive)
        #expect(DrillFindings.all(of: asleep, empty: []).contains { $0.contains("run the drill again") })
        #expect(!DrillFindings.all(of: asleep, empty: []).contains { $0.contains("no failover") })
    }

    /// A probe lost shortly before the port comes back is proof, one that was lost long before is none.
    @Test(arguments: [
        (Int64(2000), DrillReport.Verdict.noFailover), (1898, .noFailover), (1896, .inconclusive),
        (1500, .inconclusive),
    ])
    func proofIsCloseToTheMoment(until: Int64, verdict: DrillReport.Verdict) throws {
        let flow = try flow("eth0", losing: 1001..<until, pause: until..<2001)
        #expect(try report([flow], objective: 10_000).verdict == verdict)
    }

    /// In the last hundred milliseconds nobody can tell whether an outage lasts.
    @Test(arguments: [(Int64(2898), DrillReport.Verdict.noFailover), (2900, .inconclusive)])
    func anOutageAtTheEndHasToLast(from: Int64, verdict: DrillReport.Verdict) throws {
        #expect(try report([try flow("eth0", losing: from..<3000)]).verdict == verdict)
    }

    /// Lost from 1002 to 1020, answered at 1000 and 1400: 18 ms at least, 400 ms at most.
    @Test(
        arguments: [
            (nil, .inconclusive), (400, .met), (399, .inconclusive), (18, .inconclusive), (17, .missed),
        ] as [(Int64?, DrillReport.Verdict)])
    func anOutageOfUnknownLengthIsJudgedByWhatIsKnown(objective: Int64?, verdict: DrillReport.Verdict) throws {
        let flow = try flow("eth0", losing: 1001..<1021, pause: 1021..<1400)
        #expect(try report([flow], objective: objective).verdict == verdict)
    }

    /// A sender that was late elsewhere changes nothing about what was seen.
    @Test func standingStillElsewhereDoesNoHarm() throws {
        let flow = try flow("eth0", losing: 1001..<1041, pause: 300..<900)
        #expect(try report([flow], objective: 100).verdict == .met)
        #expect(try report([flow]).verdict == .measured)
    }

    @Test func theTimelineIsInOrder() throws {
        let report = try report([try flow("eth0", losing: 1001..<1041)])
        let up = PortWatch.Condition(monitor: .up, hasCarrier: true, isUsable: true, isActive: true)
        let down = PortWatch.Condition(monitor: .down, hasCarrier: false, isUsable: false, isActive: false)
        let moments = DrillTimeline.moments(
            of: report, changes: [.init(time: 1030 * Self.millisecond, port: "eth0", from: up, to: down)])
        #expect(
            moments.map(\.text) == [
                "carrier of eth0 taken away", "first probe lost", "eth0: up, active -> down",
                "all flows answered again",
                "carrier of eth0 given back",
            ])
    }

    @Test(arguments: [
        (Int64(0), "0 ms"), (37_940_000, "37.9 ms"), (2_000_000, "2 ms"), (-40_000, "0 ms"), (-1_250_000, "-1.3 ms"),
    ])
    func timesForPeople(nanoseconds: Int64, text: String) {
        #expect(Milliseconds(nanoseconds).description == text)
    }
}

/// Which hosts a drill is refused on.
@Suite struct DrillSubjectTests {
    private let target = IPAddress(text: "198.51.100.1")

    private func problem(_ host: HostState, _ name: String = "bond0", wanted: [String] = []) throws -> Problem {
        let target = try #require(target)
        let error = #expect(throws: DrillError.self) {
            try DrillSubject(
                named: name, in: host, wanted: wanted.compactMap { IPAddress(text: $0) }, farTargets: [target]
            ).requireRedundancy()
        }
        guard case .unfit(let problem) = error else { throw DrillError.thread(reason: "\(String(describing: error))") }
        return problem
    }

    @Test func theHostThatIsFine() throws {
        let subject = try DrillSubject(
            named: "bond0", in: DrillHosts.activeBackup(), wanted: [], farTargets: [try #require(target)])
        #expect(subject.usablePorts == ["eth0", "eth1"])
        #expect(subject.activePort == "eth0")
        #expect(subject.paths.map(\.device) == ["bond0"])
        #expect(subject.paths.map(\.source.description) == ["198.51.100.2"])
        try subject.requireRedundancy()
    }

    @Test func oneUsablePortIsNoRedundancy() throws {
        let host = DrillHosts.activeBackup { state in
            for place in state.links.indices where state.links[place].name == "eth1" {
                state.links[place].port?.monitor = .down
                state.links[place].hasCarrier = false
            }
        }
        let problem = try problem(host)
        #expect(problem.category == .refused(flag: nil))
        #expect(problem.message.contains("eth0 is its only usable port"))
    }

    @Test func whatIsNoAggregate() throws {
        #expect(try problem(DrillHosts.activeBackup(), "eth0").category == .notFound)
        #expect(try problem(DrillHosts.activeBackup(), "bond7").category == .notFound)
    }

    @Test func anAggregateThatIsDown() throws {
        let host = DrillHosts.activeBackup { state in
            for place in state.links.indices where state.links[place].name == "bond0" { state.links[place].flags = [] }
        }
        #expect(try problem(host).message.contains("it is down"))
    }

    @Test func noAddressNearTheTarget() throws {
        let problem = try problem(DrillHosts.activeBackup { $0.addresses = [] })
        #expect(problem.message.contains("no address in the network of 198.51.100.1"))
        #expect(problem.remedy?.contains("ip address add 198.51.100.2/24 dev bond0") == true)
    }

    @Test func aTargetThatIsNotOurs() throws {
        #expect(try problem(DrillHosts.activeBackup(), wanted: ["203.0.113.9"]).category == .unavailable)
    }

    @Test(arguments: [
        ("198.51.100.2/24", "198.51.100.77", true), ("198.51.100.2/24", "198.51.101.1", false),
        ("198.51.100.2/25", "198.51.100.129", false), ("0.0.0.0/0", "192.0.2.1", true),
        ("2001:db8:100::2/64", "2001:db8:100::1", true), ("2001:db8:100::2/64", "2001:db8:101::1", false),
        ("2001:db8:100::2/64", "198.51.100.1", false),
    ])
    func networks(prefix: String, address: String, isInside: Bool) throws {
        let prefix = try #require(IPPrefix(text: prefix))
        #expect(prefix.contains(try #require(IPAddress(text: address))) == isInside)
    }
}

/// Hosts to hold drills on, without a kernel.
enum DrillHosts {
    /// bond0 over eth0 and eth1, eth0 active, with an address.
    static func activeBackup(_ change: (inout HostState) -> Void = { _ in }) -> HostState {
        var state = HostState()
        var bond = Link(index: 10, name: "bond0")
        bond.kind = "bond"
        bond.flags = [.up]
        bond.hasCarrier = true
        var facts = AggregateFacts(driver: .bonding, mode: .activeBackup, options: [:])
        facts.activePort = "eth0"
        facts.ports = ["eth0", "eth1"]
        bond.aggregate = facts
        state.links.append(bond)
        for (place, name) in ["eth0", "eth1"].enumerated() {
            var port = Link(index: Int32(2 + place), name: name)
            port.flags = [.up]
            port.hasCarrier = true
            port.master = 10
            port.port = PortFacts(options: [:], isBackup: place > 0, monitor: .up, linkFailures: 0)
            state.links.append(port)
        }
        if let prefix = IPPrefix(text: "198.51.100.2/24") {
            state.addresses.append(
                .init(
                    device: 10, prefix: prefix, scope: 0, flags: 0x80, origin: 0, validLifetime: nil,
                    record: .init(kind: .address, key: "a", summary: "", payload: [])))
        }
        change(&state)
        return state
    }
}
