internal import Aggregation
internal import Netlink
internal import Operations
internal import Teaming

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
        let new = desired.filter { $0.state != .absent && host.link(named: $0.name.text) == nil }
        var known = host
        known.announced = Set(new.map(\.name.text))
        let resolutions = desired.map { Translation.resolve($0, in: known) }
        let problems =
            resolutions.flatMap(\.problems) + PortResolution.doubled(among: resolutions, as: desired.map(\.name.text))
            + PortResolution.shared(among: resolutions)
        guard problems.isEmpty else { throw Problems(problems) }
        return (host, resolutions.map(\.aggregate), resolutions.flatMap(\.notes))
    }

    /// Plans, before anything is touched.
    ///
    /// - Parameter isRehearsal: nothing will be carried out: what would be refused for want of a flag is part of the
    ///   plan, and privilege is not asked for.
    func prepare(_ desired: [DesiredAggregate], isRehearsal: Bool = false) async throws -> Prepared {
        var (host, wishes, notes) = try await resolve(desired)
        let allowed = isRehearsal ? .everything : allow
        var plan = Planner(host: host, allow: allowed).plan(wishes)
        if !plan.isEmpty || !plan.problems.isEmpty {
            notes += await look(further: &host, wishes)
            // Read only where something changes, of what that affects; part of it decides what moves and what is said.
            host.settings = try await session.driver.settings(of: Restoration.devices(of: plan, on: host))
            plan = Planner(host: host, allow: allowed).plan(wishes)
        }
        var problems = plan.problems + (await missingPrerequisites(wishes, plan, host))
        if isRehearsal {
            plan.refusals = Planner(host: host, allow: allow).plan(wishes).problems.filter(\.isRefusal)
            // Flags that are not needed leave the same plan, but not the same remarks.
            plan.notes = Planner(host: host, allow: allow.union(plan.refusals.allowances)).plan(wishes).notes
        } else if !plan.isEmpty, !host.isPrivileged {
            problems.append(
                Problem(
                    .notPermitted, subject: wishes.map(\.name).joined(separator: ", "),
                    rule: "changing it needs CAP_NET_ADMIN", remedy: "run it as root"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
        let teams = wishes.filter { $0.driver == .teaming && $0.state != .absent }.map(\.name)
        notes += plan.isEmpty ? [] : withoutSupervision(teams)
        return Prepared(host: host, wishes: wishes, plan: plan, notes: notes + plan.notes)
    }

    /// How long an LACP partner is listened for where the caller's own connection would depend on one.
    private static let partnerPatience: Duration = .seconds(4)

    /// Looks at what only a change needs to know: devices of other namespaces, and LACP partners where the caller's own
    /// connection would depend on one.
    ///
    /// - Returns: what could not be seen.
    private func look(further host: inout HostState, _ wishes: [ResolvedAggregate]) async -> [PlanNote] {
        let foreign = await session.driver.foreignDependants()
        host.foreign = foreign
        if host.callerAddress != nil {
            let prospects = wishes.map { CarrierProspect($0, link: host.link(named: $0.name), host: host) }
            let ports = prospects.filter(\.dependsOnPartner).flatMap(\.listeningPorts).map(\.index)
            if prospects.contains(where: \.dependsOnPartner) {
                if !ports.isEmpty { reporter.progress("listening for an LACP partner") }
                host.heardPartners = await session.driver.hearPartners(at: ports, for: Self.partnerPatience)
            }
        }
        guard !foreign.isComplete else { return [] }
        return [
            PlanNote(
                .warning, subject: wishes.map(\.name).joined(separator: ", "),
                text: "some network namespaces cannot be looked into: devices there that stand on it are not known"
                    + (host.isPrivileged ? "" : "; root sees more"))
        ]
    }

    /// Drivers and daemons that the plan needs and this host lacks.
    private func missingPrerequisites(
        _ wishes: [ResolvedAggregate], _ plan: Plan, _ host: HostState
    ) async -> [Problem] {
        let created = Set(plan.changes.filter { $0.kind == .create }.map(\.aggregate))
        let drivers = Set(wishes.filter { created.contains($0.name) }.map(\.driver))
        var problems: [Problem] = []
        for driver in DriverKind.allCases where drivers.contains(driver) {
            guard var problem = await session.driver.missingPrerequisite(of: driver) else { continue }
            problem.subject = wishes.first { created.contains($0.name) && $0.driver == driver }?.name ?? problem.subject
            problems.append(problem)
        }
        return problems
    }

    /// Plans to give a team a daemon again; nothing when it has one that answers.
    func prepareRepair(of link: Link, _ daemon: AggregateFacts.Daemon) async throws -> Prepared {
        let host = try await session.driver.observe(.change)
        guard host.isPrivileged else {
            throw Problem(
                .notPermitted, subject: link.name, rule: "changing it needs CAP_NET_ADMIN", remedy: "run it as root")
        }
        if let manager = host.managedElsewhere[link.name], !allow.contains(.ignoreManager) {
            throw Problem(
                .refused(flag: "--ignore-manager"), subject: link.name,
                rule: "\(manager) manages it and would undo or fight this change",
                remedy: "release it from \(manager) first, or use --ignore-manager to proceed")
        }
        var plan = Plan()
        let isNeeded = daemon.state != .running
        plan.changes = [AggregateChange(aggregate: link.name, kind: isNeeded ? .modify : .none)]
        if isNeeded { plan.steps = [PlannedStep(.repair(aggregate: link.name), of: link.name)] }
        // Neither teamd nor the record of its last start tells what it watches.
        let isUnknown = isNeeded && link.aggregate?.options["link_watch"] == nil
        let note = PlanNote(
            .warning, subject: link.name,
            text: "the configuration of its last teamd is not known: mode, port priorities and queues are kept as the "
                + "kernel has them; link watches and the hash become the defaults of teamd")
        let notes = (isUnknown ? [note] : []) + (isNeeded ? withoutSupervision([link.name]) : [])
        return Prepared(host: host, wishes: [], plan: plan, notes: notes)
    }

    /// That systemd would look after the daemons of teams, were it not for where this program is.
    private func withoutSupervision(_ teams: [String]) -> [PlanNote] {
        guard !teams.isEmpty, let obstacle = TeamDaemons.obstacleToSupervision(in: session.session.namespace) else {
            return []
        }
        return teams.map {
            PlanNote(
                .warning, subject: $0,
                text: "its teamd runs without supervision: systemd would run this program as root, and \(obstacle); "
                    + "install it in /usr/local/bin, owned by root")
        }
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
            if let rule = daemon.unseenRule {
                return Problem(
                    .notPermitted, subject: change.aggregate, rule: rule,
                    remedy: AggregateFacts.Daemon.unseenRemedy)
            }
            return Problem(
                .unavailable, subject: change.aggregate,
                rule: daemon.state == .absent ? "its teamd has ended" : "its teamd does not answer",
                remedy: daemon.canBeRepaired
                    ? "run aggctl repair \(change.aggregate)" : AggregateFacts.Daemon.startByHand(change.aggregate))
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
                rule: "after the change it is \(difference.observed ?? "none")")
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
