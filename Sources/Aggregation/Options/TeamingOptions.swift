/// The options of a team as teamd knows them: the name is the path in its JSON configuration (teamd.conf(5), and the
/// sources of libteam 1.31 where that is silent).
package enum TeamingOptions {
    private static let int32Max = Int64(Int32.max)
    private static let hashing: ModeSet = [.xor, .ad]

    /// The runners by the names of teamd; the numbers are ours and stand for ``Mode/bondingNumber``, 7 for random.
    private static let runners = Mode.modes(of: .teaming).map { mode in
        ValueKind.Choice(mode.teamRunner ?? "", number(of: mode))
    }

    /// What `runner.name` is for a mode.
    package static func number(of mode: Mode) -> Int64 { mode == .random ? 7 : Int64(mode.bondingNumber) }

    /// The parts of a packet that a hash is made of (`frags` in teamd_hash_func.c).
    private static let fragments: [ValueKind.Choice] = [
        .init("eth", 0, "source and destination MAC address"), .init("vlan", 1, "VLAN id"),
        .init("ipv4", 2, "IPv4 addresses"), .init("ipv6", 3, "IPv6 addresses"), .init("ip", 4, "ipv4 and ipv6"),
        .init("l3", 5, "the same as ip"), .init("tcp", 6, "TCP ports"), .init("udp", 7, "UDP ports"),
        .init("sctp", 8, "SCTP ports"), .init("l4", 9, "tcp, udp and sctp"),
    ]

    package static let table = OptionTable(driver: .teaming, subject: .aggregate, rows: rows)

    private static let rows: [OptionDefinition] = [
        row(
            "runner.name", .choice(runners), .number(0), help: "What the team does with its ports.",
            source: "teamd_runner_list in teamd.c"),
        row(
            "runner.active_port", .port, DefaultValue(.port(nil)), .ab, wire: .stateItem, change: .anyTime,
            needs: [.ownPort], help: "The port that carries traffic now.",
            source: "ab_state_active_port_set in teamd_runner_activebackup.c"),
        row(
            "runner.hwaddr_policy",
            .choice([
                .init("same_all", 0, "all ports have the team's address"),
                .init("by_active", 1, "the team takes the active port's address"),
                .init("only_active", 2, "only the active port has the team's address"),
            ]), .number(0), .ab, help: "Which address is used when the active port changes.",
            source: "ab_hwaddr_policy_list in teamd_runner_activebackup.c"),
        row(
            "runner.tx_hash", .names(fragments), DefaultValue(.names(["eth", "ipv4", "ipv6"])), hashing,
            help: "What a flow is made of when a port is chosen for it, in order.",
            source: "frags in teamd_hash_func.c"),
        row(
            "runner.tx_balancer.name",
            .choice([.init("none", 0, "flows stay where the hash puts them"), .init("basic", 1, "flows move by load")]),
            .number(0), hashing, help: "Move flows from busy ports to idle ones.",
            source: "teamd_balancer_init in teamd_balancer.c"),
        row(
            "runner.tx_balancer.balancing_interval", .duration(.tenths, 1...int32Max), .number(50), hashing,
            needs: [.effectNeeds("runner.tx_balancer.name", atLeast: 1)], help: "Time between two moves of flows.",
            source: "teamd_balancer_init in teamd_balancer.c"),
        row(
            "runner.active", .boolean, .number(1), .ad, help: "Send LACPDUs without being asked.",
            source: "lacp_load_config in teamd_runner_lacp.c"),
        row(
            "runner.fast_rate", .boolean, .number(0), .ad, help: "Ask the partner for an LACPDU every second.",
            source: "lacp_load_config in teamd_runner_lacp.c"),
        row(
            "runner.sys_prio", .integer(0...65535), .number(65535), .ad, help: "LACP system priority; lower wins.",
            source: "lacp_load_config in teamd_runner_lacp.c"),
        // 1.32 takes up to 1024 (commit 69a7494).
        row(
            "runner.min_ports", .integer(1...255), .number(1), .ad,
            help: "Ports that must be usable before the team has carrier.",
            source: "lacp_load_config in teamd_runner_lacp.c"),
        row(
            "runner.agg_select_policy",
            .choice([
                .init("lacp_prio", 0, "the highest priority by LACP"),
                .init("lacp_prio_stable", 1, "the same, and the one in use stays"),
                .init("bandwidth", 2, "the most bandwidth"), .init("count", 3, "the most ports"),
                .init("port_config", 4, "by prio and sticky of the ports"),
            ]), .number(0), .ad, help: "How the active aggregator is chosen.",
            source: "lacp_agg_select_policy_names_list in teamd_runner_lacp.c"),
        row(
            "notify_peers.count", .integer(0...int32Max),
            DefaultValue(.number(0), [.init(modes: .ab, value: .number(1))]), .teaming,
            help: "Gratuitous ARPs and unsolicited NAs sent after a failover.",
            source: "teamd_set_notify_peers in teamd.c"),
        row(
            "notify_peers.interval", .duration(.milliseconds, 0...int32Max), .number(0), .teaming,
            needs: [.effectNeeds("notify_peers.count", atLeast: 2)], help: "Time between two announcements.",
            source: "teamd_post_runner_init in teamd.c"),
        row(
            "mcast_rejoin.count", .integer(0...int32Max),
            DefaultValue(.number(0), [.init(modes: .ab, value: .number(1))]), .teaming,
            help: "Multicast group joins repeated after a failover.", source: "teamd_post_runner_init in teamd.c"),
        row(
            "mcast_rejoin.interval", .duration(.milliseconds, 0...int32Max), .number(0), .teaming,
            needs: [.effectNeeds("mcast_rejoin.count", atLeast: 2)], help: "Time between two joins.",
            source: "teamd_post_runner_init in teamd.c"),
        row(
            "link_watch", .watches, DefaultValue(.watches([LinkWatch(.ethtool)])), .teaming,
            help: "How ports are watched; by ethtool without it, unless a port has its own.",
            source: "teamd_link_watch.c"),
        row(
            "link_watch_policy",
            .choice([.init("any", 0, "one watch that is up is enough"), .init("all", 1, "every watch must be up")]),
            .number(0), .teaming, since: "1.32", help: "How several watches of a port are joined.",
            source: "teamd_get_link_watch_policy in teamd.c"),
        row(
            "debug_level", .integer(0...2), .number(0), .teaming, help: "How much teamd logs.",
            source: "teamd_init_debug_level in teamd.c"),
    ]

    /// The first version that could be looked at.
    package static let firstVersion = "1.31"

    private static func row(
        _ name: String, _ kind: ValueKind, _ defaultValue: DefaultValue, _ accepted: ModeSet = .teaming,
        wire: WireType = .json, change: ChangeRule = .byNewDaemon, needs: [Need] = [],
        since: String = firstVersion, help: String, source: String
    ) -> OptionDefinition {
        OptionDefinition(
            name: name, aliases: [], attribute: 0, wire: wire, kind: kind, defaultValue: defaultValue,
            accepted: accepted, effective: accepted, change: change, needs: needs, excludes: nil, since: since,
            help: help, source: source)
    }
}
