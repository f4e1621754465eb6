/// A decision as what `apply` takes: the aggregate, and every option of it with the reason.
package struct PlanProposal: Sendable {
    package let desired: DesiredAggregate
    package let options: [Option]

    /// One key of the file.
    package struct Option: Sendable, Hashable {
        /// `link-monitor.interval`
        package let key: String
        package let value: String
        package let reason: String
        /// The kernel function behind it.
        package let source: String?
    }

    /// The link monitor's interval, which is also what the kernel gives in the modes that have one of their own.
    package static let monitorInterval = BondingTranslation.defaultMonitorInterval

    package init(_ assessment: Assessment, _ requirements: RequirementSet, name: InterfaceName, ports: [InterfaceName])
    {
        var draft = Draft(assessment, requirements, DesiredAggregate(name: name))
        draft.desired.driver = assessment.candidate.driver == .bonding ? .bonding : .teaming
        draft.desired.mode = assessment.candidate.mode
        draft.desired.ports = ports.map { DesiredPort(.name($0.text)) }
        draft.chooseMonitor()
        draft.choosePriorities()
        draft.chooseTakeover()
        draft.chooseHash()
        draft.chooseLACP()
        desired = draft.desired
        options = draft.options
    }
}

/// One function a key of the file: what it is set to, and why.
private struct Draft {
    let driver: DriverKind
    let mode: Mode
    let requirements: RequirementSet
    /// The wishes and musts that the candidate meets: an option serves only those.
    let met: Set<RequirementKey>
    var desired: DesiredAggregate
    var options: [PlanProposal.Option] = []

    init(_ assessment: Assessment, _ requirements: RequirementSet, _ desired: DesiredAggregate) {
        driver = assessment.candidate.driver
        mode = assessment.candidate.mode
        self.requirements = requirements
        self.desired = desired
        let verdicts = assessment.verdicts.filter { $0.outcome != .notMet && $0.requirement.strength != .mustNot }
        met = Set(verdicts.map(\.requirement.key))
    }

    mutating func chooseMonitor() {
        let arp = met.contains(.arpMonitoring) ? requirements.targets(.arpMonitoring) : []
        let solicited = met.contains(.ipv6Monitoring) ? requirements.targets(.ipv6Monitoring) : []
        if !arp.isEmpty || !solicited.isEmpty { return choosePathMonitor(arp, solicited) }
        // teamd follows the events of the kernel by itself, without an interval.
        guard driver == .bonding else { return }
        let wanted = requirements.detection(among: met)
        let interval = min(PlanProposal.monitorInterval, wanted ?? .max)
        desired.linkMonitor = .value(.carrier(interval: interval, upDelay: nil, downDelay: nil))
        let own = BondingOptions.table["miimon"]?.defaultValue.value(in: mode) == .number(0)
        add(
            "link-monitor.interval", "\(interval)ms",
            "a port without link is given up within \(interval)ms"
                + (wanted == nil ? "" : ", in the time that is wanted")
                + (own ? "; the kernel's default in this mode is to watch nothing" : ", the kernel's own default"),
            "miimon")
    }

    /// Next hops are asked by ARP, by neighbour solicitation, or both.
    private mutating func choosePathMonitor(_ arp: [IPAddress], _ solicited: [IPAddress]) {
        // Bonding looks once an interval, and then tries the other ports one interval each (bond_ab_arp_probe).
        let takeover: Int64 = driver == .bonding ? 2 : 1
        var monitor = PathMonitor(kind: arp.isEmpty ? .ns : .arp, targets: arp.isEmpty ? solicited : arp)
        if let wanted = requirements.detection(among: met) {
            monitor.interval = min(monitor.interval, max(wanted / (monitor.missed + takeover), 10))
        }
        if !arp.isEmpty, !solicited.isEmpty, driver == .teaming { return chooseWatches(arp, solicited, monitor) }
        desired.pathMonitor = .value(monitor)
        let (how, option) =
            monitor.kind == .arp
            ? ("ARP asks the next hop", "arp_ip_target")
            : ("neighbour solicitation asks the next hop over IPv6", "ns_ip6_target")
        add("path-monitor.kind", monitor.kind.rawValue, how, option, "link_watch")
        add(
            "path-monitor.targets", Self.list(monitor.targets), "who has to answer, as required", option, "link_watch")
        add(
            "path-monitor.interval", "\(monitor.interval)ms",
            Self.promise(monitor, takeover)
                + (driver == .bonding
                    ? "; this takes the place of the link monitor, which the kernel refuses beside it" : ""),
            "arp_interval", "link_watch")
        add(
            "path-monitor.missed", String(monitor.missed), "one lost probe is no failure", "arp_missed_max",
            "link_watch")
        if !arp.isEmpty, !solicited.isEmpty {
            addOption(
                "ns_ip6_target", solicited.map(\.description).joined(separator: ","),
                "who has to answer over IPv6; any target that answers keeps a port in use")
        }
        if driver == .teaming {
            guard mode != .broadcast || monitor.targets.count > 1 else { return }
            desired.approximate = true
            add("approximate", "true", "who asks, and what counts as an answer, is up to the runner")
        } else if ModeSet([.rr, .xor]).contains(mode) {
            desired.approximate = true
            add(
                "approximate", "true",
                "the switch hands each answer to one port, so any frame has to count as an answer")
        }
    }

