internal import Aggregation
internal import ArgumentParser
internal import Netlink

/// How long to wait until what was changed can carry traffic.
struct WaitOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Wait this long until the aggregate is usable (default 5s, with LACP 10s).", valueName: "time")
    )
    var wait: String?

    @Flag(help: "Do not wait until the aggregate is usable.")
    var noWait = false

    init() {}

    func validate() throws {
        if wait != nil, noWait { throw ValidationError("--wait and --no-wait exclude each other: leave one out.") }
    }

    /// Asked before anything is changed: a time that cannot be read is no reason to find out afterwards.
    ///
    /// - Parameter command: the command that takes it, for the message.
    func asked(by command: String) throws -> UsableWait {
        noWait ? .none : try Self.asked(wait, by: command) ?? .standard
    }

    /// The time that `--wait` gives; nil without one.
    static func asked(_ wait: String?, by command: String) throws -> UsableWait? {
        try wait.map { .atMost(try Duration(argument: $0, "wait", of: command, in: 0...Duration.longestWait)) }
    }
}

/// Waits until aggregates are usable: a port carries traffic, and nothing is settling any more.
enum UsableWait: Sendable, Equatable {
    case none
    /// Where the change made them begin anew, for as long as links and LACP need.
    case standard
    /// Whatever the change did.
    case atMost(Duration)

    private static let usual: Duration = .seconds(5)
    /// The short timeout and the wait while timer of both ends, one after the other.
    private static let withLACP: Duration = .seconds(10)
    /// How often it is read again for what nothing announces: states of LACP, teamd's own, delays that run out.
    private static let recheck: Duration = .milliseconds(200)

    /// - Parameters:
    ///   - prepared: the change that was carried out.
    /// - Throws: ``CommandFailure`` with code 75 when the time is over; what was done stays.
    func run(after prepared: ChangeWorkflow.Prepared, in session: ChangeSession) async throws {
        let names = self == .standard ? Self.affected(by: prepared) : Self.touched(by: prepared)
        try await run(names, StatusReading(session: session.session, stateDirectory: session.stateDirectory))
    }

    /// Waits for these aggregates, as far as they are up and can become usable.
    func run(_ names: Set<String>, _ reading: StatusReading) async throws {
        guard self != .none, !names.isEmpty else { return }
        let events = try NetlinkEvents(groups: [.links], in: reading.session.namespace)
        let start = ContinuousClock.now
        let time = time(for: try await Self.waited(names, reading))
        let isReady: Bool
        do {
            isReady = try await Interruption.cancelling {
                try await events.waitUntil(deadline: start + time, recheck: Self.recheck) {
                    try await Self.waited(names, reading).allSatisfy(\.isReady)
                }
            }
        } catch is CancellationError {
            let list = names.sorted().joined(separator: ", ")
            throw CommandFailure(.failed, message: "\(list): done; interrupted while waiting until it is usable")
        }
        await events.cancel()
        guard !isReady else { return }
        // One that carries traffic and still settles is usable.
        let missing = try await Self.waited(names, reading).filter { !$0.isUsable }
        guard !missing.isEmpty else { return }
        let list = missing.map(\.name)
        throw CommandFailure(
            .timedOut,
            message: "\(list.joined(separator: ", ")): done, but not usable after \(time): \(Self.reasons(missing))",
            hint: "look at the ports with aggctl status \(list.joined(separator: " "))")
    }

    private func time(for aggregates: [AggregateStatus]) -> Duration {
        if case .atMost(let time) = self { return time }
        return aggregates.contains { $0.mode == .lacp } ? Self.withLACP : Self.usual
    }

    /// Those that the change made, gave ports or brought up, and those that it may have disturbed.
    private static func affected(by prepared: ChangeWorkflow.Prepared) -> Set<String> {
        let before = AggregateHealth.statuses(of: prepared.host)
        let worked = Set(before.filter(\.isUsable).map(\.name))
        return prepared.plan.beginning.union(prepared.plan.beginningAnew.intersection(worked))
    }

    private static func touched(by prepared: ChangeWorkflow.Prepared) -> Set<String> {
        Set(prepared.wishes.filter { $0.state == .present }.map(\.name) + prepared.plan.beginning)
    }

    private static func waited(_ names: Set<String>, _ reading: StatusReading) async throws -> [AggregateStatus] {
        let host = try await reading.read()
        return AggregateHealth.statuses(of: host.state, expected: host.expected, ages: host.ages)
            .filter { names.contains($0.name) && !$0.isBeyondWaiting }
    }

    /// `no port is usable (eth0: no carrier)`.
    private static func reasons(_ aggregates: [AggregateStatus]) -> String {
        aggregates.map { aggregate in
            let cause = aggregate.findings.first { $0.verdict != nil }?.text ?? "it has no carrier"
            let ports = aggregate.ports.compactMap { port in port.note.map { "\(port.name): \($0)" } }
            return ports.isEmpty ? cause : "\(cause) (\(ports.joined(separator: "; ")))"
        }.joined(separator: "; ")
    }
}

extension AggregateStatus {
    /// Usable, and what more may come by itself is not about to. LACP is waited for wholly: one port alone may be none.
    fileprivate var isReady: Bool {
        guard isUsable, verdict == .settling else { return isUsable }
        return mode != .lacp && settling.value ?? 0 > 2000
    }
}
