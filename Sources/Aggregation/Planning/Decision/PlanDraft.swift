/// One function a key of the file: what it is set to, and why.
struct PlanDraft {
    let candidate: Candidate
    /// The wishes and musts that the candidate meets: an option serves only those.
    let met: RequirementSet
    /// What must not be.
    let avoided: Set<Requirement>
    let matrix: FeatureMatrix
    var desired: DesiredAggregate
    var options: [PlanProposal.Option] = []

    var driver: DriverKind { candidate.driver }
    var mode: Mode { candidate.mode }

    init(_ assessment: Assessment, _ matrix: FeatureMatrix, _ desired: DesiredAggregate) {
        candidate = assessment.candidate
        met = assessment.met
        avoided = Set(assessment.verdicts.map(\.requirement).filter { $0.strength == .mustNot })
        self.matrix = matrix
        self.desired = desired
    }

    /// Whether the kernel takes an option of bonding, and the tool can set it.
    func canSet(_ option: String) -> Bool {
        let tools = met.all.filter { $0.key == .tool }.flatMap(\.features)
        return matrix.host.takes(option)
            && !tools.contains { matrix.cell($0, candidate)?.lacks.contains(option) == true }
    }

    func avoids(_ key: RequirementKey, _ value: Requirement.Value) -> Bool {
        avoided.contains(Requirement(key, value, .mustNot))
    }

    /// After the preferred switch has started again traffic goes back to it. Also where two switches act as one, the
    /// ports of these modes are in no group and lead to one each.
    var returnsToAnotherSwitch: Bool {
        met.wants(.priorities) && ModeSet([.ab, .tlb, .alb]).contains(mode)
            && met.all.contains { $0.key == .switch && ["two", "mlag", "esi"].contains($0.choice) }
    }

    /// In the order of the list, the first port first.
    mutating func choosePriorities() {
        guard met.wants(.priorities), ModeSet([.ab, .tlb, .alb]).contains(mode), let ports = desired.ports else {
            return
        }
        guard driver == .teaming || canSet("prio") else {
            desired.primary = ports.first.map { .value($0.selector) }
            return add("primary", ports.first?.selector.description ?? "", "the port to use first", "primary")
        }
        for place in ports.indices { desired.ports?[place].priority = .value(Int64(ports.count - place)) }
        add("ports.priority", "in the order of the list", "higher wins when another port has to take over")
        guard driver == .teaming else { return }
        desired.approximate = true
        add("approximate", "true", "a faster port wins over one with a higher priority")
    }

    /// What happens when another port takes over.
    mutating func chooseTakeover() {
        // Probes know no time to settle.
        let staysAway =
            returnsToAnotherSwitch && desired.linkMonitor == nil && !met.wants(.stickiness)
        if met.wants(.stickiness) || staysAway {
            desired.reselect = .value(.failure)
            add(
                "reselect", "failure",
                staysAway
                    ? "a switch that has just started may answer before it forwards: traffic stays until the next failure"
                    : "traffic does not go back to a better port, which would be a further break",
                "primary_reselect")
        }
        if let policy = met.choice(.macPolicy).flatMap(MACPolicy.init) {
            desired.macPolicy = .value(policy)
            add("mac-policy", policy.rawValue, "as required", "fail_over_mac", "runner.hwaddr_policy")
        } else if mode == .activeBackup, met.wants(.portSecurity) || met.wants(.cloud) {
            desired.macPolicy = .value(.active)
            add(
                "mac-policy", MACPolicy.active.rawValue, "no address moves to another port", "fail_over_mac",
                "runner.hwaddr_policy")
        }
        let tells = BondingOptions.table["num_grat_arp"]?.effective.contains(mode) == true
        if let count = met.number(.announcements), driver == .teaming || tells {
            addOption(
                driver == .bonding ? "num_grat_arp" : "notify_peers.count", String(count),
                "so often neighbours and switches are told where the address is now")
        }
    }

