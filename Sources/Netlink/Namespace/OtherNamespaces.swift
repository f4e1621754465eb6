import Glibc
import SystemPackage

/// The network namespaces of this host, as far as they have a name or a process.
enum OtherNamespaces {
    struct Place: Sendable {
        let namespace: NetworkNamespace
        /// What people call it.
        let label: String
    }

    /// All but one.
    ///
    /// - Returns: `isComplete` is false when some could not be looked at for want of privilege.
    static func all(but own: NetworkNamespace.Identity) -> (places: [Place], isComplete: Bool) {
        var seen: Set<NetworkNamespace.Identity> = [own]
        var places: [Place] = []
        var isComplete = true
        func add(_ label: String, _ open: () throws(NetlinkError) -> NetworkNamespace) {
            do throws(NetlinkError) {
                let namespace = try open()
                if seen.insert(try namespace.identity()).inserted {
                    places.append(Place(namespace: namespace, label: label))
                }
            } catch {
                // One that has gone meanwhile has nothing any more.
                if error.errno != .noSuchFileOrDirectory { isComplete = false }
            }
        }
        for name in SmallFile.names(in: NamedNamespaces.directory.string).sorted() where !name.hasPrefix(".") {
            add(name) { () throws(NetlinkError) in try NetworkNamespace.named(name) }
        }
        for process in SmallFile.names(in: "/proc").compactMap({ pid_t($0) }).sorted() {
            let path = "/proc/\(process)/ns/net"
            var status = stat()
            guard stat(path, &status) == 0 else {
                if errno == EACCES || errno == EPERM { isComplete = false }
                continue
            }
            // Most processes share one namespace: those are not opened.
            guard !seen.contains(.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))) else { continue }
            add("of process \(process)\(program(process))") { () throws(NetlinkError) in
                try NetworkNamespace.path(path)
            }
        }
        return (places, isComplete)
    }

    private static func program(_ process: pid_t) -> String {
        SmallFile.text("/proc/\(process)/comm").map { " (\($0.prefix { !$0.isNewline }))" } ?? ""
    }
}
