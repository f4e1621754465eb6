package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Questions about one link.
extension NetlinkSocket {
    private func describe(_ name: String) throws(NetlinkError) -> ReceivedMessage {
        var request = try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find")
        try request.put(IFLA_EXT_MASK, u32: UInt32(RTEXT_FILTER_SKIP_STATS))
        let answer = try query(request)
        guard let message = answer.first else {
            throw NetlinkError(operation: "find", subject: name, origin: .reply, errno: .init(rawValue: ENODEV))
        }
        return message
    }

    package func target(_ name: String) throws(NetlinkError) -> LinkTarget {
        LinkTarget(index: try linkIndex(name), name: name)
    }

    /// IFLA_INFO_KIND: `bond`, `team`, …; nil for hardware.
    package func kind(of name: String) throws(NetlinkError) -> String? {
        let attributes = try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)
        return attributes[IFLA_LINKINFO]?.nested[IFLA_INFO_KIND]?.string
    }

    /// The names of the ports of a device.
    package func ports(of index: Int32) throws(NetlinkError) -> [String] {
        let links = try dump(try NetlinkMessage.dumpLinks(statistics: false), decode: LinkDescription.init)
        return links.map(\.link).filter { $0.master == index }.map(\.name)
    }

    /// The indexes of all devices that are ports of others.
    package func allPorts() throws(NetlinkError) -> [Int32] {
        let links = try dump(try NetlinkMessage.dumpLinks(statistics: false), decode: LinkDescription.init)
        return links.map(\.link).filter { $0.master != nil }.map(\.index)
    }

    /// The address of a device.
    package func address(of name: String) throws(NetlinkError) -> [UInt8]? {
        try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_ADDRESS].map { Array($0.bytes) }
    }

    /// IFLA_PERM_ADDRESS: what the hardware was built with; nil where the driver has none.
    package func permanentAddress(of name: String) throws(NetlinkError) -> LinkLayerAddress? {
        let attributes = try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)
        return attributes[IFLA_PERM_ADDRESS].flatMap { LinkLayerAddress($0.bytes) }
    }

    package func hasCarrier(_ name: String) throws(NetlinkError) -> Bool {
        try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_CARRIER]?.u8 == 1
    }

    /// Whether a device has been set up, whatever its carrier.
    package func isUp(_ name: String) throws(NetlinkError) -> Bool {
        (try describe(name).header(as: ifinfomsg.self)?.ifi_flags ?? 0) & UInt32(IFF_UP) != 0
    }

    /// How many queues a device has to send by.
    package func transmitQueues(_ name: String) throws(NetlinkError) -> UInt32? {
        try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_NUM_TX_QUEUES]?.u32
    }

    /// The index of the device whose port it is.
    package func master(of name: String) throws(NetlinkError) -> Int32? {
        try describe(name).attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_MASTER]?.i32
    }
}
