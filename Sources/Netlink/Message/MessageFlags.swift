import CNetlink

/// Flags of a netlink message header (`NLM_F_*` in linux/netlink.h).
///
/// Some bits mean one thing in a request for data and another in a request for change; both names are here.
package struct MessageFlags: OptionSet, Sendable, Hashable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    private init(_ flag: Int32) {
        rawValue = UInt16(truncatingIfNeeded: flag)
    }

    package static let request = MessageFlags(NLM_F_REQUEST)
    package static let multipart = MessageFlags(NLM_F_MULTI)
    package static let acknowledge = MessageFlags(NLM_F_ACK)
    package static let echo = MessageFlags(NLM_F_ECHO)
    /// The tables changed while they were dumped: the dump is inconsistent.
    package static let dumpInterrupted = MessageFlags(NLM_F_DUMP_INTR)
    /// The kernel applied the filter of the dump request.
    package static let dumpFiltered = MessageFlags(NLM_F_DUMP_FILTERED)

    package static let dump = MessageFlags(NLM_F_DUMP)

    package static let replace = MessageFlags(NLM_F_REPLACE)
    package static let exclusive = MessageFlags(NLM_F_EXCL)
    package static let create = MessageFlags(NLM_F_CREATE)
    package static let append = MessageFlags(NLM_F_APPEND)

    /// An acknowledgement echoes only the header of the request.
    package static let capped = MessageFlags(NLM_F_CAPPED)
    /// An acknowledgement carries extended-ack attributes.
    package static let extendedAck = MessageFlags(NLM_F_ACK_TLVS)
}
