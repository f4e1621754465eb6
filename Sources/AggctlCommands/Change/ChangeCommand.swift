internal import Aggregation
internal import Operations

/// What all commands that change something do after they know what is wanted.
enum ChangeCommand {
    /// Plans, and unless it is a rehearsal carries out, reports, and waits.
    ///
    /// - Parameter mustFindPorts: a port that is not there is an error rather than a degraded aggregate.
    static func run(
        _ desired: [DesiredAggregate], _ safety: SafetyOptions, _ session: ChangeSession, _ context: CommandContext,
        waiting: UsableWait = .none, mustFindPorts: Bool = false
    ) async throws -> ExitStatus {
        try session.requireFinished(desired)
        let workflow = ChangeWorkflow(
            session: session, reporter: context.reporter, allow: safety.allowances)
        let prepared = try await workflow.prepare(desired, isRehearsal: safety.dryRun)
        if mustFindPorts {
            let missing = prepared.wishes.flatMap { wish in
                wish.missingPorts.map {
                    Problem(
                        .notFound, subject: wish.name, option: "ports", value: $0, rule: "there is no such device",
                        remedy: "name one of \(Self.candidates(prepared.host))")
                }
            }
            guard missing.isEmpty else { throw Problems(missing) }
        }
        if safety.dryRun {
            context.reporter.write(ChangeResult(planOf: prepared))
            return prepared.plan.refusals.isEmpty ? .done : .refused
        }
        let result = try await workflow.carryOut(prepared)
        context.reporter.write(result)
        try await waiting.run(after: prepared, in: session)
        return prepared.plan.fallsShort ? .differs : .done
    }

    /// An aggregate that has to be there.
    static func existing(_ name: String, in session: ChangeSession) async throws -> (
        host: HostState, link: Link, facts: AggregateFacts
    ) {
        var host = try await session.driver.observe(.ports)
        try session.portMemory().recall(on: &host)
        let known = host.links.filter { $0.aggregate != nil }.map(\.name)
        guard let link = host.link(named: name) else {
            throw Problem(
                .notFound, subject: name, rule: "there is no such aggregate",
                remedy: known.isEmpty
                    ? "there are none here; aggctl create makes one" : "there are \(known.joined(separator: ", "))")
        }
        guard let facts = link.aggregate else {
            if link.aggregateDriver == .teaming {
                throw Problem(
                    .notPermitted, subject: name, rule: "its teamd tells nothing without CAP_NET_ADMIN",
                    remedy: "run it as root")
            }
            throw Problem(
                .notFound, subject: name, rule: "it is no aggregate but \(link.kind ?? "a network card")",
                remedy: known.isEmpty ? nil : "there are \(known.joined(separator: ", "))")
        }
        return (host, link, facts)
    }

    /// The wish that changes nothing, to be edited.
    static func unchanged(_ link: Link, _ facts: AggregateFacts) throws -> DesiredAggregate {
        var desired = DesiredAggregate(name: try InterfaceName(link.name))
        desired.driver = facts.driver == .teaming ? .teaming : .bonding
        desired.state = link.isUp ? .present : .down
        return desired
    }

    /// Devices that could become ports of an aggregate, for a message.
    private static func candidates(_ host: HostState) -> String {
        let names = host.links.filter {
            $0.aggregate == nil && !$0.flags.contains(.loopback) && $0.master == nil
                && ($0.lower == nil || $0.kind == "veth")
        }
        .map(\.name)
        return names.isEmpty
            ? "the devices of this host; there are none that could join" : names.prefix(8).joined(separator: ", ")
    }
}
