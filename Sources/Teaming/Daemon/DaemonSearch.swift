import Glibc
import Netlink

/// What a look at the processes of the machine showed of teamd.
package struct DaemonSighting: Sendable {
    /// Processes that are proven to be a teamd.
    package internal(set) var daemons: [TeamDaemons.Running] = []
    /// Processes of uid 0 of which the caller may not see what they run, or where, with the team that they claim.
    var hidden: [(process: pid_t, team: String?)] = []
    /// Some processes are not even listed (`hidepid` of proc(5)).
    var isPartial = false

    /// Those that run a team in the namespace that was asked about.
    func here(_ team: String) -> [TeamDaemons.Running] { daemons.filter { $0.team == team && $0.isHere } }

    /// Why a daemon of a team may be there unseen; nil when one that was not found is not there.
    func obstacle(to team: String) -> String? {
        guard Caller.hasSystemTrace else {
            return hidden.isEmpty && !isPartial ? nil : "CAP_SYS_PTRACE is missing"
        }
        return hidden.first { $0.team == team }.map { "a security module hides process \($0.process)" }
    }
}

/// Finding daemons, and proving that they are some: a teamd is a process of uid 0 that runs the program that would be
/// run, or whom its socket or the bus names, which are root's to give.
extension TeamDaemons {
    static let folders = ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin", "/usr/local/sbin"]
    private static let busPatience: Duration = .seconds(1)

    /// Where teamd is; nil when it is not installed.
    package static func program() -> String? {
        folders.map { "\($0)/teamd" }.first { access($0, X_OK) == 0 }
    }

    static var programs: ProgramFiles { ProgramFiles(folders.map { "\($0)/teamd" }) }

    /// All of the machine, by their program, in one look at /proc.
    package func running() -> DaemonSighting {
        let (programs, here) = (Self.programs, hereIdentity)
        let names = SmallFile.names(in: "/proc")
        var sighting = DaemonSighting()
        sighting.isPartial = !names.contains("1")
        for process in names.compactMap({ pid_t($0) }).sorted() {
            switch look(process, programs, here) {
            case .none: break
            case .daemon(let daemon): sighting.daemons.append(daemon)
            case .hidden(let team): sighting.hidden.append((process, team))
            }
        }
        return sighting
    }

    /// The daemons of some teams: those that their own files name, and all when one of these files is missing or wrong.
    /// On a host with a thousand processes that is a thousand files less to read.
    package func running(for teams: [String]) async -> DaemonSighting {
        let (programs, here) = (Self.programs, hereIdentity)
        var found = DaemonSighting()
        for team in teams {
            guard let process = Self.process(inFileOf: team),
                case .daemon(let daemon) = look(process, programs, here), daemon.team == team, daemon.isHere
            else { return await all(and: teams) }
            found.daemons.append(daemon)
        }
        return found
    }

    /// All of the machine, and those that run another program than ours, as far as socket or bus of a team name them.
    func all(and teams: [String]) async -> DaemonSighting {
        var sighting = running()
        for team in teams where sighting.here(team).isEmpty {
            guard let process = await named(team), !sighting.daemons.contains(where: { $0.process == process }) else {
                continue
            }
            switch place(process, hereIdentity) {
            case .denied: sighting.hidden.append((process, team))
            case .isHere(let isHere):
                sighting.daemons.append(
                    Running(process: process, team: team, usesBus: false, isHere: isHere, isNamed: true))
            }
        }
        return sighting
    }

    /// Whether a process is the daemon of a team still.
    func isDaemon(_ process: pid_t, of team: String) async -> Bool {
        if case .daemon(let daemon) = look(process, Self.programs, hereIdentity) { return daemon.team == team }
        return await named(team) == process
    }

    /// The process that listens at the socket of a team, or has its name on the bus.
    private func named(_ team: String) async -> pid_t? {
        if let process = TeamdSocket(team: team).listener() { return process }
        guard BusNames.isElement(team), Self.busIsThere, let bus = try? MessageBus() else { return nil }
        let question = BusConnection.toBus("GetConnectionUnixProcessID", [.string("\(TeamdControl.service).\(team)")])
        return (try? await bus.call(question, by: .now + Self.busPatience)).flatMap { $0 }.flatMap { pid_t($0) }
    }

