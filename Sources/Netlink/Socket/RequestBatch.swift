/// Requests to be sent one after the other without waiting in between.
package struct RequestBatch: Sendable {
    struct Entry: Sendable {
        let range: Range<Int>
        let headerLength: Int
        let operation: String
        let subject: String
    }

    private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []

    package init() {}

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a request at the end.
    package mutating func append(_ message: consuming NetlinkMessage) {
        let start = bytes.count
        bytes += message.bytes
        entries.append(
            Entry(
                range: start..<bytes.count, headerLength: message.headerLength, operation: message.operation,
                subject: message.subject))
        // Messages of one datagram start on four-byte boundaries.
        while bytes.count % 4 != 0 { bytes.append(0) }
    }

    /// One request's bytes, header included.
    func request(_ index: Int) -> [UInt8] {
        Array(bytes[entries[index].range])
    }

    /// The longest run of requests from `start` that fits one datagram.
    func window(from start: Int, maximumBytes: Int, maximumCount: Int) -> Range<Int> {
        var end = start + 1
        while end < entries.count, end - start < maximumCount,
            entries[end].range.upperBound - entries[start].range.lowerBound <= maximumBytes
        {
            end += 1
        }
        return start..<end
    }
}

/// What became of one request of a batch.
package enum RequestOutcome: Sendable, Hashable {
    case done
    case failed(NetlinkError)
    /// An earlier request failed and the rest was to be left.
    case notSent

    /// The error, if the request failed.
    package var error: NetlinkError? {
        if case .failed(let error) = self { error } else { nil }
    }
}
