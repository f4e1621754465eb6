/// The exit codes that scripts rely on.
///
/// A command returns one; an error turns into one in ``CommandFailure``.
package struct ExitStatus: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int32
    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// Done; healthy; nothing differs.
    package static let done = ExitStatus(rawValue: 0)
    /// Failed; the message says what was undone.
    package static let failed = ExitStatus(rawValue: 1)
    /// Something differs (`plan`, `check`).
    ///
    /// Also findings of `diagnose`, a contradiction, a must that nothing meets, a change applied with a port missing.
    package static let differs = ExitStatus(rawValue: 2)
    /// `status --check`: works, with less than it should have.
    package static let degraded = ExitStatus(rawValue: 2)
    /// A drill missed its objective.
    package static let objectiveMissed = ExitStatus(rawValue: 3)
    /// Applied, then rolled back.
    package static let rolledBack = ExitStatus(rawValue: 4)
    /// Refused by a safety rule; the message names the flag that overrides it.
    package static let refused = ExitStatus(rawValue: 5)
    /// `status --check`: down or misconfigured.
    package static let down = ExitStatus(rawValue: 6)
    /// Wrong words on the command line (EX_USAGE).
    package static let usage = ExitStatus(rawValue: 64)
    /// Wrong content: a value, an option, a file (EX_DATAERR).
    package static let invalidInput = ExitStatus(rawValue: 65)
    /// No such aggregate, port or file (EX_NOINPUT).
    package static let notFound = ExitStatus(rawValue: 66)
    /// A driver, daemon or kernel feature is missing (EX_UNAVAILABLE).
    package static let unavailable = ExitStatus(rawValue: 69)
    /// Timed out (EX_TEMPFAIL).
    package static let timedOut = ExitStatus(rawValue: 75)
    /// Not permitted (EX_NOPERM).
    package static let notPermitted = ExitStatus(rawValue: 77)

    /// `lab run`: the command took longer than it may.
    package static let labTimedOut = ExitStatus(rawValue: 124)
    /// `lab run`: the lab itself failed.
    package static let labFailed = ExitStatus(rawValue: 125)
    /// `lab run`: the command is there and cannot be run.
    package static let labCannotRun = ExitStatus(rawValue: 126)
    /// `lab run`: there is no such command.
    package static let labNotFound = ExitStatus(rawValue: 127)
    /// `lab run`: ended by this signal.
    package static func ended(bySignal signal: Int32) -> ExitStatus { ExitStatus(rawValue: 128 + signal) }

    /// The word for a failure in JSON (`error.code`).
    package var word: String {
        switch self {
        case .done: "done"
        case .differs: "differs"
        case .objectiveMissed: "objective_missed"
        case .rolledBack: "rolled_back"
        case .refused: "refused"
        case .down: "down"
        case .usage: "usage"
        case .invalidInput: "invalid_input"
        case .notFound: "not_found"
        case .unavailable: "unavailable"
        case .timedOut, .labTimedOut: "timed_out"
        case .notPermitted: "not_permitted"
        case .labFailed: "lab_failed"
        default: "failed"
        }
    }
}
