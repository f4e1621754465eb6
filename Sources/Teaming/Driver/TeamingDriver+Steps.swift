import Aggregation
import Glibc
import Netlink
import System
import SystemPackage

/// Steps of teams.
extension TeamingDriver {
    /// How long a daemon may take to start, and to end.
    private static let patience: Duration = .seconds(30)

    func carryOut(_ step: Step, _ failure: TeamingFailure) async throws {
        switch step {
        case .create(let team, _, let mode, let settings, let index):
            try await create(team, TeamConfiguration(mode: mode, settings: settings), index, failure)
        case .delete(let team, _): try await delete(team, failure)
        case .setOptions(let team, let settings, _): try await setOptions(team, settings, failure)
        case .attach(let port, let team, _): try await attach(port, to: team, failure)
        case .detach(let port, let team, _): try await detach(port, from: team, failure)
        case .setPortOptions(let port, let team, let settings, _):
            try await setPortOptions(port, of: team, settings)
        case .activate(let port, let team, _):
            try await control.setStateItem(Self.activePort, port, of: team)
        case .repair(let team): try await repair(team, failure)
        default:
            throw failure.error(.refused, "it is no step of a team")
        }
    }

    var quietPorts: QuietPorts { QuietPorts(daemons: daemons) }
    private static var activePort: String { DriverKind.teaming.activePortOption }

    // MARK: Teams

    private func create(
        _ team: String, _ configuration: TeamConfiguration, _ index: Int32?, _ failure: TeamingFailure
    ) async throws {
        try await requireVersion(for: configuration, failure)
        let socket = try NetlinkSocket(.route, in: namespace)
        guard (try? await socket.linkIndex(team)) == nil else {
            throw failure.error(
                .refused, "\(team) exists already", remedy: "change it with aggctl set, or delete it first",
                errno: Errno.fileExists.rawValue)
        }
        // teamd makes a device by itself, but not with an index that somebody wants back.
        if let index { try? await socket.createTeam(team, index: index) }
        let isThere = (try? await socket.linkIndex(team)) != nil
        do {
            _ = try await daemons.start(team, configuration, takesOver: isThere, within: Self.patience)
        } catch {
            if (try? await socket.kind(of: team)) == DriverKind.teaming.linkKind {
                try? await socket.deleteLink(.name(team))
            }
            daemons.forget(team)
            if await lacksDriver(socket) {
                throw failure.error(
                    .unavailable, "the team driver is not loaded and could not be loaded",
                    remedy: "load it with modprobe team; where that finds nothing, install the modules of the running "
                        + "kernel, or try it with aggctl lab run", errno: EOPNOTSUPP)
            }
            throw error
        }
    }

    /// The kernel makes no team at all: teamd says so in words only.
    private func lacksDriver(_ socket: NetlinkSocket) async -> Bool {
        guard access("/sys/module/team", F_OK) != 0 else { return false }
        let probe = "aggctl\(getpid())"
        do throws(NetlinkError) {
            try await socket.createTeam(probe, index: 0)
        } catch {
            return error.errno.rawValue == EOPNOTSUPP
        }
        try? await socket.deleteLink(.name(probe))
        return false
    }

    /// teamd takes what it does not know without a word, and its configuration repeats it: only its version tells.
    private func requireVersion(for configuration: TeamConfiguration, _ failure: TeamingFailure) async throws {
        let newer = TeamingOptions.table.rows.filter { row in
            row.since != TeamingOptions.firstVersion
                && (configuration.options[row.name] ?? row.defaultValue.general) != row.defaultValue.general
        }
        guard let row = newer.first, let version = try await daemons.version() else { return }
        guard version.numbers.lexicographicallyPrecedes(row.since.numbers) else { return }
        throw failure.error(
            .unavailable, "teamd \(version) does not know \(row.name)",
            remedy: "leave it out, or use teamd from \(row.since) on")
    }

