import CNetlink
import SystemPackage

/// What the kernel says in an `NLMSG_ERROR` or `NLMSG_DONE` message, extended-ack attributes included.
package struct ExtendedAck: Sendable, Hashable {
    /// 0 for success, otherwise the positive error number.
    package var errorNumber: Int32
    package var message: String?
    /// Offset of the attribute in question from the start of the request's netlink header.
    package var offset: Int?
    package var missingType: Int?
    /// Offset of the nest that misses an attribute.
    package var missingNestOffset: Int?
    package var cookie: [UInt8] = []

    package init(errorNumber: Int32) {
        self.errorNumber = errorNumber
    }

    /// Reads the payload of an `NLMSG_ERROR` message: `nlmsgerr`, the echoed request unless capped, then attributes.
    ///
    /// - Returns: `nil` if it is too short to hold an error number.
    package init?(errorPayload payload: [UInt8], flags: MessageFlags) {
        guard let code = ExtendedAck.errorNumber(payload) else { return nil }
        errorNumber = code
        guard flags.contains(.extendedAck), payload.count >= 4 + WireFormat.messageHeaderLength else { return }
        var offset = 4 + WireFormat.messageHeaderLength
        if !flags.contains(.capped) {
            let echoed = payload.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) }
            offset = 4 + WireFormat.align(max(echoed, WireFormat.messageHeaderLength))
        }
        read(AttributeReader(payload, offset: offset))
    }

    /// Reads the payload of `NLMSG_DONE`: the error number of the whole dump, then attributes.
    package init(donePayload payload: [UInt8], flags: MessageFlags) {
        errorNumber = ExtendedAck.errorNumber(payload) ?? 0
        if flags.contains(.extendedAck) { read(AttributeReader(payload, offset: 4)) }
    }

    private static func errorNumber(_ payload: [UInt8]) -> Int32? {
        guard payload.count >= 4 else { return nil }
        let code = payload.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
        return code == .min ? .max : abs(code)
    }

    private mutating func read(_ attributes: AttributeReader) {
        for attribute in attributes {
            switch UInt32(attribute.type) {
            case NLMSGERR_ATTR_MSG.rawValue: message = attribute.string
            case NLMSGERR_ATTR_OFFS.rawValue: offset = attribute.u32.map(Int.init)
            case NLMSGERR_ATTR_COOKIE.rawValue: cookie = Array(attribute.bytes)
            case NLMSGERR_ATTR_MISS_TYPE.rawValue: missingType = attribute.u32.map(Int.init)
            case NLMSGERR_ATTR_MISS_NEST.rawValue: missingNestOffset = attribute.u32.map(Int.init)
            default: break
            }
        }
    }

    /// The error for a request.
    ///
    /// - Parameter request: the bytes that were sent, netlink header included; offsets point into them.
    package func error(operation: String, subject: String, request: [UInt8], headerLength: Int) -> NetlinkError {
        func path(_ offset: Int?) -> [Int] {
            guard let offset else { return [] }
            return AttributePath.types(in: request, headerLength: headerLength, at: offset)
        }
        return NetlinkError(
            operation: operation, subject: subject, origin: .kernel, errno: Errno(rawValue: errorNumber),
            kernelMessage: message, attributePath: path(offset), missingAttribute: missingType,
            missingNestPath: path(missingNestOffset), cookie: cookie)
    }
}

/// Finds which attribute of a request an extended-ack offset means.
package enum AttributePath {
    /// The types from the outermost attribute to the one whose header starts at `offset`.
    ///
    /// - Parameters:
    ///   - request: the whole request, netlink header included.
    ///   - headerLength: length of the family header.
    /// - Returns: as much of the path as can be followed; empty if the offset is outside the attributes.
    package static func types(in request: [UInt8], headerLength: Int, at offset: Int) -> [Int] {
        let start = WireFormat.messageHeaderLength + WireFormat.align(headerLength)
        return descend(AttributeReader(request, offset: start), to: offset)
    }

    private static func descend(_ attributes: AttributeReader, to offset: Int) -> [Int] {
        for attribute in attributes {
            if attribute.start - WireFormat.attributeHeaderLength == offset { return [attribute.type] }
            guard attribute.start <= offset, offset < attribute.end else { continue }
            var inner = descend(attribute.nested, to: offset)
            // VETH_INFO_PEER holds an ifinfomsg before its attributes.
            if inner.isEmpty { inner = descend(attribute.nested(after: MemoryLayout<ifinfomsg>.size), to: offset) }
            return [attribute.type] + inner
        }
        return []
    }
}
