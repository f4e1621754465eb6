/// A message from the kernel, copied out of libnl's buffer.
package struct ReceivedMessage: Sendable, Hashable {
    /// `RTM_*`, or the family number for generic netlink.
    package let type: UInt16
    package let flags: MessageFlags
    /// What follows the netlink header: the family header, then attributes.
    package let payload: [UInt8]

    package init(type: UInt16, flags: MessageFlags = [], payload: [UInt8]) {
        self.type = type
        self.flags = flags
        self.payload = payload
    }

    /// The attributes after a family header of `headerLength` bytes; none if the message is shorter than that.
    package func attributes(after headerLength: Int) -> AttributeReader {
        AttributeReader(payload, offset: WireFormat.align(headerLength))
    }

    /// The family header, or `nil` if the message is too short for one.
    ///
    /// - Parameter type: a C structure of plain fixed-width fields (`ifinfomsg`, `ifaddrmsg`, `rtmsg`, `ndmsg`, …).
    package func header<Header: BitwiseCopyable>(as type: Header.Type) -> Header? {
        guard payload.count >= MemoryLayout<Header>.size else { return nil }
        return payload.withUnsafeBytes { $0.loadUnaligned(as: type) }
    }
}

/// Sizes that linux/netlink.h gives only as macros.
package enum WireFormat {
    /// Length of `nlmsghdr`.
    package static let messageHeaderLength = 16
    /// Length of `nlattr`.
    package static let attributeHeaderLength = 4
    /// The attribute type without `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER` (`NLA_TYPE_MASK`).
    package static let attributeTypeMask: UInt16 = 0x3fff
    /// NLA_F_NESTED: the value is attributes.
    package static let nestedFlag: UInt16 = 0x8000

    /// Rounds up to the four-byte boundary that netlink keeps (`NLA_ALIGN`, `NLMSG_ALIGN`).
    @inlinable
    package static func align(_ length: Int) -> Int {
        (length + 3) & ~3
    }
}
