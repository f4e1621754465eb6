/// The other side that a lab has before its command starts: `pair`, `lacp`, or with a number of ports `pair:4`.
package struct LabTopology: Equatable, Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        /// The far ends are ports of a bridge: a switch that knows nothing of aggregation.
        case pair
        /// The same, named for the switch on which nothing can be set.
        case unmanaged
        /// The far ends are one balance-xor bond: a switch with a static group.
        case `static`
        /// The far ends are one 802.3ad bond: a switch that speaks LACP.
        case lacp
        /// Two switches, each with one 802.3ad bond, of one system and key: to the host they are one.
        case mlag
        /// Two bridges with a cable between them.
        case twoSwitches = "two-switches"
        /// A bridge, and behind it the router that answers: a fault between them takes no port's link.
        case routed
    }

    /// What a switch does with the far ends that it has.
    enum Group: Equatable { case none, `static`, lacp }

    package let kind: Kind
    /// How many ports the host has.
    package let ports: Int

    /// The namespace of the far ends; of two switches, what the names begin with.
    package static let namespace = "switch"
    static let router = "router"
    static let bridge = "br0"
    static let bond = "lag0"
    /// What the other side answers at; documentation prefixes (RFC 5737, RFC 3849).
    package static let addresses = ["198.51.100.1/24", "2001:db8:100::1/64"]

    /// - Throws: `.topology` when there is no such topology.
    package init(_ text: String) throws(LabError) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let number = parts.count == 2 ? Int(parts[1]) : 2
        guard let first = parts.first, let kind = Kind(rawValue: String(first)), let number, (1...16).contains(number)
        else {
            let names = Kind.allCases.map(\.rawValue)
            throw LabError(
                .topology, "There is no topology \"\(text)\".",
                remedy:
                    "Topologies are \(names.dropLast().joined(separator: ", ")) and \(names.last ?? ""), with 1 to 16 "
                    + "ports: pair, lacp, pair:4.")
        }
        self.kind = kind
        ports = number
    }

    package var name: String { ports == 2 ? kind.rawValue : "\(kind.rawValue):\(ports)" }

    var group: Group {
        switch kind {
        case .pair, .unmanaged, .twoSwitches, .routed: .none
        case .static: .static
        case .lacp, .mlag: .lacp
        }
    }

    /// The namespaces of the switches.
    var switches: [String] {
        kind == .mlag || kind == .twoSwitches ? ["\(Self.namespace)1", "\(Self.namespace)2"] : [Self.namespace]
    }

    /// Whether the switch forwards: else its group is all there is of it.
    var hasBridge: Bool { group == .none || switches.count > 1 }

    /// Which ports lead to a switch: of two, every other one.
    func ports(of switchNumber: Int) -> [LabTopologyMap.Port] {
        map.ports.enumerated().filter { $0.offset % switches.count == switchNumber }.map(\.element)
    }

    /// What it looks like, for those who work in it.
    package var map: LabTopologyMap {
        LabTopologyMap(
            name: name, device: group == .none ? Self.bridge : Self.bond,
            ports: (0..<ports).map {
                LabTopologyMap.Port(port: "eth\($0)", farEnd: "sw\($0)", namespace: switches[$0 % switches.count])
            },
            targets: Self.addresses.map { String($0.prefix { $0 != "/" }) },
            answersIn: kind == .routed ? Self.router : switches[0])
    }
}