    /// balance-alb looks at the address that is sent to, whatever the hash, and the modes without one at nothing.
    mutating func chooseHash() {
        guard ModeSet([.xor, .ad, .tlb]).contains(mode) else { return }
        if driver == .teaming, met.wants(.rebalancing) {
            addOption(
                "runner.tx_balancer.name", "basic", "flows move to ports with less to do every five seconds")
        }
        let fine = met.wants(.throughput) || met.wants(.ktls) || mode == .balanceTLB
        let inner: [HashLayer] = met.wants(.tunnels) ? [.encap] : []
        let layers: [HashLayer] = (fine ? [.l3, .l4] : [.l2, .l3]) + inner
        desired.hash = .value(Set(layers))
        add(
            "hash", "[\(layers.map(\.rawValue).joined(separator: ", "))]",
            mode == .balanceTLB
                ? "flows to hosts behind one gateway are told apart; by Ethernet addresses all of them would be one"
                : fine
                    ? "connections between the same two hosts spread over the ports too"
                    : "all that two hosts say to each other stays on one port, fragments included",
            "xmit_hash_policy", "runner.tx_hash")
    }

    mutating func chooseLACP() {
        guard mode == .lacp else { return }
        chooseRate()
        if let key = met.number(.lacpKey) { chooseKey(key) }
        if let system = met.hardwareAddress(.lacpSystem) { chooseSystem(system) }
        if met.wants(.lacpPassive) {
            desired.lacp.active = .value(false)
            add("lacp.active", "false", "the partner begins, as required", "lacp_active", "runner.active")
        }
        if met.wants(.standbyGroups) || met.all.contains(where: { $0.key == .switch && $0.choice == "two" }) {
            desired.lacp.select = .value("bandwidth")
            add(
                "lacp.select", "bandwidth",
                "each group is an aggregator of its own: the one with more left is used", "ad_select",
                "runner.agg_select_policy")
        }
        let least = met.number(.minPorts) ?? 1
        desired.lacp.minPorts = .value(least)
        add(
            "lacp.min-ports", "\(least)",
            least == 1
                ? "one port that works is enough to keep the carrier"
                : "with fewer ports that work the carrier goes, so that others can take over",
            "min_links", "runner.min_ports")
    }

    private mutating func chooseRate() {
        if let rate = met.choice(.lacpRate).flatMap(LACPWishes.Rate.init) {
            desired.lacp.rate = .value(rate)
            add("lacp.rate", rate.rawValue, "as required", "lacp_rate", "runner.fast_rate")
        } else if avoids(.lacpRate, .choice("slow")) || isFastOfUse {
            desired.lacp.rate = .value(.fast)
            add(
                "lacp.rate", "fast", "a partner that falls silent is noticed after 3 s instead of 90 s",
                "lacp_rate", "runner.fast_rate")
        } else if avoids(.lacpRate, .choice("fast")) {
            desired.lacp.rate = .value(.slow)
            add("lacp.rate", "slow", "fast is to be avoided", "lacp_rate", "runner.fast_rate")
        }
    }

    private var isFastOfUse: Bool {
        !avoids(.lacpRate, .choice("fast")) && (met.wants(.redundancy) || met.wants(.detection))
    }

    /// One key for the bond, and one for each port of a team.
    private mutating func chooseKey(_ key: Int64) {
        guard driver == .teaming else {
            return addOption("ad_user_port_key", String(key), "as required, beside the bits for speed and duplex")
        }
        for place in desired.ports?.indices ?? 0..<0 {
            desired.ports?[place].options.append(DriverOption(name: "lacp_key", text: String(key)))
        }
        add("ports.options.lacp_key", String(key), "as required, the same for every port")
    }

    /// teamd's system is the address of the team.
    private mutating func chooseSystem(_ system: LinkLayerAddress) {
        guard driver == .teaming else {
            return addOption("ad_actor_system", system.description, "as required")
        }
        desired.macAddress = system
        add("mac-address", system.description, "the LACP system of a team is its address")
    }

    /// An option of the driver, for which there is no neutral key.
    mutating func addOption(_ name: String, _ text: String, _ reason: String) {
        desired.options.append(DriverOption(name: name, text: text))
        add("options.\(name)", text, reason, name, name)
    }

    /// - Parameters:
    ///   - bonding: the option behind the key with that driver, whose source is told.
    ///   - teaming: the same.
    mutating func add(
        _ key: String, _ value: String, _ reason: String, _ bonding: String? = nil, _ teaming: String? = nil
    ) {
        let name = driver == .bonding ? bonding : teaming
        let source = name.flatMap { OptionTables.shared.aggregate(driver)[$0] }.map {
            "\(driver == .bonding ? "kernel" : "libteam") \($0.source)"
        }
        options.append(PlanProposal.Option(key: key, value: value, reason: reason, source: source))
    }
}
