import CNetlink

/// Speed and duplex of devices, from ethtool's generic netlink family (linux/ethtool_netlink.h, Linux 5.6).
package struct EthtoolQuery: Sendable {
    /// What a device's link runs at.
    package struct LinkMode: Sendable, Hashable {
        /// In Mbit/s; `nil` when the driver does not know, as without carrier.
        package var speed: UInt32?
        package var duplex: Duplex?
    }

    package enum Duplex: Sendable, Hashable {
        case half
        case full
    }

    let socket: NetlinkSocket

    /// - Parameter namespace: whose devices are asked about.
    package init(in namespace: NetworkNamespace = .current) throws(NetlinkError) {
        socket = try NetlinkSocket(.generic, in: namespace)
    }

    /// The link mode of every device whose driver reports one, by interface index.
    package func linkModes() async throws(NetlinkError) -> [Int32: LinkMode] {
        let modes = try await socket.dumpLinkModes()
        return Dictionary(modes, uniquingKeysWith: { first, _ in first })
    }
}

extension NetlinkSocket {
    fileprivate func dumpLinkModes() throws(NetlinkError) -> [(Int32, EthtoolQuery.LinkMode)] {
        let family = try genericFamily(named: ETHTOOL_GENL_NAME)
        var message = try NetlinkMessage.generic(
            family: family, command: ETHTOOL_MSG_LINKMODES_GET, operation: "read link modes")
        try message.nest(ETHTOOL_A_LINKMODES_HEADER) { (header) throws(NetlinkError) in
            try header.put(ETHTOOL_A_HEADER_FLAGS, u32: UInt32(ETHTOOL_FLAG_COMPACT_BITSETS))
        }
        return try dump(message, decode: EthtoolQuery.LinkMode.decode)
    }
}

extension EthtoolQuery.LinkMode {
    static func decode(_ message: ReceivedMessage) -> (Int32, Self)? {
        var index: UInt32?
        var mode = Self()
        for attribute in message.attributes(after: MemoryLayout<genlmsghdr>.size) {
            switch attribute.type {
            case ETHTOOL_A_LINKMODES_HEADER:
                index = attribute.nested[ETHTOOL_A_HEADER_DEV_INDEX]?.u32
            case ETHTOOL_A_LINKMODES_SPEED:
                // SPEED_UNKNOWN is -1; drivers also say 0 without a link.
                mode.speed = attribute.u32.flatMap { $0 == .max || $0 == 0 ? nil : $0 }
            case ETHTOOL_A_LINKMODES_DUPLEX:
                mode.duplex = attribute.u8.flatMap { $0 == DUPLEX_HALF ? .half : $0 == DUPLEX_FULL ? .full : nil }
            default: break
            }
        }
        return index.map { (Int32(bitPattern: $0), mode) }
    }
}
