/// The options of a bond, in the order in which the kernel applies the attributes of one request
/// (`bond_changelink` in drivers/net/bonding/bond_netlink.c).
package enum BondingOptions {
    private static let int32Max = Int64(Int32.max)
    private static let monitorModes: ModeSet = [.rr, .ab, .xor, .bc]
    private static let singleActive: ModeSet = [.ab, .tlb, .alb]
    private static let lockstep: [ValueKind.Choice] = [
        .init("layer2", 0, "MAC addresses and protocol"),
        .init("layer3+4", 1, "IP addresses and ports; fragments may take another port"),
        .init("layer2+3", 2, "MAC and IP addresses"),
        .init("encap2+3", 3, "as layer2+3, from inside a tunnel"),
        .init("encap3+4", 4, "as layer3+4, from inside a tunnel"),
        .init(
            "vlan+srcmac", 5, "VLAN and source MAC; without a LAG on the switch, drop the frames that come back",
            since: "5.12"),
    ]
    private static let validation: [ValueKind.Choice] = [
        .init("none", 0, "any ARP counts"), .init("active", 1, "the active port"), .init("backup", 2, "backup ports"),
        .init("all", 3, "every port"), .init("filter", 4, "only ARP counts as traffic"),
        .init("filter_active", 5, "filter, and validate the active port"),
        .init("filter_backup", 6, "filter, and validate backup ports"),
    ]

    /// The oldest interface that could be dated; what it has, every kernel that matters has.
    package static let firstInterface = "3.14"
    package static let table = OptionTable(driver: .bonding, subject: .aggregate, rows: rows)

    // One row an option: a table is read across, so these lines stay long.
    private static let rows: [OptionDefinition] = [
        row(
            "mode", 1, .u8, .choice(modes), .number(0), change: .whileDownWithoutPorts,
            help: "What the aggregate does with its ports.", source: "bond_option_mode_set"),
        row(
            "active_slave", 2, .ifindex, .port, DefaultValue(.port(nil)), singleActive, needs: [.ownPort],
            help: "The port that carries traffic now; none asks for a new election.",
            source: "bond_option_active_slave_set"),
        row(
            "miimon", 3, .u32, .duration(.milliseconds, 0...int32Max),
            DefaultValue(.number(0), [.init(modes: [.ad, .tlb, .alb], value: .number(100))]),
            excludes: "arp_interval",
            help: "Link monitoring interval; 0 never notices a dead link; miimon=default means 100ms in every mode.",
            source: "bond_option_miimon_set"),
        row(
            "updelay", 4, .u32, .duration(.milliseconds, 0...int32Max), .number(0),
            needs: [.nonZero("miimon"), .multipleOf("miimon")],
            help: "How long a link must be up before the port is used.", source: "bond_option_updelay_set"),
        row(
            "downdelay", 5, .u32, .duration(.milliseconds, 0...int32Max), .number(0),
            needs: [.nonZero("miimon"), .multipleOf("miimon")],
            help: "How long a link must be down before the port is given up.", source: "bond_option_downdelay_set"),
        row(
            "peer_notif_delay", 28, .u32, .duration(.milliseconds, 0...300_000), .number(0),
            needs: [.nonZero("miimon"), .multipleOf("miimon")], since: "5.3",
            help: "Time between two announcements after a failover.", source: "bond_option_peer_notif_delay_set"),
        // Linux 7.2 has no MII ioctls left and takes nothing but on; 6.12 still takes off.
        row(
            "use_carrier", 6, .u8, .boolean, .number(1), withdrawn: .init(value: .number(0), refusedBy: "7.2"),
            help: "Ask the carrier state; off (the old MII ioctls) is gone from newer kernels.",
            source: "bond_option_use_carrier_set"),
        row(
            "arp_interval", 7, .u32, .duration(.milliseconds, 0...int32Max), .number(0), monitorModes,
            excludes: "miimon", help: "Time between two ARP or NS probes of the targets.",
            source: "bond_option_arp_interval_set"),
        row(
            "arp_ip_target", 8, .ipv4Nest, .targets(.ipv4, maximum: 16), DefaultValue(.targets([])),
            effective: monitorModes, needs: [.effectNeeds("arp_interval", atLeast: 1)],
            help: "IPv4 addresses that are asked by ARP.", source: "bond_option_arp_ip_targets_set"),
        row(
            "ns_ip6_target", 31, .ipv6Nest, .targets(.ipv6, maximum: 16), DefaultValue(.targets([])),
            effective: monitorModes, needs: [.effectNeeds("arp_interval", atLeast: 1)], since: "5.18",
            help: "IPv6 addresses that are asked by neighbour solicitation.",
            source: "bond_option_ns_ip6_targets_set"),
        row(
            "arp_validate", 9, .u32, .choice(validation), .number(0), monitorModes,
            needs: [.effectNeeds("arp_interval", atLeast: 1)],
            help: "Which ports must see a true reply rather than any ARP.", source: "bond_option_arp_validate_set"),
        row(
            "arp_all_targets", 10, .u32,
            .choice([.init("any", 0, "one target is enough"), .init("all", 1, "every target must answer")]),
            .number(0), effective: .ab, needs: [.effectNeeds("arp_interval", atLeast: 1)],
            help: "How many targets must answer for a port to be up.", source: "bond_option_arp_all_targets_set"),
        row(
            "primary", 11, .ifindex, .port, DefaultValue(.port(nil)), singleActive, needs: [.ownPortInTime],
            help: "The port to use whenever it can be used.", source: "bond_option_primary_set"),
        row(
            "primary_reselect", 12, .u8,
            .choice([
                .init("always", 0, "whenever the primary is up"), .init("better", 1, "if it is faster"),
                .init("failure", 2, "only when the active port fails"),
            ]), .number(0), effective: singleActive, help: "When to go back to the primary or a higher prio.",
            source: "bond_option_primary_reselect_set"),
        row(
            "fail_over_mac", 13, .u8,
            .choice([
                .init("none", 0, "all ports have the aggregate's address"),
                .init("active", 1, "the aggregate takes the active port's address"),
                .init("follow", 2, "the active port takes the aggregate's address"),
            ]), .number(0), effective: .ab, change: .withoutPorts,
            help: "Which address is used when the active port changes.", source: "bond_option_fail_over_mac_set"),
        row(
            "xmit_hash_policy", 14, .u8, .choice(lockstep), .number(0), effective: [.xor, .ad, .tlb, .alb],
            help: "What a flow is made of when a port is chosen for it.",
            source: "bond_option_xmit_hash_policy_set"),
        row(
            "resend_igmp", 15, .u32, .integer(0...255), .number(1), effective: [.rr, .ab, .tlb, .alb],
            help: "IGMP reports sent after a failover, 200 ms apart.", source: "bond_option_resend_igmp_set"),
        row(
            "num_grat_arp", 16, .u8, .integer(0...255), .number(1), effective: [.ab, .ad],
            aliases: ["num_unsol_na", "num_peer_notif"],
            help: "Gratuitous ARPs and unsolicited NAs sent after a failover; Linux 6.12 sends n - 1 of more than one.",
            source: "bond_option_num_peer_notif_set"),
        row(
            "all_slaves_active", 17, .u8, .boolean, .number(0),
            help: "Deliver frames that arrive on inactive ports.", source: "bond_option_all_slaves_active_set"),
        row(
            "min_links", 18, .u32, .integer(0...int32Max), .number(0), effective: .ad,
            help: "Ports that must be usable before the aggregate has carrier.",
            source: "bond_option_min_links_set"),
        row(
            "lp_interval", 19, .u32, .duration(.seconds, 1...int32Max), .number(1), effective: [.tlb, .alb],
            help: "Time between learning packets to the switch.", source: "bond_option_lp_interval_set"),
        row(
            "packets_per_slave", 20, .u32, .integer(0...65535), .number(1), .rr,
            help: "Packets sent on a port before the next one; 0 chooses at random.",
            source: "bond_option_pps_set"),
        row(
            "lacp_active", 29, .u8, .boolean, .number(1), .ad, change: .whileDown, since: "5.15",
            help: "Send LACPDUs without being asked.", source: "bond_option_lacp_active_set"),
        row(
            "lacp_rate", 21, .u8,
            .choice([.init("slow", 0, "every 30 s"), .init("fast", 1, "every second")]), .number(0), .ad,
            change: .whileDown, help: "How often the partner is asked to send LACPDUs.",
            source: "bond_option_lacp_rate_set"),
        row(
            "ad_select", 22, .u8,
            .choice([
                .init("stable", 0, "keep the aggregator while it works"),
                .init("bandwidth", 1, "the most bandwidth"), .init("count", 2, "the most ports"),
                .init("actor_port_prio", 3, "the highest port priority", since: "6.18"),
            ]), .number(0), effective: .ad, change: .whileDown, help: "How the active aggregator is chosen.",
            source: "bond_option_ad_select_set"),
        row(
            "ad_actor_sys_prio", 24, .u16, .integer(1...65535), .number(65535), .ad, since: "4.2",
            help: "LACP system priority; lower wins.", source: "bond_option_ad_actor_sys_prio_set"),
        row(
            "ad_user_port_key", 25, .u16, .integer(0...1023), .number(0), .ad, change: .whileDown, since: "4.2",
            help: "The upper ten bits of the LACP key; set it before ports join.",
            source: "bond_option_ad_user_port_key_set"),
        row(
            "ad_actor_system", 26, .ethernetAddress, .ethernetAddress, DefaultValue(.address(.zero)), .ad,
            since: "4.2", help: "LACP system id; all zero means the aggregate's own address.",
            source: "bond_option_ad_actor_system_set"),
        row(
            "tlb_dynamic_lb", 27, .u8, .boolean, .number(1), [.tlb, .alb], change: .whileDown, since: "4.3",
            help: "Move flows by load; off chooses the port by hash.",
            source: "bond_option_tlb_dynamic_lb_set"),
        row(
            "arp_missed_max", 30, .u8, .integer(1...255), .number(2), monitorModes, aliases: ["missed_max"],
            needs: [.effectNeeds("arp_interval", atLeast: 1)], since: "5.17",
            help: "Probes without an answer before a port is down.", source: "bond_option_missed_max_set"),
        row(
            "coupled_control", 32, .u8, .boolean, .number(1), .ad, change: .whileDown, since: "6.9",
            help: "Collecting and distributing change together; off is the independent control of 802.1AX.",
            source: "bond_option_coupled_control_set"),
        row(
            "broadcast_neighbor", 33, .u8, .boolean, .number(0), .ad, since: "6.17",
            help: "Send ARP and neighbour discovery over every active port, for MLAG without a peer link.",
            source: "bond_option_broadcast_neigh_set"),
        row(
            "lacp_strict", 34, .u8, .boolean, .number(0), .ad,
            needs: [.effectNeeds("min_links", atLeast: 1)], since: "7.2",
            help: "No carrier without an LACP partner.", source: "bond_option_lacp_strict_set"),
    ]

    private static let modes = Mode.bondingModes.map {
        ValueKind.Choice($0.bondingName, Int64($0.bondingNumber))
    }

    private static func row(
        _ name: String, _ attribute: UInt16, _ wire: WireType, _ kind: ValueKind, _ defaultValue: DefaultValue,
        _ accepted: ModeSet = .all, effective: ModeSet? = nil, change: ChangeRule = .anyTime, aliases: [String] = [],
        needs: [Need] = [], excludes: String? = nil, since: String = firstInterface, withdrawn: WithdrawnValue? = nil,
        help: String, source: String
    ) -> OptionDefinition {
        OptionDefinition(
            name: name, aliases: aliases, attribute: attribute, wire: wire, kind: kind, defaultValue: defaultValue,
            accepted: accepted, effective: effective ?? accepted, change: change, needs: needs, excludes: excludes,
            since: since, withdrawn: withdrawn, help: help, source: source)
    }
}
