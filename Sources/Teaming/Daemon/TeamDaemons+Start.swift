import CSystemShims
import Glibc
package import Netlink
import System
import SystemPackage

/// Starting and ending daemons.
extension TeamDaemons {
    /// The command of ours that a unit runs before and after it starts a daemon.
    package static let takeoverCommand = "teamd-takeover"
    /// How long a killed process may take to be gone.
    private static let killPatience: Duration = .seconds(5)
    /// Words of a log that an error repeats.
    private static let wordLimit = 2000
    /// Bytes of a daemon's words that are kept, the last ones: whoever is at the other end of a cable makes teamd talk.
    private static let logLimit = 64 << 10

    /// The version of the teamd that is installed, as `1.31`; nil when it does not say.
    func version() async throws(TeamDaemonError) -> String? {
        guard let program = Self.program() else { throw .missing }
        // Starting a process costs more than all else that is read of a host: asked once for each file.
        let (memory, file) = ("\(directory)/.version", Self.identity(of: program))
        let known = (StateFile.text(memory) ?? "").split(separator: "\n").map(String.init)
        if known.count == 2, known[0] == file { return known[1] }
        let version = try await askVersion(program)
        if let version { try write("\(file)\n\(version)", to: memory) }
        return version
    }

    /// Tells one program from the next one of the same path.
    private static func identity(of program: String) -> String {
        var status = stat()
        stat(program, &status)
        return "\(program) \(status.st_dev) \(status.st_ino) \(status.st_size) \(status.st_mtim.tv_sec)"
    }

    private func askVersion(_ program: String) async throws(TeamDaemonError) -> String? {
        do {
            let (answer, output) = try FileDescriptor.pipe()
            defer { try? answer.close() }
            // Should something else have been started meanwhile that has the other end, too.
            _ = fcntl(answer.rawValue, F_SETFL, O_NONBLOCK)
            let process: Int32
            do {
                defer { try? output.close() }
                process = try ChildProgram(program, ["--version"], output: output).start()
            }
            if let child = DaemonProcess(process) {
                if !(await child.waitForEnd(within: .seconds(5))) { child.send(SIGKILL) }
            }
            reap(process)
            // "teamd 1.31", after what it has to say of being run as root. The pipe keeps that much.
            var bytes = [UInt8](repeating: 0, count: 4096)
            let count = try bytes.withUnsafeMutableBytes { try answer.read(into: $0) }
            let words = String(decoding: bytes[..<count], as: UTF8.self).split(whereSeparator: \.isWhitespace)
            return words.last { $0.first?.isNumber == true }.map(String.init)
        } catch {
            throw .cannotRun(errno: (error as? Errno ?? .ioError).rawValue)
        }
    }

    /// Makes sure that a daemon can be ended and another started in its place, and the old one again should that fail:
    /// nobody is in the way, and all that has to be written is.
    ///
    /// - Returns: the daemons to end.
    func prepareReplacement(
        of team: String, with new: TeamConfiguration, fallback old: TeamConfiguration? = nil
    ) async throws(TeamDaemonError) -> [Running] {
        guard Self.program() != nil else { throw .missing }
        let sighting = await all(and: [team])
        try refuseTaken(team, sighting, replacing: true)
        if let old {
            try write(old.text, to: oldConfigurationPath(team))
        }
        try remember(new, of: team)
        return sighting.here(team)
    }

    /// Starts the daemon again that was told what `prepareReplacement` has kept.
    func startAgain(_ team: String, _ old: TeamConfiguration, within limit: Duration) async throws(TeamDaemonError) {
        StateFile.move(oldConfigurationPath(team), to: configurationPath(team))
        guard let program = Self.program() else { throw .missing }
        _ = try await start(program, team, old, takesOver: true, within: limit)
    }

    /// Starts a teamd and waits until it can be spoken to.
    ///
    /// - Parameters:
    ///   - takesOver: the device is there, and the daemon is to go on with it (`-o`).
    ///   - limit: after that long the daemon is killed.
    /// - Returns: the number of the process.
    func start(
        _ team: String, _ configuration: TeamConfiguration, takesOver: Bool, within limit: Duration
    ) async throws(TeamDaemonError) -> pid_t {
        guard let program = Self.program() else { throw .missing }
        try refuseTaken(team, await all(and: [team]), replacing: false)
        let process = try await start(program, team, configuration, takesOver: takesOver, within: limit)
        StateFile.remove(oldConfigurationPath(team))
        return process
    }

