/// Link monitor, path monitor and the delays that hang on them: what the kernel would change in silence is asked for
/// in words, and what it would refuse is found before it is asked.
extension TranslationDraft {
    /// The modes whose default is miimon 0; the kernel gives the others 100 ms (`bond_check_params`).
    private static let kernelHasNoMonitor: ModeSet = [.rr, .ab, .xor, .bc]

    mutating func settleMonitors() {
        settleDefaultMonitor()
        settleValidation()
        keepAcrossModeChange()
        addDefaultMonitor()
        settleExclusion()
        settleDelays()
        checkWatched()
    }

    /// The default of an aggregate is what it gets when nothing is said: in four modes more than the kernel would give.
    /// Beside a path monitor that is none.
    private mutating func settleDefaultMonitor() {
        let asked = desired.options.last { table[$0.name]?.name == "miimon" }
        guard asked?.asksForDefault == true || desired.linkMonitor == .default,
            let place = settings.firstIndex(where: { $0.name == "miimon" })
        else { return }
        let asksPath = desired.pathMonitor?.value != nil || number("arp_interval") != 0
        settings[place].value = .number(asksPath ? 0 : BondingTranslation.defaultMonitorInterval)
        guard asked != nil || asksPath else { return }
        let reason = asksPath ? "the path monitor excludes it" : "what an aggregate gets when nothing is said"
        note(
            .info, Self.shown(settings[place].origin),
            "the default is \(text("miimon", settings[place].value)): \(reason)")
    }

    /// A change of mode resets what nobody mentioned (`bond_option_mode_set`): an option that is not managed keeps its
    /// value, so it is written again.
    private mutating func keepAcrossModeChange() {
        guard changesMode, let observed else { return }
        for row in table.rows where row.accepted.contains(mode) && row.accepted.contains(observed.mode) {
            guard wished(row.name) == nil, let old = observed.options[row.name], base[row.name] != old else { continue }
            // The new mode's own monitor is no loss, and validation is void without a path monitor.
            if row.name == "miimon" { continue }
            if row.name == "arp_validate", number("arp_interval") == 0 || isSet(wished("miimon")) { continue }
            add(row.name, old, origin: "kept when the mode changes", isOurDefault: true)
        }
        if let interval = observed.options["arp_interval"], interval != .number(0), base["arp_interval"] == .number(0) {
            note(
                .warning, "arp_interval",
                "mode \(mode.rawValue) has no path monitor: \(text("arp_interval", interval)) becomes 0ms, and miimon "
                    + "\(text("miimon", value("miimon"))) watches the links")
        }
    }

    /// Without validation any frame that arrives counts as an answer.
    ///
    /// Where every port gets its own answers we ask for it; in balance-rr and balance-xor the switch hands each answer to one port, and the others would be given up.
    private mutating func settleValidation() {
        guard desired.pathMonitor?.value != nil, Self.pathMonitorModes.contains(mode), wished("arp_validate") == nil
        else { return }
        if ModeSet([.rr, .xor]).contains(mode) {
            if let weakness = PathEvidence.bonding(mode, validation: 0) {
                _ = allowsApproximation("path-monitor", value: nil, weakness)
            }
        } else if let row = table["arp_validate"], let all = try? row.parse("all") {
            add(row.name, all, origin: "path-monitor", isOurDefault: true)
            note(.info, row.name, "all: only an answer counts, not any frame")
        }
    }

    /// The kernel watches nothing in four of the modes unless told to.
    private mutating func addDefaultMonitor() {
        guard isNew, Self.kernelHasNoMonitor.contains(mode), wished("miimon") == nil, !isSet(wished("arp_interval")),
            desired.pathMonitor?.value == nil
        else { return }
        add("miimon", .number(BondingTranslation.defaultMonitorInterval), origin: "link-monitor", isOurDefault: true)
        note(
            .info, "link-monitor",
            "miimon \(BondingTranslation.defaultMonitorInterval)ms, because mode \(mode.rawValue) has no link monitor of "
                + "its own; link-monitor: none leaves it out")
    }

