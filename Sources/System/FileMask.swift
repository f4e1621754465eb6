internal import Glibc
internal import Synchronization

/// What is masked out of the permissions of new files (umask(2)).
package enum FileMask {
    private static let callers = Mutex<mode_t?>(nil)

    /// Closes new files to everybody else, whatever the caller masks: who may read one of ours is said where it is made.
    package static func restrict() {
        let mask = umask(0o077)
        callers.withLock { if $0 == nil { $0 = mask } }
    }

    /// Gives programs that we start for the caller the caller's own mask.
    package static func restore() {
        if let mask = callers.withLock({ $0 }) { _ = umask(mask) }
    }

    /// What the caller of the program masks out: for files that are made for the caller.
    package static var ofCaller: UInt32 {
        if let mask = callers.withLock({ $0 }) { return mask }
        // There is no way to ask without setting it; nothing of ours runs beside this without having called `restrict`.
        let mask = umask(0o077)
        _ = umask(mask)
        return mask
    }
}
