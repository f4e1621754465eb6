/// Something the kernel keeps, verbatim, so that it can be put back exactly as it was.
///
/// Routes, addresses and neighbours have dozens of attributes, and new kernels add some. Taking a change back must not
/// lose those that we do not know, so the message that described the thing is kept whole and sent again.
package struct KernelRecord: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Codable {
        case address, nexthop, route, neighbour, rule, link
        /// One attribute of a device (RTM_NEWLINK), of its being a port of a bridge, or another name of it.
        case setting
        /// VLANs that a port of a bridge is in (IFLA_BRIDGE_VLAN_INFO).
        case bridgeVLAN = "bridge VLAN"
        /// A static entry of a bridge's forwarding table.
        case forwarding = "forwarding entry"
        /// A permanent entry of a bridge's multicast table.
        case multicastGroup = "multicast group"
        /// A parameter of a neighbour table for one device (RTM_SETNEIGHTBL), as below /proc/sys/net/ipv4/neigh.
        case neighbourParameter = "neighbour parameter"
        /// A file below /proc/sys/net.
        case sysctl
        /// The root queueing discipline, which is told and not put back.
        case queueing = "queueing discipline"
    }

    package let kind: Kind
    /// What makes two records the same thing: volatile attributes (ages, counters) are not part of it.
    package let key: String
    /// For people: `192.0.2.1/24 on bond0`, `default via 192.0.2.254 table 254`.
    package let summary: String
    /// The kernel's message after its header, without volatile attributes.
    package let payload: [UInt8]
    /// The devices that it names, where it does so by name and not by index, as a rule does.
    package let deviceNames: [String]

    package init(kind: Kind, key: String, summary: String, payload: [UInt8], deviceNames: [String] = []) {
        self.kind = kind
        self.key = key
        self.summary = summary
        self.payload = payload
        self.deviceNames = deviceNames
    }

    // The payload as hexadecimal digits: as a list of numbers it was most of a journal, in size and in time.
    private enum CodingKeys: String, CodingKey { case kind, key, summary, payload, deviceNames }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.decode(Kind.self, forKey: .kind)
        key = try container.decode(String.self, forKey: .key)
        summary = try container.decode(String.self, forKey: .summary)
        let text = try container.decode(String.self, forKey: .payload)
        guard let bytes = HexText.bytes(text) else {
            throw DecodingError.dataCorruptedError(
                forKey: .payload, in: container, debugDescription: "not an even number of hexadecimal digits")
        }
        payload = bytes
        deviceNames = try container.decodeIfPresent([String].self, forKey: .deviceNames) ?? []
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(kind, forKey: .kind)
        try container.encode(key, forKey: .key)
        try container.encode(summary, forKey: .summary)
        try container.encode(HexText.text(payload[...]), forKey: .payload)
        if !deviceNames.isEmpty { try container.encode(deviceNames, forKey: .deviceNames) }
    }
}
