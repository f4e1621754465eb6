import CNetlink
import Glibc
import SystemPackage

/// The state of one conversation: a request, or a run of them, and what comes back.
///
/// Made, used and dropped inside one actor method; libnl's callbacks find it through their argument.
final class Exchange {
    /// Sequence numbers that belong to this conversation; any other message is left over from one that was given up.
    private let first: UInt32
    private let last: UInt32
    private let onMessage: (ReceivedMessage) -> Void

    /// The last request has been answered in full.
    private(set) var isFinished = false
    /// The kernel flagged the dump as inconsistent.
    private(set) var isInterrupted = false
    /// A datagram was larger than the buffer.
    private(set) var isTruncated = false
    /// The answer to the last request, success or failure.
    private(set) var answer: ExtendedAck?
    /// Refusals of earlier requests, by distance from the first.
    private(set) var failures: [Int: ExtendedAck] = [:]

    init(first: UInt32, last: UInt32, onMessage: @escaping (ReceivedMessage) -> Void = { _ in }) {
        self.first = first
        self.last = last
        self.onMessage = onMessage
    }

    /// Reads until the last request is answered.
    func run(on socket: SocketHandle, operation: String, subject: String) throws(NetlinkError) {
        guard let callbacks = nl_cb_alloc(NL_CB_DEFAULT) else {
            throw NetlinkError(operation: operation, subject: subject, origin: .system, errno: .noMemory)
        }
        defer { nl_cb_put(callbacks) }
        defer { withExtendedLifetime(self) {} }
        let context = Unmanaged.passUnretained(self).toOpaque()
        nl_cb_set(callbacks, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, exchangeAccepts, context)
        nl_cb_set(callbacks, NL_CB_DUMP_INTR, NL_CB_CUSTOM, exchangeInterrupted, context)
        nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, exchangeMessage, context)
        nl_cb_set(callbacks, NL_CB_FINISH, NL_CB_CUSTOM, exchangeFinish, context)
        nl_cb_set(callbacks, NL_CB_ACK, NL_CB_CUSTOM, exchangeAcknowledged, context)
        nl_cb_err(callbacks, NL_CB_CUSTOM, exchangeError, context)

        while !isFinished {
            Glibc.errno = 0
            let code = nl_recvmsgs_report(socket.raw, callbacks)
            // An error message that ends the conversation also ends the read, which libnl reports as its own error.
            if code >= 0 || isFinished { continue }
            if code == -NLE_MSG_TRUNC {
                // Read on to the end, so that the socket is clean when the request is repeated with more room.
                isTruncated = true
                continue
            }
            throw lost(code, operation: operation, subject: subject)
        }
    }

    private func lost(_ code: Int32, operation: String, subject: String) -> NetlinkError {
        var error = NetlinkError.system(operation: operation, subject: subject, code: code)
        error.origin = .reply
        switch error.errno {
        case .resourceTemporarilyUnavailable:
            error.errno = .timedOut
            error.detail = "the kernel did not answer"
        case .noBufferSpace:
            error.detail = "answers were lost because the receive buffer was full"
        default: break
        }
        return error
    }

    fileprivate func owns(_ message: OpaquePointer?) -> Bool {
        guard let header = nlmsg_hdr(message) else { return false }
        // Only the kernel, port 0, answers requests.
        if let source = nlmsg_get_src(message), source.pointee.nl_pid != 0 { return false }
        return header.pointee.nlmsg_seq &- first <= last &- first
    }

    fileprivate func interrupted() {
        isInterrupted = true
    }

    fileprivate func received(_ message: OpaquePointer?) {
        guard let header = nlmsg_hdr(message) else { return }
        onMessage(ReceivedMessage(copying: header))
    }

    fileprivate func finished(_ message: OpaquePointer?) {
        guard let header = nlmsg_hdr(message) else { return }
        let done = ReceivedMessage(copying: header)
        settle(ExtendedAck(donePayload: done.payload, flags: done.flags), sequence: header.pointee.nlmsg_seq)
    }

    fileprivate func answered(_ header: UnsafePointer<nlmsghdr>) {
        let message = ReceivedMessage(copying: header)
        let ack =
            ExtendedAck(errorPayload: message.payload, flags: message.flags) ?? ExtendedAck(errorNumber: EPROTO)
        settle(ack, sequence: header.pointee.nlmsg_seq)
    }

    private func settle(_ ack: ExtendedAck, sequence: UInt32) {
        if ack.errorNumber != 0 { failures[Int(sequence &- first)] = ack }
        guard sequence == last else { return }
        answer = ack
        isFinished = true
    }
}

extension ReceivedMessage {
    init(copying header: UnsafePointer<nlmsghdr>) {
        let start = UnsafeRawPointer(header) + WireFormat.messageHeaderLength
        let count = max(0, Int(header.pointee.nlmsg_len) - WireFormat.messageHeaderLength)
        self.init(
            type: header.pointee.nlmsg_type, flags: MessageFlags(rawValue: header.pointee.nlmsg_flags),
            payload: Array(UnsafeRawBufferPointer(start: start, count: count)))
    }
}

// MARK: libnl callbacks

private func exchange(_ context: UnsafeMutableRawPointer?) -> Exchange? {
    context.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

private func exchangeAccepts(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    exchange(context)?.owns(message) == true ? Int32(NL_OK.rawValue) : Int32(NL_SKIP.rawValue)
}

private func exchangeInterrupted(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    exchange(context)?.interrupted()
    return Int32(NL_OK.rawValue)
}

private func exchangeMessage(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    exchange(context)?.received(message)
    return Int32(NL_OK.rawValue)
}

private func exchangeFinish(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    exchange(context)?.finished(message)
    return Int32(NL_OK.rawValue)
}

private func exchangeAcknowledged(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    if let header = nlmsg_hdr(message) { exchange(context)?.answered(header) }
    return Int32(NL_OK.rawValue)
}

/// Takes an error message.
///
/// libnl passes its body. The netlink header, which tells its length and flags, stands before that.
private func exchangeError(
    _ source: UnsafeMutablePointer<sockaddr_nl>?, _ error: UnsafeMutablePointer<nlmsgerr>?,
    _ context: UnsafeMutableRawPointer?
) -> Int32 {
    guard let error, let exchange = exchange(context) else { return Int32(NL_SKIP.rawValue) }
    let header = (UnsafeRawPointer(error) - WireFormat.messageHeaderLength).assumingMemoryBound(to: nlmsghdr.self)
    exchange.answered(header)
    // Stopping ends a read of a multipart answer, which an error has cut short.
    return exchange.isFinished ? Int32(NL_STOP.rawValue) : Int32(NL_SKIP.rawValue)
}
