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
            if case .port = row.kind { checkOwnPort(setting) }
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

    /// A primary or active port has to be among the ports, there or not yet.
    mutating func checkOwnPort(_ setting: Setting) {
        guard case .port(let port?) = setting.value else { return }
        let known = portNames + missingPorts
        guard !known.contains(port) else { return }
        refuse(
            setting, rule: "\(port) is no port of \(name)",
            remedy: known.isEmpty ? "add it to the ports" : "use one of \(known.joined(separator: ", "))")
    }

    /// What the kernel takes and then ignores.
    private mutating func noteEffect(of setting: Setting, _ row: OptionDefinition) {
        let key = Self.shown(setting.origin)
        guard row.effective.contains(mode) else {
            return note(.warning, key, "it has no effect in mode \(mode.rawValue): it acts in \(row.effective.phrase)")
        }
        noteNeeds(of: setting, row)
        if row.name == "xmit_hash_policy", ModeSet([.tlb, .alb]).contains(mode), number("tlb_dynamic_lb") != 0 {
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

    private mutating func checkTargets() {
        guard wished("arp_interval") != nil, number("arp_interval") != 0, desired.pathMonitor?.value == nil,
            value("arp_ip_target") == .targets([]), Self.isNone(base["ns_ip6_target"], wished("ns_ip6_target"))
        else { return }
        note(.warning, "arp_interval", "there is nobody to ask: set arp_ip_target or ns_ip6_target")
    }

    private static func isNone(_ observed: OptionValue?, _ wished: Setting?) -> Bool {
        (wished?.value ?? observed ?? .targets([])) == .targets([])
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

    /// ETH_MIN_MTU and ETH_MAX_MTU, which bond_setup gives a bond; RFC 8200 for IPv6.
    private mutating func checkMTU() {
        guard let mtu = desired.mtu else { return }
        if !(68...65535).contains(mtu) {
            refuse("mtu", value: String(mtu), rule: "it is out of range", remedy: "use 68 to 65535")
        } else if mtu < 1280, desired.addresses?.contains(where: { $0.address.family == .ipv6 }) == true {
            refuse(
                "mtu", value: String(mtu), rule: "IPv6 needs at least 1280",
                remedy: "use 1280 or more, or IPv4 addresses only")
        }
    }
}
