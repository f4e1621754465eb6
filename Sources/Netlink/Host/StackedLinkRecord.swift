import Aggregation
import CNetlink

/// Keeps what it takes to make a device that stands on another one again, after that one was deleted with it.
enum StackedLinkRecord {
    /// Kinds whose data can be sent back, with those of their attributes that only tell something.
    private static let kinds: [String: Set<Int>] = [
        "vlan": [],
        "macvlan": macvlanReports, "macvtap": macvlanReports,
        "ipvlan": [], "ipvtap": [],
    ]
    /// IFLA_MACVLAN_BC_QUEUE_LEN_USED is refused when it is sent.
    private static let macvlanReports: Set<Int> = [IFLA_MACVLAN_BC_QUEUE_LEN_USED]

    static func isKnown(_ kind: String?) -> Bool { kind.map { kinds[$0] != nil } ?? false }

    /// What belongs to the device itself; everything else is a counter, a state, or follows from these.
    private static let kept: Set<Int> = [
        IFLA_IFNAME, IFLA_LINK, IFLA_MTU, IFLA_TXQLEN, IFLA_GROUP, IFLA_MASTER, IFLA_LINKINFO, IFLA_PROP_LIST,
        IFLA_LINKMODE, IFLA_IFALIAS, IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES,
    ]

    /// - Parameter lower: the device below, nil when it is in another namespace.
    static func record(_ description: LinkDescription, lower: Link?, names: DeviceNames) -> KernelRecord {
        let link = description.link
        let headerLength = MemoryLayout<ifinfomsg>.size
        let lowerName = lower?.name ?? "?"
        var builder = RecordBuilder(
            .link, header: description.payload.prefix(headerLength), head: "\(link.name)@\(lowerName)")
        for attribute in AttributeReader(description.payload, offset: headerLength) {
            switch attribute.type {
            case IFLA_LINK, IFLA_MASTER: builder.keep(attribute, key: attribute.i32.map(names.label) ?? "?")
            case IFLA_LINKINFO:
                // Without the port data of a bridge that it may be in: a bridge makes that anew.
                builder.keep(rawType: attribute.rawType, bytes: ownInfo(attribute, without: kinds[link.kind ?? ""] ?? []))
            // An address of its own; one that follows the device below must not be fixed by setting it.
            case IFLA_ADDRESS where link.address != lower?.address: builder.keep(attribute)
            case let type where kept.contains(type): builder.keep(attribute)
            default: break
            }
        }
        return builder.record(summary: "\(link.name) on \(lowerName)")
    }

    private static func ownInfo(_ attribute: Attribute, without reports: Set<Int>) -> [UInt8] {
        var writer = AttributeWriter()
        for inner in attribute.nested {
            switch inner.type {
            case IFLA_INFO_KIND: writer.put(inner)
            case IFLA_INFO_DATA: writer.put(inner.rawType, settableData(inner, without: reports))
            default: break
            }
        }
        return writer.bytes
    }

    /// Without what only tells something, and with a mask of VLAN flags that can be sent back: the kernel reports one of
    /// all ones and refuses that.
    private static func settableData(_ attribute: Attribute, without reports: Set<Int>) -> [UInt8] {
        var writer = AttributeWriter()
        for inner in attribute.nested where !reports.contains(inner.type) {
            // Flags of other kinds have the same number and are shorter.
            guard inner.type == IFLA_VLAN_FLAGS, inner.bytes.count == 8, let flags = inner.u32 else {
                writer.put(inner)
                continue
            }
            var value = Array(inner.bytes)
            // struct ifla_vlan_flags: flags, then mask. Of the flags only this one is set from the start.
            value.store(flags | UInt32(VLAN_FLAG_REORDER_HDR.rawValue), at: 4)
            writer.put(inner.rawType, value)
        }
        return writer.bytes
    }
}
