/// The options of a port of a team: members of `ports.NAME` in teamd's configuration.
package enum TeamingPortOptions {
    package static let table = OptionTable(
        driver: .teaming, subject: .port,
        rows: [
            row(
                "queue_id", .integer(0...65535), .number(0), .teaming, needs: [.transmitQueueIndex],
                help: "Transmit queue whose traffic leaves by this port; 0 for none.",
                source: "team_queue_id_option_set in drivers/net/team"),
            row(
                "prio", .integer(Int64(Int32.min)...Int64(Int32.max)), .number(0), [.ab, .ad], change: .anyTime,
                help: "Higher wins, unless another port is faster; in mode lacp with agg_select_policy port_config.",
                source: "ab_best_port_check_set in teamd_runner_activebackup.c"),
            row(
                "sticky", .boolean, .number(0), [.ab, .ad], help: "Stay the active port as long as the link is up.",
                source: "ab_port_load_config in teamd_runner_activebackup.c"),
            row(
                "lacp_prio", .integer(0...65535), .number(255), .ad, help: "LACP port priority; lower wins.",
                source: "lacp_port_load_config in teamd_runner_lacp.c"),
            row(
                "lacp_key", .integer(0...65535), .number(0), .ad, help: "Ports aggregate only with equal keys.",
                source: "lacp_port_load_config in teamd_runner_lacp.c"),
            row(
                "link_watch", .watches, DefaultValue(.watches([])), .teaming,
                help: "How this port is watched, besides a link_watch of the team.", source: "teamd_link_watch.c"),
        ])

    private static func row(
        _ name: String, _ kind: ValueKind, _ defaultValue: DefaultValue, _ accepted: ModeSet,
        change: ChangeRule = .byRejoining, needs: [Need] = [], help: String, source: String
    ) -> OptionDefinition {
        OptionDefinition(
            name: name, aliases: [], attribute: 0, wire: .json, kind: kind, defaultValue: defaultValue,
            accepted: accepted, effective: accepted, change: change, needs: needs, excludes: nil,
            since: TeamingOptions.firstVersion, help: help, source: source)
    }
}
