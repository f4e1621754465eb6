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
    /// Both are refused when they are sent (`macvlan_validate`).
    private static let macvlanReports: Set<Int> = [IFLA_MACVLAN_MACADDR_COUNT, IFLA_MACVLAN_BC_QUEUE_LEN_USED]
    /// All flags of `vlan_dev_change_flags`, which refuses a mask with others and reports one with all bits.
    private static let vlanFlags: UInt32 = 0x1f

    static func isKnown(_ kind: String?) -> Bool { kind.map { kinds[$0] != nil } ?? false }

    /// What belongs to the device itself; everything else is a counter, a state, or follows from these.
    private static let kept: Set<Int> = [
        IFLA_IFNAME, IFLA_LINK, IFLA_MTU, IFLA_TXQLEN, IFLA_GROUP, IFLA_MASTER, IFLA_LINKINFO, IFLA_PROP_LIST,
        IFLA_LINKMODE, IFLA_IFALIAS, IFLA_NUM_TX_QUEUES, IFLA_NUM_RX_QUEUES, IFLA_GSO_MAX_SEGS, IFLA_GSO_MAX_SIZE,
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
                builder.keep(rawType: attribute.rawType, bytes: ownInfo(attribute, of: link.kind ?? ""))
            // An address of its own; one that follows the device below must not be fixed by setting it.
            case IFLA_ADDRESS where link.address != lower?.address: builder.keep(attribute)
            case let type where kept.contains(type): builder.keep(attribute)
            default: break
            }
        }
        return builder.record(summary: "\(link.name) on \(lowerName)")
    }

    /// struct ifla_vlan_flags: the flags, and which of them are meant.
    private static func settableFlags(_ attribute: Attribute) -> [UInt8] {
        var bytes = Array(attribute.bytes)
        bytes.store(vlanFlags, at: MemoryLayout<UInt32>.size)
        return bytes
    }

    private static func ownInfo(_ attribute: Attribute, of kind: String) -> [UInt8] {
        let reports = kinds[kind] ?? []
        let isVLAN = kind == "vlan"
        var writer = AttributeWriter()
        for inner in attribute.nested {
            switch inner.type {
            case IFLA_INFO_KIND: writer.put(inner)
            case IFLA_INFO_DATA:
                var data = AttributeWriter()
                for each in inner.nested where !reports.contains(each.type) {
                    data.put(
                        each.rawType, isVLAN && each.type == IFLA_VLAN_FLAGS ? settableFlags(each) : Array(each.bytes))
                }
                writer.put(inner.rawType, data.bytes)
            default: break
            }
        }
        return writer.bytes
    }
}
