/// Judges aggregates from what the kernel says, so that a recorded state is judged like a live one.
package struct AggregateHealth {
    private let link: Link
    private let ports: [Link]
    private let expected: Int?
    private let isPrivileged: Bool
    /// The bridge or other device that the aggregate is a port of.
    private let master: Link?
    /// Milliseconds since a change that made its monitors or LACP begin anew.
    private let age: Int64?

    /// The status of every aggregate of a host, in the order of their indices.
    ///
    /// - Parameters:
    ///   - expected: how many ports should be usable, by aggregate, where somebody has said so.
    ///   - ages: milliseconds since a change that made monitors or LACP begin anew, by aggregate, where that is known.
    package static func statuses(
        of state: HostState, expected: [String: Int] = [:], ages: [String: Int64] = [:]
    ) -> [AggregateStatus] {
        state.links.filter(\.isAggregate).sorted { $0.index < $1.index }.map { link in
            AggregateHealth(
                link: link, ports: state.ports(of: link), expected: expected[link.name],
                isPrivileged: state.isPrivileged, master: link.master.flatMap(state.link(index:)),
                age: ages[link.name]
            ).status
        }
    }

    private var status: AggregateStatus {
        guard let facts = link.aggregate else { return unread }
        var portStatuses = judgedPorts(facts, isSettling: false)
        let usable = zip(ports, portStatuses).filter { $1.isUsable }.map(\.0)
        let findings = AggregateFindings(
            link: link, facts: facts, ports: ports, statuses: portStatuses, expected: expected, master: master)
        var all = findings.all
        let settling = Settling(link: link, facts: facts, ports: ports, statuses: portStatuses, age: age)
        let timeLeft = findings.areLasting ? nil : settling.timeLeft
        if let timeLeft {
            portStatuses = judgedPorts(facts, isSettling: true)
            all = [settling.finding(timeLeft)] + findings.remarks
        }
        return make(
            mode: facts.mode, verdict: Self.verdict(all), settling: timeLeft ?? .doesNotApply, findings: all,
            ports: portStatuses, speed: speed(usable, facts), facts: facts)
    }

    /// A device whose driver is not read here: it is shown, and nothing is claimed.
    private var unread: AggregateStatus {
        let text =
            link.aggregateDriver == .teaming && !isPrivileged
            ? "teamd tells nothing about it without CAP_NET_ADMIN: ask as root"
            : "nothing is known of it as an aggregate"
        let finding = AggregateStatus.Finding(.unknown, text)
        return make(mode: nil, verdict: .unknown, findings: [finding], ports: [], speed: nil, facts: nil)
    }

    private func make(
        mode: Mode?, verdict: Verdict, settling: Reading<Int64> = .doesNotApply, findings: [AggregateStatus.Finding],
        ports statuses: [PortStatus],
        speed: UInt64?, facts: AggregateFacts?
    ) -> AggregateStatus {
        AggregateStatus(
            name: link.name, driver: facts?.driver ?? link.aggregateDriver ?? .bonding, mode: mode, isUp: link.isUp,
            hasCarrier: link.hasCarrier, address: link.address, verdict: verdict, settling: settling,
            portsUp: facts == nil ? nil : statuses.count(where: \.isUsable),
            expectedPorts: expected ?? ports.count, speed: speed,
            activePort: activePort(facts), activeAggregator: activeAggregator(facts),
            partner: partner(facts, isSettling: settling != .doesNotApply),
            hashPolicy: hashPolicy(facts), hidden: hidesPartner(facts) ? ["partner"] : [], findings: findings,
            ports: statuses, options: facts?.options ?? [:], hiddenOptions: facts?.hidden ?? [],
            daemon: facts?.daemon)
    }

    private func judgedPorts(_ facts: AggregateFacts, isSettling: Bool) -> [PortStatus] {
        let active = facts.activeAggregator?.id
        let reference = ports.first { $0.port?.aggregatorID == active && $0.port?.actorState?.isForwarding == true }
        return ports.map {
            PortHealth(link: $0, master: link, aggregate: facts, reference: reference, isSettling: isSettling).status
        }
    }

    /// What is down is down, unless it never could have come up.
    private static func verdict(_ findings: [AggregateStatus.Finding]) -> Verdict {
        findings.first(where: \.isRootCause)?.verdict ?? findings.compactMap(\.verdict).max() ?? .healthy
    }

    // MARK: Readings

    private func speed(_ usable: [Link], _ facts: AggregateFacts) -> UInt64? {
        let carrying = facts.mode == .activeBackup ? usable.filter { $0.name == facts.activePort } : usable
        let speeds = carrying.map { $0.speed.map(UInt64.init) }
        guard !speeds.contains(nil) else { return nil }
        let known = speeds.compactMap { $0 }
        // Every port sends every frame in broadcast: the slowest one sets the pace.
        return facts.mode == .broadcast ? known.min() ?? 0 : known.reduce(0, +)
    }

    private func activePort(_ facts: AggregateFacts?) -> Reading<String> {
        guard let facts, facts.mode.usesOnePort else { return .doesNotApply }
        return facts.activePort.map(Reading.value) ?? .nothing
    }

    private func activeAggregator(_ facts: AggregateFacts?) -> Reading<UInt16> {
        guard let facts, facts.mode == .lacp else { return .doesNotApply }
        return facts.activeAggregator.map { .value($0.id) } ?? .nothing
    }

    private func hidesPartner(_ facts: AggregateFacts?) -> Bool {
        guard let facts, facts.mode == .lacp else { return false }
        return !isPrivileged && facts.activeAggregator?.partnerSystem == nil
    }

    private func partner(_ facts: AggregateFacts?, isSettling: Bool) -> Reading<AggregateStatus.PartnerSystem> {
        guard let facts, facts.mode == .lacp else { return .doesNotApply }
        guard let active = facts.activeAggregator, let system = active.partnerSystem else { return .unknown }
        // One that was not heard yet may still be.
        if system.isZero { return isSettling ? .unknown : .nothing }
        return .value(.init(system: system, key: active.partnerKey))
    }

    private func hashPolicy(_ facts: AggregateFacts?) -> Reading<String> {
        guard let facts, facts.choosesByHash else { return .doesNotApply }
        return facts.hashPolicyText.map(Reading.value) ?? .unknown
    }
}
