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
