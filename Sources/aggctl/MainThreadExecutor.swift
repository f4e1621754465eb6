internal import Glibc

/// Runs a command's tasks on the thread that the program began with.
///
/// The default executor starts three threads for the first task, two of which have nothing to do in a command that asks
/// the kernel and answers: half of the system calls that a short status makes beyond the program's start (102, now 49).
/// What blocks for long has threads of its own (docs/decisions/0005), so nothing here waits for anything but jobs.
final class MainThreadExecutor: TaskExecutor, @unchecked Sendable {
    // Of fixed address; the program never lets go of its only executor.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    /// Guarded by `mutex`.
    private var jobs: [UnownedJob] = []

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        pthread_mutex_lock(mutex)
        jobs.append(job)
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Runs jobs in the order in which they came; the last of them ends the program.
    func run() -> Never {
        while true {
            pthread_mutex_lock(mutex)
            while jobs.isEmpty { pthread_cond_wait(condition, mutex) }
            let ready = jobs
            jobs.removeAll(keepingCapacity: true)
            pthread_mutex_unlock(mutex)
            for job in ready { job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
    }
}
