import Glibc
import Netlink

/// Who keeps the network namespace of a daemon: names, mounts and other processes.
///
/// `ip netns del` takes a name away; a teamd inside goes on, with its ports, until somebody ends it.
struct NamespaceUsers {
    /// Processes inside, or holding it open, that are no teamd.
    private(set) var processes: [pid_t] = []
    /// Something is mounted that leads into it, as a name of `ip netns` is.
    private(set) var hasName = false

    var isOrphan: Bool { processes.isEmpty && !hasName }

    /// Looks through /proc, which takes a while: for when something is wrong.
    ///
    /// - Parameter daemons: processes that are known to be a teamd.
    /// - Returns: nil when that is not to be seen, or the process is gone.
    init?(of process: pid_t, besides daemons: Set<pid_t>) {
        guard case .target(let target) = ProcessLink("/proc/\(process)/ns/net") else { return nil }
        var mounts: Set<String> = []
        for other in SmallFile.names(in: "/proc").compactMap({ pid_t($0) }) {
            switch ProcessLink("/proc/\(other)/ns/net") {
            // One that has ended meanwhile keeps nothing.
            case .absent: continue
            // Whoever may not look at all processes cannot say that there is none.
            case .denied: return nil
            case .target(let network):
                let isUser =
                    network == target
                    ? !daemons.contains(other) && !Self.isLogKeeper(other) : Self.holds(other, target)
                if isUser { processes.append(other) }
            }
            if case .target(let place) = ProcessLink("/proc/\(other)/ns/mnt"), mounts.insert(place).inserted,
                let table = SmallFile.text("/proc/\(other)/mountinfo"), Self.mounts(target, in: table)
            {
                hasName = true
            }
        }
    }

    /// What keeps the words of a daemon, and ends with it. Only root's may call itself so.
    private static func isLogKeeper(_ process: pid_t) -> Bool {
        SmallFile.text("/proc/\(process)/comm") == "aggctl-log\n" && ProcessProof.isRoots(process)
    }

    /// Whether a table of mounts (proc_pid_mountinfo(5)) has a namespace in it: by its file system and root, since users may
    /// give mounts of their own any other word.
    static func mounts(_ target: String, in table: String) -> Bool {
        table.split(separator: "\n").contains { line in
            let words = line.split(separator: " ")
            guard words.count > 4, words[3] == target, let dash = words.firstIndex(of: "-") else { return false }
            return words.indices.contains(dash + 1) && words[dash + 1] == "nsfs"
        }
    }

    private static func holds(_ process: pid_t, _ target: String) -> Bool {
        SmallFile.names(in: "/proc/\(process)/fd").contains {
            ProcessLink("/proc/\(process)/fd/\($0)") == .target(target)
        }
    }
}
