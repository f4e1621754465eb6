/// Which transmit hash policy of bonding is made of which parts of a packet (`bond_xmit_hash` in bond_main.c).
package enum BondingHashPolicy {
    /// A policy and, where it is not exactly what was asked, the difference in words.
    package struct Choice: Sendable, Hashable {
        package let name: String
        package let difference: String?
    }

    /// What each policy looks at.
    ///
    /// For packets without the layers named, the kernel falls back to the addresses they have. vlan+srcmac is missing here because no set of layers is exactly it: of l2 it takes the source alone.
    private static let layers: [(name: String, layers: Set<HashLayer>)] = [
        ("layer2", [.l2]), ("layer2+3", [.l2, .l3]), ("layer3+4", [.l3, .l4]),
        ("encap2+3", [.encap, .l2, .l3]), ("encap3+4", [.encap, .l3, .l4]),
    ]

    /// The layers that a policy is exactly made of; nil for one that no set says.
    static func layers(of policy: String) -> Set<HashLayer>? { layers.first { $0.name == policy }?.layers }

    /// The policy for a set of layers, or the nearest one; nil for the empty set, which would send all by one port.
    package static func nearest(to wanted: Set<HashLayer>) -> Choice? {
        guard !wanted.isEmpty else { return nil }
        if let exact = layers.first(where: { $0.layers == wanted }) { return Choice(name: exact.name, difference: nil) }
        let name = nearestName(to: wanted)
        guard let policy = layers.first(where: { $0.name == name }) else {
            let difference =
                wanted.contains(.l2) ? "of l2 it takes only the source address" : "it adds the source address of l2"
            return Choice(name: name, difference: difference)
        }
        let missing = list(wanted.subtracting(policy.layers))
        let added = list(policy.layers.subtracting(wanted))
        let parts = [missing.isEmpty ? "" : "it leaves out \(missing)", added.isEmpty ? "" : "it adds \(added)"]
        return Choice(name: name, difference: parts.filter { !$0.isEmpty }.joined(separator: " and "))
    }

    /// Keeps the finest layer asked for, since that is what spreads flows.
    private static func nearestName(to wanted: Set<HashLayer>) -> String {
        if wanted.contains(.encap) {
            return wanted.isDisjoint(with: [.l2, .l3]) || wanted.contains(.l4) ? "encap3+4" : "encap2+3"
        }
        if wanted.contains(.l4) { return "layer3+4" }
        if wanted.contains(.l3) { return "layer2+3" }
        return wanted.contains(.vlan) ? "vlan+srcmac" : "layer2"
    }

    private static func list(_ layers: Set<HashLayer>) -> String {
        HashLayer.allCases.filter(layers.contains).map(\.rawValue).joined(separator: " and ")
    }
}