    /// A list of watches, for which there is no neutral key: one target each.
    private mutating func chooseWatches(_ arp: [IPAddress], _ solicited: [IPAddress], _ monitor: PathMonitor) {
        let watches = [("arp_ping", arp), ("nsna_ping", solicited)].flatMap { name, targets in
            targets.map { target in
                "{name: \(name), interval: \(monitor.interval)ms, missed_max: \(monitor.missed), target_host: \"\(target)\"}"
            }
        }
        addOption(
            "link_watch", "[\(watches.joined(separator: ", "))]",
            "\(Self.promise(monitor, 1)); any watch that is up keeps a port in use")
    }

    private static func promise(_ monitor: PathMonitor, _ takeover: Int64) -> String {
        "with \(monitor.missed) probes missed, a port is given up after about \(monitor.interval * monitor.missed)ms, "
            + "and traffic goes on within \(monitor.interval * (monitor.missed + takeover))ms"
    }

    private static func list(_ targets: [IPAddress]) -> String { targets.map(\.description).joined(separator: ", ") }

    /// In the order of the list, the first port first.
    mutating func choosePriorities() {
        guard met.contains(.priorities), ModeSet([.ab, .tlb, .alb]).contains(mode), let ports = desired.ports else {
            return
        }
        for place in ports.indices { desired.ports?[place].priority = .value(Int64(ports.count - place)) }
        add("ports.priority", "in the order of the list", "higher wins when another port has to take over")
        guard driver == .teaming else { return }
        desired.approximate = true
        add("approximate", "true", "a faster port wins over one with a higher priority")
    }

    /// What happens when another port takes over.
    mutating func chooseTakeover() {
        if met.contains(.stickiness) {
            desired.reselect = .value(.failure)
            add(
                "reselect", "failure", "traffic does not go back to a better port, which would be a further break",
                "primary_reselect")
        }
        if met.contains(.macPolicy), let policy = requirements.choice(.macPolicy).flatMap(MACPolicy.init) {
            desired.macPolicy = .value(policy)
            add("mac-policy", policy.rawValue, "as required", "fail_over_mac", "runner.hwaddr_policy")
        }
        if met.contains(.announcements), let count = requirements.number(.announcements) {
            addOption(
                driver == .bonding ? "num_grat_arp" : "notify_peers.count", String(count),
                "so often neighbours and switches are told where the address is now")
        }
    }

    mutating func chooseHash() {
        guard ModeSet([.xor, .ad]).contains(mode) else { return }
        if driver == .teaming, met.contains(.rebalancing) {
            addOption(
                "runner.tx_balancer.name", "basic", "flows move to ports with less to do every five seconds")
        }
        let fine = met.contains(.throughput) || met.contains(.ktls)
        let layers: [HashLayer] = fine ? [.l3, .l4] : [.l2, .l3]
        desired.hash = .value(Set(layers))
        add(
            "hash", "[\(layers.map(\.rawValue).joined(separator: ", "))]",
            fine
                ? "connections between the same two hosts spread over the ports too"
                : "all that two hosts say to each other stays on one port, fragments included",
            "xmit_hash_policy", "runner.tx_hash")
    }

    mutating func chooseLACP() {
        guard mode == .lacp else { return }
        chooseRate()
        if met.contains(.lacpKey), let key = requirements.number(.lacpKey) { chooseKey(key) }
        if met.contains(.lacpSystem), let system = requirements.hardwareAddress(.lacpSystem) { chooseSystem(system) }
        if met.contains(.lacpPassive) {
            desired.lacp.active = .value(false)
            add("lacp.active", "false", "the partner begins, as required", "lacp_active", "runner.active")
        }
        let least = (met.contains(.minPorts) ? requirements.number(.minPorts) : nil) ?? 1
        desired.lacp.minPorts = .value(least)
        add(
            "lacp.min-ports", "\(least)",
            least == 1
                ? "one port that works is enough to keep the carrier"
                : "with fewer ports that work the carrier goes, so that others can take over",
            "min_links", "runner.min_ports")
    }

    private mutating func chooseRate() {
        if met.contains(.lacpRate), let rate = requirements.choice(.lacpRate).flatMap(LACPWishes.Rate.init) {
            desired.lacp.rate = .value(rate)
            add("lacp.rate", rate.rawValue, "as required", "lacp_rate", "runner.fast_rate")
        } else if met.contains(.redundancy) || met.contains(.detection) {
            desired.lacp.rate = .value(.fast)
            add(
                "lacp.rate", "fast", "a partner that falls silent is noticed after 3 s instead of 90 s",
                "lacp_rate", "runner.fast_rate")
        }
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
    private mutating func addOption(_ name: String, _ text: String, _ reason: String) {
        desired.options.append(DriverOption(name: name, text: text))
        add("options.\(name)", text, reason, name, name)
    }

    /// - Parameters:
    ///   - bonding: the option behind the key with that driver, whose source is told.
    ///   - teaming: the same.
    private mutating func add(
        _ key: String, _ value: String, _ reason: String, _ bonding: String? = nil, _ teaming: String? = nil
    ) {
        let name = driver == .bonding ? bonding : teaming
        let source = name.flatMap { OptionTables.shared.aggregate(driver)[$0] }.map {
            "\(driver == .bonding ? "kernel" : "libteam") \($0.source)"
        }
        options.append(PlanProposal.Option(key: key, value: value, reason: reason, source: source))
    }
}
