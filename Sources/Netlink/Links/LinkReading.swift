package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// What a link is doing, read link by link: for those who look at a few links often.
extension NetlinkSocket {
    /// Packets and bytes of links since they were made (`IFLA_STATS64`), by index.
    ///
    /// - Throws: `ENODEV` if one is gone.
    package func linkCounters(_ indices: [Int32]) throws(NetlinkError) -> [Int32: Link.Counters] {
        var counters: [Int32: Link.Counters] = [:]
        for index in indices {
            let message = try NetlinkMessage.link(.index(index), type: RTM_GETLINK, operation: "read the counters of")
            for reply in try query(message) {
                let attributes = reply.attributes(after: MemoryLayout<ifinfomsg>.size)
                guard let stats = attributes[IFLA_STATS64]?.load(as: rtnl_link_stats64.self) else { continue }
                counters[index] = Link.Counters(
                    receivedPackets: stats.rx_packets, sentPackets: stats.tx_packets, receivedBytes: stats.rx_bytes,
                    sentBytes: stats.tx_bytes)
            }
        }
        return counters
    }

    /// The `IFF_*` flags of a link.
    ///
    /// - Throws: `ENODEV` if there is none.
    package func linkFlags(_ link: LinkReference) throws(NetlinkError) -> LinkFlags {
        let message = try NetlinkMessage.link(link, type: RTM_GETLINK, operation: "find")
        guard let header = try query(message).first?.header(as: ifinfomsg.self) else {
            throw NetlinkError(operation: "find", subject: link.label, origin: .reply, errno: Errno(rawValue: ENODEV))
        }
        return LinkFlags(rawValue: header.ifi_flags)
    }
}

extension ReceivedMessage {
    /// The index of the link that an announcement about a link is about.
    package var linkIndex: Int32? {
        guard Int(type) == RTM_NEWLINK || Int(type) == RTM_DELLINK else { return nil }
        return header(as: ifinfomsg.self)?.ifi_index
    }
}
