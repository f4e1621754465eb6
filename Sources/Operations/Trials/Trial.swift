package import Aggregation

/// One question about a row of the feature matrix that a running kernel answers.
package struct Trial: Sendable {
    /// What was seen, and whether it is what the question asks for.
    package struct Sight: Sendable {
        package var holds: Bool
        package var seen: String

        init(_ holds: Bool, _ seen: String) {
            self.holds = holds
            self.seen = seen
        }
    }

    /// The row of the matrix.
    package let feature: String
    package let driver: DriverKind
    package let mode: Mode
    /// What is asked, as something that holds or not: `prio decides which port takes over`.
    package let question: String
    /// Whether it holds when the row says partly.
    let holdsWhenPartly: Bool
    private let look: @Sendable (TrialScene, Bool) async throws -> Sight

    /// - Parameter look: makes what is asked about and looks at it. When its second argument is true the cause of what
    ///   is looked for is left out, and the answer has to be the opposite: a look that cannot tell would prove nothing.
    init(
        _ feature: String, _ driver: DriverKind, _ mode: Mode, _ question: String, holdsWhenPartly: Bool = true,
        look: @escaping @Sendable (_ scene: TrialScene, _ isControl: Bool) async throws -> Sight
    ) {
        self.feature = feature
        self.driver = driver
        self.mode = mode
        self.question = question
        self.holdsWhenPartly = holdsWhenPartly
        self.look = look
    }

    package var candidate: Candidate { Candidate(driver: driver, mode: mode) }

    /// Asks the kernel.
    ///
    /// - Parameter isControl: without the cause, so that the answer has to be the opposite.
    package func ask(_ scene: TrialScene, isControl: Bool = false) async throws -> Sight {
        try await look(scene, isControl)
    }

    /// Whether the matrix says that it holds.
    package func isExpected(_ cell: Feature.Cell, on kernel: KernelVersion?) -> Bool {
        switch cell.answer(on: kernel) {
        case .yes: true
        case .partly: holdsWhenPartly
        case .no, .unproven: false
        }
    }
}

/// What came of a trial.
package struct TrialResult: Sendable {
    package enum Outcome: String, Sendable, CaseIterable {
        case confirmed
        case contradicted
        /// The kernel or a program that it takes is not there.
        case untried
    }

    package let trial: Trial
    package let outcome: Outcome
    /// The answer; nil when nobody could be asked.
    package let holds: Bool?
    package let seen: String
    /// What was seen without the cause of what was asked about; nil when that was not looked at.
    package let control: String?

    package init(_ trial: Trial, _ outcome: Outcome, holds: Bool? = nil, seen: String, control: String? = nil) {
        self.trial = trial
        self.outcome = outcome
        self.holds = holds
        self.seen = seen
        self.control = control
    }
}
