import Glibc

extension NetworkNamespace {
    /// SO_NETNS_COOKIE (asm-generic/socket.h), since Linux 5.14.
    private static let cookieOption: Int32 = 71

    /// A number that no other namespace has had since the system started, unlike the inode, which the next namespace
    /// may get; nil where the kernel has none.
    package func cookie() -> UInt64? {
        try? run { () -> UInt64? in
            let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { return nil }
            defer { close(descriptor) }
            var cookie: UInt64 = 0
            var size = socklen_t(MemoryLayout<UInt64>.size)
            let code = getsockopt(descriptor, SOL_SOCKET, Self.cookieOption, &cookie, &size)
            return code == 0 && cookie != 0 ? cookie : nil
        }
    }

    /// What tells it from all others, for what is kept on disk.
    package func key() throws(NetlinkError) -> NamespaceKey {
        NamespaceKey(inode: try identity().inode, cookie: cookie())
    }

    /// The index of a device; nil when there is none of that name.
    package func linkIndex(named name: String) -> Int32? {
        try? run { () -> Int32? in
            let index = if_nametoindex(name)
            return index == 0 ? nil : Int32(bitPattern: index)
        }
    }
}

/// A network namespace, as what is kept of it names it.
///
/// No two that live have one inode, so it makes a good name for a file: there are never more files than namespaces. But the
/// next namespace gets it, and the file with it, which is why the cookie stands inside and has to be the same.
package struct NamespaceKey: Sendable, Hashable, Codable {
    package let inode: UInt64
    /// Nil before Linux 5.14, where the inode has to do.
    package let cookie: UInt64?

    package init(inode: UInt64, cookie: UInt64?) {
        self.inode = inode
        self.cookie = cookie
    }

    /// The cookie as a word of a file.
    package var cookieText: String { cookie.map { "\($0)" } ?? "-" }
}
