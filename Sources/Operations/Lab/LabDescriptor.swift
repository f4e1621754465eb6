import CSystemShims
import Glibc
import Netlink

/// The few descriptor calls that the two sides of a lab share.
///
/// All descriptors are closed on exec.
enum LabDescriptor {
    static func failure(_ call: String, _ code: Int32 = errno) -> LabError {
        LabError(.system, "\(call): \(String(cString: strerror(code)))")
    }

    static func pipe() throws(LabError) -> (read: Int32, write: Int32) {
        var ends: [Int32] = [-1, -1]
        let error = aggctl_lab_pipe(&ends)
        guard error == 0 else { throw failure("pipe", -error) }
        return (ends[0], ends[1])
    }

    static func socketPair() throws(LabError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw failure("socketpair") }
        return (ends[0], ends[1])
    }

    static func setNonBlocking(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }

    /// Reads once; nil at the end of the stream, empty when nothing is there yet.
    ///
    /// - Throws: the errno of a failed read as `.system`.
    static func read(_ descriptor: Int32, limit: Int) throws(LabError) -> [UInt8]? {
        var size = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            size = Glibc.read(descriptor, buffer.baseAddress, limit)
            count = max(0, size)
        }
        if size > 0 { return bytes }
        if size == 0 { return nil }
        switch errno {
        case EAGAIN, EINTR: return []
        case EIO: return nil  // a terminal whose other side is closed
        default: throw failure("read")
        }
    }

    static func writeAll(_ descriptor: Int32, _ bytes: [UInt8]) throws(LabError) {
        var queue = LabByteQueue()
        queue.append(bytes)
        while !queue.isEmpty {
            let written = queue.write(to: descriptor, limit: queue.count)
            if written == -Int(EAGAIN) {
                var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&ready, 1, -1)
            } else if written < 0, written != -Int(EINTR) {
                throw failure("write", Int32(-written))
            }
        }
    }

    static func writeFile(_ path: String, _ bytes: [UInt8]) throws(LabError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure("open \(path)") }
        defer { close(descriptor) }
        try writeAll(descriptor, bytes)
    }

    /// The whole of a small file, nil when it cannot be read.
    static func contents(_ path: String, limit: Int = 1 << 20) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var all: [UInt8] = []
        while all.count < limit {
            guard let more = try? read(descriptor, limit: min(65536, limit - all.count)) else { break }
            all += more
        }
        return all
    }
}

/// What `poll` waits for in one turn of a loop; a descriptor asked for nothing is left out.
struct LabPoll {
    private var entries: [pollfd] = []

    mutating func wait(for events: Int32, on descriptor: Int32) {
        guard descriptor >= 0 else { return }
        if let index = entries.firstIndex(where: { $0.fd == descriptor }) {
            entries[index].events |= Int16(events)
        } else {
            entries.append(pollfd(fd: descriptor, events: Int16(events), revents: 0))
        }
    }

    /// Waits until something is ready, or until the deadline.
    mutating func run(until deadline: ContinuousClock.Instant?) {
        let timeout = deadline.map { ($0 - .now).pollTimeout } ?? -1
        if poll(&entries, nfds_t(entries.count), timeout) < 0 {
            for index in entries.indices { entries[index].revents = 0 }
        }
    }

    /// Whether reading, or noticing the end or an error, is possible without waiting.
    func canRead(_ descriptor: Int32) -> Bool {
        has(POLLIN | POLLHUP | POLLERR | POLLNVAL, descriptor)
    }

    func canWrite(_ descriptor: Int32) -> Bool {
        has(POLLOUT | POLLHUP | POLLERR | POLLNVAL, descriptor)
    }

    private func has(_ events: Int32, _ descriptor: Int32) -> Bool {
        descriptor >= 0 && entries.contains { $0.fd == descriptor && Int32($0.revents) & events != 0 }
    }
}
