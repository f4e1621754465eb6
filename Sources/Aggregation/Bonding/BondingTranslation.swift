/// From wishes in neutral words to what kernel bonding is asked for.
///
/// Pure: the host comes as a value.
package enum BondingTranslation {
    /// The link monitor of an aggregate for which none was asked: 100 ms, as the kernel's own in the modes that have one.
    package static let defaultMonitorInterval: Int64 = 100

    package typealias Resolution = Translation.Resolution

    /// Resolves selectors, turns neutral keys and driver options into settings in the kernel's order, and checks the
    /// rules, against what the host has where an option is not mentioned.
    package static func resolve(_ desired: DesiredAggregate, in host: HostState) -> Resolution {
        let (wanted, modeProblem) = wantedMode(desired)
        let observed = host.link(named: desired.name.text)?.aggregate
        let mode = wanted ?? (observed?.driver == .bonding ? observed?.mode : nil) ?? .balanceRR
        var draft = TranslationDraft(desired, in: host, driver: .bonding, mode: mode)
        if let modeProblem { draft.problems.append(modeProblem) }
        if desired.state == .absent { return draft.resolution(wanted: nil) }
        if draft.isNew, wanted == nil, modeProblem == nil {
            draft.note(
                .warning, "mode",
                "none was given: the kernel's default is balance-rr, which needs a static LAG on the switch")
        }
        draft.resolvePorts()
        draft.translateNeutralKeys()
        draft.readDriverOptions()
        draft.dropNeutralOptions()
        draft.restorePacketsPerPort()
        draft.settleMonitors()
        draft.translatePorts()
        draft.checkRules()
        let settled = wanted ?? (draft.isNew ? mode : nil)
        // Bonding has no mode random: packets_per_slave makes it of balance-rr.
        return draft.resolution(wanted: settled == .random ? .balanceRR : settled)
    }

    /// The mode as asked, neutrally or under bonding's own name.
    private static func wantedMode(_ desired: DesiredAggregate) -> (Mode?, Problem?) {
        guard let option = desired.options.first(where: { $0.name == "mode" }) else { return (desired.mode, nil) }
        func problem(_ rule: String, _ remedy: String) -> Problem {
            Problem(
                .invalid, subject: desired.name.text, option: "mode", value: option.text, rule: rule, remedy: remedy,
                location: option.location ?? desired.nearestLocation("options.mode"))
        }
        if let mode = desired.mode {
            return (mode, problem("the key mode says the same", "keep it, and leave mode out of the options"))
        }
        guard let row = BondingOptions.table["mode"], option.edit == .replace else {
            return (nil, problem("it is no list", "write mode=VALUE"))
        }
        do {
            let value = option.asksForDefault ? row.defaultValue.value(in: .balanceRR) : try row.parse(option.text)
            guard case .number(let number) = value, let mode = UInt8(exactly: number).flatMap(Mode.init(bondingNumber:))
            else { return (nil, problem("there is no such mode", "use one of \(row.allowedText)")) }
            return (mode, nil)
        } catch {
            return (nil, problem(error.rule, error.remedy))
        }
    }
}

extension TranslationDraft {
    /// balance-rr asked for by name is not `random`: what an earlier random left behind goes.
    mutating func restorePacketsPerPort() {
        guard desired.mode == .balanceRR, wished("packets_per_slave") == nil, base["packets_per_slave"] == .number(0),
            let row = table["packets_per_slave"]
        else { return }
        add(row.name, row.defaultValue.value(in: mode), origin: "mode")
    }
}
