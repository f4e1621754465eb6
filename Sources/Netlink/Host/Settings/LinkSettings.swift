import Aggregation
import CNetlink
import Glibc

/// Alias, queue length, group, other names and root queueing discipline of a device.
enum LinkSettings {
    /// What the kernel gives to a device by itself (net.core.default_qdisc may name each of these).
    private static let usualQueueing: Set<String> = [
        "noqueue", "noop", "mq", "pfifo_fast", "pfifo", "fq_codel", "fq", "cake", "",
    ]

    static func read(_ link: SettingsSubject) -> [DeviceSetting] {
        var found: [DeviceSetting] = []
        func keep(_ type: Int, _ value: [UInt8], _ text: String) {
            var writer = AttributeWriter(header: header(link.index))
            writer.put(UInt16(type), value)
            let summary = "\(text) of \(link.name)"
            let record = KernelRecord(
                kind: .setting, key: "setting \(summary)", summary: summary, payload: writer.bytes)
            found.append(.init(device: link.name, record: record))
        }
        // Without one there is no attribute, and an empty one takes it away.
        let alias = link.attributes[IFLA_IFALIAS]?.string ?? ""
        keep(IFLA_IFALIAS, Array(alias.utf8), alias.isEmpty ? "no alias" : "alias \(alias)")
        for attribute in link.attributes {
            switch attribute.type {
            case IFLA_TXQLEN: keep(IFLA_TXQLEN, Array(attribute.bytes), "queue length \(attribute.u32 ?? 0)")
            case IFLA_GROUP: keep(IFLA_GROUP, Array(attribute.bytes), "group \(attribute.u32 ?? 0)")
            case IFLA_PROP_LIST:
                for name in attribute.nested where name.type == IFLA_ALT_IFNAME {
                    var list = AttributeWriter()
                    list.put(name)
                    keep(IFLA_PROP_LIST | Int(WireFormat.nestedFlag), list.bytes, "alternative name \(name.string)")
                }
            case IFLA_QDISC where !usualQueueing.contains(attribute.string):
                let summary = "\(attribute.string) of \(link.name)"
                found.append(
                    .init(
                        device: link.name,
                        record: KernelRecord(
                            kind: .queueing, key: "queueing \(summary)", summary: summary, payload: [])))
            default: break
            }
        }
        return found
    }

    static func header(_ index: Int32, family: Int32 = AF_UNSPEC) -> [UInt8] {
        var header = ifinfomsg()
        header.ifi_family = UInt8(family)
        header.ifi_index = index
        return withUnsafeBytes(of: header) { Array($0) }
    }
}

/// What a bridge does with one of its ports (IFLA_BRPORT_*), one record an attribute.
enum BridgePortSettings {
    static let kind = "bridge"

    /// What can be set, by the names of bridge(8). The spanning tree's state, its timers and identifiers are results.
    private static let names: [Int: String] = [
        IFLA_BRPORT_PRIORITY: "priority", IFLA_BRPORT_COST: cost, IFLA_BRPORT_MODE: "hairpin",
        IFLA_BRPORT_GUARD: "guard", IFLA_BRPORT_PROTECT: "root_block", IFLA_BRPORT_FAST_LEAVE: "fastleave",
        IFLA_BRPORT_LEARNING: "learning", IFLA_BRPORT_UNICAST_FLOOD: "flood", IFLA_BRPORT_PROXYARP: "proxy_arp",
        IFLA_BRPORT_PROXYARP_WIFI: "proxy_arp_wifi", IFLA_BRPORT_MULTICAST_ROUTER: "mcast_router",
        IFLA_BRPORT_MCAST_FLOOD: "mcast_flood", IFLA_BRPORT_MCAST_TO_UCAST: "mcast_to_unicast",
        IFLA_BRPORT_VLAN_TUNNEL: "vlan_tunnel", IFLA_BRPORT_BCAST_FLOOD: "bcast_flood",
        IFLA_BRPORT_GROUP_FWD_MASK: "group_fwd_mask", IFLA_BRPORT_NEIGH_SUPPRESS: "neigh_suppress",
        IFLA_BRPORT_ISOLATED: "isolated", IFLA_BRPORT_BACKUP_PORT: "backup_port",
        IFLA_BRPORT_MCAST_EHT_HOSTS_LIMIT: "mcast_eht_hosts_limit", IFLA_BRPORT_LOCKED: "locked",
        // Younger than some headers.
        40: "mab", 42: "mcast_max_groups", 43: "neigh_vlan_suppress", 44: "backup_nhid",
    ]
    private static let cost = "cost"
    /// What the kernel gives by speed (port_cost); it follows the speed as long as nobody sets one.
    private static let usualCosts: Set<UInt32> = [1, 2, 3, 4, 5, 11, 19, 100]

    static func read(_ link: SettingsSubject) -> [DeviceSetting] {
        guard let data = link.portData else { return [] }
        return data.compactMap { attribute in
            guard let name = names[attribute.type] else { return nil }
            var slave = AttributeWriter()
            slave.put(attribute)
            var info = AttributeWriter()
            info.put(UInt16(IFLA_INFO_SLAVE_KIND), Array(kind.utf8) + [0])
            info.put(UInt16(IFLA_INFO_SLAVE_DATA) | WireFormat.nestedFlag, slave.bytes)
            var writer = AttributeWriter(header: LinkSettings.header(link.index))
            writer.put(UInt16(IFLA_LINKINFO) | WireFormat.nestedFlag, info.bytes)
            let value = attribute.unsigned.map { "\($0)" } ?? HexText.text(attribute.bytes)
            let summary = "\(name) \(value) of \(link.name)"
            let isUsual = name == cost && attribute.u32.map(usualCosts.contains) == true
            return DeviceSetting(
                device: link.name,
                record: KernelRecord(
                    kind: .setting, key: "\(DeviceSetting.bridgePort) \(isUsual ? "usual " : "")\(summary)",
                    summary: "bridge port \(summary)", payload: writer.bytes))
        }
    }
}
