/// Rules that are known before the kernel is asked. All are checked, so that one run reports all that is wrong.
extension TranslationDraft {
    mutating func checkRules() {
        for setting in settings {
            guard let row = table[setting.name] else { continue }
            guard row.accepted.contains(mode) else {
                // The kernel: "option not supported in mode" (bond_opt_check_deps).
                refuse(
                    setting, rule: "bonding does not take it in this mode", remedy: "it needs \(row.accepted.phrase)",
                    showsMode: true)
                continue
            }
            if case .port = row.kind { checkOwnPort(setting, row) }
            if !setting.isOurDefault, !isDefault(setting, row) { noteEffect(of: setting, row) }
        }
        checkTargets()
        checkPriorities()
        checkMinimum(wished("min_links"))
        checkDevice()
    }

    private func isDefault(_ setting: Setting, _ row: OptionDefinition) -> Bool {
        setting.value == row.defaultValue.value(in: mode)
    }

    /// What the kernel takes and then ignores.
    private mutating func noteEffect(of setting: Setting, _ row: OptionDefinition) {
        let key = Self.shown(setting.origin)
        guard row.effective.contains(mode) else {
            return note(.warning, key, "it has no effect in mode \(mode.rawValue): it acts in \(row.effective.phrase)")
        }
        noteNeeds(of: setting, row)
        // balance-tlb gives each value of the hash to a port (bond_xmit_tlb_slave_get); balance-alb looks at the address.
        if row.name == "xmit_hash_policy", mode == .balanceALB, number("tlb_dynamic_lb") != 0 {
            note(.warning, key, "it has no effect unless tlb_dynamic_lb is off")
        }
    }

    /// What does nothing without another option.
    mutating func noteNeeds(of setting: Setting, _ row: OptionDefinition) {
        for case .effectNeeds(let other, let least) in row.needs where number(other) < least {
            let needed = table[other].map { $0.format(.number(least)) } ?? String(least)
            let isNamed = if case .choice? = table[other]?.kind { true } else { false }
            note(
                .warning, Self.shown(setting.origin),
                "it has no effect unless \(other) is \(isNamed ? "" : "at least ")\(needed)")
        }
    }

    /// Without anybody to ask, an interval takes every port out of use within a few of it.
    private mutating func checkTargets() {
        let names = ["arp_interval", "arp_ip_target", "ns_ip6_target"]
        let asked = names.compactMap(wished).filter { !$0.isOurDefault && $0.origin != "path-monitor" }
        guard let setting = asked.first, number("arp_interval") != 0, Self.pathMonitorModes.contains(mode),
            desired.pathMonitor?.value == nil
        else { return checkAnswers() }
        if value("arp_ip_target") == .targets([]), value("ns_ip6_target") == .targets([]) {
            return refuse(
                setting,
                rule:
                    "arp_interval is \(text("arp_interval", value("arp_interval"))) and there is nobody to ask: every port "
                    + "would be taken for dead",
                remedy: "set arp_ip_target or ns_ip6_target, or arp_interval=0")
        }
        checkAnswers()
    }

    /// What passes for an answer, where the driver's own options ask.
    private mutating func checkAnswers() {
        let names = ["arp_interval", "arp_ip_target", "ns_ip6_target", "arp_validate"]
        let asked = names.compactMap(wished).filter { !$0.isOurDefault }
        guard !asked.isEmpty, desired.pathMonitor?.value == nil else { return }
        let options = base.merging(settings.map { ($0.name, $0.value) }) { $1 }
        if let text = TargetMonitor(bond: options, mode: mode)?.warning { note(.warning, "arp_interval", text) }
    }

    private mutating func checkPriorities() {
        guard case .port(let primary?) = value("primary"), table["primary"]?.accepted.contains(mode) == true else {
            return
        }
        for port in ports where port.settings.contains(where: { $0.name == "prio" && $0.value != .number(0) }) {
            notes.append(
                PlanNote(
                    .warning, subject: "\(name) port \(port.title)", option: "prio",
                    text: "it is ignored while \(primary) is the primary"))
        }
    }

    mutating func checkMinimum(_ minimum: Setting?) {
        guard let minimum, mode == .lacp, case .number(let least) = minimum.value else { return }
        let count = desired.expectedPortCount ?? portNames.count
        guard count > 0, least > count else { return }
        note(
            .warning, Self.shown(minimum.origin),
            "the aggregate never gets carrier: it has \(count) ports, not \(least)")
    }

    /// Addresses, MTU and what else belongs to the device rather than to bonding.
    mutating func checkDevice() {
        if let expected = desired.expectedPorts, expected < 0 {
            refuse(
                "expected-ports", value: String(expected), rule: "it is less than 0", remedy: "write a number of ports")
        }
        checkMTU()
        checkAddresses()
        checkTargetHosts()
        guard let address = desired.macAddress else { return }
        if address.bytes.count != LinkLayerAddress.ethernetLength {
            refuse(
                "mac-address", value: "\(address)", rule: "it is no Ethernet address",
                remedy: "write six bytes as 02:00:00:00:00:01")
        } else if address.isZero {
            refuse(
                "mac-address", value: "\(address)", rule: "it is all zero",
                remedy: "leave it out to get the first port's")
        } else if address.isMulticast {
            refuse(
                "mac-address", value: "\(address)", rule: "it is a multicast address",
                remedy: "use an address whose first byte is even")
        }
        let (policy, value) =
            driver == .bonding ? ("fail_over_mac", "active") : ("runner.hwaddr_policy", "by_active")
        if mode == .activeBackup, number(policy) == 1 {
            refuse(
                "mac-address", value: "\(address)",
                rule: "\(policy)=\(value) gives the aggregate its active port's address",
                remedy: "leave it out, or set \(policy) (mac-policy) to another value")
        }
    }
}
