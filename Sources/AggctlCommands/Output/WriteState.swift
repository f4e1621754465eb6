internal import Synchronization
internal import SystemPackage

/// Whether standard output still takes anything.
///
/// A reader that has gone away is no error.
final class WriteState: Sendable {
    private let state = Mutex<(isClosed: Bool, error: Errno?)>((false, nil))
    private let progress = Mutex(false)
    private let unfinishedChanges = Mutex(UnfinishedChanges())
    private let blocked = Mutex(false)

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var error: Errno? { state.withLock { $0.error } }

    /// A line of progress stands on the terminal.
    var hasProgress: Bool {
        get { progress.withLock { $0 } }
        set { progress.withLock { $0 = newValue } }
    }

    /// Changes to be mentioned beside results.
    var unfinished: UnfinishedChanges {
        get { unfinishedChanges.withLock { $0 } }
        set { unfinishedChanges.withLock { $0 = newValue } }
    }

    /// A result was about aggregates that an unfinished change keeps from being changed.
    var isBlocked: Bool {
        get { blocked.withLock { $0 } }
        set { blocked.withLock { $0 = newValue } }
    }

    func close(_ error: Errno?) { state.withLock { $0 = (true, error) } }
}
