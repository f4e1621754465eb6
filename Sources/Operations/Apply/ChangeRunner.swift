package import Aggregation
internal import Glibc

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
    /// How long what is refused is tried again beyond those rounds: a nexthop is taken only once its device has carrier,
    /// which a link monitor gives it in its own time.
    private static let patience: Duration = .seconds(3)
    private static let pause: Duration = .milliseconds(100)

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
    ///   - remember: takes note of what later changes have to know. It comes before the change counts as done: killed
    ///     between the two, a change is taken back rather than half remembered.
    /// - Returns: the host after the change.
    @discardableResult
    package func run(
        _ plan: Plan, from start: HostState, verify: @Sendable (HostState) -> [Problem],
        remember: @Sendable (HostState) -> Void = { _ in }
    ) async throws(ChangeFailure) -> HostState {
        let restoration: Restoration
        do {
            restoration = Restoration(before: try await withSettings(start, plan), plan: plan)
        } catch {
            throw ChangeFailure(cause: .observation(error), done: [], undo: .init())
        }
        let entry: ChangeJournal.Entry?
        do { entry = try journal?.begin(restoration) } catch {
            throw ChangeFailure(cause: .journal(error), done: [], undo: .init())
        }
        var done: [Step] = []
        do {
            let after = try await perform(plan.steps.map(\.step), restoration, &done, verify)
            remember(after)
            entry?.finish()
            return after
        } catch {
            let undo = await takeBack(restoration)
            if undo.isComplete { entry?.finish() }
            throw ChangeFailure(cause: error, done: done, undo: undo)
        }
    }

    /// Reads what the plan was not made from: what the devices that it affects are set to besides.
    private func withSettings(_ start: HostState, _ plan: Plan) async throws(DriverError) -> HostState {
        guard start.settings == nil else { return start }
        var start = start
        start.settings = try await driver.settings(of: Restoration.devices(of: plan, on: start))
        return start
    }

    /// Reads the host as far as it is compared with what it was.
    private func observe(_ devices: [String], _ restoration: Restoration) async throws(DriverError) -> HostState {
        var current = try await driver.observe(.change)
        if restoration.snapshot.settings != nil { current.settings = try await driver.settings(of: devices) }
        return current
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
        let after: HostState
        do { after = try await driver.observe(.verification) } catch { throw .observation(error) }
        let problems = verify(after)
        guard problems.isEmpty else { throw .verification(problems) }
        return after
    }

    private func carryOut(_ step: Step, _ restoration: Restoration) async throws(DriverError) {
        guard case .restore(let devices) = step else { return try await performOnceUp(step) }
        let report = await settle(devices, restoration) { restoration.steps(puttingBack: devices, from: $0) }
        if report.isComplete { return }
        throw report.errors.first
            ?? DriverError(
                .refused, operation: step.summary(.shared), subject: devices.first ?? "",
                text: "some are still missing: \(report.remaining.map { $0.summary(.shared) }.joined(separator: ", "))")
    }

    /// A nexthop object is taken only once its device has carrier, which a link monitor gives it in its own time.
    private func performOnceUp(_ step: Step) async throws(DriverError) {
        let deadline = ContinuousClock.now + Self.patience
        while true {
            do {
                return try await driver.perform(step)
            } catch {
                guard case .replay(let record, _) = step, record.kind == .nexthop, error.errno == ENETDOWN,
                    ContinuousClock.now < deadline, !Task.isCancelled
                else { throw error }
            }
            await Self.rest()
        }
    }

    /// Puts the host back to the state before a change, in rounds, going on past what is refused.
    package func takeBack(_ restoration: Restoration) async -> UndoReport {
        var report = await settle(restoration.devices, restoration) { restoration.steps(from: $0) }
        guard report.isComplete else { return report }
        await reorder(restoration, into: &report)
        guard report.isComplete, let current = try? await driver.observe(.links) else { return report }
        for step in restoration.activations(from: current) where (try? await driver.perform(step)) != nil {
            report.undone.append(step)
        }
        return report
    }

    /// Adds addresses again where they stand in another order than before. Tried once: an order that the kernel does not
    /// give is no reason to call the host another.
    private func reorder(_ restoration: Restoration, into report: inout UndoReport) async {
        guard let current = try? await driver.observe(.addresses) else { return }
        let steps = restoration.misordered(in: current)
        guard !steps.isEmpty else { return }
        await perform(steps, into: &report)
        let again = await settle(restoration.devices, restoration) { restoration.steps(from: $0) }
        report.undone += again.undone
        (report.remaining, report.errors) = (again.remaining, again.errors)
    }

    /// Reads the host and carries out what is missing, until nothing is: what is refused in one round may be possible
    /// after the others of that round.
    private func settle(
        _ devices: [String], _ restoration: Restoration, _ missing: (HostState) -> [Step]
    ) async -> UndoReport {
        var report = UndoReport()
        let deadline = ContinuousClock.now + Self.patience
        var rounds = 0
        while true {
            do {
                report.remaining = missing(try await observe(devices, restoration))
                if report.remaining.isEmpty {
                    report.errors = []
                    return report
                }
                let isOver = report.errors.isEmpty || ContinuousClock.now > deadline
                if rounds >= Self.restorationRounds, isOver { return report }
                await perform(report.remaining, into: &report)
            } catch {
                report.errors = [error]
                if rounds >= Self.restorationRounds { return report }
            }
            rounds += 1
            if !report.errors.isEmpty { await Self.rest() }
        }
    }

    private func perform(_ steps: [Step], into report: inout UndoReport) async {
        report.errors = []
        for step in steps {
            do {
                try await driver.perform(step)
                report.undone.append(step)
            } catch {
                report.errors.append(error)
            }
        }
    }

    /// Waits, also in a task that was cancelled: taking back is what has to be done then.
    private static func rest() async {
        await Task.detached { try? await Task.sleep(for: pause) }.value
    }
}