    // MARK: One process

    private enum Look {
        case none
        case daemon(Running)
        case hidden(team: String?)
    }

    private func look(_ process: pid_t, _ programs: ProgramFiles, _ here: FileIdentity?) -> Look {
        switch ProcessProof(process, runs: programs) {
        case .refuted:
            reapEnded(process)
            return .none
        case .hidden: return .hidden(team: Self.claim(of: process).team)
        case .proven: break
        }
        let claim = Self.claim(of: process)
        guard let team = claim.team ?? Self.team(ofPIDFile: process) else { return .none }
        switch place(process, here) {
        case .denied: return .hidden(team: team)
        case .isHere(let isHere):
            return .daemon(Running(process: process, team: team, usesBus: claim.usesBus, isHere: isHere))
        }
    }

    private enum Place {
        case isHere(Bool)
        case denied
    }

    private func place(_ process: pid_t, _ here: FileIdentity?) -> Place {
        guard let namespace = FileIdentity("/proc/\(process)/ns/net") else {
            return errno == EACCES || errno == EPERM ? .denied : .isHere(false)
        }
        // Both live, so that their inodes tell them apart.
        return .isHere(namespace == here)
    }

    private var hereIdentity: FileIdentity? {
        (try? namespace.identity()).map { FileIdentity(device: $0.device, inode: $0.inode) }
    }

    /// A daemon that was a child of ours has ended and nobody has asked how; perhaps that is for us to do.
    private func reapEnded(_ process: pid_t) {
        guard SmallFile.text("/proc/\(process)/comm") == "teamd\n",
            SmallFile.read("/proc/\(process)/cmdline")?.isEmpty == true
        else { return }
        waitpid(process, nil, WNOHANG)
    }

    /// Whether a daemon of another network namespace has the files of this one's teams: both would have one socket. A
    /// container has a /run of its own, and what it runs there is its own affair.
    func sharesFiles(_ daemon: Running) -> Bool {
        if daemon.isHere || daemon.isNamed { return true }
        guard let theirs = FileIdentity("/proc/\(daemon.process)/root\(TeamdSocket.runDirectory)") else {
            // Who cannot see that they are apart does not say so.
            return errno == EACCES || errno == EPERM
        }
        return theirs == FileIdentity(TeamdSocket.runDirectory)
    }

    // MARK: What a daemon was started with

    /// What a command line says. Of a process that is no teamd it is worth nothing.
    private static func claim(of process: pid_t) -> (team: String?, usesBus: Bool) {
        let bytes = SmallFile.read("/proc/\(process)/cmdline") ?? []
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return (team(words), usesBus(words))
    }

    /// `-D`, alone or in a row with other letters; what follows a letter with a value is that value.
    private static func usesBus(_ words: [String]) -> Bool {
        words.dropFirst().contains { word in
            if word == "--dbus-enable" { return true }
            guard word.hasPrefix("-"), !word.hasPrefix("--") else { return false }
            return word.dropFirst().prefix { !"pfctlZ".contains($0) }.contains("D")
        }
    }

    /// The name on a command line (`parse_command_line` in teamd.c).
    private static func team(_ words: [String]) -> String? {
        for (place, word) in words.enumerated() {
            if word == "-t" || word == "--team-dev", place + 1 < words.count { return words[place + 1] }
            if word.hasPrefix("--team-dev=") { return String(word.dropFirst("--team-dev=".count)) }
            if word.hasPrefix("-t"), word.count > 2 { return String(word.dropFirst(2)) }
        }
        return nil
    }

    /// The number in the file of a team.
    private static func process(inFileOf team: String) -> pid_t? {
        SmallFile.text("\(TeamdSocket.runDirectory)/\(team).pid")?.split(separator: "\n").first.flatMap { pid_t($0) }
    }

    /// A daemon whose configuration names the team is known by its file alone.
    private static func team(ofPIDFile process: pid_t) -> String? {
        SmallFile.names(in: TeamdSocket.runDirectory).lazy.filter { $0.hasSuffix(".pid") }.map {
            String($0.dropLast(4))
        }.first { Self.process(inFileOf: $0) == process }
    }
}
