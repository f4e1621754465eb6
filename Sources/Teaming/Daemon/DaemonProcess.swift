import CSystemShims
import Dispatch
import Glibc
import Netlink

/// One teamd, held by a descriptor: its number may be given to another process once it has ended.
final class DaemonProcess: Sendable {
    let process: pid_t
    private let descriptor: CInt

    /// - Returns: nil when there is no such process any more.
    init?(_ process: pid_t) {
        let descriptor = aggctl_pidfd_open(process)
        guard descriptor >= 0 else { return nil }
        self.process = process
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    func send(_ signal: CInt) { _ = aggctl_pidfd_send_signal(descriptor, signal) }

    var hasEnded: Bool { Self.poll([descriptor], .zero) != 0 }

    /// Waits for the end of the process.
    ///
    /// - Returns: whether it ended in time.
    func waitForEnd(within limit: Duration) async -> Bool {
        let descriptor = descriptor
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Self.poll([descriptor], limit) != 0)
            }
        }
    }

    /// Waits for the end of the process or for something to read, whichever comes first.
    func waitForEnd(orReadable other: CInt, within limit: Duration) async -> Bool {
        let descriptors = other < 0 ? [descriptor] : [descriptor, other]
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: Self.poll(descriptors, limit) & 1 != 0)
            }
        }
    }

    /// Waits until one of several descriptors can be read.
    ///
    /// - Returns: a bit for each that can, from the lowest up; 0 when none could in time.
    static func poll(_ descriptors: [CInt], _ limit: Duration) -> Int {
        let deadline = ContinuousClock.now + limit
        var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        while true {
            let count = Glibc.poll(&waiting, nfds_t(waiting.count), (deadline - .now).pollTimeout)
            if count < 0, errno == EINTR { continue }
            return waiting.enumerated().reduce(0) { $1.element.revents == 0 ? $0 : $0 | 1 << $1.offset }
        }
    }
}
