package import Aggregation
package import Netlink
import SystemPackage

/// Teams run by teamd, in one network namespace.
///
/// Stateless but for its connections: what it knows of a team it asks teamd and the kernel for, each time.
package final class TeamingDriver: Sendable {
    let namespace: NetworkNamespace
    let daemons: TeamDaemons
    let control = TeamdControl()

    /// How long all daemons together may take to tell how they are, and to start.
    private static let patience: Duration = .seconds(3)

    /// - Parameter stateDirectory: where configurations are kept for a daemon that has to be started again.
    package init(in namespace: NetworkNamespace, stateDirectory: String) {
        self.namespace = namespace
        daemons = TeamDaemons(in: namespace, stateDirectory: stateDirectory)
    }

    /// Adds what is known of teams to a host that was read.
    package func complete(_ state: inout HostState) async {
        var links = state.links
        let places = links.indices.filter { links[$0].kind == DriverKind.teaming.linkKind }
        guard !places.isEmpty else { return }
        // So that there is one owner and changing an element does not copy all.
        state.links = []
        defer { state.links = links }
        guard state.isPrivileged else { return }
        let observations = await observe(places.map { links[$0] }, names: names(of: links))
        var members: [Int32: [Int]] = [:]
        for (place, link) in links.enumerated() { link.master.map { members[$0, default: []].append(place) } }
        for place in places {
            guard let observation = observations[links[place].name], var facts = observation.facts else { continue }
            let ports = members[links[place].index] ?? []
            facts.ports = ports.map { links[$0].name }
            links[place].aggregate = facts
            for port in ports { links[port].port = observation.port(links[port]) }
        }
    }

    private func names(of links: [Link]) -> [Int32: String] {
        Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is known of each team. Where daemon and kernel contradict each other they are asked once more: a link may
    /// have changed between the two answers, and only a contradiction that stays is one.
    private func observe(_ teams: [Link], names: [Int32: String]) async -> [String: TeamObservation] {
        let first = await ask(teams, names: names)
        let doubtful = teams.filter { first[$0.name]?.isContradictory == true }
        guard !doubtful.isEmpty else { return first }
        return await first.merging(ask(doubtful, names: names)) { _, second in second }
    }

    private func ask(_ teams: [Link], names: [Int32: String]) async -> [String: TeamObservation] {
        var sighting = await daemons.running(for: teams.map(\.name))
        let asked = teams.map(\.name).filter { team in
            // A daemon of another namespace would answer for its own team of that name. Of one that cannot be seen the
            // answer shows whose team it is.
            !sighting.here(team).isEmpty || sighting.obstacle(to: team) != nil
        }
        async let answers = control.snapshots(of: asked, within: Self.patience)
        let present = sighting.daemons.filter(\.isHere).map(\.process)
        async let supervision = ServiceManager.supervision(of: present)
        let kernels = await TeamKernel.read(teams.map(\.index), in: namespace)
        let told = await answers
        let isAnotherAsked = told.contains { team, answer in
            guard let process = (try? answer.get())?.state.process else { return false }
            return !sighting.daemons.contains { $0.process == process && $0.team == team }
        }
        let supervised = await supervision
        // Two for one team: one has the bus name and the other the files.
        if isAnotherAsked { sighting = await daemons.all(and: asked) }
        var observations: [String: TeamObservation] = [:]
        for team in teams {
            var answer = told[team.name] ?? .failure(.absent)
            let isProven = !sighting.here(team.name).isEmpty
            if !isProven, let state = (try? answer.get())?.state, !state.isOf(team) { answer = .failure(.absent) }
            let isAnswered = (try? answer.get()) != nil
            observations[team.name] = TeamObservation(
                answer: answer, daemons: sighting.daemons.filter { $0.team == team.name }, kernel: kernels[team.index],
                remembered: isAnswered ? nil : daemons.remembered(team.name),
                foundBelow: daemons.foundBelow(team.name), hiddenBy: sighting.obstacle(to: team.name),
                supervision: supervised, names: names)
        }
        return observations
    }

    package func awaitDaemons(of teams: [String]) async {
        await daemons.awaitStart(of: teams, within: Self.patience)
    }

    package func perform(_ step: Step) async throws(DriverError) {
        let failure = TeamingFailure(step: step, team: step.devices.last ?? "")
        do {
            try await carryOut(step, failure)
        } catch let error as DriverError {
            throw error
        } catch let error as TeamdError {
            throw failure.convert(error)
        } catch let error as TeamDaemonError {
            throw failure.convert(error)
        } catch let error as NetlinkError {
            throw failure.error(
                error.errno == .notPermitted ? .notPermitted : .refused, error.kernelMessage ?? "\(error.errno)",
                errno: error.errno.rawValue)
        } catch {
            throw failure.error(.refused, "\(error)")
        }
    }
}

extension TeamingDriver {
    /// Whether there is a teamd here.
    package static var hasDaemon: Bool { TeamDaemons.program() != nil }

    /// The version of the teamd that is installed, as `1.31`; nil without one, or when it does not say.
    package func daemonVersion() async -> String? { try? await daemons.version() }
}
