import CNetlink

/// Offload features of devices (ETHTOOL_MSG_FEATURES_GET, Linux 5.7).
extension EthtoolQuery {
    /// NETIF_F_VLAN_CHALLENGED in net/ethtool/common.c.
    private static let vlanChallenged = "vlan-challenged"

    /// Indexes of the devices that cannot carry VLANs.
    package func vlanChallengedDevices() async throws(NetlinkError) -> Set<Int32> {
        Set(try await socket.devices(withFeature: Self.vlanChallenged))
    }
}

extension NetlinkSocket {
    /// Devices on which a feature is active; features are numbered by the kernel's own list of their names.
    fileprivate func devices(withFeature name: String) throws(NetlinkError) -> [Int32] {
        let family = try genericFamily(named: ETHTOOL_GENL_NAME)
        guard let bit = try featureNumber(name, family) else { return [] }
        var message = try NetlinkMessage.generic(
            family: family, command: ETHTOOL_MSG_FEATURES_GET, operation: "read features")
        try message.nest(ETHTOOL_A_FEATURES_HEADER) { (header) throws(NetlinkError) in
            try header.put(ETHTOOL_A_HEADER_FLAGS, u32: UInt32(ETHTOOL_FLAG_COMPACT_BITSETS))
        }
        return try dump(message) { reply in
            let attributes = reply.attributes(after: MemoryLayout<genlmsghdr>.size)
            guard let active = attributes[ETHTOOL_A_FEATURES_ACTIVE]?.nested[ETHTOOL_A_BITSET_VALUE],
                Self.isSet(bit, in: active)
            else { return nil }
            return attributes[ETHTOOL_A_FEATURES_HEADER]?.nested[ETHTOOL_A_HEADER_DEV_INDEX]?.i32
        }
    }

    /// A bitmap of 32-bit words in host order.
    private static func isSet(_ bit: Int, in bitmap: Attribute) -> Bool {
        let offset = bitmap.start + bit / 32 * 4
        guard bit >= 0, offset + 4 <= bitmap.end else { return false }
        let word = bitmap.message.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
        return word & (1 << UInt32(bit % 32)) != 0
    }

    private func featureNumber(_ name: String, _ family: UInt16) throws(NetlinkError) -> Int? {
        var message = try NetlinkMessage.generic(
            family: family, command: ETHTOOL_MSG_STRSET_GET, operation: "read names of features")
        try message.nest(ETHTOOL_A_STRSET_HEADER) { (_) throws(NetlinkError) in }
        try message.nest(ETHTOOL_A_STRSET_STRINGSETS) { (sets) throws(NetlinkError) in
            try sets.nest(ETHTOOL_A_STRINGSETS_STRINGSET) { (set) throws(NetlinkError) in
                try set.put(ETHTOOL_A_STRINGSET_ID, u32: UInt32(ETH_SS_FEATURES.rawValue))
            }
        }
        for reply in try query(message) {
            let sets = reply.attributes(after: MemoryLayout<genlmsghdr>.size)[ETHTOOL_A_STRSET_STRINGSETS]?.nested
            guard let strings = sets?[ETHTOOL_A_STRINGSETS_STRINGSET]?.nested[ETHTOOL_A_STRINGSET_STRINGS] else {
                continue
            }
            for string in strings.nested where string.nested[ETHTOOL_A_STRING_VALUE]?.string == name {
                return string.nested[ETHTOOL_A_STRING_INDEX]?.u32.map(Int.init)
            }
        }
        return nil
    }
}
