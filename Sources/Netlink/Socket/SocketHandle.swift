import CNetlink
import Glibc
import SystemPackage

/// Which netlink family a socket speaks.
package enum NetlinkProtocol: Sendable {
    /// Links, addresses, routes, neighbours (`NETLINK_ROUTE`).
    case route
    /// Families by name: ethtool, team, … (`NETLINK_GENERIC`).
    case generic

    var number: Int32 {
        switch self {
        case .route: NETLINK_ROUTE
        case .generic: NETLINK_GENERIC
        }
    }
}

/// An open libnl socket; closes with its last reference.
// Sendable: made on one thread and handed to one actor, which alone uses it from then on.
final class SocketHandle: @unchecked Sendable {
    let raw: OpaquePointer

    /// Largest datagram that is read at first.
    ///
    /// The kernel fills dumps up to 32 KiB, more only for one huge message.
    static let messageBufferSize = 64 * 1024

    var descriptor: Int32 { nl_socket_get_fd(raw) }
    var localPort: UInt32 { nl_socket_get_local_port(raw) }

    /// Opens a socket in the network namespace of the calling thread, where it stays.
    ///
    /// - Parameters:
    ///   - receiveBuffer: bytes of unread messages the kernel keeps for us; as much as it allows when unprivileged.
    ///   - strict: the kernel checks dump requests strictly and applies their filters.
    init(protocol family: NetlinkProtocol, receiveBuffer: Int32, strict: Bool) throws(NetlinkError) {
        guard let raw = nl_socket_alloc() else {
            throw NetlinkError(operation: "open a netlink socket", origin: .system, errno: .noMemory)
        }
        self.raw = raw
        nl_socket_disable_auto_ack(raw)
        nl_socket_disable_msg_peek(raw)
        Glibc.errno = 0
        let code = nl_connect(raw, family.number)
        guard code == 0 else {
            // A deinit runs for a class whose properties are all set, so the socket is freed there.
            throw NetlinkError.system(operation: "open a netlink socket", subject: "", code: code)
        }
        nl_socket_set_msg_buf_size(raw, SocketHandle.messageBufferSize)
        nl_socket_set_buffer_size(raw, receiveBuffer, 128 * 1024)
        // Beyond net.core.rmem_max where we may; a refusal leaves what the line above got.
        set(SOL_SOCKET, SO_RCVBUFFORCE, receiveBuffer)
        // Kernels without one of these answer as before they had it.
        set(SOL_NETLINK, NETLINK_EXT_ACK, 1)
        set(SOL_NETLINK, NETLINK_CAP_ACK, 1)
        if strict { set(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1) }
    }

    deinit {
        nl_socket_free(raw)
    }

    /// Bounds how long a blocking read waits: answers come at once, so a wait means that one was lost.
    func setReceiveTimeout(seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}

extension NetlinkError {
    /// The error for a libnl function that failed on our side of the socket; reads `errno`, so call it at once.
    ///
    /// libnl's number folds several error numbers into one, therefore the system's own is preferred. Set `errno` to 0
    /// before the call.
    static func system(operation: String, subject: String, code: Int32) -> NetlinkError {
        let number = Glibc.errno
        let detail = String(cString: nl_geterror(code))
        let errno = number == 0 ? Errno(rawValue: EPROTO) : Errno(rawValue: number)
        return NetlinkError(operation: operation, subject: subject, origin: .system, errno: errno, detail: detail)
    }
}