    private func start(
        _ program: String, _ team: String, _ configuration: TeamConfiguration, takesOver: Bool, within limit: Duration
    ) async throws(TeamDaemonError) -> pid_t {
        try remember(configuration, of: team)
        await noteFoundBelow(team)
        removeLeftovers(team)
        // Why the last one ended can still be read.
        StateFile.move(logPath(team), to: oldLogPath(team))
        let deadline = ContinuousClock.now + limit
        let arguments =
            ["-t", team, "-f", configurationPath(team)] + (BusNames.isElement(team) && Self.busIsThere ? ["-D"] : [])
        let manager = ServiceManager(for: namespace)
        let supervised: pid_t? =
            if let manager { try await launch(team, [program] + arguments, by: manager, deadline) } else { nil }
        let process: pid_t =
            if let supervised { supervised } else {
                try await spawn(program, arguments + (takesOver ? ["-o"] : []), team)
            }
        guard let daemon = DaemonProcess(process) else { throw .failed(await lastWords(team)) }
        do {
            try await waitUntilReady(team, daemon, deadline)
        } catch {
            if supervised != nil { await manager?.stop(team) }
            daemon.send(SIGKILL)
            _ = await daemon.waitForEnd(within: .seconds(5))
            reap(process)
            removeLeftovers(team)
            throw error
        }
        return process
    }

    /// Has systemd start a daemon, and start it again whenever it dies.
    ///
    /// - Returns: nil when systemd will not: a team without supervision is better than none, and status says so.
    private func launch(
        _ team: String, _ command: [String], by manager: ServiceManager, _ deadline: ContinuousClock.Instant
    ) async throws(TeamDaemonError) -> pid_t? {
        guard let ourselves = Caller.program, Self.obstacleToSupervision(in: namespace) == nil else { return nil }
        makeRunDirectory()
        // Whoever starts it again finds a living device, and the first time none: -o is for both.
        let takeover = [ourselves, Self.takeoverCommand, team, "--state", stateDirectory, "--step"]
        let order = ServiceManager.Order(
            team: team, command: command + ["-o"], before: takeover + ["before"], after: takeover + ["after"],
            writable: [TeamdSocket.runDirectory, stateDirectory])
        let process: pid_t?
        do throws(BusError) {
            process = try await manager.start(order, by: deadline)
        } catch {
            await manager.stop(team)
            return nil
        }
        // What it said is in the journal, which is not ours to read. Started by ourselves it says it to us.
        if process == nil { await manager.stop(team) }
        return process
    }

    /// Why systemd, where it is there, is not asked to look after daemons: it would run our program as root whenever a
    /// daemon dies, so that has to be one that only root can replace.
    package static func obstacleToSupervision(in namespace: NetworkNamespace) -> String? {
        guard ServiceManager.isThere(for: namespace) else { return nil }
        guard let program = Caller.program else { return "the program of this process has been removed" }
        return ServiceManager.Order.obstacle(to: program)
    }

    /// As teamd makes it, whose folder it is: nothing of ours is in it.
    private func makeRunDirectory() { _ = try? StateFolder(TeamdSocket.runDirectory, creating: true) }

    /// Tells daemons to end, which deletes the device, and kills those that do not, all by one deadline.
    package func stop(_ daemons: [Running], within limit: Duration) async {
        await end(daemons, gently: true, within: limit)
    }

    /// Ends daemons so that the device stays (SIGKILL, since their own ways of ending give the ports away).
    func kill(_ daemons: [Running]) async {
        await end(daemons, gently: false, within: Self.killPatience)
    }

    private func end(_ daemons: [Running], gently: Bool, within limit: Duration) async {
        var held: [(daemon: Running, process: DaemonProcess)] = []
        for daemon in daemons {
            // Once it is held, the number cannot come to mean another process: what it means is looked up once more.
            guard let process = DaemonProcess(daemon.process), await isDaemon(daemon.process, of: daemon.team) else {
                continue
            }
            held.append((daemon, process))
        }
        if gently {
            for one in held { for signal in [SIGCONT, SIGTERM] { one.process.send(signal) } }
            await Self.wait(for: held.map(\.process), within: limit)
        }
        let rest = held.filter { !$0.process.hasEnded }
        let supervision = await ServiceManager.supervision(of: rest.map(\.daemon.process))
        for one in rest {
            // Killed by us alone, systemd would start it again.
            if supervision[one.daemon.process] == .unit(ServiceManager.unit(of: one.daemon.team)) {
                await ServiceManager(for: namespace)?.stop(one.daemon.team)
            } else {
                one.process.send(SIGKILL)
            }
        }
        await Self.wait(for: rest.map(\.process), within: Self.killPatience)
        for daemon in daemons { reap(daemon.process) }
        for team in Set(daemons.map(\.team)) { removeLeftovers(team) }
    }

    private static func wait(for processes: [DaemonProcess], within limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        for process in processes { _ = await process.waitForEnd(within: deadline - .now) }
    }

    /// What a killed daemon leaves; a living one's is not touched, even of a daemon whose process cannot be seen.
    func removeLeftovers(_ team: String) {
        let sighting = running()
        guard !sighting.daemons.contains(where: { $0.team == team && sharesFiles($0) }),
            !sighting.hidden.contains(where: { $0.team == team }), TeamdSocket(team: team).obstacle() == .absent
        else { return }
        for suffix in ["pid", "sock"] { unlink("\(TeamdSocket.runDirectory)/\(team).\(suffix)") }
    }

    // MARK: Parts

    static var busIsThere: Bool { access(MessageBus.socketPath, F_OK) == 0 }

