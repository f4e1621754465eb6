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
        if met.contains(.ipv6Monitoring), !requirements.targets.isEmpty { return choosePathMonitor() }
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

    private mutating func choosePathMonitor() {
        // Bonding looks once an interval, and then tries the other ports one interval each (bond_ab_arp_probe).
        let takeover: Int64 = driver == .bonding ? 2 : 1
        var monitor = PathMonitor(kind: .ns, targets: requirements.targets)
        if let wanted = requirements.detection(among: met) {
            monitor.interval = min(monitor.interval, max(wanted / (monitor.missed + takeover), 10))
        }
        desired.pathMonitor = .value(monitor)
        let targets = monitor.targets.map(\.description).joined(separator: ", ")
        add(
            "path-monitor.kind", monitor.kind.rawValue, "neighbour solicitation asks the next hop over IPv6",
            "ns_ip6_target", "link_watch")
        add("path-monitor.targets", targets, "who has to answer, as required", "ns_ip6_target", "link_watch")
        add(
            "path-monitor.interval", "\(monitor.interval)ms",
            "with \(monitor.missed) probes missed, a port is given up after about \(monitor.interval * monitor.missed)ms, "
                + "and traffic goes on within \(monitor.interval * (monitor.missed + takeover))ms"
                + (driver == .bonding
                    ? "; this takes the place of the link monitor, which the kernel refuses beside it" : ""),
            "arp_interval", "link_watch")
        add(
            "path-monitor.missed", String(monitor.missed), "one lost probe is no failure", "arp_missed_max",
            "link_watch")
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

    mutating func chooseHash() {
        guard ModeSet([.xor, .ad]).contains(mode) else { return }
        if driver == .teaming, met.contains(.rebalancing) {
            let balancer = DriverOption(name: "runner.tx_balancer.name", text: "basic")
            desired.options.append(balancer)
            add(
                "options.\(balancer.name)", balancer.text, "flows move to ports with less to do every five seconds",
                nil,
                balancer.name)
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
        if met.contains(.redundancy) || met.contains(.detection) {
            desired.lacp.rate = .value(.fast)
            add(
                "lacp.rate", "fast", "a partner that falls silent is noticed after 3 s instead of 90 s",
                "lacp_rate", "runner.fast_rate")
        }
        if met.contains(.lacpPassive) {
            desired.lacp.active = .value(false)
            add("lacp.active", "false", "the partner begins, as required", "lacp_active", "runner.active")
        }
        let least = requirements.minPorts(among: met) ?? 1
        desired.lacp.minPorts = .value(least)
        add(
            "lacp.min-ports", "\(least)",
            least == 1
                ? "one port that works is enough to keep the carrier"
                : "with fewer ports that work the carrier goes, so that others can take over",
            "min_links", "runner.min_ports")
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
