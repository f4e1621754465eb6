/// Neutral keys of an aggregate as options of teamd.
extension TranslationDraft {
    mutating func translateTeamingKeys() {
        translateWatches()
        translateLACP()
        translateTeamHash()
        translateAddressPolicy()
    }

    // MARK: Hash and addresses

    private mutating func translateTeamHash() {
        let usual: Set<HashLayer> = [.l2, .l3]
        guard let hash = desired.hash, applies("hash", in: [.xor, .ad], hash.neutral("[l2, l3]") { $0 == usual }) else {
            return
        }
        guard case .value(let layers) = hash else { return addDefault("runner.tx_hash", key: "hash") }
        let text = "[\(HashLayer.allCases.filter(layers.contains).map(\.rawValue).joined(separator: ", "))]"
        if layers.contains(.encap) {
            let said = "teamd does not look inside tunnels: encap is left out"
            guard allowsApproximation("hash", value: text, said) else { return }
        }
        let fragments = TeamHash.fragments(of: layers)
        guard !fragments.isEmpty else {
            return refuse(
                "hash", value: text, rule: "it names nothing to tell flows apart", remedy: "name layers as [l2, l3]")
        }
        // Fragments that mean the same stay as they are: another daemon would come for nothing.
        if case .names(let old)? = base["runner.tx_hash"], TeamHash.layers(of: old) == layers.subtracting([.encap]) {
            return add("runner.tx_hash", .names(old), origin: "hash")
        }
        add("runner.tx_hash", .names(fragments), origin: "hash")
    }

    private mutating func translateAddressPolicy() {
        guard let policy = desired.macPolicy, applies("mac-policy", in: .ab, policy.neutral("same") { $0 == .same })
        else { return }
        switch policy {
        case .default: addDefault("runner.hwaddr_policy", key: "mac-policy")
        case .value(.same): addText("runner.hwaddr_policy", "same_all", key: "mac-policy")
        case .value(.active): addText("runner.hwaddr_policy", "by_active", key: "mac-policy")
        case .value(.follow): addText("runner.hwaddr_policy", "only_active", key: "mac-policy")
        }
    }

    // MARK: Preference

    /// What bonding says of the aggregate, teamd says of its ports.
    mutating func translateTeamPreference() {
        let isRanked = ports.contains { $0.settings.contains { $0.origin == "priority" && $0.value != .number(0) } }
        if isRanked { _ = allowsApproximation("ports", value: nil, "priority: \(Self.notStrict)") }
        if let primary = desired.primary, applies("primary", in: .ab, primary.neutral()) {
            translateTeamPrimary(primary)
        }
        guard let reselect = desired.reselect else { return keepStickiness() }
        guard applies("reselect", in: .ab, reselect.neutral("always") { $0 == .always }) else { return }
        switch reselect {
        case .default, .value(.always): setOnPorts("sticky", .number(0), key: "reselect")
        case .value(.failure): setOnPorts("sticky", .number(1), key: "reselect")
        case .value(.better):
            let said = "teamd always goes to a port that is faster or of higher prio, unless the one in use is sticky"
            if allowsApproximation("reselect", value: "better", said) {
                setOnPorts("sticky", .number(0), key: "reselect")
            }
        }
    }

    /// What is said of all ports of a team holds for one that joins it.
    private mutating func keepStickiness() {
        guard mode == .activeBackup, let team = host.link(named: name)?.index else { return }
        let joined = ports.map { port in
            port.name.flatMap { host.link(named: $0) }.flatMap { $0.master == team ? $0.port : nil }
        }
        let known = joined.compactMap { $0?.options["sticky"] }
        guard !known.isEmpty, known.allSatisfy({ $0 == .number(1) }) else { return }
        for place in ports.indices where joined[place] == nil {
            guard !ports[place].settings.contains(where: { $0.name == "sticky" }) else { continue }
            ports[place].settings.append(Setting("sticky", .number(1), origin: "reselect"))
        }
    }

