internal import Aggregation
internal import Operations

/// A change that was taken back, in words.
extension CommandFailure {
    init(_ failure: ChangeFailure) {
        switch failure.cause {
        case .step(let step, let error):
            self.init(error as any Error)
            if !items.isEmpty { items[0].details["step"] = .string(step.summary(.shared)) }
        case .observation(let error): self.init(error as any Error)
        case .verification(let problems): self.init(Problems(problems) as any Error)
        case .cancelled: self.init(.failed, message: "interrupted")
        case .journal(let error):
            self.init(error as any Error)
            return
        }
        for place in items.indices where items[place].details["code"] == nil {
            items[place].details["code"] = .string(status.word)
        }
        // Only what was seen of others is told of them.
        let meanwhile = failure.undo.foreign + failure.undo.lost
        if case .verification = failure.cause, !meanwhile.isEmpty {
            for place in items.indices where items[place].hint == nil {
                items[place].hint = "something else changed the host meanwhile; see below"
            }
        }
        var outcome = Self.undoItem(failure)
        outcome.isOutcome = true
        items.append(outcome)
    }

    private static func undoItem(_ failure: ChangeFailure) -> Item {
        let undo = failure.undo
        let meanwhile = undo.foreign + undo.lost
        var details: JSONObject = [
            "code": .string(ExitStatus.failed.word),
            "done": .array(failure.done.map { .string($0.summary(.shared)) }),
            "undone": .array(undo.undone.map { .string($0.summary(.shared)) }),
            "remaining": .array(undo.remaining.map { .string($0.summary(.shared)) }),
        ]
        if !meanwhile.isEmpty { details["foreign"] = .array(meanwhile.map { .string($0.description) }) }
        guard undo.isComplete else {
            return Item(
                "rollback incomplete: \(undo.left.joined(separator: "; "))" + Self.meanwhile(undo),
                hint: "see aggctl changes; remove the cause and run aggctl rollback", details: details)
        }
        guard !failure.done.isEmpty || !undo.undone.isEmpty else {
            return Item("nothing was changed" + Self.meanwhile(undo), details: details)
        }
        let steps = failure.done.count == 1 ? "1 step" : "\(failure.done.count) steps"
        return Item(
            "rolled back: \(steps) undone; compared with the state before, nothing differs" + Self.meanwhile(undo),
            details: details)
    }

    private static func meanwhile(_ undo: UndoReport) -> String {
        var text = ""
        if !undo.foreign.isEmpty {
            text += "; changed meanwhile by something else and kept: "
            text += undo.foreign.map(\.description).joined(separator: ", ")
        }
        if !undo.lost.isEmpty {
            text += "; changed meanwhile by something else and deleted with the aggregate: "
            text += undo.lost.map(\.description).joined(separator: ", ")
        }
        if !undo.unrestored.isEmpty {
            text += "; cannot be restored: " + undo.unrestored.map(\.description).joined(separator: ", ")
        }
        return text
    }
}
