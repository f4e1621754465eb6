import Aggregation
import Glibc
import Netlink
import System
import SystemPackage

/// Ports of teams: how they join and leave.
extension TeamingDriver {
    /// How long a port may take to show after teamd has accepted it.
    private static let portPatience: Duration = .seconds(15)
    /// How often a port is given to a teamd before that counts as failed.
    private static let joinAttempts = 3

    func attach(_ port: String, to team: String, _ failure: TeamingFailure) async throws {
        let socket = try NetlinkSocket(.route, in: namespace)
        let told = try await control.configuration(of: team, all: true)
        try await quietPorts.quieten(port, told.manner(of: port), socket)
        do {
            let isEmpty = try await socket.ports(of: try await socket.linkIndex(team)).isEmpty
            if isEmpty, try await daemons.foundBelow(team)?.contains(socket.linkIndex(port)) == true {
                try await renewDaemon(of: team, for: port, failure)
            }
            try await control.addPort(port, to: team)
            try await seeJoined(port, to: team, isEmpty: isEmpty, socket, failure)
        } catch {
            await quietPorts.restore(port, socket)
            throw error
        }
        await remember(team)
    }

    /// Waits until a port has joined, and has it join anew where teamd lost sight of it: on a machine that is busy enough a
    /// new teamd may, too.
    private func seeJoined(
        _ port: String, to team: String, isEmpty: Bool, _ socket: NetlinkSocket, _ failure: TeamingFailure
    ) async throws {
        for attempt in 1... {
            do {
                return try await waitForMembership(of: port, in: team, team, failure, isAdded: true)
            } catch {
                guard attempt < Self.joinAttempts,
                    try await joinAnew(port, to: team, isEmpty: isEmpty, socket, failure)
                else { throw error }
            }
        }
    }

    /// After teamd had said yes and did not go on with a port: it never learned the address of it (of a teamd that others
    /// started that shows only now), or its sockets overran on a busy machine, after which it looks at nothing by itself
    /// ("Loop callback failed with: Cannot allocate memory"). A new one does.
    ///
    /// - Returns: false when that would cost an outage that nobody has agreed to.
    private func joinAnew(
        _ port: String, to team: String, isEmpty: Bool, _ socket: NetlinkSocket, _ failure: TeamingFailure
    ) async throws -> Bool {
        let told = try await control.configuration(of: team, all: true)
        guard isEmpty || told.mode != .lacp else { return false }
        let isPort = try await socket.master(of: port) == socket.linkIndex(team)
        if isEmpty, !isPort {
            try await renewDaemon(of: team, for: port, failure)
        } else {
            try await repair(team, failure)
            if let options = told.ports[port], !options.isEmpty {
                try await control.updatePort(port, of: team, text: TeamConfiguration.portText(options))
            }
        }
        if !isPort { try await control.addPort(port, to: team) }
        return true
    }

    /// Starts a new teamd for a team without ports: it learns the addresses of devices that the present one found below
    /// others (see `TeamDaemons.noteFoundBelow`).
    private func renewDaemon(of team: String, for port: String, _ failure: TeamingFailure) async throws {
        let told = try await control.configuration(of: team, all: true)
        var configuration = told
        // A port in the configuration would join by itself, and not be quiet.
        configuration.ports = [:]
        try await replaceDaemon(of: team, configuration, with: configuration, failure)
        guard let options = told.ports[port], !options.isEmpty else { return }
        try await control.updatePort(port, of: team, text: TeamConfiguration.portText(options))
    }

    func detach(_ port: String, from team: String, _ failure: TeamingFailure) async throws {
        switch await removal(of: port, from: team) {
        case nil:
            // Leaving forgets a port's options, as with bonding; teamd would keep them for the next time.
            try? await control.updatePort(port, of: team, text: TeamConfiguration.portText([:]))
        case let error?:
            // Nobody is in charge, or one who does not know of it: the kernel lets a port go all the same.
            let socket = try NetlinkSocket(.route, in: namespace)
            guard try await socket.master(of: port) == socket.linkIndex(team) else { throw error }
            try await socket.setMaster(.name(port), nil)
        }
        try await waitForMembership(of: port, in: nil, team, failure)
        await quietPorts.restore(port, try NetlinkSocket(.route, in: namespace))
        await remember(team)
    }

    private func removal(of port: String, from team: String) async -> TeamdError? {
        do throws(TeamdError) {
            try await control.removePort(port, from: team)
            return nil
        } catch {
            return error
        }
    }

    func setPortOptions(_ port: String, of team: String, _ settings: [OptionSetting]) async throws {
        let old = try await control.configuration(of: team, all: true)
        var new = old
        for setting in settings { new.ports[port, default: [:]][setting.name] = setting.value }
        let socket = try NetlinkSocket(.route, in: namespace)
        // The options of a port that is yet to join may be told before.
        let isPort = try await socket.master(of: port) == socket.linkIndex(team)
        let manner = new.manner(of: port)
        let isToAsk = isPort && manner != .silent
        if isToAsk { try await quietPorts.adjust(port, manner, socket) }
        do throws(TeamdError) {
            try await control.updatePort(port, of: team, text: TeamConfiguration.portText(new.ports[port] ?? [:]))
        } catch {
            if isToAsk { try? await quietPorts.adjust(port, old.manner(of: port), socket) }
            throw error
        }
        if isPort, !isToAsk { try await quietPorts.adjust(port, .silent, socket) }
        await remember(team)
    }

    /// teamd acts on its own time: a port has joined when kernel and daemon both say so.
    ///
    /// - Parameter isAdded: teamd has said that it made it a port.
    func waitForMembership(
        of port: String, in master: String?, _ team: String, _ failure: TeamingFailure, isAdded: Bool = false
    ) async throws {
        let events = try NetlinkEvents(groups: [.links], in: namespace)
        let socket = try NetlinkSocket(.route, in: namespace)
        let control = control
        let wanted = try await master.asyncMap { try await socket.linkIndex($0) }
        var isExpelled = false
        let isSettled = try await events.waitUntil(
            deadline: .now + Self.portPatience, recheck: .milliseconds(50)
        ) {
            let now = try await socket.master(of: port)
            // teamd takes a port out again with which it cannot go on.
            if isAdded, now == nil {
                isExpelled = true
                return true
            }
            guard now == wanted else { return false }
            let answer = await control.snapshots(of: [team], within: Self.portPatience)[team]
            guard let state = try? answer?.get().state else { return master == nil }
            return (state.ports[port] != nil) == (master != nil)
        }
        await events.cancel()
        guard !isSettled || isExpelled else { return }
        // The log goes when the change is taken back.
        let words = daemons.words(team)
        let last = words.isEmpty ? "" : "; the last words of teamd: \(words)"
        if isExpelled { throw failure.error(.refused, "teamd did not keep \(port) as a port\(last)") }
        throw failure.error(
            .timedOut, master == nil ? "\(port) did not leave in time\(last)" : "\(port) did not join in time\(last)",
            remedy: "try again when the machine is less busy; aggctl status \(team) shows the state of teamd")
    }
}

extension Optional {
    fileprivate func asyncMap<Value>(_ transform: (Wrapped) async throws -> Value) async rethrows -> Value? {
        guard let self else { return nil }
        return try await transform(self)
    }
}
