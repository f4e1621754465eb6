/// What there is to say about one aggregate, worst things with the verdict that they lead to.
struct AggregateFindings {
    typealias Finding = AggregateStatus.Finding

    let link: Link
    let facts: AggregateFacts
    let ports: [Link]
    let statuses: [PortStatus]
    let expected: Int?

    var all: [Finding] { [control, existence, monitoring, aggregation, redundancy, remarks].flatMap { $0 } }

    private var usable: Int { statuses.count(where: \.isUsable) }
    private var hasNoPartner: Bool { facts.mode == .lacp && facts.activeAggregator?.partnerSystem?.isZero == true }

    /// Whether teamd is there: without it the kernel goes on as it was told last.
    private var control: [Finding] {
        guard let daemon = facts.daemon else { return [] }
        var findings: [Finding] = []
        if daemon.rivals.count > 1 {
            let list = daemon.rivals.map(String.init).joined(separator: " and ")
            findings.append(Finding(.misconfigured, "two teamd processes claim it: \(list)", isRootCause: true))
        }
        let process = daemon.process.map { " (process \($0))" } ?? ""
        switch daemon.state {
        case .running:
            if !daemon.isSupervised {
                findings.append(
                    Finding(nil, "teamd\(process) is unsupervised: nothing starts it again when it dies"))
            }
        case .absent:
            findings.append(
                Finding(uncontrolled, "teamd is not running: \(meanwhile); aggctl repair \(link.name) starts it again"))
        case .silent:
            findings.append(
                Finding(
                    uncontrolled,
                    "teamd\(process) does not answer: \(meanwhile); aggctl repair \(link.name) replaces it"))
        }
        return findings
    }

    /// What traffic does while nobody is in control (feature by feature in drivers/net/team/team_mode_*.c).
    private var meanwhile: String {
        switch facts.mode {
        case .activeBackup:
            facts.activePort.map { "traffic stays on \($0), whatever happens to it" } ?? "no port is in use"
        case .balanceXOR: "flows stay on their ports, those of a port that fails are lost"
        case .lacp: "no LACPDUs are sent, the partner gives the ports up when it has waited long enough"
        default: "the kernel passes over ports without carrier, nothing else is watched"
        }
    }

    /// Nobody can say that it is healthy, and what depends on the daemon alone is as good as down.
    private var uncontrolled: Verdict {
        let active = zip(ports, statuses).first { $0.0.name == facts.activePort }
        return facts.mode == .lacp || facts.mode == .activeBackup && active?.1.isUsable != true ? .down : .unknown
    }

    /// Whether it carries anything at all.
    private var existence: [Finding] {
        guard !ports.isEmpty else { return [Finding(.misconfigured, "it has no ports", isRootCause: true)] }
        var findings: [Finding] = []
        let minimum = facts.minimumPorts
        let option = facts.driver == .bonding ? "min_links" : "runner.min_ports"
        if minimum > ports.count {
            let there = Self.count(ports.count, "port")
            let text = "\(option) is \(minimum) and there \(there): it can never have carrier"
            findings.append(Finding(.misconfigured, text, isRootCause: true))
        }
        if !link.isUp {
            findings.append(Finding(.down, "administratively down"))
        } else if usable == 0 {
            findings.append(Finding(.down, "no port is usable"))
        } else if !link.hasCarrier {
            let reason = minimum > usable ? ": \(usable) of at least \(minimum) ports (\(option)) usable" : ""
            findings.append(Finding(.down, "it has no carrier\(reason)"))
        } else if facts.mode == .activeBackup, facts.activePort == nil {
            findings.append(Finding(.down, "no port is active"))
        }
        return findings
    }

    /// Whether a port that fails would be noticed.
    private var monitoring: [Finding] {
        if facts.hasNoMonitor {
            let text = "no link monitor: a port that fails is not noticed (miimon and arp_interval are 0)"
            return [Finding(.misconfigured, text)]
        }
        let targets = ["arp_ip_target", "ns_ip6_target"].compactMap { facts.options[$0] }
        if facts.number("arp_interval") ?? 0 > 0, !targets.isEmpty, targets.allSatisfy({ $0 == .targets([]) }) {
            return [Finding(.misconfigured, "arp_interval is set and there are no targets to ask")]
        }
        return []
    }

    /// Whether LACP has brought the ports together.
    private var aggregation: [Finding] {
        guard facts.mode == .lacp else { return [] }
        var findings: [Finding] = []
        if hasNoPartner {
            let text = "no partner: nothing at the other end speaks LACP; the switch needs an LACP group there"
            findings.append(Finding(.degraded, text))
        }
        let linked = zip(ports, statuses).filter { $1.link == .up }
        let mute = linked.filter { $0.0.speed == nil || $0.0.duplex == .half }
        let aggregators = Set(linked.compactMap { $1.lacp?.aggregatorID })
        guard linked.count > 1, aggregators.count == linked.count else { return findings }
        if mute.count == linked.count {
            let text = "LACP needs a known speed and full duplex: without, every port stays in an aggregator of its own"
            findings.append(Finding(.misconfigured, text))
        } else if linked.contains(where: { $0.0.port?.partnerState?.contains(.synchronization) == true }) {
            let text = "each port is in an aggregator of its own: only one carries traffic"
            findings.append(Finding(.misconfigured, text))
        }
        return findings
    }

    /// Whether everything that should be there is.
    private var redundancy: [Finding] {
        guard !ports.isEmpty else { return [] }
        var findings: [Finding] = []
        let wanted = expected ?? ports.count
        if ports.count < wanted {
            let there = Self.count(ports.count, "port")
            findings.append(Finding(.degraded, "\(wanted) ports are expected and there \(there)"))
        }
        if usable < min(wanted, ports.count), usable > 0 {
            findings.append(Finding(.degraded, "\(usable) of \(ports.count) ports usable"))
        }
        let torn = statuses.filter(\.planesDisagree).map(\.name)
        // Without a partner one port forwards alone by design; that finding says it all.
        if !torn.isEmpty, !hasNoPartner {
            let text = "control plane and forwarding plane disagree about \(torn.joined(separator: ", "))"
            findings.append(Finding(.degraded, text))
        }
        return findings
    }

    /// What does not change the verdict.
    private var remarks: [Finding] {
        var findings: [Finding] = []
        if ports.count == 1, expected ?? 1 <= 1 {
            findings.append(Finding(nil, "one port only: nothing takes over when it fails"))
        }
        let speeds = Set(zip(ports, statuses).filter { $1.isUsable }.compactMap { $0.0.speed })
        if speeds.count > 1, facts.mode != .activeBackup {
            let list = speeds.sorted().map(String.init).joined(separator: ", ")
            findings.append(Finding(nil, "ports differ in speed: \(list) Mbit/s"))
        }
        return findings
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "is 1 \(noun)" : "are \(number) \(noun)s"
    }
}
