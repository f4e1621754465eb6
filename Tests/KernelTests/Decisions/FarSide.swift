/// What the ports of the host lead to: what the requirement `switch=` describes, made of bridges and bonds.
///
/// Behind all of them is one bridge with the stations that are asked, so that whoever is reached is reached through the
/// switch.
enum FarSide: String, CaseIterable, Sendable {
    case unmanaged
    case `static`
    case lacp
    case mlag
    case two
    /// Two switches that speak LACP, each for itself.
    case twoLACP
    /// A switch that does not speak LACP yet.
    case silent

    /// Those that a requirement can name.
    static let described: [FarSide] = [.unmanaged, .static, .lacp, .mlag, .two]

    /// What a mode needs of the ports that its own lead to.
    enum Need: Sendable {
        case nothing
        case group
        case lacp

        /// - Parameter mode: as a file names it.
        init(mode: String) {
            self =
                mode == "lacp"
                ? .lacp : ["active-backup", "balance-tlb", "balance-alb"].contains(mode) ? .nothing : .group
        }
    }

    /// The same switch, set up as a mode needs it and as the recommendation says.
    func setUp(for need: Need) -> FarSide {
        switch (self, need) {
        case (.static, .nothing), (.lacp, .nothing): .unmanaged
        case (.lacp, .group), (.mlag, .group): .static
        case (.mlag, .nothing): .two
        case (.two, .lacp): .twoLACP
        default: self
        }
    }

    static let network = "198.51.100"
    static let gateway = "\(network).1"
    static let host = "\(network).2"
    static let guest = "\(network).3"
    static let everybody = "\(network).255"
    /// Who is asked whether the path works, and nobody else.
    static let target = "\(network).9"
    static let target6 = "2001:db8:100::9"
    static let host6 = "2001:db8:100::2"

    /// The bonds or bridges between the ports and the bridge `core`.
    private var groups: [String] {
        let fast = "type bond miimon 10 xmit_hash_policy layer3+4"
        let lacp = "\(fast) mode 802.3ad lacp_rate fast"
        return switch self {
        case .unmanaged, .silent: []
        case .static: ["\(fast) mode balance-xor"]
        case .lacp: [lacp]
        // One system to whoever looks from outside.
        case .mlag:
            Array(repeating: "\(lacp) ad_actor_system 02:00:5e:00:53:0a ad_user_port_key 7", count: 2)
        case .two: ["type bridge", "type bridge"]
        case .twoLACP: (1...2).map { "\(lacp) ad_actor_system 02:00:5e:00:53:0\($0)" }
        }
    }

    /// Whether the ports lead to one LACP partner, or several.
    var speaksLACP: Bool { [.lacp, .mlag, .twoLACP].contains(self) }

    /// How many of so many ports are in use at once where LACP is spoken.
    func inUse(of ports: Int) -> Int { self == .twoLACP ? 1 : ports }

    /// The commands of `ip` that make it, of ports `sw0`, `sw1` and so on that are there already.
    func commands(ports: Int) -> [String] {
        var lines = ["link add core address 02:00:5e:00:53:01 type bridge", "link set core up"]
        for (number, group) in groups.enumerated() {
            lines.append("link add s\(number) \(group)")
        }
        for port in 0..<ports {
            let master = groups.isEmpty ? "core" : "s\(port % groups.count)"
            lines += ["link set sw\(port) down", "link set sw\(port) master \(master)", "link set sw\(port) up"]
        }
        for (number, group) in groups.enumerated() {
            lines.append("link set s\(number) up")
            if group.contains("bond") {
                lines.append("link set s\(number) master core")
                // A pair hands on to the host what came from it neither here nor there.
                if self == .mlag { lines.append("link set s\(number) type bridge_slave isolated on") }
            } else {
                lines += [
                    "link add up\(number) type veth peer name down\(number)", "link set up\(number) master s\(number)",
                    "link set down\(number) master core", "link set up\(number) up", "link set down\(number) up",
                ]
            }
        }
        return lines + [
            "address add \(Self.gateway)/24 brd + dev core", "address add \(Self.target)/24 dev core",
            "address add \(Self.target6)/64 dev core nodad",
        ]
    }

    /// The commands after which nobody answers who is asked.
    static let silence = ["address del \(target)/24 dev core", "address del \(target6)/64 dev core"]
}
