internal import Glibc
internal import Synchronization

/// A thread of its own for work with deadlines, which tasks would delay.
final class DrillThread: Sendable {
    private let stop = Atomic(false)
    // Sendable: set once, before anybody else has the object.
    private nonisolated(unsafe) var thread = pthread_t()
    private let isJoined = Atomic(false)

    private final class Work {
        let body: () -> Void
        init(_ body: @escaping () -> Void) { self.body = body }
    }

    /// - Parameter body: gets a function that says whether to end.
    init(_ body: @escaping @Sendable (_ isStopped: () -> Bool) -> Void) throws(DrillError) {
        // The thread holds the object until it ends, so whoever lets go of it without ending it leaks it visibly.
        let work = Unmanaged.passRetained(Work { [self] in body { stop.load(ordering: .relaxed) } })
        let code = pthread_create(&thread, nil, drillThreadMain, work.toOpaque())
        guard code == 0 else {
            work.release()
            throw .thread(reason: String(cString: strerror(code)))
        }
    }

    /// Asks it to end and waits until it has. The body must look often.
    func end() {
        stop.store(true, ordering: .relaxed)
        guard !isJoined.exchange(true, ordering: .relaxed) else { return }
        pthread_join(thread, nil)
    }

    fileprivate static func perform(_ context: UnsafeMutableRawPointer) {
        Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
    }
}

private func drillThreadMain(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    if let context { DrillThread.perform(context) }
    return nil
}

/// The clock of drills: CLOCK_MONOTONIC in nanoseconds.
enum DrillClock {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Sleeps until a moment; a signal does not shorten it.
    static func sleep(until moment: Int64) {
        var time = timespec(tv_sec: Int(moment / 1_000_000_000), tv_nsec: Int(moment % 1_000_000_000))
        while clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nil) == EINTR {}
    }
}
