/// What a decision can know of the host it is for. Nil is always "not known", never "no".
package struct HostFacts: Sendable, Hashable {
    /// What the kernel calls itself (uname -r).
    package var kernel: String?
    /// `debian 12`: ID and VERSION_ID of os-release(5).
    package var distribution: String?
    /// Whether the kernel has the driver, loaded or as a module.
    package var hasBonding: Bool?
    package var hasTeam: Bool?
    package var hasTeamd: Bool?
    /// As `1.31`.
    package var teamdVersion: String?
    /// Options of bonding that not every kernel has, as the kernel answered when they were set and read back.
    package var knownOptions: [String]?
    package var unknownOptions: [String]?
    package var ports: [Port] = []
    /// How many ports the aggregate is to have; nil when nobody said. No fact of the host, but of the question.
    package var portCount: Int?
    /// Devices that cannot become ports, with what they are; known of this host alone.
    package var others: [String: String] = [:]

    package init() {}

    /// A device that could become a port.
    package struct Port: Sendable, Hashable {
        package enum Medium: String, Sendable, Hashable, CaseIterable { case ethernet, infiniband, other }

        package var name: String
        package var medium: Medium?
        /// `veth`, `dummy`, …; nil for hardware.
        package var kind: String?
        /// The driver of hardware, as `ixgbe`.
        package var driver: String?
        /// `pci 0000:01:00.0`
        package var path: String?
        /// The physical function behind a virtual one, as `0000:01:00.0`.
        package var physicalFunction: String?
        /// Mbit/s.
        package var speed: Int64?
        package var duplex: Link.Duplex?
        package var hasCarrier: Bool?
        package var mtu: Int64?
        package var address: String?
        package var permanentAddress: String?
        package var addresses: [String] = []
        /// What it is a port of.
        package var master: String?
        /// The devices on top of it, such as VLANs.
        package var onTop: [String] = []
        /// Who spoke LACP at the other end; nil when nobody did, or nobody listened.
        package var partner: Partner?

        /// The other end of a link as its LACPDU described itself.
        package struct Partner: Sendable, Hashable {
            package var system: String
            package var key: Int64

            package init(system: String, key: Int64) {
                self.system = system
                self.key = key
            }
        }

        package init(name: String) { self.name = name }
    }

    /// The same with these ports alone, in this order.
    ///
    /// - Parameter remedy: what there is to do about a name that is not there.
    /// - Throws: every name that is not there.
    package func choosing(_ names: [String], remedy: String) throws(Problems) -> HostFacts {
        var facts = self
        facts.ports = names.compactMap { name in ports.first { $0.name == name } }
        let missing = names.filter { name in !ports.contains { $0.name == name } }
        guard missing.isEmpty else {
            let known = ports.map(\.name)
            throw Problems(
                missing.map { name in
                    let near = Spelling.nearest(to: name, among: known).map { "did you mean \($0)? " } ?? ""
                    if let kind = others[name] {
                        let free = known.isEmpty ? "there is none here" : "there are \(known.joined(separator: ", "))"
                        return Problem(
                            .invalid, subject: name, option: "ports", rule: "it is \(kind), which cannot become a port",
                            remedy: "name devices that can: \(free)")
                    }
                    return Problem(
                        .notFound, subject: name, option: "ports", rule: "there is no such device on this host",
                        remedy: near + remedy)
                })
        }
        return facts
    }
}

/// What follows from the facts for a decision.
extension HostFacts {
    /// Why a driver cannot be had on the host; nil when it can, or when that is not known.
    package func absence(of driver: DriverKind) -> String? {
        switch driver {
        case .bonding: hasBonding == false ? "the kernel has no bonding driver" : nil
        case .teaming: hasTeam == false ? "the kernel has no team driver" : nil
        }
    }

