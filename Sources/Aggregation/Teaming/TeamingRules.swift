/// Rules that are known before teamd is told anything: what it does not know or cannot use it ignores without a word.
/// All are checked, so that one run reports all that is wrong.
extension TranslationDraft {
    mutating func checkTeamingRules() {
        for setting in settings {
            guard let row = table[setting.name] else { continue }
            guard row.accepted.contains(mode) else {
                refuse(
                    setting, rule: "teamd does not look at it in this mode",
                    remedy: "it needs \(row.accepted.phrase(of: .teaming))", showsMode: true)
                continue
            }
            if case .port = row.kind { checkActivePort(setting, row) }
            if setting.value != row.defaultValue.value(in: mode) { noteNeeds(of: setting, row) }
        }
        checkWatches()
        checkPolicies()
        checkPortNames()
        checkMinimum(wished("runner.min_ports"))
        checkDevice()
    }

    /// teamd has no way to ask for an election (`ab_state_active_port_set`).
    private mutating func checkActivePort(_ setting: Setting, _ row: OptionDefinition) {
        if setting.value != .port(nil) { return checkOwnPort(setting, row) }
        if desired.options.contains(where: { $0.name == row.name && $0.asksForDefault }) {
            settings.removeAll { $0.name == setting.name }
            return note(.info, row.name, "default is left out: teamd chooses the port by itself")
        }
        refuse(setting, rule: "teamd takes a port and nothing else", remedy: "name one of the ports")
    }

    /// teamd looks for `$.ports.NAME.prio` and takes a dot in the name for a step down (teamd_config.c).
    private mutating func checkPortNames() {
        for port in ports {
            guard let name = port.name, name.contains(".") else { continue }
            for setting in port.settings where setting.value != portTable[setting.name]?.defaultValue.general {
                refuse(
                    port, setting.origin, value: portTable[setting.name]?.format(setting.value),
                    rule: "teamd finds no options of a port with a dot in its name",
                    remedy: "leave it out, rename the port, or use driver: bonding")
            }
        }
    }

    /// prio and sticky count in mode lacp only where the choice is by them.
    private mutating func checkPolicies() {
        guard mode == .lacp, value("runner.agg_select_policy") != .number(4) else { return }
        for port in ports {
            for setting in port.settings
            where ["prio", "sticky"].contains(setting.name)
                && setting.value != portTable[setting.name]?.defaultValue.general
            {
                notes.append(
                    PlanNote(
                        .warning, subject: "\(name) port \(port.title)", option: setting.name,
                        text: "it has no effect unless runner.agg_select_policy is port_config"))
            }
        }
    }
}