    private func delete(_ team: String, _ failure: TeamingFailure) async throws {
        let socket = try NetlinkSocket(.route, in: namespace)
        try await requireTeam(team, socket, failure)
        let members = try await socket.ports(of: try await socket.linkIndex(team))
        let sighting = await daemons.all(and: [team])
        if let obstacle = sighting.obstacle(to: team) { throw TeamDaemonError.unseen(obstacle) }
        await daemons.stop(sighting.here(team), within: Self.patience)
        // A daemon takes its device along; one that was killed could not.
        if (try? await socket.linkIndex(team)) != nil { try await socket.deleteLink(.name(team)) }
        daemons.removeLeftovers(team)
        daemons.forget(team)
        for port in members { await quietPorts.restore(port, socket) }
        await quietPorts.restoreFree(socket)
    }

    /// Only a team is deleted: the name may have come to mean something else.
    private func requireTeam(_ team: String, _ socket: NetlinkSocket, _ failure: TeamingFailure) async throws {
        guard try await socket.kind(of: team) == DriverKind.teaming.linkKind else {
            throw failure.error(.refused, "\(team) is no team", remedy: "look with aggctl status \(team)")
        }
    }

    private func setOptions(_ team: String, _ settings: [OptionSetting], _ failure: TeamingFailure) async throws {
        let items = settings.filter { TeamingOptions.table[$0.name]?.wire == .stateItem }
        let told = settings.filter { TeamingOptions.table[$0.name]?.wire == .json }
        if !told.isEmpty {
            let old = try await control.configuration(of: team)
            var new = old
            new.apply(told)
            try await requireVersion(for: new, failure)
            try await replaceDaemon(of: team, old, with: new, failure)
        }
        for item in items {
            guard case .port(let port?) = item.value else { continue }
            try await control.setStateItem(item.name, port, of: team)
        }
    }

    /// Puts a new daemon in charge of a living device; when it does not come up, the old configuration is started again.
    func replaceDaemon(
        of team: String, _ old: TeamConfiguration, with new: TeamConfiguration, _ failure: TeamingFailure
    ) async throws {
        let present = try await daemons.prepareReplacement(of: team, with: new, fallback: old)
        let socket = try NetlinkSocket(.route, in: namespace)
        let members = try await socket.ports(of: try await socket.linkIndex(team))
        do {
            try await adjust(members, to: new, socket)
            try await exchange(present, of: team, members, old, with: new, failure)
        } catch {
            try? await adjust(members, to: old, socket)
            throw error
        }
    }

    private func exchange(
        _ present: [TeamDaemons.Running], of team: String, _ members: [String], _ old: TeamConfiguration,
        with new: TeamConfiguration, _ failure: TeamingFailure
    ) async throws {
        try await endDaemons(present, of: team, failure)
        do {
            _ = try await daemons.start(team, new, takesOver: true, within: Self.patience)
        } catch {
            let first = failure.convert(error)
            do {
                try await daemons.startAgain(team, old, within: Self.patience)
            } catch {
                throw failure.error(
                    first.category,
                    "\(first.text); the teamd that was there could not be started again either: "
                        + failure.convert(error).text, remedy: "run aggctl repair \(team)")
            }
            throw first
        }
        try await settle(members, of: team, failure)
    }

    /// Before teamd watches them so.
    private func adjust(
        _ members: [String], to configuration: TeamConfiguration, _ socket: NetlinkSocket
    ) async throws {
        for port in members { try await quietPorts.adjust(port, configuration.manner(of: port), socket) }
    }

    /// Ends daemons so that the device stays; not those that another unit of systemd would start again as they were.
    private func endDaemons(
        _ present: [TeamDaemons.Running], of team: String, _ failure: TeamingFailure
    ) async throws {
        let supervision = await ServiceManager.supervision(of: present.map(\.process))
        for found in supervision.values {
            switch found {
            case .none: continue
            case .unit(let unit) where unit == ServiceManager.unit(of: team): continue
            case .unit(let unit):
                throw failure.error(
                    .refused, "its teamd is run by \(unit), which would start it again as it was",
                    remedy: "change what that unit runs, then: systemctl restart \(unit)")
            case .unknown:
                throw failure.error(
                    .unavailable, "systemd does not say whether a unit would start its teamd again",
                    remedy: "see that systemctl status answers, then try again")
            }
        }
        await daemons.kill(present)
    }

