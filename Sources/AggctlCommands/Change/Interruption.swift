internal import Dispatch
internal import Glibc
internal import Synchronization

/// Turns Ctrl-C and its kin into cancellation, so that what was begun is taken back rather than left half-made.
///
/// Signals are heard from the first work on until the program ends. One that comes when the work is over must not keep
/// its result from being told: the host is changed then, and whoever asked has to know.
enum Interruption {
    private struct State {
        /// Kept, since a source that nobody has stops.
        var sources: [any DispatchSourceSignal] = []
        var work: [Int: @Sendable () -> Void] = [:]
        var begun = 0
        /// A signal came while nothing was under way that could be taken back.
        var isPending = false
    }

    private static let state = Mutex(State())
    /// A queue of its own: on one processor the work may keep the shared thread until it is done.
    private static let queue = DispatchQueue(label: "aggctl.signals")

    /// Runs work that looks at `Task.isCancelled`; a signal cancels it, as does one that came since earlier work ended.
    static func cancelling<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        let number = state.withLock { state in
            if state.sources.isEmpty { state.sources = listen() }
            state.begun += 1
            state.work[state.begun] = { task.cancel() }
            if state.isPending { task.cancel() }
            return state.begun
        }
        defer { state.withLock { $0.work[number] = nil } }
        return try await task.value
    }

    /// Hears the signals but those that are ignored already, as by nohup(1): these stay so.
    private static func listen() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM, SIGHUP].filter { number in
            unsafeBitCast(signal(number, SIG_IGN), to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self)
        }.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { interrupt(by: number) }
            source.resume()
            return source
        }
    }

    private static func interrupt(by number: Int32) {
        state.withLock { state in
            for cancel in state.work.values { cancel() }
            guard state.work.isEmpty else { return }
            // The result is being written, perhaps to somebody who does not read it: whoever insists gets away.
            if state.isPending { _exit(128 + number) }
            state.isPending = true
        }
    }
}
