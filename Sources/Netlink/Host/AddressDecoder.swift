import Aggregation
import CNetlink

/// Reads RTM_NEWADDR (linux/if_addr.h).
enum AddressDecoder {
    /// IFA_RT_PRIORITY and IFA_PROTO are younger than some headers.
    private static let metricAttribute = 9
    private static let originAttribute = 11
    private static let forever = UInt32.max
    /// What the kernel changes by itself: a replayed address has not been asked about, a fresh one is being so.
    private static let volatileFlags = UInt32(
        IFA_F_NODAD | IFA_F_OPTIMISTIC | IFA_F_DADFAILED | IFA_F_TENTATIVE | IFA_F_STABLE_PRIVACY)

    static func decode(_ message: ReceivedMessage, names: DeviceNames) -> HostState.Address? {
        guard Int(message.type) == RTM_NEWADDR, let header = message.header(as: ifaddrmsg.self) else { return nil }
        let device = Int32(bitPattern: header.ifa_index)
        var (flags, origin, lifetime) = (UInt32(header.ifa_flags), UInt8(0), UInt32?.none)
        var (local, address): ([UInt8]?, [UInt8]?)
        var metric: UInt32?
        let attributes = message.attributes(after: MemoryLayout<ifaddrmsg>.size)
        for attribute in attributes {
            switch attribute.type {
            case IFA_LOCAL: local = Array(attribute.bytes)
            case IFA_ADDRESS: address = Array(attribute.bytes)
            case IFA_FLAGS: flags = attribute.u32 ?? flags
            case metricAttribute: metric = attribute.u32
            case originAttribute: origin = attribute.u8 ?? 0
            case IFA_CACHEINFO:
                lifetime = attribute.load(as: ifa_cacheinfo.self).flatMap {
                    $0.ifa_valid == forever ? nil : $0.ifa_valid
                }
            default: break
            }
        }
        guard let bytes = local ?? address, let ip = IPAddress(bytes: bytes),
            let prefix = IPPrefix(address: ip, length: Int(header.ifa_prefixlen))
        else { return nil }

        var stableFlags = flags & ~volatileFlags
        // With a lifetime, being deprecated comes with time.
        if lifetime != nil { stableFlags &= ~UInt32(IFA_F_DEPRECATED) }
        let head =
            "\(names.label(device)) \(header.ifa_family)/\(header.ifa_prefixlen) scope \(header.ifa_scope) flags \(stableFlags)"
        var builder = RecordBuilder(.address, header: message.payload.prefix(MemoryLayout<ifaddrmsg>.size), head: head)
        for attribute in attributes {
            let isVolatile = attribute.type == IFA_CACHEINFO || attribute.type == IFA_FLAGS
            if isVolatile { builder.keep(attribute, key: nil) } else { builder.keep(attribute) }
        }
        var found = HostState.Address(
            device: device, prefix: prefix, scope: header.ifa_scope, flags: flags, origin: origin,
            validLifetime: lifetime, record: builder.record(summary: "\(prefix) on \(names.label(device))"))
        found.routeMetric = metric
        if let address, address != bytes { found.peer = IPAddress(bytes: address) }
        return found
    }
}
