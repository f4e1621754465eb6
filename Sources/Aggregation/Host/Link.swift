/// A network device as the kernel describes it (RTM_NEWLINK, include/uapi/linux/if_link.h).
package struct Link: Sendable, Hashable, Codable {
    /// The interface index, unique in its namespace.
    package var index: Int32
    package var name: String
    package var alternativeNames: [String] = []
    /// IFLA_INFO_KIND: `bond`, `team`, `veth`, `vlan`, …; nil for hardware and loopback.
    package var kind: String?
    /// ARPHRD_*: 1 is Ethernet, 32 InfiniBand, 772 loopback.
    package var hardwareType: UInt16 = 1
    package var flags: LinkFlags = []
    /// Bytes.
    package var mtu: UInt32 = 1500
    package var address: LinkLayerAddress?
    /// IFLA_PERM_ADDRESS: what the hardware was built with; nil where the driver has none.
    package var permanentAddress: LinkLayerAddress?
    /// IFLA_CARRIER.
    package var hasCarrier = false
    /// The bond, team, bridge or VRF that the device is a port of.
    package var master: Int32?
    /// The device below a VLAN or macvlan, the peer of a veth; meaningful here only when `lowerIsElsewhere` is false.
    package var lower: Int32?
    /// The device below is in another namespace (IFLA_LINK_NETNSID).
    package var lowerIsElsewhere = false
    /// That namespace, by the number that this one has for it (`ip netns list-id`).
    package var lowerNamespaceID: Int32?
    /// Devices that it uses and that IFLA_LINK does not name, as a vxlan and an hsr device do; nil when there are none.
    package var furtherLowers: [Int32]?
    /// IFLA_VLAN_ID of a VLAN.
    package var vlanID: UInt16?
    /// `0000:01:00.1` and `pci` (IFLA_PARENT_DEV_NAME, IFLA_PARENT_DEV_BUS_NAME).
    package var parentDevice: String?
    package var parentBus: String?
    /// The physical function behind an SR-IOV virtual function, as `0000:01:00.0`.
    package var physicalFunction: String?
    /// The driver of hardware, as `ixgbe`; nil where it was not asked for.
    package var kernelDriver: String?
    /// How many queues it sends by (IFLA_NUM_TX_QUEUES); nil when the kernel did not say.
    package var transmitQueues: UInt32?
    /// NETIF_F_VLAN_CHALLENGED: cannot carry VLANs.
    package var isVLANChallenged = false
    /// The kind whose port data the device carries (IFLA_INFO_SLAVE_KIND).
    package var portKind: String?
    /// Mbit/s; nil when unknown.
    package var speed: UInt32?
    package var duplex: Duplex?
    /// Present when the device is a bond or a team.
    package var aggregate: AggregateFacts?
    /// Present when the device is a port of a bond or a team.
    package var port: PortFacts?
    /// The whole RTM_NEWLINK payload of a VLAN, so that it can be made again with the same options.
    package var record: KernelRecord?

    package init(index: Int32, name: String) {
        self.index = index
        self.name = name
    }

    package var isUp: Bool { flags.contains(.up) }

    /// The address that identifies a port wherever it is joined: IFLA_PERM_ADDRESS, else the aggregate's record of it,
    /// else the current address of a device that is no port.
    package var identifyingAddress: LinkLayerAddress? {
        permanentAddress ?? port?.permanentAddress ?? (port == nil ? address : nil)
    }

    /// What it shares with other functions of the same card: the parent of a virtual function, else the PCI address
    /// without its function number.
    package var card: String? {
        if let physicalFunction { return String(physicalFunction.prefix { $0 != "." }) }
        guard parentBus == "pci", let parentDevice else { return nil }
        return String(parentDevice.prefix { $0 != "." })
    }

    /// Packets and bytes since the device was made (IFLA_STATS64).
    package struct Counters: Sendable, Hashable, Codable {
        package var receivedPackets: UInt64
        package var sentPackets: UInt64
        package var receivedBytes: UInt64
        package var sentBytes: UInt64

        package init(receivedPackets: UInt64, sentPackets: UInt64, receivedBytes: UInt64, sentBytes: UInt64) {
            self.receivedPackets = receivedPackets
            self.sentPackets = sentPackets
            self.receivedBytes = receivedBytes
            self.sentBytes = sentBytes
        }
    }

    package enum Duplex: String, Sendable, Codable, CaseIterable { case half, full }
}

/// IFF_* of linux/if.h.
package struct LinkFlags: OptionSet, Sendable, Hashable, Codable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Administratively up.
    package static let up = LinkFlags(rawValue: 1 << 0)
    package static let loopback = LinkFlags(rawValue: 1 << 3)
    package static let running = LinkFlags(rawValue: 1 << 6)
    package static let noARP = LinkFlags(rawValue: 1 << 7)
    package static let promiscuous = LinkFlags(rawValue: 1 << 8)
    package static let allMulticast = LinkFlags(rawValue: 1 << 9)
    package static let master = LinkFlags(rawValue: 1 << 10)
    package static let slave = LinkFlags(rawValue: 1 << 11)
}
