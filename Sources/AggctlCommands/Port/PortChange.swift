internal import Aggregation
internal import Declaration
internal import Operations

/// A change of one aggregate's list of ports.
struct PortChange {
    let arguments: PortArguments
    let session: ChangeSession

    /// The port that was named, as it was found.
    struct Named {
        let aggregate: Link
        let members: [String]
        let link: Link?
        /// By its own name when it is there, whatever it was named by.
        let selector: PortSelector
        let text: String

        var name: String { link?.name ?? text }
        var isMember: Bool { link.map { members.contains($0.name) } ?? false }

        func requireMembership() throws {
            guard !isMember else { return }
            throw Problem(
                .notFound, subject: aggregate.name, option: "ports", value: text, rule: "it is no port of it",
                remedy: members.isEmpty ? "it has none" : "it has \(members.joined(separator: ", "))")
        }
    }

    /// - Parameter edit: changes the wish, whose list has all ports there are.
    func run(
        _ safety: SafetyOptions, _ waiting: UsableWait, _ context: CommandContext,
        edit: (inout DesiredAggregate, Named) throws -> Void
    ) async throws -> ExitStatus {
        let found = try await ChangeCommand.existing(arguments.name, in: session)
        let members = found.host.ports(of: found.link).map(\.name)
        let port = try named(on: found.host, of: found.link, members)
        var desired = try ChangeCommand.unchanged(found.link, found.facts)
        desired.ports = members.map { DesiredPort(.name($0)) }
        try edit(&desired, port)
        // A port that was missing before is still missed.
        let expected = try session.expectedPorts().recall(on: found.host)[found.link.name]
        let difference = (desired.ports?.count ?? members.count) - members.count
        desired.expectedPorts = expected.map { max(0, $0 + difference) }
        return try await ChangeCommand.run([desired], safety, session, context, waiting: waiting, mustFindPorts: true)
    }

    private func named(on host: HostState, of aggregate: Link, _ members: [String]) throws -> Named {
        let (link, selector) = try Self.find(arguments.port, of: aggregate.name, on: host)
        return Named(
            aggregate: aggregate, members: members, link: link, selector: link.map { .name($0.name) } ?? selector,
            text: selector.description)
    }

    /// The device that a command means by a name, an alternative name, a selector in braces, or the name that a port of
    /// the aggregate had when it joined.
    static func find(
        _ text: String, of aggregate: String, on host: HostState
    ) throws -> (link: Link?, selector: PortSelector) {
        let selector = try CommandSettings.port(text, of: aggregate)
        switch PortResolution.find(selector, in: host) {
        case .found(let link): return (link, selector)
        case .missing: return (host.port(selector, formerlyOf: aggregate), selector)
        case .ambiguous(let links):
            throw PortResolution.ambiguity(
                links, selector: selector.description, subject: aggregate, key: "ports", location: nil)
        }
    }
}