    /// The kernel refuses miimon and arp_interval in one request, and zeroes one when the other is written later
    /// (`bond_changelink`, `bond_option_miimon_set`, `bond_option_arp_interval_set`).
    private mutating func settleExclusion() {
        let miimon = wished("miimon")
        let interval = wished("arp_interval")
        if let miimon, let interval, isSet(miimon), isSet(interval) {
            refuse(
                interval, rule: "it excludes miimon=\(text("miimon", miimon.value))\(said(by: miimon))",
                remedy: "keep the link monitor or the path monitor")
        } else if isSet(interval), miimon == nil, number("miimon") != 0, Self.pathMonitorModes.contains(mode) {
            putAway("miimon", for: "arp_interval")
        } else if isSet(miimon), interval == nil, number("arp_interval") != 0 {
            putAway("arp_interval", for: "miimon")
        }
        // The kernel refuses even arp_validate none in one request with miimon, which resets it by itself.
        if isSet(wished("miimon")), wished("arp_validate")?.value == .number(0) {
            settings.removeAll { $0.name == "arp_validate" }
            note(.info, "arp_validate", "none is not written: without a path monitor nothing is validated")
        }
        if let validate = wished("arp_validate"), isSet(validate), !validate.isOurDefault, number("arp_interval") == 0,
            Self.pathMonitorModes.contains(mode)
        {
            refuse(
                validate, rule: "it validates answers that nobody asks for: arp_interval is 0ms",
                remedy: "set arp_interval and its targets too, or leave it out")
        }
    }

    private mutating func putAway(_ option: String, for other: String) {
        let old = text(option, value(option))
        add(option, .number(0), origin: "\(other) excludes it", isOurDefault: true)
        let lost = option == "miimon" ? lostDelays() : ", arp_validate none"
        note(.warning, option, "\(old) becomes 0ms\(lost), because \(other) excludes it")
    }

    /// Delays go with miimon: `, updelay 0ms`.
    private func lostDelays() -> String {
        table.rows.filter { $0.needs.contains(.multipleOf("miimon")) && wished($0.name) == nil && number($0.name) != 0 }
            .map { ", \($0.name) 0ms" }.joined()
    }

    /// Delays are kept as multiples of miimon (`_bond_option_delay_set`): they need it, and would change with it.
    private mutating func settleDelays() {
        let miimon = number("miimon")
        for row in table.rows where row.needs.contains(.multipleOf("miimon")) {
            if let setting = wished(row.name) {
                settleDelay(setting, miimon: miimon)
            } else if miimon != 0 {
                keepDelay(row, miimon: miimon)
            }
        }
    }

    private mutating func settleDelay(_ setting: Setting, miimon: Int64) {
        guard case .number(let delay) = setting.value else { return }
        if miimon != 0 {
            guard delay % miimon != 0 else { return }
            refuse(
                setting, rule: "it is no multiple of miimon (\(miimon)ms)",
                remedy: "use \(multiples(near: delay, of: miimon))")
        } else if delay != 0 {
            refuse(
                setting, rule: "it needs miimon, which is 0ms",
                remedy: "set miimon (link-monitor.interval), or leave it out")
        } else {
            // The kernel refuses even a zero then, and a delay is 0 without miimon.
            settings.removeAll { $0.name == setting.name }
            note(
                .info, TranslationDraft.shown(setting.origin),
                "0ms is not written: there is no delay while miimon is 0ms")
        }
    }

    /// A delay that nobody mentioned keeps its milliseconds when miimon changes.
    private mutating func keepDelay(_ row: OptionDefinition, miimon: Int64) {
        guard let observed, case .number(let old)? = observed.options["miimon"], old != miimon,
            case .number(let delay)? = observed.options[row.name]
        else { return }
        guard delay % miimon == 0 else {
            return refuse(
                wished("miimon")?.origin ?? "miimon", value: "\(miimon)ms",
                rule: "\(row.name) is \(delay)ms, which is no multiple of it",
                remedy: "set \(row.name) too: \(multiples(near: delay, of: miimon))")
        }
        add(row.name, .number(delay), origin: "kept when miimon changes", isOurDefault: true)
        if delay != 0 {
            note(.info, row.name, "\(delay)ms is written again: the kernel keeps it as a multiple of miimon")
        }
    }

    private mutating func checkWatched() {
        guard number("miimon") == 0, number("arp_interval") == 0 else { return }
        guard wished("miimon") != nil || wished("arp_interval") != nil else { return }
        note(.warning, nil, "nothing watches the links: a dead one is not noticed")
    }

    private func multiples(near delay: Int64, of miimon: Int64) -> String {
        let below = delay / miimon * miimon
        return "\(below)ms or \(below + miimon)ms"
    }

    private func said(by setting: Setting) -> String {
        let key = Self.shown(setting.origin)
        return key == setting.name ? "" : " (\(key))"
    }

    private func isSet(_ setting: Setting?) -> Bool { setting.map { $0.value != .number(0) } ?? false }
}
