package import Aggregation
import CNetlink
import Glibc

extension NetlinkSocket {
    /// The device by which the kernel would send to an address (`ip route get`).
    ///
    /// - Parameter source: an address of this host.
    /// - Returns: nil when there is no such route.
    package func outputDevice(to destination: IPAddress, from source: IPAddress) throws(NetlinkError) -> Int32? {
        guard destination.family == source.family else { return nil }
        var message = try NetlinkMessage(type: RTM_GETROUTE, operation: "find route to", subject: "\(destination)")
        var header = rtmsg()
        header.rtm_family = UInt8(destination.family == .ipv4 ? AF_INET : AF_INET6)
        header.rtm_dst_len = UInt8(destination.bytes.count * 8)
        header.rtm_src_len = UInt8(source.bytes.count * 8)
        try message.append(header)
        try message.put(Int(RTA_DST.rawValue), bytes: destination.bytes)
        try message.put(Int(RTA_SRC.rawValue), bytes: source.bytes)
        let route = try query(message).first
        return route?.attributes(after: MemoryLayout<rtmsg>.size)[Int(RTA_OIF.rawValue)]?.i32
    }

    /// The number that the socket's namespace has for another one (`ip netns list-id`); nil when it has none.
    ///
    /// - Parameter descriptor: an open descriptor of the other one.
    package func namespaceID(of descriptor: Int32) throws(NetlinkError) -> Int32? {
        var message = try NetlinkMessage(type: RTM_GETNSID, operation: "find", subject: "namespace")
        try message.append(rtgenmsg())
        try message.put(Int(NETNSA_FD), i32: descriptor)
        let answer = try query(message).first?.attributes(after: MemoryLayout<rtgenmsg>.size)[Int(NETNSA_NSID)]?.i32
        return answer.flatMap { $0 < 0 ? nil : $0 }
    }
}
