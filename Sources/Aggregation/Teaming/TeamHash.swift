/// Which fragments of teamd's hash stand for which layers.
enum TeamHash {
    private static let parts: [(layer: HashLayer, fragment: String)] = [
        (.l2, "eth"), (.vlan, "vlan"), (.l3, "ip"), (.l4, "l4"),
    ]

    static func fragments(of layers: Set<HashLayer>) -> [String] {
        parts.filter { layers.contains($0.layer) }.map(\.fragment)
    }

    /// The layers that a list of fragments is exactly; nil when no layers say it.
    static func layers(of fragments: [String]) -> Set<HashLayer>? {
        let same = ["l3": ["ip"], "ip": ["ip"]]
        var names = Set(fragments.flatMap { same[$0] ?? [$0] })
        if names.isSuperset(of: ["ipv4", "ipv6"]) { names = names.subtracting(["ipv4", "ipv6"]).union(["ip"]) }
        if names.isSuperset(of: ["tcp", "udp", "sctp"]) {
            names = names.subtracting(["tcp", "udp", "sctp"]).union(["l4"])
        }
        var layers: Set<HashLayer> = []
        for name in names {
            guard let part = parts.first(where: { $0.fragment == name }) else { return nil }
            layers.insert(part.layer)
        }
        return layers
    }
}
