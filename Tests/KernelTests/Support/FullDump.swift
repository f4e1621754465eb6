import Glibc

/// Everything that witnesses which are not ours say of a namespace: `ip`, `bridge`, /proc/sys, teamdctl.
struct FullDump: Equatable {
    private(set) var facts: Set<String> = []

    /// Settings that differ by device.
    private static let settings = ["ipv4/conf", "ipv6/conf", "ipv4/neigh", "ipv6/neigh"].map { "/proc/sys/net/\($0)" }

    /// - Parameter teams: those whose daemon is asked.
    init(_ ns: KernelFixture, teams: [String] = []) throws {
        // The cost of a bridge port follows from the speed of the device, and that from its ports.
        let host = try HostWitness(ns, countsPromiscuity: true)
        facts = Set(host.facts.map { $0.replacing(#/ cost [0-9]+ hairpin/#, with: " hairpin") })
        for line in try Self.run(["bridge", "-n", ns.name, "-d", "-o", "vlan", "show"]) { facts.insert("vlan \(line)") }
        // Those that belong to a bridge; a device's own come and go with multicast groups.
        for line in try Self.run(["bridge", "-n", ns.name, "fdb", "show"]) where line.contains("master") {
            facts.insert("fdb \(line)")
        }
        // stable_secret cannot be read unless it is set, which makes grep end with 2.
        let grep = "grep -rs '' \(Self.settings.joined(separator: " ")) || true"
        for line in try Self.run(["ip", "netns", "exec", ns.name, "sh", "-c", grep]) { facts.insert(String(line)) }
        for team in teams {
            let text = try Witness.run(["ip", "netns", "exec", ns.name, "teamdctl", team, "state", "dump"])
            for leaf in try JSON.parse(text).leaves("teamd \(team)") { facts.insert(leaf) }
        }
    }

    private static func run(_ arguments: [String]) throws -> [Substring] {
        try Witness.run(arguments).split(separator: "\n")
    }

    func differences(to other: FullDump) -> [String] { differences(other.facts, facts) }

    private func differences(_ others: Set<String>, _ facts: Set<String>) -> [String] {
        facts.subtracting(others).sorted().map { "- \($0)" }
            + others.subtracting(facts).sorted().map { "+ \($0)" }
    }
}

extension JSON {
    /// What a new teamd has of its own, and what the carrier does.
    private static let volatile: Set<String> = ["pid", "down_count", "link", "up", "delay_up", "delay_down"]

    /// One text for each value, with the way to it.
    fileprivate func leaves(_ path: String) -> [String] {
        switch self {
        case .object(let members):
            members.filter { !Self.volatile.contains($0.key) }.flatMap { $1.leaves("\(path).\($0)") }
        case .array(let elements): elements.enumerated().flatMap { $1.leaves("\(path)[\($0)]") }
        default: ["\(path) = \(plain)"]
        }
    }
}
