/// Whether an aggregate could have carrier, and answers to its questions, once a wish is carried out.
///
/// Only what is certain counts: a partner that has not been heard is missing only where the aggregate cannot do without.
package struct CarrierProspect {
    private let wish: ResolvedAggregate
    private let link: Link?
    private let host: HostState
    private let mode: Mode?
    private let options: OptionValues
    private let ports: [Link]

    /// - Parameter link: the aggregate as it is; nil when it is to be made.
    package init(_ wish: ResolvedAggregate, link: Link?, host: HostState) {
        self.wish = wish
        self.link = link
        self.host = host
        mode = wish.mode ?? link?.aggregate?.mode
        var options = link?.aggregate?.options ?? [:]
        for setting in wish.settings { options[setting.name] = setting.value }
        self.options = options
        ports =
            wish.ports.map { $0.compactMap { host.link(named: $0.name) } } ?? link.map { host.ports(of: $0) } ?? []
    }

    /// Why it will never have carrier, as the end of a sentence; nil when nothing stands in the way for certain.
    package var obstacle: String? {
        if ports.isEmpty { return "it has no ports" }
        if minimumPorts > ports.count {
            return
                "\(minimumOption) is \(minimumPorts) and it has \(ports.count == 1 ? "1 port" : "\(ports.count) ports")"
                + ": it never gets carrier"
        }
        if ports.allSatisfy({ $0.isUp && !$0.hasCarrier }) { return "none of its ports has carrier" }
        return targetObstacle ?? partnerObstacle
    }

    /// It has no carrier before a partner answers by LACP, and it is not known whether one does: worth listening.
    package var dependsOnPartner: Bool {
        guard mode == .lacp, link?.aggregate?.activeAggregator?.partnerSystem.map({ !$0.isZero }) != true else {
            return false
        }
        // A bond without a partner uses one port; teamd none.
        return wish.driver == .teaming || minimumPorts > 1 || number("lacp_strict") == 1
    }

    /// The ports at which a partner may be heard: a port that is down hears nobody.
    package var listeningPorts: [Link] { ports.filter { $0.isUp && $0.hasCarrier } }

    private var partnerObstacle: String? {
        guard dependsOnPartner, let heard = host.heardPartners, !ports.contains(where: { heard.contains($0.index) })
        else { return nil }
        return "no LACP partner was heard at any of its ports, without which it never gets carrier"
    }

    private var minimumOption: String { wish.driver == .bonding ? "min_links" : "runner.min_ports" }
    private var minimumPorts: Int { mode == .lacp ? Int(number(minimumOption) ?? 0) : 0 }

    private func number(_ option: String) -> Int64? {
        if case .number(let number) = options[option] { number } else { nil }
    }

    // MARK: - Targets of a path monitor

    private var targetObstacle: String? {
        guard wish.driver == .bonding, number("arp_interval") ?? 0 > 0, mode?.takesPathMonitor != false else {
            return nil
        }
        let targets = ["arp_ip_target", "ns_ip6_target"].flatMap { option -> [IPAddress] in
            if case .targets(let targets) = options[option] { targets } else { [] }
        }
        if targets.isEmpty { return "arp_interval is set and there are no targets to ask: it never gets carrier" }
        let networks = networks
        let answerable = targets.filter { target in
            !networks.contains { $0.address == target }
                && (target.isLinkLocal || networks.contains { $0.contains(target) })
        }
        guard answerable.isEmpty else { return nil }
        let list = targets.map(\.description).joined(separator: ", ")
        return "nobody can answer for \(list): it is in no network of the aggregate, or is its own address"
    }

    /// The networks that it will be in: its own addresses, those of its ports, and those of what stands on either.
    private var networks: [IPPrefix] {
        let devices = ([link].compactMap { $0 } + ports).flatMap { [$0] + host.stacked(on: $0) }
        return devices.flatMap { host.addresses(of: $0) }.map(\.prefix) + (wish.addresses ?? [])
    }
}

extension Mode {
    /// arp_interval does something (`bond_opts`: not in the modes with their own monitor).
    fileprivate var takesPathMonitor: Bool { self != .lacp && self != .balanceTLB && self != .balanceALB }
}
