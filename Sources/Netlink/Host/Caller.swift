package import Aggregation
import CSystemShims
import Glibc

/// What the host knows about whoever runs the program.
package enum Caller {
    private static let deepestAncestor = 32

    /// CAP_NET_ADMIN is effective (linux/capability.h, capget(2)).
    package static var hasNetAdmin: Bool { aggctl_has_capability(UInt32(CAP_NET_ADMIN)) == 1 }

    /// CAP_SYS_PTRACE is effective: every process may be looked at.
    package static var hasSystemTrace: Bool { aggctl_has_capability(UInt32(CAP_SYS_PTRACE)) == 1 }

    /// The path of the program; nil when its file is gone, as after an update.
    package static var program: String? {
        guard let path = realpath("/proc/self/exe", nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    /// The two ends of an SSH connection.
    package struct Connection: Sendable, Hashable {
        /// Of the machine that the caller sits at.
        package let client: IPAddress
        /// Of this machine.
        package let local: IPAddress
    }

    /// The SSH connection that the caller came by.
    ///
    /// sudo(8) and su(1) take SSH_CONNECTION out of the environment, so the ancestors' are looked at as well.
    package static var sshConnection: Connection? {
        if let text = getenv("SSH_CONNECTION") { return connection(String(cString: text)) }
        var process = getppid()
        for _ in 0..<deepestAncestor where process > 1 {
            if let environment = SmallFile.read("/proc/\(process)/environ"),
                let connection = connection(inEnvironment: environment)
            {
                return connection
            }
            guard let parent = parent(of: process) else { return nil }
            process = parent
        }
        return nil
    }

    /// The four fields of SSH_CONNECTION: client address and port, server address and port.
    static func connection(_ text: String) -> Connection? {
        let fields = text.split(separator: " ")
        guard fields.count == 4 else { return nil }
        let addresses = [fields[0], fields[2]].compactMap { field in
            IPAddress(text: String(field.prefix { $0 != "%" })).map(\.unmapped)
        }
        return addresses.count == 2 ? Connection(client: addresses[0], local: addresses[1]) : nil
    }

    private static func connection(inEnvironment bytes: [UInt8]) -> Connection? {
        let prefix = Array("SSH_CONNECTION=".utf8)
        for entry in bytes.split(separator: 0) where entry.starts(with: prefix) {
            return connection(String(decoding: entry.dropFirst(prefix.count), as: UTF8.self))
        }
        return nil
    }

    /// The fourth field of /proc/PID/stat, counted after the command, which may hold spaces and parentheses.
    private static func parent(of process: pid_t) -> pid_t? {
        guard let text = SmallFile.text("/proc/\(process)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? pid_t(fields[1]) : nil
    }
}

extension IPAddress {
    /// An IPv4 address as an IPv6 socket shows it (`::ffff:192.0.2.1`) is an IPv4 address.
    fileprivate var unmapped: IPAddress {
        guard family == .ipv6, bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xff, bytes[11] == 0xff else {
            return self
        }
        return IPAddress(bytes: bytes.suffix(4)) ?? self
    }
}
