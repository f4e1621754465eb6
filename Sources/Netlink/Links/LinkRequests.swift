package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Requests about links that test-beds and drivers share; they know nothing of aggregation.
extension NetlinkSocket {
    /// The index of a link.
    ///
    /// - Throws: `ENODEV` if there is none.
    package func linkIndex(_ name: String) throws(NetlinkError) -> Int32 {
        var message = try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find")
        try message.put(IFLA_EXT_MASK, u32: UInt32(RTEXT_FILTER_SKIP_STATS))
        guard let header = try query(message).first?.header(as: ifinfomsg.self) else {
            throw NetlinkError(operation: "find", subject: name, origin: .reply, errno: Errno(rawValue: ENODEV))
        }
        return header.ifi_index
    }

    private func index(of link: LinkReference) throws(NetlinkError) -> Int32 {
        switch link {
        case .index(let index): index
        case .name(let name): try linkIndex(name)
        }
    }

    // MARK: Create and delete

    /// Creates a link; see `NetlinkMessage.createLink`.
    package func createLink(
        _ name: String, kind: String,
        data: (@Sendable (inout NetlinkMessage) throws(NetlinkError) -> Void)? = nil
    ) throws(NetlinkError) {
        try request(try NetlinkMessage.createLink(name, kind: kind, data: data))
    }

    package func createDummy(_ name: String) throws(NetlinkError) {
        try createLink(name, kind: "dummy")
    }

