internal import Aggregation

/// The keys of a file in `profiles/features`.
enum FeatureKeys {
    /// A row as far as it has been read.
    struct Row: Sendable {
        var name: String?
        var title: String?
        var row: Int64?
        var claim: Feature.Claim?
        var cells: [CellAt]?
    }

    /// A cell and where it stands.
    struct CellAt: Sendable, Hashable {
        var cell: Feature.Cell
        var location: SourceLocation?
    }

    static let table = KeyTable<Row>([
        Key("feature", \.name, .sentence, isRequired: true, help: "The name of the row, which is that of its file."),
        Key("title", \.title, .sentence, isRequired: true, help: "What has it or not."),
        Key("row", \.row, .whole(1...9999), isRequired: true, help: "Its place in the matrix, which no other has."),
        Key("claim", \.claim, claim, help: "What the comparison of 2023 said of it, and what is left of that."),
        Key("cells", \.cells, cells, isRequired: true, help: "For every driver and mode exactly one."),
    ])

    private struct ClaimDraft: Sendable {
        var bonding: String?
        var teaming: String?
        var verdict: Feature.Claim.Verdict?
        var reason: String?
    }

    private static let claim = Form<Feature.Claim>.record(
        [
            Key("bonding", \ClaimDraft.bonding, .sentence, isRequired: true, help: "What it said of bonding."),
            Key("teaming", \.teaming, .sentence, isRequired: true, help: "What it said of teaming."),
            Key("verdict", \.verdict, .word, isRequired: true, help: "Whether that is right today."),
            Key("reason", \.reason, .sentence, help: "Why it is not simply right."),
        ], empty: ClaimDraft(),
        open: {
            ClaimDraft(bonding: $0.bonding, teaming: $0.teaming, verdict: $0.verdict, reason: $0.reason)
        },
        close: { draft, node, reading in
            guard let bonding = draft.bonding, let teaming = draft.teaming, let verdict = draft.verdict else {
                return nil
            }
            if verdict != .right, draft.reason == nil {
                reading.refuse(node, "it has no reason", "say in reason why the claim is not simply right")
                return nil
            }
            return Feature.Claim(bonding: bonding, teaming: teaming, verdict: verdict, reason: draft.reason)
        })

    private struct Draft: Sendable {
        var driver: DriverKind?
        var modes: [Mode]?
        var answer: Answer?
        var text: String?
        var since: String?
        var until: Month?
        var option: String?
        var lacks: [String]?
        var conditions: [String]?
        var switchSetup: String?
        var risk: String?
        var trial: String?
        var source: String?
        var evidence: [Evidence]?
    }

    private static let keys: [Key<Draft>] = [
        Key("driver", \.driver, .word, isRequired: true, help: "Whose cell it is."),
        Key("modes", \.modes, .list(of: .mode), help: "The modes it holds for; all of the driver's when absent."),
        Key("answer", \.answer, .word, isRequired: true, help: "Whether they have it."),
        Key("text", \.text, .sentence, isRequired: true, help: "The answer in one sentence."),
        Key("since", \.since, .version, help: "The first Linux, or the first libteam, that has it."),
        Key("until", \.until, .month, help: "The month with which its support ends."),
        Key("option", \.option, .sentence, help: "The option of bonding that a kernel with it knows."),
        Key("lacks", \.lacks, .items(of: .sentence), help: "Options of bonding that a tool cannot set."),
        Key("conditions", \.conditions, .sentences, help: "What somebody has to see to."),
        Key("switch", \.switchSetup, .sentence, help: "What has to be set on the switch."),
        Key("risk", \.risk, .sentence, help: "What may go wrong for who chooses this."),
        Key("try", \.trial, .sentence, help: "How it can be tried on a running kernel, where it can."),
        Key("source", \.source, .sentence, isRequired: true, help: "Where it was read or seen."),
        Key("evidence", \.evidence, .list(of: .word), isRequired: true, help: "How it is known."),
    ]

    private static let cellForm = Form<CellAt>.record(
        keys, empty: Draft(),
        open: { item in
            let cell = item.cell
            return Draft(
                driver: cell.driver, modes: cell.modes, answer: cell.answer, text: cell.text, since: cell.since,
                until: cell.until, option: cell.option, lacks: cell.lacks.isEmpty ? nil : cell.lacks,
                conditions: cell.conditions, switchSetup: cell.switchSetup, risk: cell.risk, trial: cell.trial,
                source: cell.source, evidence: cell.evidence)
        },
        close: { draft, node, _ in
            // What is missing has been reported.
            guard let driver = draft.driver, let answer = draft.answer, let text = draft.text,
                let source = draft.source, let evidence = draft.evidence
            else { return nil }
            let cell = Feature.Cell(
                driver: driver, modes: draft.modes, answer: answer, text: text, since: draft.since,
                until: draft.until, option: draft.option, lacks: draft.lacks ?? [],
                conditions: draft.conditions ?? [], switchSetup: draft.switchSetup, risk: draft.risk,
                trial: draft.trial, source: source, evidence: evidence)
            return CellAt(cell: cell, location: node.location)
        })

    private static let cells = Form<[CellAt]>.items(of: cellForm)
}