    /// - Parameter replacing: the daemons of this namespace are to be ended, so that they are in nobody's way.
    private func refuseTaken(_ team: String, _ sighting: DaemonSighting, replacing: Bool) throws(TeamDaemonError) {
        if replacing, let obstacle = sighting.obstacle(to: team) { throw .unseen(obstacle) }
        if let hidden = sighting.hidden.first(where: { $0.team == team }) {
            throw .unseen(sighting.obstacle(to: team) ?? "process \(hidden.process) cannot be looked at")
        }
        if !replacing, let own = sighting.here(team).first { throw .running(process: own.process) }
        guard let rival = sighting.daemons.first(where: { $0.team == team && !$0.isHere && sharesFiles($0) }) else {
            return
        }
        let daemons = Set(sighting.daemons.map(\.process))
        throw NamespaceUsers(of: rival.process, besides: daemons)?.isOrphan == true
            ? .orphan(process: rival.process) : .nameTaken(process: rival.process)
    }

    /// A daemon may be a child of ours that nobody else waits for.
    private func reap(_ process: pid_t) {
        var status: Int32 = 0
        waitpid(process, &status, WNOHANG)
    }

    /// The last of what a daemon said.
    func words(_ team: String) -> String {
        let lines = (StateFile.text(logPath(team)) ?? "").split(separator: "\n").filter {
            !$0.contains("not intended to be run as root")
        }
        return String(lines.suffix(6).joined(separator: "; ").prefix(Self.wordLimit))
    }

    /// The last of what a daemon said that has ended: once all of it is in the log.
    private func lastWords(_ team: String) async -> String {
        // Whoever keeps its words has the file locked until there are no more.
        if let log = try? StateFolder(directory).openToAppend("\(team).log") {
            defer { try? log.close() }
            let deadline = ContinuousClock.now + .seconds(2)
            while flock(log.rawValue, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK, ContinuousClock.now < deadline {
                try? await Task.sleep(for: .milliseconds(2))
            }
        }
        return words(team)
    }

    /// Runs teamd in the foreground and in a session of its own: made a daemon by itself it would say why it failed to
    /// syslog only.
    private func spawn(_ program: String, _ arguments: [String], _ team: String) async throws(TeamDaemonError) -> pid_t
    {
        let log = try openLog(team)
        defer { try? log.close() }
        do {
            return try await namespace.run {
                try ChildProgram(program, arguments, output: log, isDetached: true).start()
            }
        } catch let error as Errno {
            throw .cannotRun(errno: error.rawValue)
        } catch let error as NetlinkError {
            throw .cannotRun(errno: error.errno.rawValue)
        } catch {
            throw .failed("\(error)")
        }
    }

    /// Where a daemon's words go: to a process of ours that keeps the last of them, as long as the daemon lives.
    private func openLog(_ team: String) throws(TeamDaemonError) -> FileDescriptor {
        let folder = try openDirectory()
        do throws(StateFailure) {
            let file = try folder.openEmpty("\(team).log", permissions: .ofSecrets)
            defer { try? file.close() }
            // Ours for a moment, and the keeper's, who shares it, until it ends.
            flock(file.rawValue, LOCK_EX | LOCK_NB)
            let writer = aggctl_log_keeper_start(file.rawValue, Self.logLimit)
            guard writer >= 0 else { throw .system(path: logPath(team), Errno(rawValue: -writer)) }
            return FileDescriptor(rawValue: writer)
        } catch {
            throw TeamDaemonError(error)
        }
    }

    /// Waits until the daemons of some teams can be spoken to or have ended.
    func awaitStart(of teams: [String], within limit: Duration) async {
        let deadline = ContinuousClock.now + limit
        for found in running().daemons where found.isHere && teams.contains(found.team) {
            guard let daemon = DaemonProcess(found.process) else { continue }
            try? await waitUntilReady(found.team, daemon, deadline)
        }
    }

    /// The socket is made before the ports join; what is asked there is answered when the daemon is ready.
    private func waitUntilReady(
        _ team: String, _ daemon: DaemonProcess, _ deadline: ContinuousClock.Instant
    ) async throws(TeamDaemonError) {
        let watch = inotify_init1(Int32(IN_CLOEXEC) | Int32(IN_NONBLOCK))
        defer { if watch >= 0 { close(watch) } }
        makeRunDirectory()
        if watch >= 0 { inotify_add_watch(watch, TeamdSocket.runDirectory, UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)) }
        let socket = TeamdSocket(team: team)
        while true {
            let obstacle = socket.obstacle()
            if obstacle == nil {
                do throws(TeamdError) {
                    _ = try await socket.ask(.state, by: deadline)
                    return
                } catch {
                    // It went away again, or the time is over.
                }
            }
            if daemon.hasEnded { throw .failed(await lastWords(team)) }
            let left = deadline - .now
            guard left > .zero else { throw .timedOut(words(team)) }
            // Between making the socket and listening on it nothing tells.
            let pause: Duration = socket.isThere ? .milliseconds(2) : .milliseconds(200)
            _ = await daemon.waitForEnd(orReadable: watch, within: min(left, pause))
            var events = [UInt8](repeating: 0, count: 4096)
            while watch >= 0, read(watch, &events, events.count) > 0 {}
        }
    }
}
