/// One of teamd's ways to tell whether a port works (teamd.conf(5), LINK WATCH SPECIFIC OPTIONS).
package struct LinkWatch: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
        /// The carrier, as the kernel announces it.
        case ethtool
        case arpPing = "arp_ping"
        case nsnaPing = "nsna_ping"
        case tipc
    }

    package var kind: Kind
    /// Options of the watch in the order of their table; those at their default are left out, so that equal watches are
    /// equal values.
    package var settings: [OptionSetting]

    package init(_ kind: Kind, _ settings: [OptionSetting] = []) {
        self.kind = kind
        self.settings = settings
    }
}

extension LinkWatch {
    /// A watch with those options that are not at their default, in the order of the table.
    package init(_ kind: Kind, values: OptionValues) {
        self.init(
            kind,
            LinkWatchOptions.table(kind).rows.compactMap { row in
                values[row.name].flatMap { $0 == row.defaultValue.general ? nil : OptionSetting(row.name, $0) }
            })
    }

    package func value(_ name: String) -> OptionValue? { settings.first { $0.name == name }?.value }

    /// Sets an option, or leaves it out when that is its default.
    mutating func set(_ name: String, _ value: OptionValue) {
        var values = Dictionary(uniqueKeysWithValues: settings.map { ($0.name, $0.value) })
        values[name] = value
        self = LinkWatch(kind, values: values)
    }
}

extension LinkWatch.Kind {
    /// The modes in which anybody takes notice. The lacp runner looks at nothing but the carrier (`lacp_event_watch_ops`
    /// in teamd_runner_lacp.c).
    package var accepted: ModeSet { self == .ethtool ? .teaming : ModeSet.teaming.subtracting(.ad) }

    /// The modes in which its options do anything. Only two runners take a port's state from its watches; below the
    /// others the kernel looks at the carrier, unless a watch that asks somebody has told it not to
    /// (`lw_psr_port_added` in teamd_lw_psr.c).
    package var effective: ModeSet { asks ? accepted : [.ab, .xor] }

    /// Whether it asks somebody behind the link.
    package var asks: Bool { self == .arpPing || self == .nsnaPing }
}
