internal import Aggregation
internal import ArgumentParser
internal import Operations
internal import SystemPackage

/// `aggctl rollback`: takes back a change that was cut short.
struct RollbackCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Take back a change that was cut short.",
        discussion: """
            The state before every change is written down before the first step. When aggctl was killed or the \
            connection broke in the middle of one, this puts the host back to that state.

            EXAMPLES
              aggctl rollback
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let session = try await context.session()
        let journal = try ChangeSession.openJournal(session, context)
        let left = try journal.interrupted()
        guard !left.isEmpty else {
            context.reporter.write(RollbackResult(changes: []))
            return .done
        }
        let runner = ChangeRunner(driver: session.driver, journal: nil)
        var changes: [RollbackResult.Change] = []
        // The latest first: each goes back to the state that it found.
        for (path, record) in left.reversed() {
            // Goes on when it is interrupted: nobody is better off with half of it.
            let report = try await Interruption.cancelling { await runner.takeBack(record.restoration) }
            if report.isComplete { journal.forget(path) }
            changes.append(.init(command: record.command, report: report))
        }
        context.reporter.write(RollbackResult(changes: changes))
        return changes.allSatisfy(\.report.isComplete) ? .done : .failed
    }
}

/// What was taken back.
struct RollbackResult: CommandResult {
    struct Change: Sendable {
        let command: String
        let report: UndoReport
    }

    let changes: [Change]

    var json: JSONValue {
        [
            "schema": 1,
            "changes": .array(
                changes.map { change in
                    [
                        "command": .string(change.command), "complete": .bool(change.report.isComplete),
                        "undone": .array(change.report.undone.map { .string($0.summary(.shared)) }),
                        "remaining": .array(change.report.remaining.map { .string($0.summary(.shared)) }),
                        "errors": .array(change.report.errors.map { .string($0.description) }),
                    ]
                }),
        ]
    }

    func text(_ style: Style) -> String {
        guard !changes.isEmpty else { return "no change was cut short\n" }
        return changes.map { change in
            let verdict =
                change.report.isComplete ? style.paint("taken back", .good) : style.paint("not wholly taken back", .bad)
            var text = "\(change.command): \(verdict)\n"
            text += change.report.undone.map { "  \($0.summary(.shared))\n" }.joined()
            text += change.report.remaining.map { "  still differs: \($0.summary(.shared))\n" }.joined()
            return text + change.report.errors.map { "  \($0)\n" }.joined()
        }.joined()
    }
}
