/// The other side that a lab has before its command starts: `pair`, `lacp`, or with a number of ports `pair:4`.
package struct LabTopology: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The far ends are ports of a bridge: a switch that knows nothing of aggregation.
        case pair
        /// The far ends are one 802.3ad bond: a switch that speaks LACP.
        case lacp
    }

    package let kind: Kind
    /// How many ports the host has.
    package let ports: Int

    /// The namespace of the far ends.
    package static let namespace = "switch"
    /// What the other side answers at; documentation prefixes (RFC 5737, RFC 3849).
    package static let addresses = ["198.51.100.1/24", "2001:db8:100::1/64"]

    /// - Throws: `.topology` when there is no such topology.
    package init(_ text: String) throws(LabError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : 2
        guard let first = parts.first, let kind = Kind(rawValue: String(first)), let number, (1...16).contains(number)
        else {
            throw LabError(
                .topology, "There is no topology \"\(text)\".",
                remedy: "Topologies are pair and lacp, with 1 to 16 ports: pair, lacp, pair:4.")
        }
        self.kind = kind
        ports = number
    }

    package var name: String { ports == 2 ? kind.rawValue : "\(kind.rawValue):\(ports)" }

    /// What it looks like, for those who work in it.
    package var map: LabTopologyMap {
        LabTopologyMap(
            name: name, device: kind == .pair ? "br0" : "lag0",
            ports: (0..<ports).map {
                LabTopologyMap.Port(port: "eth\($0)", farEnd: "sw\($0)", namespace: LabTopology.namespace)
            },
            targets: LabTopology.addresses.map { String($0.prefix { $0 != "/" }) })
    }
}
