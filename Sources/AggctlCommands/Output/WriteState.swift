internal import Synchronization
internal import SystemPackage

/// Whether standard output still takes anything.
///
/// A reader that has gone away is no error.
final class WriteState: Sendable {
    private let state = Mutex<(isClosed: Bool, error: Errno?)>((false, nil))
    private let progress = Mutex(false)

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var error: Errno? { state.withLock { $0.error } }

    /// A line of progress stands on the terminal.
    var hasProgress: Bool {
        get { progress.withLock { $0 } }
        set { progress.withLock { $0 = newValue } }
    }

    func close(_ error: Errno?) { state.withLock { $0 = (true, error) } }
}
