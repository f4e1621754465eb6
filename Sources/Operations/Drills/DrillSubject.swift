package import Aggregation

/// The aggregate of a drill as it was found, with the ways that probes can take.
package struct DrillSubject: Sendable, Hashable {
    package struct Port: Sendable, Hashable {
        package var name: String
        package var index: Int32
        package var isUsable: Bool
    }

    package var name: String
    package var index: Int32
    package var driver: DriverKind
    package var mode: Mode
    /// The transmit hash policy in the kernel's words; nil where the mode has none.
    package var hashPolicy: String?
    package var activePort: String?
    package var ports: [Port]
    package var paths: [ProbePath]

    package var usablePorts: [String] { ports.filter(\.isUsable).map(\.name) }

    /// IFA_F_TENTATIVE: an IPv6 address that is still being checked for duplicates.
    private static let tentative: UInt32 = 0x40

    /// - Parameters:
    ///   - wanted: the targets asked for; empty for whichever of the far end's can be reached.
    ///   - farTargets: the addresses at the far end.
    package init(
        named name: String, in host: HostState, wanted: [IPAddress], farTargets: [IPAddress]
    ) throws(DrillError) {
        guard let link = host.link(named: name) else {
            throw .unfit(Problem(.notFound, subject: name, rule: "there is no such device"))
        }
        guard let facts = link.aggregate else {
            throw .unfit(
                Problem(.notFound, subject: name, rule: "it is no aggregate but a \(link.kind ?? "plain device")"))
        }
        guard link.isUp else {
            throw .unfit(
                Problem(.refused(flag: nil), subject: name, rule: "it is down", remedy: "bring it up before the drill"))
        }
        self.name = link.name
        index = link.index
        driver = facts.driver
        mode = facts.mode
        activePort = facts.activePort
        if facts.driver == .bonding, [.lacp, .balanceXOR].contains(facts.mode),
            let value = facts.options["xmit_hash_policy"]
        {
            hashPolicy = BondingOptions.table["xmit_hash_policy"]?.format(value)
        }
        ports = host.ports(of: link).map {
            Port(name: $0.name, index: $0.index, isUsable: $0.isUsable(in: link))
        }
        paths = try Self.paths(of: link, in: host, wanted: wanted, farTargets: farTargets)
    }

    /// A drill on the only usable port would just cut the host off.
    package func requireRedundancy() throws(DrillError) {
        guard usablePorts.count < 2 else { return }
        let rule =
            usablePorts.first.map { "\($0) is its only usable port, so there is no redundancy to test" }
            ?? "it has no usable port"
        throw .unfit(
            Problem(
                .refused(flag: nil), subject: name, rule: "\(rule); its ports are \(ports.isEmpty ? "none" : listed)",
                remedy: "see aggctl status \(name), and give it a second port that works"))
    }

    private var listed: String {
        ports.map { $0.isUsable ? $0.name : "\($0.name) (not usable)" }.joined(separator: ", ")
    }

    private static func paths(
        of link: Link, in host: HostState, wanted: [IPAddress], farTargets: [IPAddress]
    ) throws(DrillError) -> [ProbePath] {
        if let stranger = wanted.first(where: { address in !farTargets.contains(address) }) {
            throw .unfit(
                Problem(
                    .unavailable, subject: "\(stranger)", rule: "nothing of ours can answer there",
                    remedy: "use one of \(farTargets.map(\.description).joined(separator: ", "))"))
        }
        let candidates = wanted.isEmpty ? farTargets : farTargets.filter { wanted.contains($0) }
        var found: [ProbePath] = []
        for target in candidates {
            if let path = path(to: target, from: link, in: host) {
                found.append(path)
            } else if !wanted.isEmpty {
                throw noSource(link.name, target)
            }
        }
        guard !found.isEmpty else {
            guard let first = candidates.first else {
                throw .unfit(Problem(.unavailable, subject: link.name, rule: "the far end has no address to probe"))
            }
            throw noSource(link.name, first)
        }
        return found
    }

    private static func noSource(_ name: String, _ target: IPAddress) -> DrillError {
        .unfit(
            Problem(
                .refused(flag: nil), subject: name, rule: "it has no address in the network of \(target)",
                remedy: "give it one, as with: ip address add \(neighbour(of: target)) dev \(name)"))
    }

    /// Another address of what is probably the same network, for the remedy.
    private static func neighbour(of target: IPAddress) -> String {
        var bytes = target.bytes
        if let last = bytes.indices.last { bytes[last] = bytes[last] == 2 ? 3 : 2 }
        return "\(IPAddress(bytes: bytes) ?? target)/\(target.family == .ipv4 ? 24 : 64)"
    }

    private static func path(to target: IPAddress, from link: Link, in host: HostState) -> ProbePath? {
        for device in [link] + host.above(link) {
            for address in host.addresses where address.device == device.index && address.flags & tentative == 0 {
                if address.prefix.address != target, address.prefix.contains(target) {
                    return ProbePath(target: target, source: address.prefix.address, device: device.name)
                }
            }
        }
        return nil
    }
}
