/// What there is to say about one aggregate, worst things with the verdict that they lead to.
struct AggregateFindings {
    typealias Finding = AggregateStatus.Finding

    let link: Link
    let facts: AggregateFacts
    let ports: [Link]
    let statuses: [PortStatus]
    let expected: Int?
    /// The bridge or other device that the aggregate is a port of.
    let master: Link?

    var all: [Finding] { [lasting, traffic, aggregation, redundancy, remarks].flatMap { $0 } }

    /// Time alone mends none of these.
    private var lasting: [Finding] { control + existence + monitoring }

    /// The verdict does not hang on what may still come by itself.
    var areLasting: Bool { lasting.contains { $0.verdict != nil } }

    private var usable: Int { statuses.count(where: \.isUsable) }
    private var hasNoPartner: Bool { facts.hasNoPartner }

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
            let remedy =
                daemon.canBeRepaired
                ? "aggctl repair \(link.name) starts it again" : AggregateFacts.Daemon.startByHand(link.name)
            findings.append(Finding(uncontrolled, "teamd is not running: \(meanwhile); \(remedy)"))
        case .silent:
            let remedy =
                daemon.canBeRepaired
                ? "aggctl repair \(link.name) replaces it" : AggregateFacts.Daemon.startByHand(link.name)
            findings.append(Finding(uncontrolled, "teamd\(process) does not answer: \(meanwhile); \(remedy)"))
        case .unknown:
            let reason = daemon.unseen ?? "the caller lacks privilege"
            let text = "teamd\(process) cannot be examined: \(reason); run aggctl as root, with all capabilities"
            findings.append(Finding(.unknown, text, isRootCause: true))
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

    /// Whether it can carry anything at all.
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
        if !link.isUp { findings.append(Finding(.down, "administratively down")) }
        return findings
    }

    /// Whether it carries anything now.
    private var traffic: [Finding] {
        guard !ports.isEmpty, link.isUp else { return [] }
        if usable == 0 { return [Finding(.down, "no port is usable")] }
        if !link.hasCarrier {
            let option = facts.driver == .bonding ? "min_links" : "runner.min_ports"
            let minimum = facts.minimumPorts
            let reason = minimum > usable ? ": \(usable) of at least \(minimum) ports (\(option)) usable" : ""
            return [Finding(.down, "it has no carrier\(reason)")]
        }
        guard facts.mode == .activeBackup else { return [] }
        guard let active = facts.activePort else { return [Finding(.down, "no port is active")] }
        // Without a daemon that question is judged with it.
        guard facts.isManaged, !statuses.contains(where: \.isCarrying) else { return [] }
        return [Finding(.down, "the active port \(active) carries nothing")]
    }

    /// Whether a port that fails would be noticed.
    private var monitoring: [Finding] {
        if facts.hasNoMonitor {
            let text = "no link monitor: a port that fails is not noticed (miimon and arp_interval are 0)"
            return [Finding(.misconfigured, text)]
        }
        let isShown = ["arp_ip_target", "ns_ip6_target"].contains { facts.options[$0] != nil }
        if facts.driver == .bonding, isShown, facts.targetMonitor?.targets.isEmpty == true {
            let text =
                "arp_interval is set without a target to ask (arp_ip_target, ns_ip6_target): no port gets an answer"
            return [Finding(.misconfigured, text, isRootCause: true)]
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
        guard linked.count > 1, Self.areApart(linked.map(\.0)) else { return findings }
        // After a while a port whose partner is silent is in an aggregator of its own too: that is its note.
        let heard = linked.map(\.0).filter(\.hearsPartner)
        if mute.count == linked.count {
            let text = "LACP needs a known speed and full duplex: without, every port stays in an aggregator of its own"
            findings.append(Finding(.misconfigured, text))
        } else if heard.count > 1 || heard.count == linked.count {
            let text = "each port is in an aggregator of its own: only one carries traffic"
            findings.append(Finding(.misconfigured, text))
        }
        return findings
    }

    private static func areApart(_ ports: [Link]) -> Bool {
        Set(ports.compactMap { $0.port?.aggregatorID }).count == ports.count
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
        let small = ports.filter { $0.mtu < link.mtu }.map(\.name)
        if !small.isEmpty {
            let text =
                "the MTU of \(small.joined(separator: ", ")) is less than \(link.mtu): longer frames are lost there"
            findings.append(Finding(.degraded, text))
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
    var remarks: [Finding] {
        var findings = setting + laxity
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

    /// A target that does not answer may go unnoticed.
    private var laxity: [Finding] {
        let own = ports.compactMap { port -> TargetMonitor? in
            guard facts.driver == .teaming, case .watches(let watches)? = port.port?.options["link_watch"] else {
                return nil
            }
            return TargetMonitor(watches: watches, mode: facts.mode)
        }
        var seen: Set<String> = []
        return ([facts.targetMonitor].compactMap { $0 } + own).compactMap { monitor in
            guard let text = monitor.warning, seen.insert(text).inserted else { return nil }
            return Finding(nil, text)
        }
    }

    /// What its mode does to the devices of a bridge that it is a port of.
    private var setting: [Finding] {
        guard let master, ["bridge", "openvswitch"].contains(master.kind ?? ""), ports.count > 1 else { return [] }
        switch facts.mode {
        case .balanceTLB, .balanceALB:
            let text =
                "mode \(facts.mode.rawValue) writes the MAC address of the sending port into frames of hosts behind "
                + "\(master.name): port security and ARP inspection of the switch may drop them"
            return [Finding(nil, text)]
        case .balanceXOR where facts.hashPolicyText == "vlan+srcmac":
            let text =
                "with hash vlan+srcmac the switch sends broadcast back by the other ports: hosts behind \(master.name) "
                + "lose traffic unless looped frames are filtered"
            return [Finding(nil, text)]
        default: return []
        }
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        number == 1 ? "is 1 \(noun)" : "are \(number) \(noun)s"
    }
}

extension Link {
    /// LACPDUs of a partner arrive on it in time.
    fileprivate var hearsPartner: Bool {
        guard let port, let state = port.actorState else { return false }
        return state.isDisjoint(with: [.defaulted, .expired]) && port.receivedLACPDUs != 0
    }
}
