package import Aggregation

/// Carries a plan out: all of it, or nothing.
///
/// The state before is journaled first. Any failure, a refused step or a setting that reads back differently, puts the
/// host back to that state and says what was done, what failed and what was undone.
package struct ChangeRunner: Sendable {
    package let driver: any AggregateDriver
    /// Nil where nothing survives a crash anyway, as in unit tests.
    package let journal: ChangeJournal?
    /// Called before each step with its number from 1, the number of all steps, and the step.
    package let progress: @Sendable (Int, Int, Step) -> Void

    /// Rounds of reading and putting back; each undoes what the one before made possible.
    private static let restorationRounds = 6

    package init(
        driver: any AggregateDriver, journal: ChangeJournal?,
        progress: @escaping @Sendable (Int, Int, Step) -> Void = { _, _, _ in }
    ) {
        self.driver = driver
        self.journal = journal
        self.progress = progress
    }

    /// - Parameters:
    ///   - start: the host as the plan saw it.
    ///   - verify: compares the host after the last step with what was wanted.
    /// - Returns: the host after the change.
    @discardableResult
    package func run(
        _ plan: Plan, from start: HostState, verify: @Sendable (HostState) -> [Problem]
    ) async throws(ChangeFailure) -> HostState {
        let restoration = Restoration(before: start, plan: plan)
        let entry: ChangeJournal.Entry?
        do { entry = try journal?.begin(restoration) } catch {
            throw ChangeFailure(cause: .journal(error), done: [], undo: .init())
        }
        var done: [Step] = []
        do {
            let after = try await perform(plan.steps.map(\.step), restoration, &done, verify)
            entry?.finish()
            return after
        } catch {
            let undo = await takeBack(restoration)
            if undo.isComplete { entry?.finish() }
            throw ChangeFailure(cause: error, done: done, undo: undo)
        }
    }

    private func perform(
        _ steps: [Step], _ restoration: Restoration, _ done: inout [Step],
        _ verify: @Sendable (HostState) -> [Problem]
    ) async throws(ChangeFailure.Cause) -> HostState {
        for (number, step) in steps.enumerated() {
            if Task.isCancelled { throw .cancelled }
            progress(number + 1, steps.count, step)
            do {
                try await carryOut(step, restoration)
            } catch {
                throw .step(step, error)
            }
            done.append(step)
        }
        if Task.isCancelled { throw .cancelled }
        do {
            let after = try await driver.observe(.change)
            let problems = verify(after)
            guard problems.isEmpty else { throw ChangeFailure.Cause.verification(problems) }
            return after
        } catch let error as DriverError {
            throw .observation(error)
        } catch let error as ChangeFailure.Cause {
            throw error
        } catch {
            throw .verification([Problem(.invalid, subject: "verification", rule: "\(error)")])
        }
    }

    private func carryOut(_ step: Step, _ restoration: Restoration) async throws(DriverError) {
        guard case .restore(let devices) = step else { return try await driver.perform(step) }
        for _ in 1...Self.restorationRounds {
            let current = try await driver.observe(.change)
            let missing = restoration.steps(puttingBack: devices, from: current)
            if missing.isEmpty { return }
            for step in missing { try await driver.perform(step) }
        }
    }

    /// Puts the host back to the state before a change, in rounds, going on past what is refused.
    package func takeBack(_ restoration: Restoration) async -> UndoReport {
        var report = UndoReport()
        for _ in 1...Self.restorationRounds {
            let current: HostState
            do { current = try await driver.observe(.change) } catch {
                report.errors = [error]
                return report
            }
            report.remaining = restoration.steps(from: current)
            if report.remaining.isEmpty {
                report.errors = []
                return report
            }
            report.errors = []
            for step in report.remaining {
                do {
                    try await driver.perform(step)
                    report.undone.append(step)
                } catch {
                    report.errors.append(error)
                }
            }
        }
        if let current = try? await driver.observe(.change) { report.remaining = restoration.steps(from: current) }
        return report
    }
}
