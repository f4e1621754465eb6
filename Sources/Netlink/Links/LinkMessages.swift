import CNetlink
package import SystemPackage

/// A device, by index or by name.
package enum LinkReference: Sendable, Hashable, ExpressibleByStringLiteral {
    case index(Int32)
    case name(String)

    package init(stringLiteral value: String) {
        self = .name(value)
    }

    /// What messages call it.
    package var label: String {
        switch self {
        case .index(let index): "device \(index)"
        case .name(let name): name
        }
    }

    fileprivate var index: Int32 {
        if case .index(let index) = self { index } else { 0 }
    }
}

/// Requests about links, ready for `NetlinkSocket.request` or a `RequestBatch`.
extension NetlinkMessage {
    /// Starts a request about one link.
    ///
    /// - Parameters:
    ///   - linkFlags: `IFF_*` bits to set.
    ///   - change: which `IFF_*` bits `linkFlags` is about; the others stay.
    package static func link(
        _ link: LinkReference, type: Int = RTM_NEWLINK, flags: MessageFlags = [], linkFlags: UInt32 = 0,
        change: UInt32 = 0, operation: String
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(type: type, flags: flags, operation: operation, subject: link.label)
        var header = ifinfomsg()
        header.ifi_index = link.index
        header.ifi_flags = linkFlags
        header.ifi_change = change
        try message.append(header)
        if case .name(let name) = link { try message.put(IFLA_IFNAME, string: name) }
        return message
    }

    /// Creates a link.
    ///
    /// - Parameters:
    ///   - kind: "bond", "dummy", "bridge", "vlan", …
    ///   - data: puts the kind's own attributes into `IFLA_INFO_DATA`; without it there is none. A trailing closure
    ///     is this one.
    ///   - attributes: puts further `IFLA_*` attributes.
    package static func createLink(
        _ name: String, kind: String,
        data: ((inout NetlinkMessage) throws(NetlinkError) -> Void)? = nil,
        attributes: ((inout NetlinkMessage) throws(NetlinkError) -> Void)? = nil
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try link(.name(name), flags: [.create, .exclusive], operation: "create \(kind)")
        try attributes?(&message)
        try message.putLinkInfo(kind: kind, data: data)
        return message
    }

    /// Changes the kind's own attributes of a link that exists.
    package static func changeLink(
        _ link: LinkReference, kind: String, operation: String = "change",
        data: (inout NetlinkMessage) throws(NetlinkError) -> Void
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.link(link, operation: operation)
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: kind)
            try info.nest(IFLA_INFO_DATA, data)
        }
        return message
    }

    /// Puts `IFLA_LINKINFO` with the kind and its data.
    package mutating func putLinkInfo(
        kind: String, data: ((inout NetlinkMessage) throws(NetlinkError) -> Void)?
    ) throws(NetlinkError) {
        try nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: kind)
            if let data { try info.nest(IFLA_INFO_DATA, data) }
        }
    }

    package static func deleteLink(_ link: LinkReference) throws(NetlinkError) -> NetlinkMessage {
        try NetlinkMessage.link(link, type: RTM_DELLINK, operation: "delete")
    }

    /// Sets a link administratively up or down.
    package static func setUp(_ link: LinkReference, _ up: Bool) throws(NetlinkError) -> NetlinkMessage {
        try NetlinkMessage.link(
            link, linkFlags: up ? UInt32(IFF_UP) : 0, change: UInt32(IFF_UP),
            operation: up ? "set up" : "set down")
    }

    package static func setPromiscuous(_ link: LinkReference, _ on: Bool) throws(NetlinkError) -> NetlinkMessage {
        try NetlinkMessage.link(
            link, linkFlags: on ? UInt32(IFF_PROMISC) : 0, change: UInt32(IFF_PROMISC),
            operation: "set promiscuous mode of")
    }

    /// Puts a link under a master, given by index; 0 takes it out.
    package static func setMaster(_ link: LinkReference, _ master: Int32) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.link(link, operation: master == 0 ? "detach" : "attach")
        try message.put(IFLA_MASTER, i32: master)
        return message
    }

    /// Sets the MTU, in bytes.
    package static func setMTU(_ link: LinkReference, _ mtu: UInt32) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.link(link, operation: "set MTU of")
        try message.put(IFLA_MTU, u32: mtu)
        return message
    }

    /// Sets the link-layer address (6 bytes for Ethernet).
    package static func setAddress(_ link: LinkReference, _ bytes: [UInt8]) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.link(link, operation: "set link-layer address of")
        try message.put(IFLA_ADDRESS, bytes: bytes)
        return message
    }

    /// Renames a link, given by index since the name attribute carries the new name.
    package static func rename(index: Int32, to name: String) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.link(.index(index), operation: "rename to \(name)")
        try message.put(IFLA_IFNAME, string: name)
        return message
    }

    /// Moves a link into another namespace.
    package static func move(_ link: LinkReference, to namespace: FileDescriptor) throws(NetlinkError) -> NetlinkMessage
    {
        var message = try NetlinkMessage.link(link, operation: "move")
        try message.put(IFLA_NET_NS_FD, i32: namespace.rawValue)
        return message
    }

    /// Asks for all links, or those under a master or of a kind; the kernel filters.
    ///
    /// - Parameters:
    ///   - statistics: also the packet counters, which are a good part of each message.
    package static func dumpLinks(
        master: Int32? = nil, kind: String? = nil, statistics: Bool = true
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(type: RTM_GETLINK, operation: "list", subject: "links")
        try message.append(ifinfomsg())
        try message.put(IFLA_EXT_MASK, u32: UInt32(statistics ? 0 : RTEXT_FILTER_SKIP_STATS))
        if let master { try message.put(IFLA_MASTER, i32: master) }
        if let kind { try message.putLinkInfo(kind: kind, data: nil) }
        return message
    }

    /// Adds or deletes an address.
    ///
    /// - Parameters:
    ///   - flags: `IFA_F_*`, for instance `IFA_F_NODAD`.
    package static func address(
        _ address: AddressPrefix, on index: Int32, delete: Bool = false, flags: UInt32 = 0, label: String = ""
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(
            type: delete ? RTM_DELADDR : RTM_NEWADDR, flags: delete ? [] : [.create, .exclusive],
            operation: delete ? "delete address from" : "add address to",
            subject: label.isEmpty ? "device \(index)" : label)
        var header = ifaddrmsg()
        header.ifa_family = address.family
        header.ifa_prefixlen = address.prefixLength
        header.ifa_index = UInt32(bitPattern: index)
        try message.append(header)
        try message.put(IFA_LOCAL, bytes: address.bytes)
        try message.put(IFA_ADDRESS, bytes: address.bytes)
        if flags != 0 { try message.put(IFA_FLAGS, u32: flags) }
        return message
    }
}
