internal import Aggregation
internal import Netlink
internal import Operations

/// From wishes to a changed host: read, resolve, plan, carry out, verify. Every command that changes or plans runs it.
struct ChangeWorkflow {
    let session: ChangeSession
    let reporter: Reporter
    var allow: Allowances = []

    /// What would be done, and what it was worked out from.
    struct Prepared: Sendable {
        let host: HostState
        let wishes: [ResolvedAggregate]
        let plan: Plan
        let notes: [PlanNote]
    }

    /// Reads the host and settles what the wishes mean on it.
    ///
    /// - Throws: ``Problems`` with everything that is wrong.
    func resolve(
        _ desired: [DesiredAggregate]
    ) async throws -> (host: HostState, wishes: [ResolvedAggregate], notes: [PlanNote]) {
        var host = try await session.driver.observe(.change)
        try session.portMemory().recall(on: &host)
        let resolutions = desired.map { Translation.resolve(chosen($0, on: host), in: host) }
        let problems = resolutions.flatMap(\.problems) + PortResolution.shared(among: resolutions)
        guard problems.isEmpty else { throw Problems(problems) }
        return (host, resolutions.map(\.aggregate), resolutions.flatMap(\.notes))
    }

    /// Plans, before anything is touched.
    func prepare(_ desired: [DesiredAggregate]) async throws -> Prepared {
        let (host, wishes, notes) = try await resolve(desired)
        let plan = Planner(host: host, allow: allow).plan(wishes)
        var problems = plan.problems
        if !plan.isEmpty, !host.isPrivileged {
            problems.append(
                Problem(
                    .notPermitted, subject: wishes.map(\.name).joined(separator: ", "),
                    rule: "changing it needs CAP_NET_ADMIN", remedy: "run it as root"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return Prepared(host: host, wishes: wishes, plan: plan, notes: notes + plan.notes)
    }

    /// Plans to give a team a daemon again; nothing when it has one that answers.
    func prepareRepair(of link: Link, _ daemon: AggregateFacts.Daemon) async throws -> Prepared {
        let host = try await session.driver.observe(.change)
        guard host.isPrivileged else {
            throw Problem(
                .notPermitted, subject: link.name, rule: "changing it needs CAP_NET_ADMIN", remedy: "run it as root")
        }
        var plan = Plan()
        let isNeeded = daemon.state != .running
        plan.changes = [AggregateChange(aggregate: link.name, kind: isNeeded ? .modify : .none)]
        if isNeeded { plan.steps = [PlannedStep(.repair(aggregate: link.name), of: link.name)] }
        return Prepared(host: host, wishes: [], plan: plan, notes: [])
    }

    /// Carries a plan out, or takes all of it back.
    func carryOut(_ prepared: Prepared) async throws -> ChangeResult {
        guard !prepared.plan.isEmpty else {
            try session.expectedPorts().remember(prepared.wishes, on: prepared.host)
            return ChangeResult(
                prepared, notes: prepared.notes + Verification.notes(prepared.wishes, in: prepared.host))
        }
        let reporter = reporter
        let runner = ChangeRunner(driver: session.driver, journal: try session.requireJournal()) {
            number, count, step in
            reporter.progress("\(number)/\(count) \(step.summary(.shared))")
        }
        let (ports, expected, ages) = (
            try session.portMemory(), try session.expectedPorts(), try session.changeAges()
        )
        let after = try await Interruption.cancelling {
            try await runner.run(prepared.plan, from: prepared.host) {
                Verification.problems(prepared.wishes, in: $0) + Verification.unmanaged(prepared.plan, in: $0)
            } remember: {
                ports.remember(from: prepared.host, to: $0)
                expected.remember(prepared.wishes, on: $0)
                ages.remember(prepared.plan.beginningAnew, on: $0)
            }
        }
        return ChangeResult(prepared, notes: prepared.notes + Verification.notes(prepared.wishes, in: after))
    }

    /// Settles `driver: auto`.
    private func chosen(_ desired: DesiredAggregate, on host: HostState) -> DesiredAggregate {
        var desired = desired
        if desired.driver == .auto {
            desired.driver = host.link(named: desired.name.text)?.aggregate?.driver == .teaming ? .teaming : .bonding
        }
        return desired
    }
}

/// Whether the kernel did what it said yes to.
enum Verification {
    /// What is not as it was asked for.
    static func problems(_ wishes: [ResolvedAggregate], in host: HostState) -> [Problem] {
        wishes.flatMap { wish in
            SettingComparison.compare(wish, in: host).filter(\.isUnfulfilled).map { comparison in
                let isUnknown = comparison.outcome == .unknownToKernel
                return Problem(
                    isUnknown ? .unavailable : .failed, subject: comparison.port ?? wish.name,
                    option: comparison.setting.name, value: comparison.wantedText,
                    rule: comparison.text ?? "it reads back differently",
                    remedy: isUnknown
                        ? "leave it out, or use a kernel from \(comparison.since ?? "later") on"
                        : "the kernel took the request and did something else: report this")
            } + structural(wish, in: host)
        }
    }

    /// Teams that a plan touched and nobody runs.
    static func unmanaged(_ plan: Plan, in host: HostState) -> [Problem] {
        plan.changes.compactMap { change in
            guard change.kind != .delete, change.kind != .none,
                let daemon = host.link(named: change.aggregate)?.aggregate?.daemon, daemon.state != .running
            else { return nil }
            return Problem(
                .unavailable, subject: change.aggregate,
                rule: daemon.state == .absent ? "its teamd has ended" : "its teamd does not answer",
                remedy: "run aggctl repair \(change.aggregate)")
        }
    }

    /// What no option says: existence, ports, addresses.
    private static func structural(_ wish: ResolvedAggregate, in host: HostState) -> [Problem] {
        var wish = wish
        wish.settings = []
        wish.missingPorts = []
        wish.ports = wish.ports?.map { .init(name: $0.name) }
        return Difference.between(wish, host).filter { !$0.isShortfall }.map { difference in
            Problem(
                .failed, subject: wish.name, option: difference.key, value: difference.wanted,
                rule: "after the change it is \(difference.observed ?? "none")",
                remedy: "something else changes it at the same time")
        }
    }

    /// What is right but worth a word: not verified, deferred, satisfied by absence.
    static func notes(_ wishes: [ResolvedAggregate], in host: HostState) -> [PlanNote] {
        wishes.flatMap { wish in
            SettingComparison.compare(wish, in: host).filter { !$0.isUnfulfilled }.compactMap { comparison in
                comparison.text.map { PlanNote(.info, subject: comparison.port ?? wish.name, text: $0) }
            }
        }
    }
}
