import CNetlink
package import Netlink

/// LACP counters of a port (BOND_XSTATS_3AD in linux/if_bonding.h, `bond_3ad_stats_fill`).
package struct LACPStatistics: Sendable, Hashable {
    /// LACPDUs since the port joined.
    package var received: UInt64 = 0
    package var sent: UInt64 = 0
    package var unknownReceived: UInt64 = 0
    package var illegalReceived: UInt64 = 0

    /// A request for the counters of every port of every bond.
    package static func request() throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(type: RTM_GETSTATS, operation: "read", subject: "LACP counters")
        var header = if_stats_msg()
        header.filter_mask = 1 << UInt32(IFLA_STATS_LINK_XSTATS_SLAVE - 1)
        try message.append(header)
        return message
    }

    /// - Returns: the index of the port and its counters; nil for a device that is no port of an LACP bond.
    package static func decode(_ message: ReceivedMessage) -> (port: Int32, counters: LACPStatistics)? {
        guard Int(message.type) == RTM_NEWSTATS, let header = message.header(as: if_stats_msg.self) else { return nil }
        let attributes = message.attributes(after: MemoryLayout<if_stats_msg>.size)
        guard let bond = attributes[IFLA_STATS_LINK_XSTATS_SLAVE]?.nested[LINK_XSTATS_TYPE_BOND],
            let counters = bond.nested[BOND_XSTATS_3AD]
        else { return nil }
        var result = LACPStatistics()
        for counter in counters.nested {
            guard let value = counter.u64 else { continue }
            switch counter.type {
            case BOND_3AD_STAT_LACPDU_RX: result.received = value
            case BOND_3AD_STAT_LACPDU_TX: result.sent = value
            case BOND_3AD_STAT_LACPDU_UNKNOWN_RX: result.unknownReceived = value
            case BOND_3AD_STAT_LACPDU_ILLEGAL_RX: result.illegalReceived = value
            default: break
            }
        }
        return (Int32(bitPattern: header.ifindex), result)
    }
}
