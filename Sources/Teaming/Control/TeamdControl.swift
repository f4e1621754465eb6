import Glibc
import Synchronization

/// Speaks to the teamd of a team: over the system bus, or over its socket where it is not on the bus.
package final class TeamdControl: Sendable {
    private let bus = Mutex<MessageBus?>(nil)
    private let limit: Duration

    /// The name, path and interface of teamd on the bus (teamd_dbus_common.h).
    static let service = "org.libteam.teamd"
    private static let path = "/org/libteam/teamd"

    /// - Parameter limit: how long an answer may take.
    package init(limit: Duration = .seconds(15)) {
        self.limit = limit
    }

    /// What a daemon was told and what it does.
    package struct Snapshot: Sendable {
        package var configuration: TeamConfiguration
        package var state: TeamState
        /// It answered over the bus, not by its socket.
        package var cameByBus = false
    }

    /// Asks many daemons at once.
    ///
    /// - Parameter limit: how long all of them together may take.
    package func snapshots(of teams: [String], within limit: Duration) async -> [String: Result<Snapshot, TeamdError>] {
        let deadline = ContinuousClock.now + limit
        var found = await busSnapshots(of: teams.filter(BusNames.isElement), by: deadline)
        let others = teams.filter { team in
            switch found[team] {
            // The bus may have a policy of its own; whom the socket lets in is teamd's.
            case nil, .failure(.absent), .failure(.broken), .failure(.notPermitted): true
            default: false
            }
        }
        for (team, answer) in await socketSnapshots(of: others, by: deadline) { found[team] = answer }
        return found
    }

    /// What a daemon was told.
    ///
    /// - Parameter all: with the options of ports that are not joined; a daemon that is told those makes them join.
    package func configuration(of team: String, all: Bool = false) async throws(TeamdError) -> TeamConfiguration {
        let text = try await ask(team, all ? .configuration : .actualConfiguration)
        guard let configuration = TeamConfiguration(parsing: text) else { throw .unreadable("its configuration") }
        return configuration
    }

    package func addPort(_ port: String, to team: String) async throws(TeamdError) {
        _ = try await ask(team, .addPort(port))
    }

    package func removePort(_ port: String, from team: String) async throws(TeamdError) {
        _ = try await ask(team, .removePort(port))
    }

    /// Replaces the options of a port, joined or not; the device has to exist.
    package func updatePort(_ port: String, of team: String, text: String) async throws(TeamdError) {
        _ = try await ask(team, .updatePort(port, text))
    }

    package func setStateItem(_ item: String, _ value: String, of team: String) async throws(TeamdError) {
        _ = try await ask(team, .setStateItem(item, value))
    }

    // MARK: Ways

    private func openBus() -> MessageBus? {
        bus.withLock { bus in
            if bus == nil { bus = try? MessageBus() }
            return bus
        }
    }

    /// A bus that broke is opened anew by whoever asks next.
    private func forgetBus() {
        bus.withLock { $0 = nil }
    }

    private func ask(_ team: String, _ question: TeamdSocket.Question) async throws(TeamdError) -> String {
        let deadline = ContinuousClock.now + limit
        if BusNames.isElement(team), let bus = openBus() {
            do throws(BusError) {
                return try await bus.call(call(team, question), by: deadline) ?? ""
            } catch {
                switch error {
                case .unavailable: forgetBus()
                // Nothing has reached the daemon: what its socket says counts.
                case .noSuchName, .denied: break
                case .disconnected:
                    forgetBus()
                    // What was to be changed may have been: nobody may ask for it a second time.
                    if question.changes { throw Self.error(error) }
                default: throw Self.error(error)
                }
            }
        }
        return try await TeamdSocket(team: team).ask(question, by: deadline)
    }

    private func busSnapshots(
        of teams: [String], by deadline: ContinuousClock.Instant
    ) async -> [String: Result<Snapshot, TeamdError>] {
        guard !teams.isEmpty, let bus = openBus() else { return [:] }
        let questions = teams.flatMap { [call($0, .actualConfiguration), call($0, .state)] }
        let answers = await bus.calls(questions, by: deadline)
        var found: [String: Result<Snapshot, TeamdError>] = [:]
        for (place, team) in teams.enumerated() {
            found[team] = Self.snapshot(answers[2 * place], answers[2 * place + 1]).map { snapshot in
                var snapshot = snapshot
                snapshot.cameByBus = true
                return snapshot
            }
            if case .failure(.broken) = found[team] { forgetBus() }
        }
        return found
    }

    /// All at once: a daemon that hangs does not take the time of the others.
    private func socketSnapshots(
        of teams: [String], by deadline: ContinuousClock.Instant
    ) async -> [String: Result<Snapshot, TeamdError>] {
        await withTaskGroup(of: (String, Result<Snapshot, TeamdError>).self) { group in
            for team in teams { group.addTask { (team, await self.socketSnapshot(of: team, by: deadline)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private func socketSnapshot(
        of team: String, by deadline: ContinuousClock.Instant
    ) async -> Result<Snapshot, TeamdError> {
        let socket = TeamdSocket(team: team)
        do throws(TeamdError) {
            let configuration = try await socket.ask(.actualConfiguration, by: deadline)
            return try Self.snapshot(configuration, try await socket.ask(.state, by: deadline))
        } catch {
            return .failure(error)
        }
    }

    private func call(_ team: String, _ member: String, _ arguments: [BusValue] = []) -> MessageBus.Call {
        MessageBus.Call(
            destination: "\(Self.service).\(team)", path: Self.path, interface: Self.service, member: member,
            arguments: arguments)
    }

    private func call(_ team: String, _ question: TeamdSocket.Question) -> MessageBus.Call {
        switch question {
        case .actualConfiguration: call(team, "ConfigDumpActual")
        case .configuration: call(team, "ConfigDump")
        case .state: call(team, "StateDump")
        case .addPort(let port): call(team, "PortAdd", [.string(port)])
        case .removePort(let port): call(team, "PortRemove", [.string(port)])
        case .updatePort(let port, let text): call(team, "PortConfigUpdate", [.string(port), .string(text)])
        case .setStateItem(let item, let value): call(team, "StateItemValueSet", [.string(item), .string(value)])
        }
    }

    // MARK: Answers

    private static func snapshot(
        _ configuration: Result<String?, BusError>, _ state: Result<String?, BusError>
    ) -> Result<Snapshot, TeamdError> {
        do throws(BusError) {
            let configuration = try configuration.get() ?? ""
            let state = try state.get() ?? ""
            do throws(TeamdError) { return try snapshot(configuration, state) } catch { return .failure(error) }
        } catch {
            return .failure(self.error(error))
        }
    }

    private static func snapshot(
        _ configuration: String, _ state: String
    ) throws(TeamdError) -> Result<Snapshot, TeamdError> {
        guard let told = TeamConfiguration(parsing: configuration) else { throw .unreadable("its configuration") }
        guard let done = TeamState(parsing: state) else { throw .unreadable("its state") }
        return .success(Snapshot(configuration: told, state: done))
    }

    private static func error(_ error: BusError) -> TeamdError {
        switch error {
        case .noSuchName: .absent
        case .timedOut: .silent
        case .denied: .notPermitted
        case .refused(_, let text): .refused(text)
        case .unavailable(let text): .broken("no system bus: \(text)")
        case .disconnected: .broken("the system bus went away before it was answered")
        case .unsayable(let text): .refused("\(text) cannot be said over the bus")
        }
    }
}
