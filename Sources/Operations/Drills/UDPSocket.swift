internal import Aggregation
internal import Glibc
internal import Netlink
internal import SystemPackage

/// An address and a UDP port as system calls want them.
struct SocketAddress: Sendable {
    private(set) var storage = sockaddr_storage()
    let length: socklen_t

    init(_ address: IPAddress, port: UInt16) {
        switch address.family {
        case .ipv4:
            var plain = sockaddr_in()
            plain.sin_family = sa_family_t(AF_INET)
            plain.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &plain.sin_addr) { $0.copyBytes(from: address.bytes) }
            length = socklen_t(MemoryLayout<sockaddr_in>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: plain, as: sockaddr_in.self) }
        case .ipv6:
            var plain = sockaddr_in6()
            plain.sin6_family = sa_family_t(AF_INET6)
            plain.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &plain.sin6_addr) { $0.copyBytes(from: address.bytes) }
            length = socklen_t(MemoryLayout<sockaddr_in6>.size)
            withUnsafeMutableBytes(of: &storage) { $0.storeBytes(of: plain, as: sockaddr_in6.self) }
        }
    }
}

/// A UDP socket bound to an address and a port that the kernel picked; closes with its last reference.
final class UDPSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    /// Room for the answers of a long stall: 16 flows at 500 probes a second are some 6 MB a second in kernel memory.
    private static let bufferSize: Int32 = 4 << 20

    /// Opens a socket in a namespace.
    ///
    /// - Parameters:
    ///   - address: the local one.
    ///   - device: the device that everything goes through, nil for what the routes say.
    static func open(
        on address: IPAddress, device: String?, in namespace: NetworkNamespace
    ) throws(DrillError) -> UDPSocket {
        do {
            return try namespace.run { try UDPSocket(address, device) }
        } catch {
            throw .socket(address: address, namespace: namespace.label, reason: "\(error)")
        }
    }

    private init(_ address: IPAddress, _ device: String?) throws {
        let family = address.family == .ipv4 ? AF_INET : AF_INET6
        let descriptor = socket(family, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Errno(rawValue: errno) }
        do {
            port = try Self.bind(descriptor, to: address, device)
            self.descriptor = descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    /// Makes it a member of an IPv4 group at a device (ip(7), IP_ADD_MEMBERSHIP).
    func join(_ group: IPAddress, device: Int32) throws(Errno) {
        var membership = ip_mreqn()
        withUnsafeMutableBytes(of: &membership.imr_multiaddr) { $0.copyBytes(from: group.bytes) }
        membership.imr_ifindex = device
        let size = socklen_t(MemoryLayout<ip_mreqn>.size)
        guard setsockopt(descriptor, Int32(IPPROTO_IP), IP_ADD_MEMBERSHIP, &membership, size) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    private static func bind(_ descriptor: Int32, to address: IPAddress, _ device: String?) throws -> UInt16 {
        var size = bufferSize
        for option in [SO_RCVBUFFORCE, SO_SNDBUFFORCE] {
            setsockopt(descriptor, SOL_SOCKET, option, &size, socklen_t(MemoryLayout<Int32>.size))
        }
        if let device {
            let name = Array(device.utf8)
            guard setsockopt(descriptor, SOL_SOCKET, SO_BINDTODEVICE, name, socklen_t(name.count)) == 0 else {
                throw Errno(rawValue: errno)
            }
        }
        let wanted = SocketAddress(address, port: 0)
        var storage = wanted.storage
        var length = wanted.length
        let port: UInt16? = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                guard Glibc.bind(descriptor, name, length) == 0, getsockname(descriptor, name, &length) == 0 else {
                    return nil
                }
                // sin_port and sin6_port are in the same place.
                return UnsafeRawPointer(name).loadUnaligned(fromByteOffset: 2, as: UInt16.self)
            }
        }
        guard let port else { throw Errno(rawValue: errno) }
        return UInt16(bigEndian: port)
    }
}
