internal import Aggregation

/// The keys of a file in `profiles/workloads`.
enum WorkloadKeys {
    struct Draft: Sendable {
        var name: String?
        var title: String?
        var reason: String?
        var musts: [Requirement]?
        var wishes: [Requirement]?
        var mustNots: [Requirement]?
    }

    static let table = KeyTable<Draft>([
        Key("workload", \.name, .sentence, isRequired: true, help: "Its name, which is that of the file."),
        Key("title", \.title, .sentence, isRequired: true, help: "What kind of host it is."),
        Key("reason", \.reason, .sentence, isRequired: true, help: "Why it needs what it needs."),
        Key("must", \.musts, .items(of: .requirement(.must)), help: "What must be met."),
        Key("should", \.wishes, .items(of: .requirement(.should)), help: "What should be met."),
        Key("must-not", \.mustNots, .items(of: .requirement(.mustNot)), help: "What must not be."),
    ])

    /// - Returns: nil when something is missing, which has been reported.
    static func workload(_ draft: Draft) -> Workload? {
        guard let name = draft.name, let title = draft.title, let reason = draft.reason else { return nil }
        let requirements = (draft.musts ?? []) + (draft.wishes ?? []) + (draft.mustNots ?? [])
        return Workload(name: name, title: title, reason: reason, requirements: requirements)
    }
}

/// The keys of a file in `profiles/switches`.
enum SwitchKeys {
    struct Draft: Sendable {
        var name: String?
        var title: String?
        var offers: Requirement?
        var setup: [String]?
        var source: String?
    }

    static let table = KeyTable<Draft>([
        Key("switch", \.name, .sentence, isRequired: true, help: "Its name, which is that of the file."),
        Key("title", \.title, .sentence, isRequired: true, help: "Which switch, or pair of switches, it is."),
        Key("offers", \.offers, offers, isRequired: true, help: "What it offers: a value of the requirement switch."),
        Key("setup", \.setup, .sentences, help: "How a group is made on it, line by line."),
        Key("source", \.source, .sentence, isRequired: true, help: "Where that was read or seen."),
    ])

    static func profile(_ draft: Draft) -> SwitchProfile? {
        guard let name = draft.name, let title = draft.title, let offers = draft.offers, let source = draft.source
        else { return nil }
        return SwitchProfile(name: name, title: title, offers: offers, setup: draft.setup ?? [], source: source)
    }

    private static let offers: Form<Requirement> = {
        let names = RequirementKey.switch.definition.choices.map(\.name)
        let allowed = names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
        return .scalar(
            allowed, schema: .words(names),
            parse: { text throws(InvalidText) in
                guard names.contains(text) else { throw .noSuchWord(text, names, allowed) }
                return Requirement(.switch, .choice(text))
            },
            write: { requirement in
                if case .choice(let name) = requirement.value { .plain(name) } else { .plain("") }
            })
    }()
}

extension Form where Value == Requirement {
    /// `KEY` or `KEY=VALUE`, as on the command line.
    fileprivate static func requirement(_ strength: Requirement.Strength) -> Form {
        .scalar(
            "a requirement as switch=two", schema: ["type": "string"],
            parse: { text throws(InvalidText) in
                do throws(Problem) { return try Requirement(text: text, strength: strength) } catch {
                    throw InvalidText(error.rule, error.remedy ?? "aggctl recommend --list shows them")
                }
            }, write: { .text($0.text) })
    }
}
