import CNetlink
import SystemPackage

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

    /// The indexes of the devices that have a feature of `ethtool -k`.
    ///
    /// - Throws: `ENOENT` if the kernel knows no such feature.
    package func devices(with feature: String) async throws(NetlinkError) -> Set<Int32> {
        try await socket.devices(with: feature)
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

/// Features: a bit a feature, whose place the kernel tells by name.
extension NetlinkSocket {
    fileprivate func devices(with feature: String) throws(NetlinkError) -> Set<Int32> {
        let family = try genericFamily(named: ETHTOOL_GENL_NAME)
        guard let bit = try featureBit(feature, family) else {
            throw NetlinkError(
                operation: "find feature", subject: feature, origin: .reply, errno: .noSuchFileOrDirectory)
        }
        var message = try NetlinkMessage.generic(
            family: family, command: ETHTOOL_MSG_FEATURES_GET, operation: "read features")
        try message.nest(ETHTOOL_A_FEATURES_HEADER) { (header) throws(NetlinkError) in
            try header.put(ETHTOOL_A_HEADER_FLAGS, u32: UInt32(ETHTOOL_FLAG_COMPACT_BITSETS))
        }
        return Set(
            try dump(message) { reply -> Int32? in
                let attributes = reply.attributes(after: MemoryLayout<genlmsghdr>.size)
                guard let index = attributes[ETHTOOL_A_FEATURES_HEADER]?.nested[ETHTOOL_A_HEADER_DEV_INDEX]?.i32,
                    let bits = attributes[ETHTOOL_A_FEATURES_ACTIVE]?.nested[ETHTOOL_A_BITSET_VALUE]?.bytes
                else { return nil }
                return Self.isSet(bit, in: bits) ? index : nil
            })
    }

    /// A bit set is a row of 32-bit words of host order, the lowest first.
    private static func isSet(_ bit: Int, in bits: ArraySlice<UInt8>) -> Bool {
        let words = Array(bits)
        guard words.count >= (bit / 32 + 1) * 4 else { return false }
        let word = words.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: bit / 32 * 4, as: UInt32.self) }
        return word & (1 << UInt32(bit % 32)) != 0
    }

    private func featureBit(_ feature: String, _ family: UInt16) throws(NetlinkError) -> Int? {
        var message = try NetlinkMessage.generic(
            family: family, command: ETHTOOL_MSG_STRSET_GET, operation: "read names of features")
        // No device: the names are the same for all. The nest itself has to be there.
        try message.nest(ETHTOOL_A_STRSET_HEADER) { (_) throws(NetlinkError) in }
        try message.nest(ETHTOOL_A_STRSET_STRINGSETS) { (sets) throws(NetlinkError) in
            try sets.nest(ETHTOOL_A_STRINGSETS_STRINGSET) { (set) throws(NetlinkError) in
                try set.put(ETHTOOL_A_STRINGSET_ID, u32: UInt32(ETH_SS_FEATURES.rawValue))
            }
        }
        for reply in try query(message) {
            let attributes = reply.attributes(after: MemoryLayout<genlmsghdr>.size)
            let set = attributes[ETHTOOL_A_STRSET_STRINGSETS]?.nested[ETHTOOL_A_STRINGSETS_STRINGSET]?.nested
            guard let names = set?[ETHTOOL_A_STRINGSET_STRINGS]?.nested else { continue }
            for name in names where name.nested[ETHTOOL_A_STRING_VALUE]?.string == feature {
                return name.nested[ETHTOOL_A_STRING_INDEX]?.u32.map { Int($0) }
            }
        }
        return nil
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
