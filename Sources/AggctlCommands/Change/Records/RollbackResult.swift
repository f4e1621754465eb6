internal import Aggregation
internal import Operations

/// What was rolled back, would be, or was closed.
struct RollbackResult: CommandResult {
    struct Change: Sendable {
        let record: ChangeRecord
        let report: UndoReport
        /// Why the host was not compared with the record; nil where it was.
        var uncompared: String?
    }

    /// Not a rehearsal.
    var isDone: Bool
    /// Records were closed, and the host left as it is.
    var isAccepting = false
    var changes: [Change] = []
    /// Records that cannot be rolled back, or not now.
    var skipped: [ChangeRecord] = []

    var json: JSONValue {
        [
            "schema": 1, "done": .bool(isDone),
            "changes": .array(
                changes.map { change in
                    var object: JSONObject = [
                        "id": .string(change.record.id), "command": JSONValue(change.record.head.command),
                        "accepted": .bool(isAccepting),
                        "complete": .bool(change.report.isComplete && change.uncompared == nil),
                        "undone": .array(change.report.undone.map { .string($0.summary(.shared)) }),
                        "remaining": .array(change.report.remaining.map { .string($0.summary(.shared)) }),
                        "errors": .array(change.report.errors.map { .string($0.description) }),
                        "foreign": .array(change.report.foreign.map(Self.json)),
                        "lost": .array(change.report.lost.map(Self.json)),
                    ]
                    if let reason = change.uncompared { object["not_compared"] = .string(reason) }
                    if !change.report.unrestored.isEmpty {
                        object["unrestored"] = .array(change.report.unrestored.map(Self.json))
                    }
                    return .object(object)
                }),
            "skipped": .array(skipped.map { $0.json(isLocked: isDone) }),
        ]
    }

    private static func json(_ change: ForeignChange) -> JSONValue {
        ["device": .string(change.device), "text": .string(change.text)]
    }

    func text(_ style: Style) -> PrintableText {
        guard !changes.isEmpty || !skipped.isEmpty else { return "no unfinished changes\n" }
        return changes.map { text($0, style) }.joined()
            + skipped.map { record -> PrintableText in
                "\(style.paint("not rolled back", .bad)): \(record.text(style))"
            }.joined()
    }

    private func text(_ change: Change, _ style: Style) -> PrintableText {
        let report = change.report
        var text: PrintableText = "\(change.record.head.command ?? change.record.id): \(verdict(report, style))\n"
        text += report.undone.map { "  \($0.summary(.shared))\n" as PrintableText }.joined()
        if isDone || isAccepting {
            text += report.remaining.map { "  still differs: \($0.summary(.shared))\n" as PrintableText }.joined()
        } else {
            text += report.remaining.enumerated().map { "  \($0 + 1). \($1.summary(.shared))\n" as PrintableText }
                .joined()
            if !report.remaining.isEmpty {
                text += "  then the host is compared again, and what is still missing follows\n"
            }
        }
        if let reason = change.uncompared { text += "  not compared with the host: \(reason)\n" }
        text += report.errors.map { "  \($0)\n" as PrintableText }.joined()
        text += report.foreign.map { "  kept, changed by somebody else: \($0)\n" as PrintableText }.joined()
        text += report.unrestored.map { "  cannot be restored: \($0)\n" as PrintableText }.joined()
        let verb = isDone ? "deleted" : "would be deleted"
        return text + report.lost.map { "  \(verb), made by somebody else: \($0)\n" as PrintableText }.joined()
    }

    private func verdict(_ report: UndoReport, _ style: Style) -> PrintableText {
        switch (isDone, isAccepting) {
        case (true, true): style.paint("record closed", .good)
        case (false, true): "record would be closed"
        case (false, false): "would be rolled back"
        case (true, false):
            report.isComplete
                ? style.paint("rolled back", .good) : style.paint("not rolled back completely", .bad)
        }
    }
}