    /// What somebody has to see to on this host before a candidate can do what it is said to do.
    func conditions(_ candidate: Candidate) -> [String] {
        var all: [String] = []
        if candidate.driver == .teaming, hasTeamd == false {
            all.append("teamd is installed (Debian: apt install libteam-utils)")
        }
        let speeds = ports.compactMap { port in port.speed.map { (port.name, $0) } }
        if candidate.mode == .lacp, Set(speeds.map(\.1)).count > 1 {
            let texts = speeds.map { "\($0.0) \($0.1) Mbit/s" }.joined(separator: ", ")
            all.append("the ports get one speed: only ports of the same speed carry traffic together (\(texts))")
        }
        let half = ports.filter { $0.duplex == .half }.map(\.name)
        if candidate.mode == .lacp, !half.isEmpty {
            all.append("\(half.joined(separator: ", ")) gets full duplex: LACP leaves half duplex out")
        }
        for port in ports {
            if let master = port.master { all.append("\(port.name) leaves \(master), which it is a port of") }
        }
        all += partnerConditions(candidate)
        return all
    }

    /// LACP was heard at every port, of one system and with one key: they can be bundled as they are.
    var leadToOnePartner: Bool {
        guard let first = ports.first?.partner else { return false }
        return ports.allSatisfy { $0.partner == first }
    }

    private func partnerConditions(_ candidate: Candidate) -> [String] {
        guard candidate.mode == .lacp, !leadToOnePartner else { return [] }
        let heard = ports.filter { $0.partner != nil }
        guard heard.count > 1, Set(heard.map(\.partner)).count > 1 else { return [] }
        let texts = heard.map { "\($0.name) \($0.partner?.system ?? "") key \($0.partner?.key ?? 0)" }
        return ["the ports lead to one LACP system with one key: heard were \(texts.joined(separator: ", "))"]
    }

    /// Whether the kernel takes an option of bonding: as it said when asked, else by its version; true when neither is
    /// known.
    package func takes(_ option: String) -> Bool {
        if knownOptions?.contains(option) == true { return true }
        if unknownOptions?.contains(option) == true { return false }
        guard let kernel = kernel.flatMap(KernelVersion.init(text:)),
            let row = BondingOptions.table[option] ?? BondingPortOptions.table[option],
            let since = KernelVersion(text: row.since)
        else { return true }
        return kernel >= since
    }

    var portNames: String { ports.map(\.name).joined(separator: " and ") }

    /// The physical function that every port is a virtual function of; nil when there is none.
    var onlyFunction: String? {
        guard ports.count > 1, let first = ports[0].physicalFunction else { return nil }
        return ports.allSatisfy { $0.physicalFunction == first } ? first : nil
    }

    /// The cards that ports are known to be on.
    var cards: Set<String> { Set(ports.compactMap(\.card)) }

    /// What the ports themselves require.
    package var requirements: [Requirement] {
        ports.contains { $0.medium == .infiniband } ? [Requirement(.infiniband)] : []
    }
}

extension HostFacts.Port {
    /// What it shares with other functions of the same card.
    fileprivate var card: String? {
        if let physicalFunction { return String(physicalFunction.prefix { $0 != "." }) }
        guard let path, path.hasPrefix("pci ") else { return nil }
        return String(path.dropFirst("pci ".count).prefix { $0 != "." })
    }
}

extension HostFacts.Port {
    /// The facts of a link among those of its host.
    package init(_ link: Link, in state: HostState) {
        name = link.name
        medium =
            switch link.hardwareType {
            case 1: .ethernet
            case 32: .infiniband
            default: .other
            }
        kind = link.kind
        driver = link.kernelDriver
        if let device = link.parentDevice { path = [link.parentBus, device].compactMap { $0 }.joined(separator: " ") }
        physicalFunction = link.physicalFunction
        speed = link.speed.map(Int64.init)
        duplex = link.duplex
        hasCarrier = link.hasCarrier
        mtu = Int64(link.mtu)
        address = link.address?.description
        permanentAddress = link.permanentAddress?.description
        addresses = state.addresses(of: link).map { "\($0.prefix)" }
        master = link.master.flatMap { state.link(index: $0)?.name }
        let above = state.links.filter { $0.lower == link.index && !$0.lowerIsElsewhere && $0.kind != "veth" }
        onTop = above.map { "\($0.name) (\($0.kind ?? "device"))" }
    }
}
