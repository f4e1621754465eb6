/// Ports that come and go, and what they carry.
extension AggregatePlanner {
    // MARK: - Leaving

    mutating func release(_ turnover: PortTurnover, from link: Link, _ facts: AggregateFacts) {
        guard !turnover.released.isEmpty else { return }
        let remain = turnover.staying.compactMap { host.link(named: $0.name) }
        let staysUsable = remain.contains { $0.isUsable(in: link) }
        // One that has a link may be about to carry traffic: for what leaves that is enough to be careful.
        func isLinked(_ port: Link) -> Bool { port.isUp && port.hasCarrier }
        let comesLinked =
            turnover.rejoining.contains(where: isLinked) || turnover.joining.count > turnover.rejoining.count
        if !staysUsable, turnover.released.contains(where: isLinked) {
            if comesLinked {
                losesCarrier = true
                guardInterruption(of: link, by: "all its usable ports leave for a moment")
            } else {
                guardCutoff(of: link, by: "removing its last usable port", otherwise: "add another port first")
            }
        }
        for port in turnover.released { release(port, interrupts: staysUsable ? [] : host.burdens(of: link)) }
        for port in turnover.rejoining { guardPort(port, comesBack: true) }
        for port in turnover.leaving {
            guardPort(
                port, comesBack: companions.claimed.contains(port.name) || host.upBeforeJoining.contains(port.name))
            leave(port, link, facts, remain)
        }
    }

    mutating func release(_ port: Link, interrupts: [String]) {
        if port.isUp, !isRestoring { disturbed += host.stacked(on: port).map(\.name) }
        releases.append(
            .init(
                .detach(port: port.name, aggregate: wish.name, driver: wish.driver), of: wish.name,
                interrupts: interrupts))
    }

    /// A port that leaves for good comes back as it was; one whose address the aggregate keeps must stay down.
    private mutating func leave(_ port: Link, _ link: Link, _ facts: AggregateFacts, _ remain: [Link]) {
        guard !isRestoring, !companions.claimed.contains(port.name), !companions.names.contains(port.name) else {
            return
        }
        guard let own = port.port?.permanentAddress, own == link.address, !remain.isEmpty, !facts.followsActivePort,
            wish.macAddress == nil || wish.macAddress == own
        else {
            comeBack(port)
            return
        }
        forgetDisturbed(on: port)
        notes.append(
            .init(
                .warning, subject: port.name,
                text: "the aggregate keeps using its address \(own); the port stays down so that the address is not "
                    + "there twice; give it or the aggregate another address before you bring it up"))
    }

    /// The kernel leaves a released port down; one that was up before it joined comes up again.
    mutating func comeBack(_ port: Link) {
        // One that the file names itself comes up, or not, by what it says there.
        guard !companions.claimed.contains(port.name), !companions.names.contains(port.name) else { return }
        guard host.upBeforeJoining.contains(port.name) else {
            forgetDisturbed(on: port)
            return
        }
        endings.append(.init(.bring(device: port.name, up: true), of: wish.name))
    }

    /// What stands on a port that stays down stays down with it.
    private mutating func forgetDisturbed(on port: Link) {
        let above = Set(host.stacked(on: port).map(\.name))
        disturbed.removeAll { above.contains($0) }
    }

    // MARK: - Joining

    mutating func join(_ ports: [ResolvedAggregate.ResolvedPort], to aggregate: Link?) {
        for port in ports {
            guard let link = host.link(named: port.name) else {
                if companions.created.contains(port.name) { attach(port) }
                continue
            }
            let isOurs = aggregate != nil && link.master == aggregate?.index
            if !isRestoring, !isOurs {
                let check = Preflight.port(
                    link, joining: wish, aggregate: aggregate, host: host, released: companions.released, allow: allow)
                problems += check.problems
                notes += check.notes
                if !check.problems.isEmpty { continue }
            }
            if !isOurs { noteRules(naming: link) }
            if !isOurs, !companions.released.contains(port.name) { prepare(link) }
            attach(port)
            // Joining brings a port up; one that somebody had taken down inside the aggregate stays so.
            if isOurs, !link.isUp, !isRestoring { add(.bring(device: port.name, up: false)) }
        }
        guard !isRestoring, !ports.isEmpty else { return }
        notes += Preflight.differences(among: wish.ports ?? [], host: host, aggregate: wish.name)
    }

    private mutating func attach(_ port: ResolvedAggregate.ResolvedPort) {
        // teamd reads the options of a port when it joins; the kernel gives those of a bond's to a port that has.
        if wish.driver == .teaming { setOptions(of: port) }
        add(.attach(port: port.name, aggregate: wish.name, driver: wish.driver))
        if wish.driver == .bonding { setOptions(of: port) }
        attached.insert(port.name)
        if companions.down.contains(port.name) { add(.bring(device: port.name, up: false)) }
    }

    private mutating func setOptions(of port: ResolvedAggregate.ResolvedPort) {
        guard !port.settings.isEmpty else { return }
        add(
            .setPortOptions(
                port: port.name, aggregate: wish.name, settings: port.settings.map(\.option), driver: wish.driver),
            port.settings)
    }

    /// A port has to be down to join; what it carries moves or is refused by preflight.
    private mutating func prepare(_ port: Link) {
        if allow.contains(.takeAddresses) {
            for address in host.movableAddresses(of: port) { add(.remove(record: address.record)) }
        }
        takeVLANs(of: port)
        guard port.isUp else { return }
        let burdens =
            allow.contains(.takeAddresses)
            ? host.above(port, includingMaster: false).map(\.name) : host.burdens(ofPort: port)
        add(.bring(device: port.name, up: false), interrupts: burdens)
    }
}
