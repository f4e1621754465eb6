import CNetlink

/// One leg of a multipath route: an entry of RTA_MULTIPATH (struct rtnexthop of linux/rtnetlink.h).
struct MultipathLeg {
    /// Where the entry starts in the message's bytes.
    let offset: Int
    let flags: UInt8
    /// The weight less one.
    let hops: UInt8
    let device: Int32
    let attributes: AttributeReader

    /// The legs in an attribute; a damaged entry ends them.
    static func all(in attribute: Attribute) -> [MultipathLeg] {
        var legs: [MultipathLeg] = []
        var offset = attribute.start
        let size = MemoryLayout<rtnexthop>.size
        while offset + size <= attribute.end {
            let entry = attribute.message.withUnsafeBytes {
                $0.loadUnaligned(fromByteOffset: offset, as: rtnexthop.self)
            }
            let length = Int(entry.rtnh_len)
            guard length >= size, offset + length <= attribute.end else { break }
            legs.append(
                MultipathLeg(
                    offset: offset, flags: entry.rtnh_flags, hops: entry.rtnh_hops, device: entry.rtnh_ifindex,
                    attributes: AttributeReader(attribute.message, from: offset + size, to: offset + length)))
            offset += WireFormat.align(length)
        }
        return legs
    }
}
