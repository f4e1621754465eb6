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

    /// The index of a device; nil when there is none of that name.
    package func linkIndex(named name: String) -> Int32? {
        try? run { () -> Int32? in
            let index = if_nametoindex(name)
            return index == 0 ? nil : Int32(bitPattern: index)
        }
    }
}
