package import Aggregation

/// A change that did not happen: why, how far it came, and what taking it back did.
package struct ChangeFailure: Error, Sendable {
    package let cause: Cause
    package let done: [Step]
    package let undo: UndoReport

    package init(cause: Cause, done: [Step], undo: UndoReport) {
        self.cause = cause
        self.done = done
        self.undo = undo
    }

    package enum Cause: Error, Sendable {
        /// The kernel or the daemon refused a step.
        case step(Step, DriverError)
        /// All steps were accepted, but the host is not what was asked for.
        case verification([Problem])
        case observation(DriverError)
        /// The caller was interrupted.
        case cancelled
        /// Nothing was touched, because the way back could not be written down.
        case journal(JournalError)
    }
}

/// What taking a change back did.
package struct UndoReport: Sendable {
    package var undone: [Step] = []
    /// What still differs from the state before.
    package var remaining: [Step] = []
    package var errors: [DriverError] = []
    /// What others changed meanwhile, and what was left of it as it is.
    package var foreign: [ForeignChange] = []
    /// What others had put onto an aggregate that was deleted.
    package var lost: [ForeignChange] = []
    /// What went with a device and cannot be put back, as the plan had said.
    package var unrestored: [ForeignChange] = []

    package init() {}

    /// The host was read again, and a comparison with the state before found nothing that differs.
    package var isComplete: Bool { remaining.isEmpty && errors.isEmpty }

    /// What could not be put back, in words: steps that would have to be done, and why they were not.
    package var left: [String] {
        var seen: Set<String> = []
        return (remaining.map { $0.summary(.shared) } + errors.map(\.description)).filter { seen.insert($0).inserted }
    }
}
