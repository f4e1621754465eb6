internal import Aggregation

/// The keys of a file in `profiles/modes`.
enum ModeKeys {
    struct Draft: Sendable {
        var mode: Mode?
        var place: Int64?
        var summary: String?
        var reason: String?
        var drivers: [DriverKind]?
        var onSwitch: OnSwitch?
    }

    struct OnSwitch: Sendable, Hashable {
        var needs: ModeProfile.SwitchNeed
        var text: String
        var source: String
        var evidence: [Evidence]
    }

    private struct SwitchDraft: Sendable {
        var needs: ModeProfile.SwitchNeed?
        var text: String?
        var source: String?
        var evidence: [Evidence]?
    }

    static let table = KeyTable<Draft>([
        Key("mode", \.mode, .mode, isRequired: true, help: "The mode, which is the name of the file."),
        Key(
            "place", \.place, .whole(1...1000), isRequired: true,
            help: "Lower is preferred when nothing else decides."),
        Key("summary", \.summary, .sentence, isRequired: true, help: "What it does with its ports."),
        Key("reason", \.reason, .sentence, isRequired: true, help: "Why it has that place."),
        Key("drivers", \.drivers, .list(of: .word), isRequired: true, help: "The drivers that have it."),
        Key("switch", \.onSwitch, switchForm, isRequired: true, help: "What it needs of the switch."),
    ])

    private static let switchForm = Form<OnSwitch>.record(
        [
            Key("needs", \SwitchDraft.needs, .word, isRequired: true, help: "What the switch has to offer."),
            Key("text", \.text, .sentence, isRequired: true, help: "What has to be set on it."),
            Key("source", \.source, .sentence, isRequired: true, help: "Where that was read or seen."),
            Key("evidence", \.evidence, .list(of: .word), isRequired: true, help: "How it is known."),
        ], empty: SwitchDraft(),
        open: { SwitchDraft(needs: $0.needs, text: $0.text, source: $0.source, evidence: $0.evidence) },
        close: { draft, _, _ in
            guard let needs = draft.needs, let text = draft.text, let source = draft.source,
                let evidence = draft.evidence
            else { return nil }
            return OnSwitch(needs: needs, text: text, source: source, evidence: evidence)
        })

    static func profile(_ draft: Draft) -> ModeProfile? {
        guard let mode = draft.mode, let place = draft.place, let summary = draft.summary, let reason = draft.reason,
            let drivers = draft.drivers, let onSwitch = draft.onSwitch
        else { return nil }
        return ModeProfile(
            mode: mode, place: place, summary: summary, reason: reason, drivers: drivers, switchNeed: onSwitch.needs,
            switchSetup: onSwitch.text, switchSource: onSwitch.source, switchEvidence: onSwitch.evidence)
    }
}
