import CNetlink
import SystemPackage

/// A request under construction: libnl's message, owned.
///
/// It cannot be copied and is consumed by sending, so it is neither sent twice nor leaked. Room grows as needed.
// Sendable: the only pointer to the nl_msg lives in this value, and the value has one owner at a time.
package struct NetlinkMessage: ~Copyable, @unchecked Sendable {
    /// What the request does, as a verb; becomes `NetlinkError.operation`.
    package let operation: String
    /// What it does it to; becomes `NetlinkError.subject`.
    package let subject: String
    /// Length of the family header, known once the first attribute is put.
    package private(set) var headerLength = 0

    private let raw: OpaquePointer
    private var hasAttributes = false

    /// Starts an empty request; `NLM_F_REQUEST` is always set.
    ///
    /// - Parameters:
    ///   - type: `RTM_*`, or the family number of a generic netlink family.
    ///   - capacity: bytes to start with.
    package init(
        type: Int, flags: MessageFlags = [], operation: String, subject: String = "", capacity: Int = 1024
    ) throws(NetlinkError) {
        guard let type = UInt16(exactly: type) else {
            throw NetlinkError(
                operation: operation, subject: subject, origin: .encoding, errno: .invalidArgument,
                detail: "\(type) is no message type")
        }
        guard let raw = nlmsg_alloc_size(max(capacity, WireFormat.messageHeaderLength)) else {
            throw NetlinkError(operation: operation, subject: subject, origin: .encoding, errno: .noMemory)
        }
        self.operation = operation
        self.subject = subject
        self.raw = raw
        let header = nlmsg_hdr(raw)
        header?.pointee.nlmsg_type = type
        header?.pointee.nlmsg_flags = flags.union(.request).rawValue
    }

    /// Starts a request from the payload of a message that the kernel sent, to be sent back as it is.
    ///
    /// - Parameters:
    ///   - payload: family header and attributes.
    ///   - headerLength: length of the family header in it.
    package static func resending(
        _ payload: [UInt8], headerLength: Int, type: Int, flags: MessageFlags, operation: String, subject: String = ""
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(
            type: type, flags: flags, operation: operation, subject: subject,
            capacity: payload.count + WireFormat.messageHeaderLength + 64)
        try message.append(bytes: payload)
        message.headerLength = headerLength
        message.hasAttributes = true
        return message
    }

    deinit {
        nlmsg_free(raw)
    }

    // MARK: Header

    /// The flags of the header.
    package var flags: MessageFlags {
        get { MessageFlags(rawValue: nlmsg_hdr(raw)?.pointee.nlmsg_flags ?? 0) }
        set { nlmsg_hdr(raw)?.pointee.nlmsg_flags = newValue.union(.request).rawValue }
    }

    /// Length of the whole message, netlink header included.
    package var count: Int { Int(nlmsg_hdr(raw)?.pointee.nlmsg_len ?? 0) }

    /// The whole message, netlink header included, as it would be sent.
    package var bytes: [UInt8] { Array(UnsafeRawBufferPointer(start: nlmsg_hdr(raw), count: count)) }

    // MARK: Family header

    /// Appends a C structure: the family header, or one inside a nest.
    ///
    /// - Parameter header: a structure of plain fixed-width fields (`ifinfomsg`, `ifaddrmsg`, `rtmsg`, `ndmsg`,
    ///   `genlmsghdr`, …).
    package mutating func append<Header: BitwiseCopyable>(_ header: Header) throws(NetlinkError) {
        var copy = header
        let size = MemoryLayout<Header>.size
        // Through a plain result, since rethrowing closures lose the typed error.
        let code = withUnsafeMutableBytes(of: &copy) { self.appendRaw($0) }
        try check(code)
        if !hasAttributes { headerLength += WireFormat.align(size) }
    }

    /// Appends raw bytes, padded to four.
    package mutating func append(bytes: [UInt8]) throws(NetlinkError) {
        var copy = bytes
        let code = copy.withUnsafeMutableBytes { self.appendRaw($0) }
        try check(code)
        if !hasAttributes { headerLength += WireFormat.align(bytes.count) }
    }

    // MARK: Attributes

    package mutating func put(_ type: Int, u8 value: UInt8) throws(NetlinkError) { try putValue(type, value) }
    package mutating func put(_ type: Int, u16 value: UInt16) throws(NetlinkError) { try putValue(type, value) }
    package mutating func put(_ type: Int, u32 value: UInt32) throws(NetlinkError) { try putValue(type, value) }
    package mutating func put(_ type: Int, u64 value: UInt64) throws(NetlinkError) { try putValue(type, value) }
    package mutating func put(_ type: Int, i32 value: Int32) throws(NetlinkError) { try putValue(type, value) }

    /// Puts a 16-bit number in network order.
    package mutating func put(_ type: Int, u16BigEndian value: UInt16) throws(NetlinkError) {
        try putValue(type, value.bigEndian)
    }

    /// Puts text with its terminating NUL; text with a NUL inside is refused.
    package mutating func put(_ type: Int, string value: String) throws(NetlinkError) {
        var text = Array(value.utf8)
        guard !text.contains(0) else { throw encodingError(.invalidArgument, "text with a zero byte inside") }
        text.append(0)
        try put(type, bytes: text)
    }

    /// Puts bytes as they are.
    package mutating func put(_ type: Int, bytes: [UInt8]) throws(NetlinkError) {
        let code = bytes.withUnsafeBytes { self.putRaw(type, $0) }
        try check(code)
    }

    /// Puts an attribute whose presence alone says something.
    package mutating func putFlag(_ type: Int) throws(NetlinkError) {
        let code = putRaw(type, UnsafeRawBufferPointer(start: nil, count: 0))
        try check(code)
    }

    /// Puts a nest; whatever `body` puts goes inside.
    ///
    /// An empty nest stays, since it can mean "clear the list".
    package mutating func nest(
        _ type: Int, _ body: (inout NetlinkMessage) throws(NetlinkError) -> Void
    ) throws(NetlinkError) {
        // Kept as an offset: growing moves the message.
        let offset = WireFormat.align(count)
        try putFlag(type | Int(NLA_F_NESTED))
        try body(&self)
        guard let header = nlmsg_hdr(raw) else { throw encodingError(.noMemory, nil) }
        let start = (UnsafeMutableRawPointer(header) + offset).assumingMemoryBound(to: nlattr.self)
        guard count - offset <= Int(UInt16.max), nla_nest_end_keep_empty(raw, start) == 0 else {
            throw encodingError(.messageTooLong, "a nest of attributes is over 65535 bytes")
        }
    }

    // MARK: Sending

    /// Sends through a libnl socket, which fills in port and sequence number.
    ///
    /// - Returns: the sequence number, or libnl's negative code.
    borrowing func send(on socket: OpaquePointer, flags: MessageFlags) -> (code: Int32, sequence: UInt32) {
        guard let header = nlmsg_hdr(raw) else { return (-NLE_NOMEM, 0) }
        header.pointee.nlmsg_flags |= flags.rawValue
        header.pointee.nlmsg_pid = UInt32(NL_AUTO_PORT)
        header.pointee.nlmsg_seq = UInt32(NL_AUTO_SEQ)
        nl_complete_msg(socket, raw)
        return (nl_send(socket, raw), header.pointee.nlmsg_seq)
    }

    /// The error of this request that an acknowledgement describes.
    borrowing func error(for ack: ExtendedAck) -> NetlinkError {
        ack.error(operation: operation, subject: subject, request: bytes, headerLength: headerLength)
    }

    // MARK: Parts

    private mutating func putValue<Value: BitwiseCopyable>(_ type: Int, _ value: Value) throws(NetlinkError) {
        let code = withUnsafeBytes(of: value) { self.putRaw(type, $0) }
        try check(code)
    }

    private mutating func putRaw(_ type: Int, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        hasAttributes = true
        guard (0...Int(UInt16.max)).contains(type) else { return -NLE_INVAL }
        guard bytes.count <= Int(UInt16.max) - WireFormat.attributeHeaderLength else { return -NLE_MSG_OVERFLOW }
        return withRoom(for: bytes.count + WireFormat.attributeHeaderLength) {
            nla_put($0, Int32(type), Int32(bytes.count), bytes.baseAddress)
        }
    }

    private mutating func appendRaw(_ bytes: UnsafeMutableRawBufferPointer) -> Int32 {
        guard !bytes.isEmpty else { return 0 }
        return withRoom(for: bytes.count) { nlmsg_append($0, bytes.baseAddress, bytes.count, Int32(NLMSG_ALIGNTO)) }
    }

    private func withRoom(for length: Int, _ body: (OpaquePointer) -> Int32) -> Int32 {
        let code = body(raw)
        guard code == -NLE_NOMEM else { return code }
        let size = nlmsg_get_max_size(raw)
        let grown = nlmsg_expand(raw, max(size * 2, size + WireFormat.align(length) + 16))
        return grown < 0 ? grown : body(raw)
    }

    private func check(_ code: Int32) throws(NetlinkError) {
        switch code {
        case 0...: return
        case -NLE_NOMEM: throw encodingError(.noMemory, nil)
        case -NLE_MSG_OVERFLOW: throw encodingError(.messageTooLong, "an attribute is over 65531 bytes")
        default: throw encodingError(.invalidArgument, String(cString: nl_geterror(code)))
        }
    }

    private func encodingError(_ errno: Errno, _ detail: String?) -> NetlinkError {
        NetlinkError(operation: operation, subject: subject, origin: .encoding, errno: errno, detail: detail)
    }
}
