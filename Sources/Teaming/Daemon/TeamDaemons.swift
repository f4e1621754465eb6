import Glibc
package import Netlink
package import System
import SystemPackage

/// The teamd processes of one network namespace.
package struct TeamDaemons: Sendable {
    let namespace: NetworkNamespace
    let stateDirectory: String
    /// Where configurations and logs of daemons that we started are kept.
    var directory: String { "\(stateDirectory)/teamd" }

    /// - Parameter stateDirectory: where the program keeps what has to outlive it.
    package init(in namespace: NetworkNamespace, stateDirectory: String) {
        self.namespace = namespace
        self.stateDirectory = stateDirectory
    }

    /// A teamd.
    package struct Running: Sendable, Hashable {
        package var process: Int32
        package var team: String
        /// It is on the system bus.
        package var usesBus: Bool
        /// The unit of systemd that looks after it.
        package var unit: String?
        /// It runs in this network namespace.
        package var isHere: Bool
    }

    /// All of the machine that can be seen, in one look at /proc.
    package func running() -> [Running] {
        let here = try? namespace.identity()
        return SmallFile.names(in: "/proc").compactMap { pid_t($0) }.sorted().compactMap { describe($0, here) }
    }

    /// The daemons of some teams: those that their own files name, and all when one of these files is missing or wrong.
    /// On a host with a thousand processes that is a thousand files less to read.
    package func running(for teams: [String]) -> [Running] {
        let here = try? namespace.identity()
        var found: [Running] = []
        for team in teams {
            guard let text = SmallFile.text("\(TeamdSocket.runDirectory)/\(team).pid"),
                let process = text.split(separator: "\n").first.flatMap({ pid_t($0) }),
                let daemon = describe(process, here), daemon.team == team, daemon.isHere
            else { return running() }
            found.append(daemon)
        }
        return found
    }

    /// A process, as far as it is a teamd.
    func describe(_ process: pid_t) -> Running? { describe(process, try? namespace.identity()) }

    private func describe(_ process: pid_t, _ here: NetworkNamespace.Identity?) -> Running? {
        guard SmallFile.text("/proc/\(process)/comm") == "teamd\n",
            let bytes = SmallFile.read("/proc/\(process)/cmdline")
        else { return nil }
        if bytes.isEmpty {
            // It has ended and nobody has asked how; perhaps that is for us to do.
            waitpid(process, nil, WNOHANG)
            return nil
        }
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        guard let team = Self.team(words) ?? Self.team(ofPIDFile: process) else { return nil }
        var status = stat()
        let isHere =
            stat("/proc/\(process)/ns/net", &status) == 0
            && here?.device == UInt64(status.st_dev) && here?.inode == UInt64(status.st_ino)
        return Running(
            process: process, team: team, usesBus: Self.usesBus(words),
            unit: Self.unit(process), isHere: isHere)
    }

    /// The service that a process belongs to by its control group, when it is one for teamd.
    private static func unit(_ process: pid_t) -> String? {
        for line in (SmallFile.text("/proc/\(process)/cgroup") ?? "").split(separator: "\n") {
            guard let last = line.split(separator: "/").last else { continue }
            if last.hasSuffix(".service"), last.contains("teamd") { return String(last) }
        }
        return nil
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

    /// A daemon whose configuration names the team is known by its file alone.
    private static func team(ofPIDFile process: pid_t) -> String? {
        SmallFile.names(in: TeamdSocket.runDirectory).first { name in
            name.hasSuffix(".pid")
                && SmallFile.text("\(TeamdSocket.runDirectory)/\(name)")?.split(separator: "\n").first == "\(process)"
        }.map { String($0.dropLast(4)) }
    }

    // MARK: What is kept

    /// What the last daemon of a team was told; nil when that is not known.
    package func remembered(_ team: String) -> TeamConfiguration? {
        StateFile.text(configurationPath(team)).flatMap { TeamConfiguration(parsing: $0) }
    }

    /// Takes note of the devices that are ports of something before a daemon of a team starts.
    ///
    /// libteam learns the address that a device has by itself only when it first sees it, and only while that has no
    /// master (`update_hwaddr` in libteam/ifinfo.c). Of the others teamd never knows it: it refuses them as the first
    /// port of a team, and in mode lacp it sends no LACPDUs on them.
    func noteFoundBelow(_ team: String) async throws(TeamDaemonError) {
        guard let ports = try? await NetlinkSocket(.route, in: namespace).allPorts() else {
            StateFile.remove(foundBelowPath(team))
            return
        }
        try write(ports.map { "\($0)" }.joined(separator: " "), to: foundBelowPath(team))
    }

    /// The indexes of the devices that the daemon of a team found below others; nil when nobody has noted it.
    func foundBelow(_ team: String) -> Set<Int32>? {
        StateFile.text(foundBelowPath(team)).map {
            Set($0.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) })
        }
    }

    /// Keeps a configuration for whoever has to start the daemon again.
    package func remember(_ configuration: TeamConfiguration, of team: String) throws(TeamDaemonError) {
        try write(configuration.text, to: configurationPath(team))
    }

    package func forget(_ team: String) {
        let paths = [
            configurationPath(team), logPath(team), oldLogPath(team), takeoverPath(team), foundBelowPath(team),
        ]
        for path in paths { StateFile.remove(path) }
    }

    func configurationPath(_ team: String) -> String { "\(directory)/\(team).conf" }
    func logPath(_ team: String) -> String { "\(directory)/\(team).log" }
    func takeoverPath(_ team: String) -> String { "\(directory)/\(team).takeover" }
    func foundBelowPath(_ team: String) -> String { "\(directory)/\(team).found" }
    func oldLogPath(_ team: String) -> String { logPath(team) + ".1" }

    /// The folder, made when it is not there.
    func openDirectory() throws(TeamDaemonError) -> StateFolder {
        do throws(StateFailure) { return try StateFolder(directory, creating: true) } catch {
            throw TeamDaemonError(error)
        }
    }

    /// Writes a file of the folder, whole or not at all. One that says the same already is left: a daemon that is to
    /// come back needs no room for it.
    func write(_ text: String, to path: String) throws(TeamDaemonError) {
        let text = text + "\n"
        guard StateFile.text(path) != text else { return }
        do throws(StateFailure) { try StateFile.write(text, to: path, permissions: .ofSecrets) } catch {
            throw TeamDaemonError(error)
        }
    }
}

/// A teamd that could not be started or ended.
package enum TeamDaemonError: Error, Sendable, Hashable {
    /// There is no such program.
    case missing
    case unwritable(path: String, errno: Int32)
    /// Others could have written what is kept there.
    case untrusted(Distrust)
    case cannotRun(errno: Int32)
    /// It ended while it started; its words.
    case failed(String)
    /// It was not ready in time; its words.
    case timedOut(String)
    /// A daemon of a team of this name runs in another network namespace: both would have one socket and one bus name.
    case nameTaken(process: Int32)
    /// The same, but nothing leads into that namespace any more: it was deleted, and the daemon alone keeps it.
    case orphan(process: Int32)
    /// It runs already.
    case running(process: Int32)

    init(_ failure: StateFailure) {
        self =
            switch failure {
            case .untrusted(let distrust): .untrusted(distrust)
            case .system(let path, let reason): .unwritable(path: path, errno: reason.rawValue)
            }
    }
}
