import Aggregation
import CNetlink
import Glibc

/// Reads RTM_NEWRULE (linux/fib_rules.h).
enum RuleDecoder {
    static func decode(_ message: ReceivedMessage) -> KernelRecord? {
        guard Int(message.type) == RTM_NEWRULE, let header = message.header(as: fib_rule_hdr.self),
            Int32(header.family) == AF_INET || Int32(header.family) == AF_INET6
        else { return nil }
        // A device that is not there now is no property of the rule.
        let flags = header.flags & ~UInt32(FIB_RULE_UNRESOLVED | FIB_RULE_IIF_DETACHED | FIB_RULE_OIF_DETACHED)
        let head =
            "\(header.family) \(header.dst_len)/\(header.src_len) tos \(header.tos) table \(header.table) "
            + "action \(header.action) flags \(flags)"
        var builder = RecordBuilder(.rule, header: message.payload.prefix(MemoryLayout<fib_rule_hdr>.size), head: head)
        var (priority, table) = (UInt32(0), UInt32(header.table))
        var selectors: [String] = []
        var devices: [String] = []
        for attribute in message.attributes(after: MemoryLayout<fib_rule_hdr>.size) {
            switch attribute.type {
            case FRA_PRIORITY: priority = attribute.u32 ?? 0
            case FRA_TABLE: table = attribute.u32 ?? table
            case FRA_SRC: selectors.append("from \(prefix(attribute, header.src_len))")
            case FRA_DST: selectors.append("to \(prefix(attribute, header.dst_len))")
            case FRA_IIFNAME:
                selectors.append("iif \(attribute.string)")
                devices.append(attribute.string)
            case FRA_OIFNAME:
                selectors.append("oif \(attribute.string)")
                devices.append(attribute.string)
            case FRA_FWMARK: selectors.append("mark \(attribute.u32 ?? 0)")
            default: break
            }
            builder.keep(attribute)
        }
        let selector = selectors.isEmpty ? "all" : selectors.joined(separator: " ")
        let family = Int32(header.family) == AF_INET ? "" : "IPv6 "
        return builder.record(summary: "\(family)\(priority): \(selector) table \(table)", deviceNames: devices)
    }

    private static func prefix(_ attribute: Attribute, _ length: UInt8) -> String {
        IPAddress(bytes: attribute.bytes).map { "\($0)/\(length)" } ?? "?"
    }
}
