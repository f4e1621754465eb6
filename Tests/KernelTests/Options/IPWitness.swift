import Aggregation
import Testing

/// What `ip -d -j link` says about options (ip/iplink_bond.c and ip/iplink_bond_slave.c in iproute2).
enum IPWitness {
    /// Its fields, where their name is not the option's own.
    private static let names = [
        "peer_notify_delay": "peer_notif_delay", "num_peer_notif": "num_grat_arp", "ad_lacp_active": "lacp_active",
        "ad_lacp_rate": "lacp_rate",
    ]

    /// Its fields about state.
    private static let state: Set<String> = [
        "ad_info", "state", "mii_status", "link_failure_count", "perm_hwaddr", "ad_aggregator_id",
        "ad_actor_oper_port_state", "ad_actor_oper_port_state_str", "ad_partner_oper_port_state",
        "ad_partner_oper_port_state_str", "ad_churn_actor_state", "ad_churn_partner_state",
    ]

    /// Options that are newer than some `ip`, which then leaves them out.
    private static let newer: Set<String> = ["coupled_control", "broadcast_neighbor", "lacp_strict", "actor_port_prio"]

    /// Compares both ways: every field of theirs is an option of ours with the same value, and every option of ours that
    /// has a value is a field of theirs.
    static func compare(_ options: OptionValues, _ table: OptionTable, with data: JSON, of link: String) {
        guard case .object(let fields) = data else {
            Issue.record("ip says nothing about \(link)")
            return
        }
        var seen: Set<String> = []
        for (field, value) in fields where !state.contains(field) {
            guard let row = table[names[field] ?? field] else {
                Issue.record("\(link): ip's field \(field) is no option of ours")
                continue
            }
            seen.insert(row.name)
            let ours = options[row.name].map(row.format)
            #expect(ours == text(value, row), "\(link): \(row.name) is \(value) for ip")
        }
        for (name, value) in options where !seen.contains(name) && !newer.contains(name) {
            #expect(value == .port(nil) || value == .targets([]), "\(link): ip does not show \(name)")
        }
    }

    /// `ip` prints numbers where a file has units or words, and booleans in three ways.
    private static func text(_ value: JSON, _ row: OptionDefinition) -> String {
        if case .number(let number) = value { return row.format(.number(number)) }
        return value.plain
    }
}
