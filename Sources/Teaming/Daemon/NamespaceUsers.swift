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
    /// - Returns: nil when that is not to be seen, or the process is gone.
    init?(of process: pid_t) {
        guard let target = Self.link("/proc/\(process)/ns/net") else { return nil }
        var mounts: Set<String> = []
        for other in SmallFile.names(in: "/proc").compactMap({ pid_t($0) }) {
            // One that has ended meanwhile keeps nothing.
            guard let network = Self.link("/proc/\(other)/ns/net") else {
                // Whoever may not look at all processes cannot say that there is none.
                if errno == EACCES || errno == EPERM { return nil }
                continue
            }
            let isInside = network == target
            if isInside ? Self.isNoDaemon(other) : Self.holds(other, target) {
                processes.append(other)
            }
            if let place = Self.link("/proc/\(other)/ns/mnt"), mounts.insert(place).inserted,
                let table = SmallFile.text("/proc/\(other)/mountinfo"), table.contains(" \(target) ")
            {
                hasName = true
            }
        }
    }

    /// Neither a teamd nor what keeps the words of one.
    private static func isNoDaemon(_ process: pid_t) -> Bool {
        !["teamd\n", "aggctl-log\n"].contains(SmallFile.text("/proc/\(process)/comm"))
    }

    private static func holds(_ process: pid_t, _ target: String) -> Bool {
        SmallFile.names(in: "/proc/\(process)/fd").contains { link("/proc/\(process)/fd/\($0)") == target }
    }

    /// `net:[4026531840]`.
    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: 256)
        let count = readlink(path, &buffer, buffer.count - 1)
        guard count > 0 else { return nil }
        return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
