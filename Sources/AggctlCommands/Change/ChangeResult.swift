internal import Aggregation

/// What a plan would do, or what a change did: the same facts before and after.
struct ChangeResult: CommandResult {
    let changes: [AggregateChange]
    private let steps: [PlannedStep]
    private let notes: [PlanNote]
    /// What carrying the plan out would be refused for.
    private let refusals: [Problem]
    /// It has been done, not only planned.
    private let isDone: Bool

    init(_ prepared: ChangeWorkflow.Prepared, notes: [PlanNote], isDone: Bool = true) {
        changes = prepared.plan.changes
        steps = prepared.plan.steps
        self.notes = notes
        refusals = isDone ? [] : prepared.plan.refusals
        self.isDone = isDone
    }

    /// The plan alone.
    init(planOf prepared: ChangeWorkflow.Prepared) { self.init(prepared, notes: prepared.notes, isDone: false) }

    var json: JSONValue {
        var document: JSONObject = [
            "schema": 1,
            "done": .bool(isDone),
            "changes": .array(
                changes.map { change in
                    var object: JSONObject = [
                        "name": .string(change.aggregate), "change": .string(change.kind.rawValue),
                    ]
                    if !change.missingPorts.isEmpty {
                        object["missing_ports"] = .array(change.missingPorts.map { .string($0) })
                    }
                    return .object(object)
                }),
            "steps": .array(steps.map(Self.json)),
            "notes": .array(
                notes.map { note in
                    var object: JSONObject = [
                        "kind": .string(note.kind.rawValue), "subject": .string(note.subject),
                        "text": .string(note.text),
                    ]
                    if let option = note.option { object["option"] = .string(option) }
                    return .object(object)
                }),
        ]
        if !refusals.isEmpty { document["refusals"] = .array(refusals.map(Self.json)) }
        return .object(document)
    }

    private static func json(_ refusal: Problem) -> JSONValue {
        var object: JSONObject = ["subject": .string(refusal.subject), "text": .string(refusal.message)]
        if case .refused(let flag?) = refusal.category { object["flag"] = .string(flag) }
        if let remedy = refusal.remedy { object["hint"] = .string(remedy) }
        return .object(object)
    }

    private static func json(_ planned: PlannedStep) -> JSONValue {
        var object: JSONObject = [
            "aggregate": .string(planned.aggregate), "action": .string(planned.step.action),
            "text": .string(planned.step.summary(.shared)),
            "interrupts": .array(planned.interrupts.map { .string($0) }),
        ]
        let options = planned.step.optionTexts(.shared)
        if !options.isEmpty {
            object["options"] = .object(JSONObject(options.map { ($0.name, .string($0.value)) }))
        }
        if !planned.origins.isEmpty {
            object["origins"] = .object(JSONObject(planned.origins.mapValues(JSONValue.string)))
        }
        return .object(object)
    }

    func text(_ style: Style) -> PrintableText {
        var text = PrintableText.empty
        for change in changes { text += heading(change, style) }
        if changes.isEmpty { text += "nothing to do: no aggregate is named\n" }
        for (number, planned) in steps.enumerated() where !isDone {
            text += "  \(number + 1). \(planned.step.summary(.shared))\(Self.origins(planned))\n"
            if !planned.interrupts.isEmpty {
                text += "     \(style.paint("interrupts", .warning)) \(planned.interrupts.joined(separator: ", "))\n"
            }
        }
        for note in notes {
            let word: PrintableText = note.kind == .warning ? style.paint("warning", .warning) : "note"
            text += "\(word): \(note)\n"
        }
        for refusal in refusals {
            text += "\(style.paint("refused", .bad)): \(refusal.message)\n"
            if let remedy = refusal.remedy { text += "  \(style.paint("hint:", .heading)) \(remedy)\n" }
        }
        return text
    }

    /// Which keys of the user's became options with another name.
    private static func origins(_ planned: PlannedStep) -> String {
        let renamed = planned.step.optionTexts(.shared).compactMap { option in
            planned.origins[option.name].flatMap { origin in
                origin.hasSuffix(option.name) ? nil : "\(option.name) from \(origin)"
            }
        }
        return renamed.isEmpty ? "" : "  (\(renamed.joined(separator: ", ")))"
    }

    private func heading(_ change: AggregateChange, _ style: Style) -> PrintableText {
        let verb =
            switch (change.kind, isDone) {
            case (.create, false): "will be created"
            case (.create, true): "created"
            case (.delete, false): "will be deleted"
            case (.delete, true): "deleted"
            case (.modify, false): "will be changed"
            case (.modify, true): "changed"
            case (.none, _): "nothing to do"
            }
        return "\(style.paint(change.aggregate, .heading)): \(verb)\n"
    }
}
