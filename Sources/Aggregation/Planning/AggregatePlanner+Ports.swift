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
            guardPort(port, comesBack: claimed.contains(port.name) || host.upBeforeJoining.contains(port.name))
            leave(port, link, facts, remain)
        }
    }

    mutating func release(_ port: Link, interrupts: [String]) {
        releases.append(
            .init(
                .detach(port: port.name, aggregate: wish.name, driver: wish.driver), of: wish.name,
                interrupts: interrupts))
    }

    /// A port that leaves for good comes back as it was; one whose address the aggregate keeps must stay down.
    private mutating func leave(_ port: Link, _ link: Link, _ facts: AggregateFacts, _ remain: [Link]) {
        guard !isRestoring, !claimed.contains(port.name) else { return }
        guard let own = port.port?.permanentAddress, own == link.address, !remain.isEmpty, !facts.followsActivePort,
            wish.macAddress == nil || wish.macAddress == own
        else {
            comeBack(port)
            return
        }
        notes.append(
            .init(
                .warning, subject: port.name,
                text: "the aggregate keeps using its address \(own); the port stays down so that the address is not "
                    + "there twice; give it or the aggregate another address before you bring it up"))
    }

    /// The kernel leaves a released port down; one that was up before it joined comes up again.
    mutating func comeBack(_ port: Link) {
        guard host.upBeforeJoining.contains(port.name), !claimed.contains(port.name) else { return }
        endings.append(.init(.bring(device: port.name, up: true), of: wish.name))
    }

    // MARK: - Joining

    mutating func join(_ ports: [ResolvedAggregate.ResolvedPort], to aggregate: Link?) {
        for port in ports {
            guard let link = host.link(named: port.name) else { continue }
            let isOurs = aggregate != nil && link.master == aggregate?.index
            if !isRestoring, !isOurs {
                let check = Preflight.port(
                    link, joining: wish, aggregate: aggregate, host: host, released: released, allow: allow)
                problems += check.problems
                notes += check.notes
                if !check.problems.isEmpty { continue }
            }
            if !isOurs, !released.contains(port.name) { prepare(link) }
            // teamd reads the options of a port when it joins; the kernel gives those of a bond's to a port that has.
            if wish.driver == .teaming { setOptions(of: port) }
            add(.attach(port: port.name, aggregate: wish.name, driver: wish.driver))
            if wish.driver == .bonding { setOptions(of: port) }
            // Joining brings a port up; one that somebody had taken down inside the aggregate stays so.
            if isOurs, !link.isUp, !isRestoring { add(.bring(device: port.name, up: false)) }
        }
        guard !isRestoring, !ports.isEmpty else { return }
        notes += Preflight.differences(among: wish.ports ?? [], host: host, aggregate: wish.name)
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
        guard port.isUp else { return }
        let burdens =
            allow.contains(.takeAddresses)
            ? host.above(port, includingMaster: false).map(\.name) : host.burdens(ofPort: port)
        add(.bring(device: port.name, up: false), interrupts: burdens)
    }

    // MARK: - Addresses that move from ports to the aggregate

    mutating func moveAddresses(from ports: [ResolvedAggregate.ResolvedPort]) {
        guard allow.contains(.takeAddresses), !isRestoring else { return }
        var left: [IPPrefix] = []
        for link in ports.compactMap({ host.link(named: $0.name) }) where link.port == nil {
            for address in host.movableAddresses(of: link) {
                if let wanted = wish.addresses, address.isPermanentGlobal, !wanted.contains(address.prefix) {
                    notes.append(
                        .init(
                            .warning, subject: link.name,
                            text: "address \(address.prefix) is not in the file and is not moved"))
                    left.append(address.prefix)
                } else {
                    moved.addresses.append(address)
                }
            }
            for route in host.staticRoutes(through: link) { move(route, from: link, without: left) }
            moved.neighbours += host.neighbours.filter { $0.device == link.index }
        }
    }

    /// A gateway is reached by an address beside it; without that the kernel refuses the route.
    private mutating func move(_ route: HostState.Route, from link: Link, without left: [IPPrefix]) {
        let kept = moved.addresses.map(\.prefix) + (wish.addresses ?? [])
        guard let gateway = route.gateway, left.contains(where: { $0.contains(gateway) }),
            !kept.contains(where: { $0.contains(gateway) })
        else {
            moved.routes.append(route)
            return
        }
        notes.append(
            .init(
                .warning, subject: link.name,
                text: "route \(route.record.summary) is not moved: no address is left that reaches its gateway"))
    }

    mutating func replayMoved() {
        for record in moved.inOrder { add(.replay(record: record, onto: wish.name)) }
    }

    /// What ports carried and the aggregate gets.
    struct MovedRecords {
        var addresses: [HostState.Address] = []
        var routes: [HostState.Route] = []
        var neighbours: [HostState.Neighbour] = []

        func contains(_ prefix: IPPrefix) -> Bool { addresses.contains { $0.prefix == prefix } }

        /// Routes to a network come before those through a gateway in it. A route through two of the ports is one.
        var inOrder: [KernelRecord] {
            var seen: Set<String> = []
            let ordered = routes.filter { $0.gateway == nil } + routes.filter { $0.gateway != nil }
            let records = addresses.map(\.record) + neighbours.map(\.record) + ordered.map(\.record)
            return records.filter { seen.insert($0.key).inserted }
        }
    }
}

extension HostState {
    /// Global addresses of a device that do not come by themselves on whatever takes its place.
    func movableAddresses(of device: Link) -> [Address] {
        addresses.filter {
            $0.device == device.index && $0.scope == 0 && !$0.prefix.address.isLinkLocal && $0.isRestorable
        }
    }
}
