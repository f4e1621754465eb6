package import Aggregation
package import Netlink

/// Tries rows of the feature matrix on the running kernel, each in namespaces of its own.
package struct TrialRun: Sendable {
    /// Opens a driver in a namespace.
    package typealias Opening = @Sendable (NetworkNamespace) throws -> any AggregateDriver

    private let matrix: FeatureMatrix
    private let kernel: KernelVersion?
    private let open: Opening

    /// - Parameter kernel: what is running here: what came with a later one it may lack.
    package init(_ matrix: FeatureMatrix, kernel: KernelVersion?, open: @escaping Opening) {
        self.matrix = matrix
        self.kernel = kernel
        self.open = open
    }

    /// How many are tried at a time: nearly all of their time goes by waiting.
    private static let width = 8

    /// Tries many, and leaves nothing behind.
    ///
    /// - Parameter began: called with how many have begun, and the one that did.
    /// - Returns: what came of each, in their order.
    /// - Throws: `CancellationError`.
    package func callAsFunction(
        _ trials: [Trial], began: (Int, Trial) -> Void = { _, _ in }
    ) async throws -> [TrialResult] {
        try await Self.several(trials, began: began) { try await self($0) }
    }

    /// Does something with each of many, some at a time; in their order comes what came of it.
    package static func several<Value: Sendable>(
        _ trials: [Trial], began: (Int, Trial) -> Void = { _, _ in },
        _ body: @escaping @Sendable (Trial) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var values: [Int: Value] = [:]
            for (place, trial) in trials.enumerated() {
                if place >= width, let (done, value) = try await group.next() { values[done] = value }
                began(place + 1, trial)
                group.addTask { (place, try await body(trial)) }
            }
            for try await (done, value) in group { values[done] = value }
            return trials.indices.compactMap { values[$0] }
        }
    }

    /// Tries one thing.
    private func callAsFunction(_ trial: Trial) async throws -> TrialResult {
        do {
            let result = judge(trial, try await look(trial, isControl: false))
            guard result.outcome == .confirmed else { return result }
            return hold(result, against: try await look(trial, isControl: true))
        } catch let error as CancellationError {
            throw error
        } catch {
            return TrialResult(trial, .untried, seen: (error as? DriverError)?.text ?? "\(error)")
        }
    }

    /// Holds what was seen against the matrix.
    package func judge(_ trial: Trial, _ sight: Trial.Sight) -> TrialResult {
        guard let cell = matrix.cell(trial.feature, trial.candidate) else {
            return TrialResult(trial, .untried, seen: "the matrix has no such row")
        }
        // A stable kernel may have what came with a later one.
        let isRight = sight.holds == trial.isExpected(cell, on: kernel) || (sight.holds && cell.answer == .yes)
        return TrialResult(trial, isRight ? .confirmed : .contradicted, holds: sight.holds, seen: sight.seen)
    }

    /// Holds what was seen against what is seen without its cause: a look that sees the same has confirmed nothing.
    package func hold(_ result: TrialResult, against control: Trial.Sight) -> TrialResult {
        // What the kernel of Debian 12 lacks is not seen either way.
        guard let cell = matrix.cell(result.trial.feature, result.trial.candidate),
            control.holds != result.trial.isExpected(cell, on: nil)
        else {
            return TrialResult(
                result.trial, .untried,
                seen: "\(result.seen); without the cause it is the same, so that nothing is proved: \(control.seen)")
        }
        return TrialResult(
            result.trial, result.outcome, holds: result.holds, seen: result.seen, control: control.seen)
    }

    /// Looks in a scene that is made for it.
    package func look(_ trial: Trial, isControl: Bool) async throws -> Trial.Sight {
        let scene = try TrialScene(trial.driver, open: open)
        do {
            let sight = try await trial.ask(scene, isControl: isControl)
            await scene.end()
            return sight
        } catch {
            await scene.end()
            throw error
        }
    }
}
