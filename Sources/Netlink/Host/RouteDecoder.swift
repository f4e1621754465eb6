import Aggregation
import CNetlink
import Glibc

/// Reads RTM_NEWROUTE (linux/rtnetlink.h).
struct RouteDecoder: Sendable {
    private static let mainTable: UInt32 = 254
    private static let localTable: UInt32 = 255
    private static let kernelOrigin: UInt8 = 2
    /// The only flag of a nexthop that is a setting; the others say what became of it.
    static let settableFlags = UInt32(RTNH_F_ONLINK)

    let family: UInt8
    let names: DeviceNames
    /// Devices by the id of a nexthop object.
    let nexthopDevices: [UInt32: [Int32]]

    /// - Returns: nil for cached entries and for what the kernel itself keeps in the local table.
    func decode(_ message: ReceivedMessage) -> HostState.Route? {
        guard Int(message.type) == RTM_NEWROUTE, let header = message.header(as: rtmsg.self),
            header.rtm_family == family, header.rtm_flags & UInt32(RTM_F_CLONED) == 0
        else { return nil }
        let attributes = message.attributes(after: MemoryLayout<rtmsg>.size)
        let fields = Fields(attributes, header: header)
        if fields.table == Self.localTable, header.rtm_protocol == Self.kernelOrigin { return nil }

        let head =
            "\(family) \(header.rtm_dst_len)/\(header.rtm_src_len) tos \(header.rtm_tos) table \(fields.table) "
            + "origin \(header.rtm_protocol) scope \(header.rtm_scope) type \(header.rtm_type) "
            + "flags \(header.rtm_flags & Self.settableFlags)"
        var builder = RecordBuilder(.route, header: message.payload.prefix(MemoryLayout<rtmsg>.size), head: head)
        for attribute in attributes { keep(attribute, in: &builder, fields) }

        var devices = fields.devices
        if let id = fields.nexthop {
            for device in nexthopDevices[id] ?? [] where !devices.contains(device) { devices.append(device) }
        }
        var route = HostState.Route(
            devices: devices, table: fields.table, origin: header.rtm_protocol,
            isDefault: header.rtm_dst_len == 0 && Int(header.rtm_type) == RTN_UNICAST,
            preferredSource: fields.source, gateway: fields.gateway,
            record: builder.record(summary: summary(header, fields, devices)))
        route.destination = IPPrefix(
            address: fields.destination ?? unspecified, length: Int(header.rtm_dst_len))
        route.isUnicast = Int(header.rtm_type) == RTN_UNICAST
        route.metric = fields.metric
        route.nexthop = fields.nexthop
        route.expires = fields.expires
        route.hasIndirectLeg = fields.hasIndirectLeg
        return route
    }

    private func keep(_ attribute: Attribute, in builder: inout RecordBuilder, _ fields: Fields) {
        switch attribute.type {
        // Ages, use counts and what is left of a lifetime.
        case Int(RTA_CACHEINFO.rawValue), Int(RTA_EXPIRES.rawValue): break
        // Beside a nexthop object these only repeat what it says, and are refused when sent back.
        case Int(RTA_OIF.rawValue) where fields.nexthop != nil, Int(RTA_GATEWAY.rawValue) where fields.nexthop != nil,
            Int(RTA_VIA.rawValue) where fields.nexthop != nil, Int(RTA_MULTIPATH.rawValue) where fields.nexthop != nil,
            Int(RTA_ENCAP.rawValue) where fields.nexthop != nil,
            Int(RTA_ENCAP_TYPE.rawValue) where fields.nexthop != nil:
            break
        case Int(RTA_OIF.rawValue), Int(RTA_IIF.rawValue):
            builder.keep(attribute, key: attribute.i32.map(names.label) ?? "?")
        case Int(RTA_MULTIPATH.rawValue): builder.keep(attribute, key: multipathKey(attribute))
        default: builder.keep(attribute)
        }
    }

    private func multipathKey(_ attribute: Attribute) -> String {
        MultipathLeg.all(in: attribute).map { leg in
            let inner = leg.attributes.map { "\($0.type):\(HexText.text($0.bytes))" }.joined(separator: ",")
            return "\(names.label(leg.device)),\(leg.hops),\(UInt32(leg.flags) & Self.settableFlags),\(inner)"
        }.joined(separator: ";")
    }

    private func summary(_ header: rtmsg, _ fields: Fields, _ devices: [Int32]) -> String {
        var text =
            header.rtm_dst_len == 0 ? "default" : "\(fields.destination ?? unspecified)/\(header.rtm_dst_len)"
        if let gateway = fields.gateway { text += " via \(gateway)" }
        if !devices.isEmpty { text += " dev \(devices.map(names.label).joined(separator: ","))" }
        if fields.table != Self.mainTable { text += " table \(fields.table)" }
        if let metric = fields.metric { text += " metric \(metric)" }
        return text
    }

    private var unspecified: IPAddress { Int32(family) == AF_INET ? .unspecifiedIPv4 : .unspecifiedIPv6 }

    /// What is read of a route's attributes.
    private struct Fields {
        var table: UInt32
        var devices: [Int32] = []
        var destination: IPAddress?
        var gateway: IPAddress?
        var source: IPAddress?
        var metric: UInt32?
        var nexthop: UInt32?
        var expires = false
        var hasIndirectLeg = false

        init(_ attributes: AttributeReader, header: rtmsg) {
            table = UInt32(header.rtm_table)
            for attribute in attributes {
                switch attribute.type {
                case Int(RTA_TABLE.rawValue): table = attribute.u32 ?? table
                case Int(RTA_OIF.rawValue): if let device = attribute.i32 { devices.append(device) }
                case Int(RTA_DST.rawValue): destination = IPAddress(bytes: attribute.bytes)
                case Int(RTA_GATEWAY.rawValue): gateway = IPAddress(bytes: attribute.bytes)
                // struct rtvia: a family before the address.
                case Int(RTA_VIA.rawValue): gateway = IPAddress(bytes: attribute.bytes.dropFirst(2))
                case Int(RTA_PREFSRC.rawValue): source = IPAddress(bytes: attribute.bytes)
                case Int(RTA_PRIORITY.rawValue): metric = attribute.u32
                case Int(RTA_NH_ID.rawValue): nexthop = attribute.u32
                case Int(RTA_CACHEINFO.rawValue):
                    expires = (attribute.load(as: rta_cacheinfo.self)?.rta_expires ?? 0) != 0
                case Int(RTA_MULTIPATH.rawValue): read(MultipathLeg.all(in: attribute))
                default: break
                }
            }
        }

        private mutating func read(_ legs: [MultipathLeg]) {
            for leg in legs {
                if !devices.contains(leg.device) { devices.append(leg.device) }
                if leg.attributes[Int(RTA_GATEWAY.rawValue)] != nil || leg.attributes[Int(RTA_VIA.rawValue)] != nil {
                    hasIndirectLeg = true
                }
            }
        }
    }
}
