import Aggregation
import Testing

/// What /proc/net/bonding says about options (`bond_info_show_master`, `bond_info_show_slave` in bond_procfs.c).
struct ProcWitness {
    /// `key: value` lines of the aggregate, then those of each port.
    private let aggregate: [String: String]
    private let ports: [[String: String]]

    init(text: String) {
        var sections: [[String: String]] = [[:]]
        for line in text.split(separator: "\n") {
            guard let colon = line.firstRange(of: ": ") else { continue }
            let key = line[..<colon.lowerBound].drop { $0 == "\t" || $0 == " " }
            if key == "Slave Interface" { sections.append([:]) }
            // The first of a kind is the aggregate's or the port's own; LACP details come after.
            let value = String(line[colon.upperBound...])
            if sections[sections.count - 1][String(key)] == nil { sections[sections.count - 1][String(key)] = value }
        }
        aggregate = sections[0]
        ports = Array(sections.dropFirst())
    }

    /// Lines that stand for one option, with the option's value in the kernel's spelling.
    private static let lines: [(key: String, option: String, spelling: @Sendable (String) -> String)] = [
        ("MII Polling Interval (ms)", "miimon", number), ("Up Delay (ms)", "updelay", number),
        ("Down Delay (ms)", "downdelay", number), ("Peer Notification Delay (ms)", "peer_notif_delay", number),
        ("ARP Polling Interval (ms)", "arp_interval", number), ("ARP Missed Max", "arp_missed_max", number),
        ("ARP IP target/s (n.n.n.n form)", "arp_ip_target", list),
        ("NS IPv6 target/s (xx::xx form)", "ns_ip6_target", list),
        ("LACP active", "lacp_active", same), ("LACP rate", "lacp_rate", same), ("Min links", "min_links", same),
        ("Aggregator selection policy (ad_select)", "ad_select", same),
        ("System priority", "ad_actor_sys_prio", same), ("System MAC address", "ad_actor_system", same),
    ]

    @Sendable private static func same(_ text: String) -> String { text }
    @Sendable private static func number(_ text: String) -> String { String(text.prefix { $0.isNumber }) }
    @Sendable private static func list(_ text: String) -> String { text.split(separator: ",").joined(separator: ", ") }

    func compare(_ link: Link, _ portLinks: [Link]) {
        guard let facts = link.aggregate else { return }
        func option(_ name: String) -> String {
            guard let row = BondingOptions.table[name], let value = facts.options[name] else { return "-" }
            return row.format(value)
        }
        for (key, name, spelling) in Self.lines {
            // Lines are left out that mean nothing in the mode or with the monitor at hand.
            guard let shown = aggregate[key] else { continue }
            #expect(shown == spelling(option(name)), "\(link.name): \(key)")
        }
        compareMode(link.name, facts, option)
        #expect(ports.map { $0["Slave Interface"] } == portLinks.map(\.name))
        for (port, shown) in zip(portLinks, ports) {
            let queue = port.port?.options["queue_id"]
            #expect(
                queue.map { BondingPortOptions.table["queue_id"]?.format($0) } == shown["Slave queue ID"],
                "\(port.name)")
            #expect(port.port?.permanentAddress?.description == shown["Permanent HW addr"], "\(port.name)")
        }
        // Nothing was compared if the kernel had changed its words.
        let expected = ["miimon", "lacp_rate"].filter { facts.mode == .lacp || $0 == "miimon" }
        for name in expected {
            #expect(
                Self.lines.contains { $0.option == name && aggregate[$0.key] != nil },
                "\(link.name): no line for \(name)")
        }
    }

    private func compareMode(_ name: String, _ facts: AggregateFacts, _ option: (String) -> String) {
        let words: [Mode: String] = [
            .balanceRR: "load balancing (round-robin)", .activeBackup: "fault-tolerance (active-backup)",
            .balanceXOR: "load balancing (xor)", .broadcast: "fault-tolerance (broadcast)",
            .lacp: "IEEE 802.3ad Dynamic link aggregation", .balanceTLB: "transmit load balancing",
            .balanceALB: "adaptive load balancing",
        ]
        let addressPolicy = option("fail_over_mac")
        let remark = facts.mode == .activeBackup && addressPolicy != "none" ? " (fail_over_mac \(addressPolicy))" : ""
        #expect(aggregate["Bonding Mode"] == words[facts.mode].map { $0 + remark }, "\(name)")
        if let shown = aggregate["Primary Slave"] {
            #expect(shown == "\(option("primary")) (primary_reselect \(option("primary_reselect")))", "\(name)")
        }
        if let shown = aggregate["Currently Active Slave"] { #expect(shown == facts.activePort ?? "None", "\(name)") }
        if let shown = aggregate["Transmit Hash Policy"], case .number(let number)? = facts.options["xmit_hash_policy"]
        {
            #expect(shown == "\(option("xmit_hash_policy")) (\(number))", "\(name)")
        }
    }
}