    func repair(_ team: String, _ failure: TeamingFailure) async throws {
        let socket = try NetlinkSocket(.route, in: namespace)
        try await requireTeam(team, socket, failure)
        let configuration = try await configurationToRepair(team, socket, failure)
        let present = try await daemons.prepareReplacement(of: team, with: configuration)
        try await endDaemons(present, of: team, failure)
        let takeover = try await Takeover(of: team, mode: configuration.mode, socket)
        try await adjust(takeover.members, to: configuration, socket)
        _ = try await daemons.start(team, configuration, takesOver: true, within: Self.patience)
        try await settle(takeover.members, of: team, failure)
        try await takeover.finish(team, socket)
    }

    /// What a new teamd is told: what the present one says, else what the last one was told, else what the kernel tells of
    /// a team that others made. The kernel knows neither link watches nor hashes: of those the new one has its defaults.
    private func configurationToRepair(
        _ team: String, _ socket: NetlinkSocket, _ failure: TeamingFailure
    ) async throws -> TeamConfiguration {
        let answer = await control.snapshots(of: await answering(team), within: .seconds(3))[team]
        if let told = try? answer?.get().configuration { return told }
        if let told = daemons.remembered(team) { return told }
        let index = try await socket.linkIndex(team)
        guard let kernel = await TeamKernel.read([index], in: namespace)[index] else {
            throw failure.error(.notFound, "the kernel tells nothing of it", remedy: "run it as root")
        }
        // The kernel has one mode for lacp and loadbalance, and a device that no teamd has run has none.
        guard let mode = kernel.mode.flatMap(Mode.init(teamRunner:)), mode != .balanceXOR else {
            let unknown = kernel.mode == "loadbalance" ? "whether its last teamd ran lacp or loadbalance" : "its runner"
            throw failure.error(
                .notFound, "\(unknown) is not known: this program did not make it",
                remedy: "start its teamd by hand: teamd -d -o -t \(team) -f FILE, or delete it: aggctl delete \(team)")
        }
        return TeamConfiguration(
            mode: mode, options: kernel.daemonOptions, ports: try await portOptions(kernel, of: index, socket))
    }

    /// A daemon of another namespace is not asked: it would answer for its own team of that name.
    private func answering(_ team: String) async -> [String] {
        await daemons.running(for: [team]).here(team).isEmpty ? [] : [team]
    }

    private func portOptions(
        _ kernel: TeamKernel, of team: Int32, _ socket: NetlinkSocket
    ) async throws -> [String: OptionValues] {
        var ports: [String: OptionValues] = [:]
        for name in try await socket.ports(of: team) {
            ports[name] = kernel.ports[try await socket.linkIndex(name)]?.daemonOptions ?? [:]
        }
        return ports
    }

    /// Before systemd starts a daemon: what `repair` does, in two steps.
    package func prepareTakeover(of team: String) async throws {
        StateFile.remove(daemons.takeoverPath(team))
        // teamd will not start while the number in a file of the last one is that of any process.
        daemons.removeLeftovers(team)
        do {
            try await noteTakeover(of: team)
        } catch {
            await daemons.noteFoundBelow(team)
            throw error
        }
        await daemons.noteFoundBelow(team)
    }

    private func noteTakeover(of team: String) async throws {
        let socket = try NetlinkSocket(.route, in: namespace)
        // The first start of all finds no device.
        guard let configuration = daemons.remembered(team),
            (try? await socket.kind(of: team)) == DriverKind.teaming.linkKind
        else { return }
        let takeover = try await Takeover(of: team, mode: configuration.mode, socket)
        try daemons.write(takeover.text, to: daemons.takeoverPath(team))
    }

    /// After systemd has started it.
    package func finishTakeover(of team: String) async throws {
        guard let takeover = StateFile.text(daemons.takeoverPath(team)).flatMap({ Takeover(text: $0) }) else { return }
        defer { StateFile.remove(daemons.takeoverPath(team)) }
        let failure = TeamingFailure(step: .repair(aggregate: team), team: team)
        try await settle(takeover.members, of: team, failure)
        try await takeover.finish(team, try NetlinkSocket(.route, in: namespace))
    }

    /// Keeps what the daemon was told, for `repair`. Without it nothing is lost but that.
    func remember(_ team: String) async {
        guard let configuration = try? await control.configuration(of: team) else { return }
        try? daemons.remember(configuration, of: team)
    }
}

extension String {
    /// The numbers of a version.
    fileprivate var numbers: [Int] { split(separator: ".").map { Int($0) ?? 0 } }
}
