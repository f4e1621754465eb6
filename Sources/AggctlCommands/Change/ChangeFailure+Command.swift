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
        var outcome = Self.undoItem(failure)
        outcome.isOutcome = true
        items.append(outcome)
    }

    private static func undoItem(_ failure: ChangeFailure) -> Item {
        let details: JSONObject = [
            "code": .string(ExitStatus.failed.word),
            "done": .array(failure.done.map { .string($0.summary(.shared)) }),
            "undone": .array(failure.undo.undone.map { .string($0.summary(.shared)) }),
            "remaining": .array(failure.undo.remaining.map { .string($0.summary(.shared)) }),
        ]
        if failure.undo.isComplete {
            let text =
                failure.done.isEmpty && failure.undo.undone.isEmpty
                ? "nothing was changed"
                : "\(failure.done.count == 1 ? "1 step" : "\(failure.done.count) steps") had been done; all was put back as it was"
            return Item(text, details: details)
        }
        let rest = failure.undo.remaining.map { $0.summary(.shared) } + failure.undo.errors.map(\.description)
        return Item(
            "not all could be put back: \(rest.joined(separator: "; "))",
            hint: "mend the cause and run aggctl rollback", details: details)
    }
}
