/// What the kernel does to a device that is made on another one when that one goes, or becomes a port.
///
/// One row a kind (`IFLA_INFO_KIND`). A kind without a row is taken for the worst: gone with the device below.
package struct StackedKind: Sendable {
    package enum Fate: Sendable, Hashable {
        /// Deleted with the device below (its driver hears NETDEV_UNREGISTER).
        case destroyed
        /// Stays, and its packets go nowhere: it is bound to the index of a device that is gone.
        case dead
    }

    /// When the device below is deleted.
    package let fate: Fate
    /// It receives by the device's only receive handler (`netdev_rx_handler_register`), which a port needs for its
    /// aggregate: the kernel refuses to let the device join.
    package let holdsReceiveHandler: Bool
    /// It goes on working below an aggregate: what is sent by it leaves by the port alone.
    package let worksOnPort: Bool

    private static let rows: [String: StackedKind] = [
        // vlan_device_event
        "vlan": .init(.destroyed, worksOnPort: true),
        // macvlan_device_event, ipvlan_device_event
        "macvlan": .init(.destroyed, holdsReceiveHandler: true),
        "macvtap": .init(.destroyed, holdsReceiveHandler: true),
        "ipvlan": .init(.destroyed, holdsReceiveHandler: true), "ipvtap": .init(.destroyed, holdsReceiveHandler: true),
        // macsec_notify, hsr_netdev_notify, rmnet_config_notify_cb
        "macsec": .init(.destroyed, holdsReceiveHandler: true), "hsr": .init(.destroyed, holdsReceiveHandler: true),
        "rmnet": .init(.destroyed, holdsReceiveHandler: true),
        // vxlan_handle_lowerdev_unregister, amt_device_event, lowpan_device_event
        "vxlan": .init(.destroyed), "amt": .init(.destroyed), "lowpan": .init(.destroyed),
        // Tunnels keep the index of the device that they send by (`parms.link`).
        "gre": .init(.dead), "gretap": .init(.dead), "erspan": .init(.dead), "ip6gre": .init(.dead),
        "ip6gretap": .init(.dead), "ip6erspan": .init(.dead), "ipip": .init(.dead), "sit": .init(.dead),
        "ip6tnl": .init(.dead), "vti": .init(.dead), "vti6": .init(.dead), "xfrm": .init(.dead),
    ]

    private init(_ fate: Fate, holdsReceiveHandler: Bool = false, worksOnPort: Bool = false) {
        self.fate = fate
        self.holdsReceiveHandler = holdsReceiveHandler
        self.worksOnPort = worksOnPort
    }

    package static func of(_ kind: String?) -> StackedKind {
        kind.flatMap { rows[$0] } ?? StackedKind(.destroyed)
    }

    /// Two ends of one cable name each other, and neither stands on the other.
    static func isCable(_ kind: String?) -> Bool { kind == "veth" || kind == "netkit" || kind == "vxcan" }
}
