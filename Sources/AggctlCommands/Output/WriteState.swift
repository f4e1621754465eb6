internal import Synchronization
internal import SystemPackage

/// Whether standard output still takes anything. A reader that has gone away is no error.
final class WriteState: Sendable {
    private let state = Mutex<(isClosed: Bool, error: Errno?)>((false, nil))

    var isClosed: Bool { state.withLock { $0.isClosed } }
    var error: Errno? { state.withLock { $0.error } }

    func close(_ error: Errno?) { state.withLock { $0 = (true, error) } }
}