    /// Creates a team without a daemon, with an index that it is to have.
    package func createTeam(_ name: String, index: Int32) throws(NetlinkError) {
        var message = try NetlinkMessage(
            type: RTM_NEWLINK, flags: [.create, .exclusive], operation: "create team", subject: name)
        var header = ifinfomsg()
        header.ifi_index = index
        try message.append(header)
        try message.put(IFLA_IFNAME, string: name)
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: "team")
        }
        try request(message)
    }

    package func createBridge(_ name: String) throws(NetlinkError) {
        try createLink(name, kind: "bridge")
    }

    /// Creates an 802.1Q VLAN on a link.
    package func createVLAN(_ name: String, on parent: LinkReference, id: UInt16) throws(NetlinkError) {
        let parent = try index(of: parent)
        let message = try NetlinkMessage.createLink(
            name, kind: "vlan",
            data: { (data) throws(NetlinkError) in try data.put(IFLA_VLAN_ID, u16: id) },
            attributes: { (message) throws(NetlinkError) in try message.put(IFLA_LINK, i32: parent) })
        try request(message)
    }

    /// Creates two Ethernet devices joined back to back.
    ///
    /// - Parameters:
    ///   - peer: name of the other end.
    ///   - namespace: where the other end is to be; `nil` for beside this one.
    package func createVethPair(
        _ name: String, peer: String, peerNamespace namespace: NetworkNamespace? = nil
    ) throws(NetlinkError) {
        // Kept open until the request is answered: the kernel looks the descriptor up while it handles it.
        let lent = try namespace.map { (namespace) throws(NetlinkError) in try namespace.lend() }
        defer { withExtendedLifetime(lent) {} }
        let message = try NetlinkMessage.createLink(name, kind: "veth") { (data) throws(NetlinkError) in
            try data.nest(VETH_INFO_PEER) { (end) throws(NetlinkError) in
                try end.append(ifinfomsg())
                try end.put(IFLA_IFNAME, string: peer)
                if let lent { try end.put(IFLA_NET_NS_FD, i32: lent.descriptor.rawValue) }
            }
        }
        try request(message)
    }

    package func deleteLink(_ link: LinkReference) throws(NetlinkError) {
        try request(try NetlinkMessage.deleteLink(link))
    }

    // MARK: Change

    /// Sets a link administratively up or down.
    package func setUp(_ link: LinkReference, _ up: Bool = true) throws(NetlinkError) {
        try request(try NetlinkMessage.setUp(link, up))
    }

    /// Puts a link under a master, or with `nil` takes it out.
    package func setMaster(_ link: LinkReference, _ master: LinkReference?) throws(NetlinkError) {
        let index = try master.map { (master) throws(NetlinkError) in try self.index(of: master) } ?? 0
        try request(try NetlinkMessage.setMaster(link, index))
    }

    /// Whether a bridge sends out of this port of it what is for all or for nobody that it knows of
    /// (IFLA_BRPORT_BCAST_FLOOD, IFLA_BRPORT_MCAST_FLOOD).
    package func setFlooding(_ link: LinkReference, ofBroadcasts flag: Bool) throws(NetlinkError) {
        var message = try NetlinkMessage(
            type: RTM_NEWLINK, flags: [], operation: "set flooding of", subject: "\(link)")
        var header = ifinfomsg()
        header.ifi_index = try index(of: link)
        try message.append(header)
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_SLAVE_KIND, string: "bridge")
            try info.nest(IFLA_INFO_SLAVE_DATA) { (data) throws(NetlinkError) in
                try data.put(IFLA_BRPORT_BCAST_FLOOD, u8: flag ? 1 : 0)
                try data.put(IFLA_BRPORT_MCAST_FLOOD, u8: flag ? 1 : 0)
            }
        }
        try request(message)
    }

    /// Gives a link a program that the driver runs by itself (XDP_FLAGS_DRV_MODE), which goes with the link.
    package func attachXDP(_ program: Int32, to link: LinkReference) throws(NetlinkError) {
        let driverMode: UInt32 = 1 << 2
        var message = try NetlinkMessage.link(link, operation: "attach an XDP program to")
        try message.nest(IFLA_XDP) { (xdp) throws(NetlinkError) in
            try xdp.put(IFLA_XDP_FD, u32: UInt32(bitPattern: program))
            try xdp.put(IFLA_XDP_FLAGS, u32: driverMode)
        }
        try request(message)
    }

    /// Sets the MTU, in bytes.
    package func setMTU(_ link: LinkReference, _ mtu: UInt32) throws(NetlinkError) {
        try request(try NetlinkMessage.setMTU(link, mtu))
    }

    /// Sets the link-layer address (6 bytes for Ethernet).
    package func setAddress(_ link: LinkReference, _ bytes: [UInt8]) throws(NetlinkError) {
        try request(try NetlinkMessage.setAddress(link, bytes))
    }

    package func setPromiscuous(_ link: LinkReference, _ on: Bool) throws(NetlinkError) {
        try request(try NetlinkMessage.setPromiscuous(link, on))
    }

    /// Renames a link; most must be down for that.
    package func rename(_ link: LinkReference, to name: String) throws(NetlinkError) {
        try request(try NetlinkMessage.rename(index: try index(of: link), to: name))
    }

    /// Moves a link into another namespace.
    package func move(_ link: LinkReference, to namespace: NetworkNamespace) throws(NetlinkError) {
        let lent = try namespace.lend()
        defer { withExtendedLifetime(lent) {} }
        try request(try NetlinkMessage.move(link, to: lent.descriptor))
    }

    // MARK: Addresses

    /// Adds an address.
    ///
    /// - Parameter duplicateDetection: `false` makes an IPv6 address usable at once (`IFA_F_NODAD`).
    package func addAddress(
        _ address: AddressPrefix, to link: LinkReference, duplicateDetection: Bool = true
    ) throws(NetlinkError) {
        let message = try NetlinkMessage.address(
            address, on: try index(of: link), flags: duplicateDetection ? 0 : UInt32(IFA_F_NODAD), label: link.label)
        try request(message)
    }

    /// Says which station has an address, for good (NUD_PERMANENT).
    package func addNeighbour(
        _ address: IPAddress, _ station: LinkLayerAddress, on link: LinkReference
    ) throws(NetlinkError) {
        var message = try NetlinkMessage(
            type: RTM_NEWNEIGH, flags: [.create], operation: "add neighbour", subject: "\(address)")
        var header = ndmsg()
        header.ndm_family = UInt8(address.family == .ipv4 ? AF_INET : AF_INET6)
        header.ndm_ifindex = try index(of: link)
        header.ndm_state = UInt16(NUD_PERMANENT)
        try message.append(header)
        try message.put(NDA_DST, bytes: address.bytes)
        try message.put(NDA_LLADDR, bytes: station.bytes)
        try request(message)
    }

    package func deleteAddress(_ address: AddressPrefix, from link: LinkReference) throws(NetlinkError) {
        let message = try NetlinkMessage.address(address, on: try index(of: link), delete: true, label: link.label)
        try request(message)
    }
}
