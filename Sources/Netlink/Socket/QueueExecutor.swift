package import Dispatch

/// A serial executor on a dispatch queue of its own.
///
/// An actor that owns a C handle runs on one of these: blocking system calls then never occupy a thread of the
/// cooperative pool, and dispatch sources on the same queue may enter the actor with `assumeIsolated`.
/// `DispatchSerialQueue`, which is an executor elsewhere, does not exist on Linux.
package final class QueueExecutor: SerialExecutor {
    /// The queue; sources that belong to the actor are made on it.
    package let queue: DispatchQueue

    /// - Parameter label: shown by debuggers.
    package init(label: String) {
        queue = DispatchQueue(label: label)
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    package func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
