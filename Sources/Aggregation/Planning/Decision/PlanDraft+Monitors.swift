/// How ports are watched, and how long one that is back waits.
extension PlanDraft {
    mutating func chooseMonitor() {
        let (arp, solicited) = (met.targets(.arpMonitoring), met.targets(.ipv6Monitoring))
        if !arp.isEmpty || !solicited.isEmpty { return choosePathMonitor(arp, solicited) }
        let wanted = driver == .bonding ? met.detection : nil
        let interval = min(PlanProposal.monitorInterval, wanted ?? .max)
        let delay = settleTime.map { ($0.time + interval - 1) / interval * interval }
        // teamd follows the events of the kernel by itself, without an interval.
        guard driver == .bonding || delay != nil else { return }
        desired.linkMonitor = .value(.carrier(interval: interval, upDelay: delay, downDelay: nil))
        if driver == .bonding {
            let own = BondingOptions.table["miimon"]?.defaultValue.value(in: mode) == .number(0)
            add(
                "link-monitor.interval", "\(interval)ms",
                "a port without link is given up within \(interval)ms"
                    + (wanted == nil ? "" : ", in the time that is wanted")
                    + (own ? "; the kernel's default in this mode is to watch nothing" : ", the kernel's own default"),
                "miimon")
        }
        guard let delay, let settleTime else { return }
        add("link-monitor.up-delay", "\(delay)ms", settleTime.reason, "updelay", "link_watch")
    }

    /// How long a port whose link is back waits before it is used, and why.
    private var settleTime: (time: Int64, reason: String)? {
        if let wanted = met.all.filter({ $0.key == .settle }).compactMap(\.time).max() {
            return (wanted, "a port whose link is back waits so long before it is used, as required")
        }
        let usual = PlanProposal.settleTime
        guard !avoids(.settle, .duration(usual)) else { return nil }
        if mode == .balanceALB {
            return (usual, "a switch that has just started forwards late, and clients would be sent to a dead port")
        }
        guard returnsToAnotherSwitch, !met.wants(.stickiness) else { return nil }
        return (usual, "a switch that has just started forwards late: traffic does not return before it does")
    }

    /// Next hops are asked by ARP, by neighbour solicitation, or both.
    private mutating func choosePathMonitor(_ arp: [IPAddress], _ solicited: [IPAddress]) {
        let takeover = JointRules.takeover(driver)
        var monitor = PathMonitor(kind: arp.isEmpty ? .ns : .arp, targets: arp.isEmpty ? solicited : arp)
        let countsMissed = driver == .teaming || canSet("arp_missed_max")
        if !countsMissed { monitor.missed = PathMonitor.kernelMissed }
        if let wanted = met.detection {
            monitor.interval = min(
                monitor.interval, max(wanted / (monitor.missed + takeover), JointRules.leastProbeInterval))
        }
        if !arp.isEmpty, !solicited.isEmpty, driver == .teaming { return chooseWatches(arp, solicited, monitor) }
        guard countsMissed else { return chooseProbes(monitor, arp, solicited) }
        desired.pathMonitor = .value(monitor)
        let (how, option) = Self.means(monitor)
        add("path-monitor.kind", monitor.kind.rawValue, how, option, "link_watch")
        add(
            "path-monitor.targets", Self.list(monitor.targets), "who has to answer, as required", option, "link_watch")
        add("path-monitor.interval", "\(monitor.interval)ms", promise(monitor), "arp_interval", "link_watch")
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
        } else {
            add("arp_validate", "all", "path-monitor sets it: only an answer counts, not any frame", "arp_validate")
        }
    }

    /// The same by the options of bonding, where path-monitor would set one that the kernel or the tool lacks.
    private mutating func chooseProbes(_ monitor: PathMonitor, _ arp: [IPAddress], _ solicited: [IPAddress]) {
        let isShared = ModeSet([.rr, .xor]).contains(mode)
        addOption("arp_interval", "\(monitor.interval)ms", promise(monitor))
        if !arp.isEmpty { addOption("arp_ip_target", Self.plainList(arp), "who has to answer, as required") }
        if !solicited.isEmpty {
            addOption("ns_ip6_target", Self.plainList(solicited), "who has to answer over IPv6, as required")
        }
        guard !isShared else { return }
        addOption("arp_validate", "all", "only an answer counts, not any frame")
    }

    private static func means(_ monitor: PathMonitor) -> (how: String, option: String) {
        monitor.kind == .arp
            ? ("ARP asks the next hop", "arp_ip_target")
            : ("neighbour solicitation asks the next hop over IPv6", "ns_ip6_target")
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
            "\(promise(monitor)); any watch that is up keeps a port in use")
    }

    private func promise(_ monitor: PathMonitor) -> String {
        let within = monitor.interval * (monitor.missed + JointRules.takeover(driver))
        return "with \(monitor.missed) probes missed, a port is given up after about "
            + "\(monitor.interval * monitor.missed)ms, and traffic goes on within \(within)ms"
            + (driver == .bonding
                ? "; this takes the place of the link monitor, which the kernel refuses beside it" : "")
    }

    private static func plainList(_ targets: [IPAddress]) -> String {
        targets.map(\.description).joined(separator: ",")
    }

    private static func list(_ targets: [IPAddress]) -> String { targets.map(\.description).joined(separator: ", ") }
}
