import Aggregation
import CNetlink

/// One RTM_NEWLINK message, read, with the places of what only a driver can read.
struct LinkDescription: Sendable {
    var link: Link
    /// The whole message after its header, of a link that can be made again from it. Of the others it is let go: a
    /// thousand messages are a megabyte.
    private(set) var payload: [UInt8] = []
    private(set) var data: AttributeReader?
    private(set) var portData: AttributeReader?

    init?(_ message: ReceivedMessage) {
        guard Int(message.type) == RTM_NEWLINK, let header = message.header(as: ifinfomsg.self) else { return nil }
        link = Link(index: header.ifi_index, name: "")
        link.hardwareType = header.ifi_type
        link.flags = LinkFlags(rawValue: header.ifi_flags)
        for attribute in message.attributes(after: MemoryLayout<ifinfomsg>.size) { read(attribute) }
        guard !link.name.isEmpty else { return nil }
        if let data { link.furtherLowers = LowerAttributes.devices(below: link, data) }
        if StackedLinkRecord.isKnown(link.kind) { payload = message.payload }
        // An index of its own says that there is nothing below.
        if link.lower == 0 || (link.lower == link.index && !link.lowerIsElsewhere) { link.lower = nil }
    }

    private mutating func read(_ attribute: Attribute) {
        switch attribute.type {
        case IFLA_IFNAME: link.name = attribute.string
        case IFLA_MTU: link.mtu = attribute.u32 ?? 0
        case IFLA_ADDRESS: link.address = LinkLayerAddress(attribute.bytes)
        case IFLA_PERM_ADDRESS: link.permanentAddress = LinkLayerAddress(attribute.bytes)
        case IFLA_CARRIER: link.hasCarrier = attribute.u8 == 1
        case IFLA_MASTER: link.master = attribute.i32
        case IFLA_LINK: link.lower = attribute.i32
        case IFLA_LINK_NETNSID:
            link.lowerIsElsewhere = true
            link.lowerNamespaceID = attribute.i32
        case IFLA_PARENT_DEV_NAME: link.parentDevice = attribute.string
        case IFLA_PARENT_DEV_BUS_NAME: link.parentBus = attribute.string
        case IFLA_NUM_TX_QUEUES: link.transmitQueues = attribute.u32
        case IFLA_PROP_LIST:
            for name in attribute.nested where name.type == IFLA_ALT_IFNAME {
                link.alternativeNames.append(name.string)
            }
        case IFLA_LINKINFO: readInfo(attribute.nested)
        default: break
        }
    }

    private mutating func readInfo(_ info: AttributeReader) {
        for attribute in info {
            switch attribute.type {
            case IFLA_INFO_KIND: link.kind = attribute.string
            case IFLA_INFO_DATA:
                data = AttributeReader(Array(attribute.bytes))
                if link.kind == "vlan" { link.vlanID = data?[IFLA_VLAN_ID]?.u16 }
            case IFLA_INFO_SLAVE_KIND: link.portKind = attribute.string
            case IFLA_INFO_SLAVE_DATA: portData = AttributeReader(Array(attribute.bytes))
            default: break
            }
        }
    }
}
