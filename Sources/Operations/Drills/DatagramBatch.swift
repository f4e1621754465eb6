internal import CSystemShims
internal import SystemPackage

/// Room for datagrams that one system call sends or receives. For one thread at a time.
final class DatagramBatch {
    private let raw: OpaquePointer
    let capacity: Int
    private let size: Int

    /// - Parameters:
    ///   - capacity: most datagrams of one call.
    ///   - size: bytes kept of each; what is longer is cut.
    init(capacity: Int, size: Int) throws(Errno) {
        guard let raw = aggctl_datagrams_create(UInt32(capacity), UInt32(size)) else { throw .noMemory }
        self.raw = raw
        self.capacity = capacity
        self.size = size
    }

    deinit { aggctl_datagrams_destroy(raw) }

    /// All bytes of a datagram's place.
    func room(_ index: Int) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(start: aggctl_datagrams_bytes(raw, UInt32(index)), count: size)
    }

    /// What the last receive brought.
    func received(_ index: Int) -> UnsafeRawBufferPointer {
        let length = min(size, Int(aggctl_datagrams_length(raw, UInt32(index))))
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room(index))[..<length])
    }

    func set(_ index: Int, length: Int, destination: SocketAddress?) {
        aggctl_datagrams_set_length(raw, UInt32(index), UInt32(length))
        guard let destination else { return }
        var storage = destination.storage
        aggctl_datagrams_set_address(raw, UInt32(index), &storage, destination.length)
    }

    /// Takes what is there, without waiting.
    ///
    /// - Returns: how many; 0 when there are none or the socket has an error to tell, which probes do not care about.
    func receive(from descriptor: Int32) -> Int { Int(max(0, aggctl_datagrams_receive(raw, descriptor))) }

    /// Sends a run of datagrams and calls `refused` with the place of each that the kernel does not take.
    func send(_ range: Range<Int>, to descriptor: Int32, refused: (Int) -> Void) {
        var next = range.lowerBound
        while next < range.upperBound {
            let sent = aggctl_datagrams_send(raw, descriptor, UInt32(next), UInt32(range.upperBound - next))
            if sent > 0 {
                next += Int(sent)
            } else if sent != -Errno.interrupted.rawValue {
                refused(next)
                next += 1
            }
        }
    }
}
