import Aggregation
import CNetlink

/// Reads RTM_NEWNEXTHOP (linux/nexthop.h).
struct NexthopDecoder {
    /// An entry of NHA_GROUP: id, weight less one, and two reserved bytes.
    private static let groupEntryLength = 8

    /// NHA_OP_FLAGS, NHA_GROUP_STATS and NHA_HW_STATS_USED of newer kernels: they answer the request for the dump and
    /// are refused when sent back.
    private static let answers: Set<Int> = [14, 15, 17]

    /// Devices by id, as far as it has been read.
    private(set) var devices: [UInt32: [Int32]] = [:]

    /// Reads a whole dump. Groups come after their members, so that they can be put back in this order; a group is
    /// there once for each device of its members, since it loses with each of them.
    mutating func decode(_ messages: [ReceivedMessage], names: DeviceNames) -> [HostState.Nexthop] {
        var found: [HostState.Nexthop] = []
        let groups = messages.filter { Self.isGroup($0) }
        for message in messages where !Self.isGroup(message) { found += decode(message, names: names) }
        for message in groups { found += decode(message, names: names) }
        return found
    }

    private static func isGroup(_ message: ReceivedMessage) -> Bool {
        message.attributes(after: MemoryLayout<nhmsg>.size)[NHA_GROUP] != nil
    }

    private mutating func decode(_ message: ReceivedMessage, names: DeviceNames) -> [HostState.Nexthop] {
        guard Int(message.type) == RTM_NEWNEXTHOP, let header = message.header(as: nhmsg.self) else { return [] }
        let flags = header.nh_flags & RouteDecoder.settableFlags
        var builder = RecordBuilder(
            .nexthop, header: message.payload.prefix(MemoryLayout<nhmsg>.size),
            head: "\(header.nh_family) origin \(header.nh_protocol) flags \(flags)")
        var (id, gateway): (UInt32, IPAddress?) = (0, nil)
        var owners: [Int32] = []
        for attribute in message.attributes(after: MemoryLayout<nhmsg>.size) {
            switch attribute.type {
            case NHA_ID: id = attribute.u32 ?? 0
            case NHA_OIF: owners = attribute.i32.map { [$0] } ?? []
            case NHA_GATEWAY: gateway = IPAddress(bytes: attribute.bytes)
            case NHA_GROUP:
                for member in Self.members(attribute) {
                    for device in devices[member] ?? [] where !owners.contains(device) { owners.append(device) }
                }
            case let type where Self.answers.contains(type): continue
            case NHA_RES_GROUP:
                builder.keep(rawType: attribute.rawType, bytes: Self.stableResilience(attribute))
                continue
            default: break
            }
            builder.keep(
                attribute,
                key: attribute.type == NHA_OIF
                    ? attribute.i32.map(names.label) ?? "?" : HexText.text(attribute.bytes))
        }
        devices[id] = owners
        var summary = "id \(id)"
        if let gateway { summary += " via \(gateway)" }
        if !owners.isEmpty { summary += " dev \(owners.map(names.label).joined(separator: ","))" }
        let record = builder.record(summary: summary)
        // A black hole belongs to no device.
        return (owners.isEmpty ? [0] : owners).map { device in
            var nexthop = HostState.Nexthop(device: device, record: record)
            nexthop.id = id
            nexthop.gateway = gateway
            return nexthop
        }
    }

    private static func members(_ attribute: Attribute) -> [UInt32] {
        stride(from: attribute.start, to: attribute.end - groupEntryLength + 1, by: groupEntryLength).map { offset in
            attribute.message.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self) }
        }
    }

    /// A resilient group without the time that it has been out of balance.
    private static func stableResilience(_ attribute: Attribute) -> [UInt8] {
        var writer = AttributeWriter()
        for inner in attribute.nested
        where inner.type != NHA_RES_GROUP_UNBALANCED_TIME && inner.type != NHA_RES_GROUP_PAD {
            writer.put(inner)
        }
        return writer.bytes
    }
}
