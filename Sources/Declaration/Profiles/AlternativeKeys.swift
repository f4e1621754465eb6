internal import Aggregation

/// The keys of a file in `profiles/alternatives`.
enum AlternativeKeys {
    struct Draft: Sendable {
        var name: String?
        var title: String?
        var text: String?
        var profiles: [String]?
        var requirements: [String]?
        var drivers: [String]?
        var source: String?
        var evidence: [Evidence]?
    }

    static let table = KeyTable<Draft>([
        Key("alternative", \.name, .sentence, isRequired: true, help: "Its name, which is that of the file."),
        Key("title", \.title, .sentence, isRequired: true, help: "What is done instead of an aggregate."),
        Key("text", \.text, .sentence, isRequired: true, help: "What it does, in a sentence or two."),
        Key("profiles", \.profiles, .sentences, help: "Kinds of hosts that it is for."),
        Key("requirements", \.requirements, .sentences, help: "Requirements that it is for, as dpdk or switch=two."),
        Key("drivers", \.drivers, .sentences, help: "Drivers of ports that it is for."),
        Key("source", \.source, .sentence, isRequired: true, help: "Where it was read or seen."),
        Key("evidence", \.evidence, .list(of: .word), isRequired: true, help: "How it is known."),
    ])

    /// - Returns: nil when something is missing, which has been reported.
    static func alternative(_ draft: Draft) -> Alternative? {
        guard let name = draft.name, let title = draft.title, let text = draft.text, let source = draft.source,
            let evidence = draft.evidence
        else { return nil }
        return Alternative(
            name: name, title: title, text: text, profiles: draft.profiles ?? [],
            requirements: draft.requirements ?? [], drivers: draft.drivers ?? [], source: source, evidence: evidence)
    }
}
