/// The options of a link watch: members of a `link_watch` object in teamd's configuration.
package enum LinkWatchOptions {
    /// The table of one kind of watch.
    package static func table(_ kind: LinkWatch.Kind) -> OptionTable { tables[kind] ?? empty }

    private static let int32Max = Int64(Int32.max)
    private static let empty = OptionTable(driver: .teaming, subject: .watch, rows: [])
    private static let tables = Dictionary(
        uniqueKeysWithValues: LinkWatch.Kind.allCases.map {
            ($0, OptionTable(driver: .teaming, subject: .watch, rows: rows($0)))
        })

    private static func rows(_ kind: LinkWatch.Kind) -> [OptionDefinition] {
        facts(kind).map { fact in
            OptionDefinition(
                name: fact.name, aliases: [], attribute: 0, wire: .json, kind: fact.kind,
                defaultValue: fact.defaultValue, accepted: kind.accepted, effective: kind.effective,
                change: .byRejoining, needs: fact.needs, excludes: nil, since: TeamingOptions.firstVersion,
                help: fact.help, source: fact.source)
        }
    }

    /// What differs between the rows of one kind.
    private struct Fact {
        let name: String
        let kind: ValueKind
        let defaultValue: DefaultValue
        let needs: [Need]
        let help: String
        let source: String
    }

    private static func facts(_ kind: LinkWatch.Kind) -> [Fact] {
        switch kind {
        case .ethtool:
            [
                row(
                    "delay_up", .duration(.milliseconds, 0...int32Max), .number(0),
                    help: "How long a link must be up before the port is used.", source: "teamd_lw_ethtool.c"),
                row(
                    "delay_down", .duration(.milliseconds, 0...int32Max), .number(0),
                    help: "How long a link must be down before the port is given up.", source: "teamd_lw_ethtool.c"),
            ]
        case .arpPing:
            probing + [
                row(
                    "source_host", .targets(.ipv4, maximum: 1), DefaultValue(.targets([])),
                    help: "The sender of the requests; none for 0.0.0.0.", source: "teamd_lw_arp_ping.c"),
                row(
                    "target_host", .targets(.ipv4, maximum: 1), DefaultValue(.targets([])), needs: [.required],
                    help: "Who is asked.", source: "teamd_lw_arp_ping.c"),
                row(
                    "validate_active", .boolean, .number(0),
                    help: "On a port in use only an answer counts, not any ARP.", source: "teamd_lw_arp_ping.c"),
                row(
                    "validate_inactive", .boolean, .number(0),
                    help: "The same on a port that is not in use.", source: "teamd_lw_arp_ping.c"),
                // Without it the requests have no VLAN, which no number says.
                row(
                    "vlanid", .integer(0...4095), DefaultValue(.port(nil)), help: "VLAN of the requests.",
                    source: "teamd_lw_arp_ping.c"),
                row(
                    "send_always", .boolean, .number(0), help: "Ask on ports that are not in use too.",
                    source: "teamd_lw_arp_ping.c"),
            ]
        case .nsnaPing:
            probing + [
                row(
                    "target_host", .targets(.ipv6, maximum: 1), DefaultValue(.targets([])), needs: [.required],
                    help: "Who is asked.", source: "teamd_lw_nsna_ping.c")
            ]
        case .tipc:
            [
                row(
                    "tipc_bearer", .text(maximum: 31), DefaultValue(.text("")), needs: [.required],
                    help: "Up while any TIPC link over this bearer is up.", source: "teamd_lw_tipc.c")
            ]
        }
    }

    private static let probing: [Fact] = [
        row(
            "interval", .duration(.milliseconds, 1...int32Max), .number(1000), help: "Time between two requests.",
            source: "teamd_lw_psr.c"),
        row(
            "init_wait", .duration(.milliseconds, 0...int32Max), .number(0), help: "Time before the first request.",
            source: "teamd_lw_psr.c"),
        row(
            "missed_max", .integer(0...int32Max), .number(3),
            help: "A port is down when more requests than this go unanswered.", source: "teamd_lw_psr.c"),
    ]

    private static func row(
        _ name: String, _ kind: ValueKind, _ defaultValue: DefaultValue, needs: [Need] = [], help: String,
        source: String
    ) -> Fact {
        Fact(name: name, kind: kind, defaultValue: defaultValue, needs: needs, help: help, source: source)
    }
}
