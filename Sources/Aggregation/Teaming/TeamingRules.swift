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
            if case .port = row.kind { checkOwnPort(setting) }
            if setting.value != row.defaultValue.value(in: mode) { noteEffect(of: setting, row) }
        }
        checkWatches()
        checkPolicies()
        checkMinimum(wished("runner.min_ports"))
        checkDevice()
    }

    private mutating func noteEffect(of setting: Setting, _ row: OptionDefinition) {
        for case .effectNeeds(let other, let least) in row.needs where number(other) < least {
            let needed = table[other].map { $0.format(.number(least)) } ?? String(least)
            note(.warning, Self.shown(setting.origin), "it has no effect unless \(other) is at least \(needed)")
        }
    }

    /// The lacp runner listens to the carrier alone (`lacp_event_watch_ops` in teamd_runner_lacp.c).
    private mutating func checkWatches() {
        func ignored(_ value: OptionValue) -> [LinkWatch] {
            if case .watches(let watches) = value { watches.filter { $0.kind != .ethtool } } else { [] }
        }
        if mode == .lacp {
            if let setting = wished("link_watch"), let watch = ignored(setting.value).first {
                refuse(
                    setting, rule: "the lacp runner ignores \(watch.kind.rawValue)", remedy: "use ethtool",
                    showsMode: true)
            }
            for port in ports {
                guard let setting = port.settings.first(where: { $0.name == "link_watch" }),
                    let watch = ignored(setting.value).first
                else { continue }
                refuse(
                    port, setting.origin, value: portTable["link_watch"]?.format(setting.value),
                    rule: "the lacp runner ignores \(watch.kind.rawValue)", remedy: "use ethtool", showsMode: true)
            }
            return
        }
        for port in ports
        where port.settings.contains(where: { $0.name == "link_watch" && $0.value != .watches([]) }) {
            notes.append(
                PlanNote(
                    .warning, subject: "\(name) port \(port.title)", option: "link_watch",
                    text: "where the team has a link_watch too, both watch the port and one that is up is enough"))
        }
        if let setting = wished("link_watch"), setting.value == .watches([]) {
            refuse(setting, rule: "without a watch teamd uses ethtool", remedy: "write ethtool")
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
