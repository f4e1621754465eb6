import CNetlink
import Glibc
import SystemPackage

/// A netlink socket for requests.
///
/// It stays in the network namespace it was opened in. It has no queue of its own and so runs on the thread of whoever
/// asks: the kernel carries a request out before it is sent, so there is nothing to wait for elsewhere
/// (docs/decisions/0005-requests-on-the-callers-thread.md).
package actor NetlinkSocket {
    private let handle: SocketHandle

    /// Numbers of generic netlink families by name.
    var families: [String: UInt16] = [:]

    /// How often a dump is repeated when the kernel's tables changed under it.
    private static let dumpAttempts = 10
    /// Entries of a table for which room is made at once.
    private static let usualTable = 512
    private static let largestMessageBuffer = 4 * 1024 * 1024
    /// Bounds of one datagram of batched requests; refusals of all of them fit the receive buffer.
    private static let windowBytes = 32 * 1024
    private static let windowCount = 128

    /// Opens a socket.
    ///
    /// - Parameters:
    ///   - namespace: where to open it.
    ///   - strict: ask the kernel to check dump requests strictly and to apply their filters (`NETLINK_GET_STRICT_CHK`).
    /// - Throws: the failed system call, for instance the one that enters the namespace.
    package init(
        _ family: NetlinkProtocol = .route, in namespace: NetworkNamespace = .current, strict: Bool = true
    ) throws(NetlinkError) {
        handle = try namespace.open { () throws(NetlinkError) in
            try SocketHandle(protocol: family, receiveBuffer: 1 << 20, strict: strict)
        }
        handle.setReceiveTimeout(seconds: 30)
    }

    /// Runs `body` isolated to the socket, so that it makes any number of requests with a single hop.
    package func perform<Value: Sendable, Failure: Error>(
        _ body: @Sendable (isolated NetlinkSocket) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try body(self)
    }

    // MARK: Requests

    /// Sends a request and waits until the kernel has carried it out.
    ///
    /// - Returns: a warning, if the kernel sent one along with its consent.
    /// - Throws: the kernel's error number and extended acknowledgement.
    @discardableResult
    package func request(_ message: consuming NetlinkMessage) throws(NetlinkError) -> String? {
        let exchange = try converse(message, flags: .acknowledge) { _ in }
        return exchange.answer?.message
    }

    /// Sends a request and gives the messages that the kernel answers with.
    package func query(_ message: consuming NetlinkMessage) throws(NetlinkError) -> [ReceivedMessage] {
        try collect(message, flags: .acknowledge) { $0 }
    }

    /// Dumps a table.
    package func dump(_ message: consuming NetlinkMessage) throws(NetlinkError) -> [ReceivedMessage] {
        try collect(message, flags: .dump) { $0 }
    }

    /// Dumps a table and decodes while receiving.
    ///
    /// - Parameter decode: called once for each message; `nil` drops it. May be called again from the start when the
    ///   table changed under the dump.
    /// - Throws: `EINTR` from `.reply` when the table changed under every attempt.
    package func dump<Value: Sendable>(
        _ message: consuming NetlinkMessage, decode: @escaping @Sendable (ReceivedMessage) -> Value?
    ) throws(NetlinkError) -> [Value] {
        try collect(message, flags: .dump, decode: decode)
    }

    /// Sends many requests and gives one outcome for each, in order.
    ///
    /// Without `stopAtFirstFailure` whole datagrams of requests are sent and only refusals are answered. With it each
    /// request waits for the answer to the one before, since a request cannot be called back.
    ///
    /// - Throws: when the socket itself fails; the kernel's refusals are in the outcomes.
    package func send(
        _ batch: RequestBatch, stopAtFirstFailure: Bool
    ) throws(NetlinkError) -> [RequestOutcome] {
        var outcomes: [RequestOutcome] = []
        outcomes.reserveCapacity(batch.count)
        var bytes = batch.bytes
        while outcomes.count < batch.count {
            let window = batch.window(
                from: outcomes.count, maximumBytes: NetlinkSocket.windowBytes,
                maximumCount: stopAtFirstFailure ? 1 : NetlinkSocket.windowCount)
            let exchange = try send(window, of: batch, bytes: &bytes)
            for index in window {
                guard let ack = exchange.failures[index - window.lowerBound] else {
                    outcomes.append(.done)
                    continue
                }
                let entry = batch.entries[index]
                outcomes.append(
                    .failed(
                        ack.error(
                            operation: entry.operation, subject: entry.subject, request: batch.request(index),
                            headerLength: entry.headerLength)))
                if stopAtFirstFailure {
                    outcomes += Array(repeating: .notSent, count: batch.count - outcomes.count)
                    return outcomes
                }
            }
        }
        return outcomes
    }

    // MARK: Conversation

    private func collect<Value>(
        _ message: consuming NetlinkMessage, flags: MessageFlags, decode: @escaping (ReceivedMessage) -> Value?
    ) throws(NetlinkError) -> [Value] {
        var values: [Value] = []
        // Growing by doubling touches twice the memory, and links are large; what is not filled is never touched.
        if flags.contains(.dump) { values.reserveCapacity(NetlinkSocket.usualTable) }
        for _ in 0..<NetlinkSocket.dumpAttempts {
            values.removeAll(keepingCapacity: true)
            let exchange = try converse(message, flags: flags) { received in
                if let value = decode(received) { values.append(value) }
            }
            if exchange.isTruncated {
                try enlargeMessageBuffer(for: message)
            } else if !exchange.isInterrupted {
                return values
            }
        }
        throw NetlinkError(
            operation: message.operation, subject: message.subject, origin: .reply, errno: .interrupted,
            detail: "the kernel's tables changed during each of \(NetlinkSocket.dumpAttempts) attempts")
    }

    private func converse(
        _ message: borrowing NetlinkMessage, flags: MessageFlags, onMessage: @escaping (ReceivedMessage) -> Void
    ) throws(NetlinkError) -> Exchange {
        Glibc.errno = 0
        let (code, sequence) = message.send(on: handle.raw, flags: flags)
        guard code >= 0 else {
            throw NetlinkError.system(operation: message.operation, subject: message.subject, code: code)
        }
        let exchange = Exchange(first: sequence, last: sequence, onMessage: onMessage)
        try exchange.run(on: handle, operation: message.operation, subject: message.subject)
        if let answer = exchange.answer, answer.errorNumber != 0 { throw message.error(for: answer) }
        return exchange
    }

    private func send(
        _ window: Range<Int>, of batch: RequestBatch, bytes: inout [UInt8]
    ) throws(NetlinkError) -> Exchange {
        let entries = batch.entries[window]
        guard let firstEntry = entries.first, let lastEntry = entries.last else { return Exchange(first: 0, last: 0) }
        let first = nl_socket_use_seq(handle.raw)
        var sequence = first
        for index in window {
            if index > window.lowerBound { sequence = nl_socket_use_seq(handle.raw) }
            // A request is carried out before its send returns, and refusals are always answered, so one
            // acknowledgement at the end is enough.
            setHeader(
                at: batch.entries[index].range.lowerBound, in: &bytes, sequence: sequence,
                acknowledge: index == window.upperBound - 1)
        }
        let range = firstEntry.range.lowerBound..<lastEntry.range.upperBound
        Glibc.errno = 0
        let code = bytes.withUnsafeMutableBytes { all in
            nl_sendto(handle.raw, all.baseAddress.map { $0 + range.lowerBound }, range.count)
        }
        guard code >= 0 else {
            throw NetlinkError.system(operation: firstEntry.operation, subject: firstEntry.subject, code: code)
        }
        let exchange = Exchange(first: first, last: sequence)
        try exchange.run(on: handle, operation: firstEntry.operation, subject: firstEntry.subject)
        return exchange
    }

    private func setHeader(at offset: Int, in bytes: inout [UInt8], sequence: UInt32, acknowledge: Bool) {
        bytes.withUnsafeMutableBytes { all in
            var header = all.loadUnaligned(fromByteOffset: offset, as: nlmsghdr.self)
            var flags = MessageFlags(rawValue: header.nlmsg_flags)
            if acknowledge { flags.insert(.acknowledge) } else { flags.remove(.acknowledge) }
            header.nlmsg_flags = flags.rawValue
            header.nlmsg_seq = sequence
            header.nlmsg_pid = handle.localPort
            all.storeBytes(of: header, toByteOffset: offset, as: nlmsghdr.self)
        }
    }

    private func enlargeMessageBuffer(for message: borrowing NetlinkMessage) throws(NetlinkError) {
        let size = nl_socket_get_msg_buf_size(handle.raw) * 4
        guard size <= NetlinkSocket.largestMessageBuffer else {
            throw NetlinkError(
                operation: message.operation, subject: message.subject, origin: .reply, errno: .messageTooLong,
                detail: "an answer is longer than \(NetlinkSocket.largestMessageBuffer) bytes")
        }
        nl_socket_set_msg_buf_size(handle.raw, size)
    }
}
