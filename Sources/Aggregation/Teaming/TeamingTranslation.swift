/// From wishes in neutral words to what teamd is told.
///
/// Pure: the host comes as a value.
package enum TeamingTranslation {
    /// Resolves selectors, turns neutral keys and driver options into settings, and checks what teamd would ignore
    /// without a word, against what the host has where an option is not mentioned.
    package static func resolve(_ desired: DesiredAggregate, in host: HostState) -> Translation.Resolution {
        let observed = host.link(named: desired.name.text)?.aggregate
        let mode = desired.mode ?? (observed?.driver == .teaming ? observed?.mode : nil) ?? .balanceRR
        var draft = TranslationDraft(desired, in: host, driver: .teaming, mode: mode)
        if desired.state == .absent { return draft.resolution(wanted: nil) }
        guard mode.teamRunner != nil else {
            draft.refuse(
                "mode", value: mode.rawValue, rule: Mode.missingInTeaming.rule, remedy: Mode.missingInTeaming.remedy)
            return draft.resolution(wanted: nil)
        }
        if draft.isNew, desired.mode == nil {
            draft.note(
                .warning, "mode",
                "none was given: teamd's default is balance-rr, which needs a static LAG on the switch")
        }
        draft.resolvePorts()
        draft.takePortsFromHost()
        draft.translateTeamingKeys()
        draft.readDriverOptions()
        draft.dropNeutralOptions()
        draft.settleAnswers()
        draft.translatePorts()
        draft.translateTeamPreference()
        draft.checkTeamingRules()
        return draft.resolution(wanted: desired.mode ?? (draft.isNew ? mode : nil))
    }
}
