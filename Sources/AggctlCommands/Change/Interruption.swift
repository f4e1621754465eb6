internal import Dispatch
internal import Glibc

/// Turns Ctrl-C and its kin into cancellation, so that what was begun is taken back rather than left half-made.
enum Interruption {
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    /// Runs work that looks at `Task.isCancelled`; a signal cancels it. The signals do their usual thing afterwards.
    static func cancelling<Value: Sendable>(
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let task = Task { try await body() }
        // One that is ignored already, as by nohup(1), stays so.
        let heard = signals.filter { number in
            let isIgnored = unsafeBitCast(signal(number, SIG_IGN), to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
            return !isIgnored
        }
        // A queue of its own: on one processor the work may keep the shared thread until it is done.
        let queue = DispatchQueue(label: "aggctl.signals")
        let sources = heard.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { task.cancel() }
            source.resume()
            return source
        }
        defer {
            for source in sources { source.cancel() }
            for number in heard { signal(number, SIG_DFL) }
        }
        return try await task.value
    }
}
