/// Who is asked whether a link works, by bonding's ARP and NS monitor or by arp_ping and nsna_ping of teamd.
///
/// Which frames count as an answer is judged here and nowhere else: `plan` warns by it, and `status` notes it.
package struct TargetMonitor: Sendable, Hashable {
    /// The role that a port has while it listens. Where all ports carry traffic all of them are active.
    package enum Role: Sendable, Hashable, CaseIterable { case active, backup }

    /// What counts as an answer on a port that does not insist on one from a target.
    package enum Laxity: String, Sendable, Hashable {
        case anyFrame = "any frame"
        case anyARP = "any ARP frame"
    }

    package let targets: [IPAddress]
    /// Every target has to answer; one that does is enough where it is false.
    package let needsAll: Bool
    /// Roles in which a port takes what other hosts, or the aggregate's own ports, send for an answer.
    package let lax: Set<Role>
    package let laxity: Laxity
    /// The settings that would make only answers count: `arp_validate=all`.
    package let remedy: String
    /// Milliseconds after which a port that gets no answer is down, counted from when it came up.
    package let patience: Int64

    /// Of a bond; nil where nobody is asked.
    package init?(bond options: OptionValues, mode: Mode) {
        func number(_ name: String) -> Int64? {
            if case .number(let number)? = options[name] { number } else { nil }
        }
        guard let interval = number("arp_interval"), interval > 0,
            BondingOptions.table["arp_interval"]?.accepted.contains(mode) == true
        else { return nil }
        targets = ["arp_ip_target", "ns_ip6_target"].flatMap { name -> [IPAddress] in
            if case .targets(let targets)? = options[name] { targets } else { [] }
        }
        needsAll = mode == .activeBackup && number("arp_all_targets") == 1
        // BOND_ARP_VALIDATE_ACTIVE, _BACKUP and BOND_ARP_FILTER (net/bond_options.h).
        let validate = number("arp_validate") ?? 0
        var lax = Set(Role.allCases)
        if validate & 1 != 0 { lax.remove(.active) }
        if validate & 2 != 0 { lax.remove(.backup) }
        self.lax = mode == .activeBackup ? lax : lax.intersection([.active])
        laxity = validate & 4 != 0 ? .anyARP : .anyFrame
        remedy = "arp_validate=all"
        patience = Self.product(interval, (number("arp_missed_max") ?? 2) + 1)
    }

    /// Of the watches of one port of a team; nil where none of them asks anybody.
    package init?(watches: [LinkWatch], mode: Mode, needsAll: Bool = false) {
        let asking = watches.filter { $0.kind.asks && $0.kind.accepted.contains(mode) }
        guard !asking.isEmpty else { return nil }
        targets = asking.flatMap(\.targets)
        self.needsAll = needsAll
        // Without validation any ARP counts (`lw_ap_receive`); nsna_ping takes answers alone.
        let pings = asking.filter { $0.kind == .arpPing }
        var lax: Set<Role> = []
        if pings.contains(where: { !$0.isOn("validate_active") }) { lax.insert(.active) }
        if mode == .activeBackup, pings.contains(where: { !$0.isOn("validate_inactive") }) { lax.insert(.backup) }
        self.lax = lax
        laxity = .anyARP
        remedy =
            switch (lax.contains(.active), lax.contains(.backup)) {
            case (true, true): "validate_active and validate_inactive of arp_ping"
            case (false, _): "validate_inactive of arp_ping"
            case (true, false): "validate_active of arp_ping"
            }
        patience = asking.map(\.patience).max() ?? 0
    }

    fileprivate static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? .max / 4 : min(product, .max / 4)
    }
}

/// In words.
extension TargetMonitor {
    /// Why a target that does not answer may go unnoticed; nil where only answers count.
    package var laxityText: String? {
        guard !lax.isEmpty else { return nil }
        let ports = lax == [.backup] ? "a backup port" : lax == [.active] ? "the active port" : "a port"
        let list = targets.map(\.description).joined(separator: ", ")
        return
            "\(laxity.rawValue) that \(ports) receives counts as an answer, also what other hosts and other ports of "
            + "the aggregate send: that \(list.isEmpty ? "a target" : list) does not answer may go unnoticed"
    }

    /// The same with what to do about it, for status and plans alike.
    package var warning: String? { laxityText.map { "\($0) (insist with \(remedy))" } }

    /// `198.51.100.1 does not answer`.
    package var silence: String {
        let list = targets.map(\.description).joined(separator: ", ")
        return switch targets.count {
        case 0: "there is no target to ask"
        case 1: "\(list) does not answer"
        default: needsAll ? "not all of \(list) answer" : "none of \(list) answers"
        }
    }
}

extension LinkWatch {
    var targets: [IPAddress] { if case .targets(let targets)? = value("target_host") { targets } else { [] } }

    func isOn(_ option: String) -> Bool { value(option) == .number(1) }

    private func number(_ option: String) -> Int64 {
        let value = value(option) ?? LinkWatchOptions.table(kind)[option]?.defaultValue.general
        return if case .number(let number)? = value { number } else { 0 }
    }

    /// Milliseconds that it may take from a port that comes up until the watch knows.
    var patience: Int64 {
        switch kind {
        case .ethtool: min(number("delay_up"), .max / 4)
        case .arpPing, .nsnaPing:
            min(number("init_wait"), .max / 4)
                + TargetMonitor.product(number("interval"), min(number("missed_max"), .max / 4) + 2)
        case .tipc: 0
        }
    }
}
