import Glibc

/// Bytes that wait for a slow descriptor, first in, first out.
package struct LabByteQueue: Sendable {
    private var bytes: [UInt8] = []
    private var start = 0

    package init() {}

    package var count: Int { bytes.count - start }
    package var isEmpty: Bool { count == 0 }

    package mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    package func prefix(_ length: Int) -> [UInt8] {
        Array(bytes[start..<min(start + length, bytes.count)])
    }

    package mutating func drop(_ length: Int) {
        start += min(length, count)
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        } else if start >= 64 * 1024 {
            bytes.removeFirst(start)
            start = 0
        }
    }

    /// Writes once, at most `limit` bytes, and drops what was written.
    ///
    /// - Returns: the number of bytes written, or -errno.
    mutating func write(to descriptor: Int32, limit: Int) -> Int {
        let written = bytes.withUnsafeBytes { all in
            Glibc.write(descriptor, all.baseAddress.map { $0 + start }, min(limit, count))
        }
        guard written >= 0 else { return -Int(errno) }
        drop(written)
        return written
    }
}
