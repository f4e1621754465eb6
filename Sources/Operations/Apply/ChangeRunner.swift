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
        let rollback: Rollback
        do {
            rollback = Rollback(before: try await withSettings(start, plan), plan: plan)
        } catch {
            throw ChangeFailure(cause: .observation(error), done: [], undo: .init())
        }
        let entry: ChangeJournal.Entry?
        do { entry = try journal?.begin(rollback) } catch {
            throw ChangeFailure(cause: .journal(error), done: [], undo: .init())
        }
        var done: [Step] = []
        do {
            let after = try await perform(rollback, entry, &done, verify)
            remember(after)
            entry?.finish()
            return after
        } catch {
            let undo = await takeBack(rollback, entry)
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

    /// Reads the host as far as it is compared with what it was before a change.
    package func observe(for rollback: Rollback) async throws(DriverError) -> HostState {
        try await observe(rollback.restoration)
    }

    private func observe(_ restoration: Restoration) async throws(DriverError) -> HostState {
        var current = try await driver.observe(.change)
        if restoration.snapshot.settings != nil {
            current.settings = try await driver.settings(of: restoration.devices)
        }
        return current
    }

    private func perform(
        _ rollback: Rollback, _ entry: ChangeJournal.Entry?, _ done: inout [Step],
        _ verify: @Sendable (HostState) -> [Problem]
    ) async throws(ChangeFailure.Cause) -> HostState {
        let steps = rollback.steps
        for (number, step) in steps.enumerated() {
            if Task.isCancelled { throw .cancelled }
            progress(number + 1, steps.count, step)
            entry?.begin(number + 1)
            do {
                try await carryOut(step, rollback.restoration)
            } catch {
                throw .step(step, error)
            }
            if case .create(let name, _, _, _, _) = step { entry?.noteCreated(name) }
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
        let report = await settle(restoration) { restoration.steps(puttingBack: devices, from: $0) }
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

    /// Puts the host back to the state before a change, in rounds, going on past what is refused. What others changed
    /// meanwhile stays as it is. The record of the change is closed when a comparison finds nothing that differs, and
    /// else keeps what is left.
    ///
    /// - Parameter host: as it was just read (``observe(for:)``), where it was.
    package func takeBack(
        _ rollback: Rollback, _ entry: ChangeJournal.Entry?, from host: HostState? = nil
    ) async -> UndoReport {
        var (rollback, entry) = (rollback, entry)
        let first = if let host { host } else { try? await observe(for: rollback) }
        var lost: [ForeignChange] = []
        if let first {
            if !rollback.keepForeignChanges(in: first).isEmpty { entry = entry?.replace(rollback) }
            lost = rollback.losses(in: first)
        }
        let kept = rollback
        var report = await settle(kept.restoration, first) { kept.steps(from: $0) }
        if report.isComplete { await reorder(kept, into: &report) }
        report.foreign = kept.foreign
        report.lost = lost
        report.unrestored = await unrestored(kept.restoration)
        guard report.isComplete else {
            entry?.leave(report.left)
            return report
        }
        if let current = try? await driver.observe(.links) {
            for step in kept.restoration.activations(from: current) where (try? await driver.perform(step)) != nil {
                report.undone.append(step)
            }
        }
        entry?.finish()
        return report
    }

    /// What is known to be gone and cannot be put back: queueing disciplines and filters.
    private func unrestored(_ restoration: Restoration) async -> [ForeignChange] {
        let settings = (restoration.snapshot.settings ?? []).filter { !$0.isRestorable }
        guard !settings.isEmpty, let current = try? await observe(restoration) else { return [] }
        let present = Set((current.settings ?? []).map(\.record.key))
        return settings.filter { !present.contains($0.record.key) }.map {
            ForeignChange($0.device, "queueing discipline \($0.record.summary)")
        }
    }

    /// Adds addresses again where they stand in another order than before. Tried once: an order that the kernel does not
    /// give is no reason to call the host another.
    private func reorder(_ rollback: Rollback, into report: inout UndoReport) async {
        guard let current = try? await driver.observe(.addresses) else { return }
        let steps = rollback.restoration.misordered(in: current)
        guard !steps.isEmpty else { return }
        await perform(steps, into: &report)
        let again = await settle(rollback.restoration) { rollback.steps(from: $0) }
        report.undone += again.undone
        (report.remaining, report.errors) = (again.remaining, again.errors)
    }

    /// Reads the host and carries out what is missing, until nothing is: what is refused in one round may be possible
    /// after the others of that round.
    ///
    /// - Parameter first: the host as it was just read.
    private func settle(
        _ restoration: Restoration, _ first: HostState? = nil, _ missing: (HostState) -> [Step]
    ) async -> UndoReport {
        var report = UndoReport()
        let deadline = ContinuousClock.now + Self.patience
        var rounds = 0
        var known = first
        while true {
            do throws(DriverError) {
                let host = if let known { known } else { try await observe(restoration) }
                known = nil
                report.remaining = missing(host)
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