    private static let notStrict =
        "it is not strict: a port that is faster can win over one of higher prio (teamd compares both)"

    private mutating func translateTeamPrimary(_ primary: Wish<PortSelector>) {
        guard case .value(let selector) = primary else { return setOnPorts("prio", .number(0), key: "primary") }
        guard let place = place(ofPrimary: selector),
            allowsApproximation(
                "primary", value: selector.description,
                "teamd has none: a high prio takes its place, and \(Self.notStrict)")
        else { return }
        let rivals = ports.indices.filter { $0 != place && prio(of: ports[$0]) >= Self.primaryPriority }
        if ports[place].settings.contains(where: { $0.name == "prio" }) {
            refuse(
                "primary", value: selector.description, rule: "the port has a priority of its own",
                remedy: "keep the primary or the priority")
        } else if let rival = rivals.first(where: { prioIsOwn(of: ports[$0]) }) {
            refuse(
                "primary", value: selector.description,
                rule: "prio of \(ports[rival].title) is \(Self.primaryPriority) or more, and would win",
                remedy: "give that port less, or give priorities instead of a primary")
        } else {
            ports[place].settings.append(Setting("prio", .number(Self.primaryPriority), origin: "primary"))
            // The primary that it has been until now.
            for rival in rivals { ports[rival].settings.append(Setting("prio", .number(0), origin: "primary")) }
        }
    }

    /// Nil after a report.
    private mutating func place(ofPrimary selector: PortSelector) -> Int? {
        let text = selector.description
        switch PortResolution.find(selector, in: host) {
        case .found(let link):
            if let place = ports.firstIndex(where: { $0.name == link.name }) { return place }
            if !link.flags.contains(.loopback), link.name != name {
                note(.warning, "primary", "\(link.name) is no port of \(name) yet: apply again when it has joined")
                return nil
            }
        case .ambiguous(let links):
            problems.append(
                PortResolution.ambiguity(
                    links, selector: text, subject: name, key: "primary", location: desired.nearestLocation("primary")))
            return nil
        case .missing:
            if let port = host.port(selector, formerlyOf: name),
                let place = ports.firstIndex(where: { $0.name == port.name })
            {
                return place
            }
            // Named for one that comes later, it gets its prio then.
            if missingPorts.contains(text), let place = ports.firstIndex(where: { $0.title == text }) {
                note(.warning, "primary", "\(text) is not there yet: apply again when it is")
                return place
            }
        }
        let known = portNames + missingPorts
        refuse(
            "primary", value: text, rule: "it is no port of \(name)",
            remedy: known.isEmpty ? "add it to the ports" : "use one of \(known.joined(separator: ", "))")
        return nil
    }

    /// What a port will have: as asked for, else as it is.
    private func prio(of port: PortDraft) -> Int64 {
        let wished = port.settings.first { $0.name == "prio" }?.value
        let observed = port.name.flatMap { host.link(named: $0)?.port?.options["prio"] }
        if case .number(let number)? = wished ?? observed { return number }
        return 0
    }

    /// Whether the prio of a port is not one that a primary gave it.
    private func prioIsOwn(of port: PortDraft) -> Bool {
        port.settings.contains { $0.name == "prio" } || prio(of: port) != Self.primaryPriority
    }

    /// Above whatever somebody gives to a port by hand.
    private static let primaryPriority: Int64 = 32767

    /// Gives all ports an option. The same fact twice is an error, as everywhere.
    private mutating func setOnPorts(_ option: String, _ value: OptionValue, key: String) {
        for place in ports.indices {
            guard let own = ports[place].settings.first(where: { $0.name == option }) else {
                ports[place].settings.append(Setting(option, value, origin: key))
                continue
            }
            // Without a primary the priorities of ports are all there is.
            if own.value == value || option == "prio" { continue }
            refuse(
                ports[place], own.origin, value: portTable[option]?.format(own.value), rule: "\(key) says the same",
                remedy: "keep \(key) or \(option)")
        }
    }
}
