import CSystemShims
import Glibc
package import SystemPackage

/// Namespaces with names, kept as `ip netns` keeps them: files below /run/netns that hold a namespace by a bind mount.
package enum NamedNamespaces {
    /// Where the names are.
    package static let directory: FilePath = "/run/netns"

    /// The file of a name.
    ///
    /// - Throws: `EINVAL` for a name that is no plain file name.
    package static func path(of name: String) throws(NetlinkError) -> FilePath {
        guard !name.isEmpty, name != ".", name != "..", name.utf8.count <= 255,
            !name.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 == 0 })
        else {
            throw NetlinkError(
                operation: "use network namespace name", subject: "\"\(name)\"", origin: .encoding,
                errno: .invalidArgument, detail: "a name is 1 to 255 bytes without a slash")
        }
        return directory.appending(name)
    }

    /// Creates a namespace as `ip netns add` does; like there, its loopback device is down.
    ///
    /// - Throws: `EEXIST` if the name is taken; `EPERM` without CAP_SYS_ADMIN.
    package static func create(_ name: String) throws(NetlinkError) -> NetworkNamespace {
        let file = try path(of: name)
        try prepareDirectory()
        let descriptor = Glibc.open(file.string, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0)
        guard descriptor >= 0 else { throw failure("create network namespace", name, Glibc.errno) }
        Glibc.close(descriptor)

        let target = file.string
        let code = try FreshThread.run(label: name) { () -> Int32 in
            let code = aggctl_unshare_net()
            return code < 0 ? code : aggctl_mount_bind("/proc/thread-self/ns/net", target, 0)
        }
        guard code == 0 else {
            unlink(target)
            throw failure("create network namespace", name, -code)
        }
        return try NetworkNamespace.named(name)
    }

    /// Takes the name away; the namespace itself ends with its last user.
    ///
    /// - Throws: `ENOENT` if there is no such name.
    package static func delete(_ name: String) throws(NetlinkError) {
        let file = try path(of: name)
        let code = aggctl_unmount_detached(file.string)
        // A file without a mount (EINVAL) is what a crash between making and mounting leaves behind.
        guard code == 0 || code == -EINVAL else { throw failure("delete network namespace", name, -code) }
        guard unlink(file.string) == 0 else { throw failure("delete network namespace", name, Glibc.errno) }
    }

    /// Makes /run/netns a shared mount, so that mounts below it show in mount namespaces made earlier.
    private static func prepareDirectory() throws(NetlinkError) {
        let path = directory.string
        if mkdir(path, 0o755) != 0, Glibc.errno != EEXIST { throw failure("create directory", path, Glibc.errno) }
        // `ip netns` takes the same lock: two creators must not both bind the directory onto itself.
        let lock = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard lock >= 0 else { throw failure("open directory", path, Glibc.errno) }
        defer { Glibc.close(lock) }
        while flock(lock, LOCK_EX) != 0, Glibc.errno == EINTR {}

        var code = aggctl_mount_make_shared(path)
        if code == -EINVAL {
            // Not a mount point yet.
            code = aggctl_mount_bind(path, path, 1)
            if code == 0 { code = aggctl_mount_make_shared(path) }
        }
        guard code == 0 else { throw failure("share the mount of", path, -code) }
    }

    private static func failure(_ operation: String, _ subject: String, _ number: Int32) -> NetlinkError {
        NetlinkError(operation: operation, subject: subject, origin: .system, errno: Errno(rawValue: number))
    }
}
