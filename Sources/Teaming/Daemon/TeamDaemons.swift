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
        /// It runs in this network namespace.
        package var isHere: Bool
        /// Socket or bus of the team name it; it runs another program than the one that would be run.
        package var isNamed = false
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
    ///
    /// Without a note it counts as unknown; no team is left without a daemon for it.
    func noteFoundBelow(_ team: String) async {
        StateFile.remove(foundBelowPath(team))
        guard let ports = try? await NetlinkSocket(.route, in: namespace).allPorts() else { return }
        try? write(ports.map { "\($0)" }.joined(separator: " "), to: foundBelowPath(team))
    }

    /// The indexes of the devices that the daemon of a team found below others; nil when nobody has noted it.
    func foundBelow(_ team: String) -> Set<Int32>? {
        StateFile.text(foundBelowPath(team)).map {
            Set($0.split(whereSeparator: \.isWhitespace).compactMap { Int32($0) })
        }
    }

    /// Keeps a configuration for whoever has to start the daemon again.
    package func remember(_ configuration: TeamConfiguration, of team: String) throws(TeamDaemonError) {
        // What is there already needs no space.
        guard SmallFile.text(configurationPath(team)) != configuration.text + "\n" else { return }
        try write(configuration.text, to: configurationPath(team))
    }

    package func forget(_ team: String) {
        let paths = [
            configurationPath(team), oldConfigurationPath(team), logPath(team), oldLogPath(team), takeoverPath(team),
            foundBelowPath(team),
        ]
        for path in paths { StateFile.remove(path) }
    }

    func configurationPath(_ team: String) -> String { "\(directory)/\(team).conf" }
    func oldConfigurationPath(_ team: String) -> String { configurationPath(team) + ".1" }
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
    /// Whether one runs cannot be seen; why.
    case unseen(String)

    init(_ failure: StateFailure) {
        self =
            switch failure {
            case .untrusted(let distrust): .untrusted(distrust)
            case .system(let path, let reason): .unwritable(path: path, errno: reason.rawValue)
            }
    }
}
