/// Plans one aggregate. Steps that release ports are kept apart from those that build, so that releases of all
/// aggregates can go first.
struct AggregatePlanner {
    let host: HostState
    let wish: ResolvedAggregate
    let allow: Allowances
    /// Ports that leave another aggregate in the same plan and so may be taken.
    let released: Set<String>
    /// Taking a change back: ports have to be in their old order, and what an option was not asked for is put back too.
    var isRestoring = false
    /// The index that a deleted aggregate gets back.
    var index: Int32?

    private(set) var releases: [PlannedStep] = []
    private(set) var builds: [PlannedStep] = []
    private(set) var problems: [Problem] = []
    private(set) var notes: [PlanNote] = []
    private var kind = AggregateChange.Kind.none

    init(
        host: HostState, wish: ResolvedAggregate, allow: Allowances, released: Set<String>,
        isRestoring: Bool = false, index: Int32? = nil
    ) {
        self.host = host
        self.wish = wish
        self.allow = allow
        self.released = released
        self.isRestoring = isRestoring
        self.index = index
    }

    var change: AggregateChange {
        let touches = !releases.isEmpty || !builds.isEmpty
        return AggregateChange(
            aggregate: wish.name, kind: touches ? kind : .none, missingPorts: wish.missingPorts)
    }

    mutating func plan() {
        let link = host.link(named: wish.name)
        if let link, let problem = Preflight.otherDevice(link, wish) {
            problems.append(problem)
            return
        }
        switch (wish.state, link) {
        case (.absent, nil): break
        case (.absent, let link?): delete(link)
        case (_, nil): create()
        case (_, let link?): modify(link)
        }
        for missing in wish.missingPorts {
            notes.append(
                .init(
                    .warning, subject: wish.name,
                    text: "port \(missing) is not on this host; the aggregate will be degraded"))
        }
    }

    // MARK: - The three cases

    private mutating func delete(_ link: Link) {
        kind = .delete
        guardCutoff(of: link, by: "deleting it", otherwise: "take its addresses, routes and upper devices away first")
        let burdens = host.burdens(of: link)
        for port in host.ports(of: link) {
            releases.append(.init(.detach(port: port.name, aggregate: wish.name), of: wish.name))
            comeBack(port)
        }
        releases.append(.init(.delete(aggregate: wish.name), of: wish.name, interrupts: burdens))
        if !burdens.isEmpty {
            notes.append(
                .init(
                    .info, subject: wish.name, text: "the interface index, counters and LACP history are gone with it"))
        }
    }

    private mutating func create() {
        kind = .create
        guard let mode = wish.mode else {
            problems.append(
                .init(
                    .invalid, subject: wish.name, option: "mode", rule: "a new aggregate needs one",
                    remedy: "choose one of \(Mode.allCases.map(\.rawValue).joined(separator: ", "))"))
            return
        }
        let settings = wish.settings.filter { !$0.isPortValued }
        add(
            .create(
                aggregate: wish.name, driver: wish.driver, mode: mode, settings: settings.map(\.option), index: index),
            settings)
        if let mtu = wish.mtu, mtu != 1500 { add(.setMTU(device: wish.name, mtu: mtu)) }
        if let address = wish.macAddress { add(.setAddress(device: wish.name, address: address)) }
        join(wish.ports ?? [], to: nil)
        setPortValued(nil)
        moveAddresses(from: wish.ports ?? [])
        if wish.state == .present { add(.bring(device: wish.name, up: true)) }
        replayMoved()
        for prefix in wish.addresses ?? [] where !isMoved(prefix) {
            add(.addAddress(device: wish.name, prefix: prefix))
        }
    }

    private mutating func modify(_ link: Link) {
        guard let facts = link.aggregate else { return }
        kind = .modify
        let modeChanges = wish.mode.map { $0.bondingNumber != facts.mode.bondingNumber } ?? false
        let changed = changedSettings()
        let rows = changed.compactMap { OptionTables.shared.aggregate(wish.driver)?[$0.name] }
        let members = host.ports(of: link)
        let reattach = modeChanges || rows.contains { $0.change.needsNoPorts }
        let goesDown = link.isUp && (modeChanges || rows.contains { $0.change.needsDown })

        let leaving = leavingPorts(members, all: reattach)
        if !leaving.isEmpty { release(leaving, from: link, members: members, all: reattach) }
        if goesDown { bringDown(link, because: rows.filter { $0.change.needsDown }.map(\.name)) }
        configure(link, facts, changed, modeChanges: modeChanges)
        let staying = Set(members.map(\.name)).subtracting(leaving.map(\.name))
        let wanted = wish.ports ?? (reattach ? members.map { .init(name: $0.name) } : [])
        join(wanted.filter { !staying.contains($0.name) }, to: link)
        setStayingPortOptions(wanted.filter { staying.contains($0.name) })
        setPortValued(facts, afterReattach: reattach)
        moveAddresses(from: wanted.filter { !staying.contains($0.name) })
        finish(link, goesDown: goesDown, reattach: reattach)
    }

    // MARK: - Parts of a modification

    private func changedSettings() -> [ResolvedAggregate.Setting] {
        SettingComparison.settingsToWrite(wish, in: host).filter { !$0.isPortValued }
    }

    private func leavingPorts(_ members: [Link], all: Bool) -> [Link] {
        guard !all else { return members }
        guard let wanted = wish.ports?.map(\.name) else { return [] }
        guard isRestoring else { return members.filter { !wanted.contains($0.name) } }
        // The order comes back only if all ports from the first misplaced one on join anew.
        let agreeing = zip(members.map(\.name), wanted).prefix { $0 == $1 }.count
        return Array(members.dropFirst(agreeing))
    }

    private mutating func release(_ leaving: [Link], from link: Link, members: [Link], all: Bool) {
        let burdens = host.burdens(of: link)
        let names = Set(leaving.map(\.name))
        let staysUsable = members.contains { !names.contains($0.name) && $0.isUp && $0.hasCarrier }
        let joins = wish.ports.map { $0.contains { port in !members.contains { $0.name == port.name } } } ?? false
        if all {
            guardInterruption(of: link, burdens, by: "all its ports leave for a moment")
        } else if !staysUsable, !joins {
            guardCutoff(of: link, by: "removing its last usable port", otherwise: "add another port first")
        }
        for port in leaving {
            releases.append(
                .init(.detach(port: port.name, aggregate: wish.name), of: wish.name, interrupts: all ? burdens : []))
            if !all { leave(port, link) }
        }
    }

    /// Ports that leave for good come back as they were; one whose address the aggregate keeps must stay down.
    private mutating func leave(_ port: Link, _ link: Link) {
        guard !isRestoring else { return }
        guard let own = port.port?.permanentAddress, own == link.address, !(wish.ports ?? []).isEmpty else {
            comeBack(port)
            return
        }
        notes.append(
            .init(
                .warning, subject: port.name,
                text:
                    "the aggregate keeps using its address \(own); the port stays down so that the address is not there twice"
            ))
    }

    /// The kernel leaves a released port down; one that was up before it joined comes up again.
    private mutating func comeBack(_ port: Link) {
        guard host.upBeforeJoining.contains(port.name) else { return }
        releases.append(.init(.bring(device: port.name, up: true), of: wish.name))
    }

    private mutating func bringDown(_ link: Link, because options: [String]) {
        let reason =
            options.isEmpty
            ? "the mode changes only while it is down"
            : "\(options.joined(separator: ", ")) changes only while it is down"
        let burdens = host.burdens(of: link)
        guardInterruption(of: link, burdens, by: reason)
        add(.bring(device: wish.name, up: false), interrupts: burdens)
    }

    private mutating func configure(
        _ link: Link, _ facts: AggregateFacts, _ changed: [ResolvedAggregate.Setting], modeChanges: Bool
    ) {
        var settings = changed
        if modeChanges, let mode = wish.mode {
            // Options of the old mode have to be put back while it still takes them.
            let table = OptionTables.shared.aggregate(wish.driver)
            let early = settings.filter { table?[$0.name]?.accepted.contains(mode) == false }
            let takenNow = early.filter { table?[$0.name]?.accepted.contains(facts.mode) == true }
            if !takenNow.isEmpty { add(.setOptions(aggregate: wish.name, settings: takenNow.map(\.option)), takenNow) }
            settings.removeAll { setting in early.contains(setting) }
            settings.insert(.init("mode", .number(Int64(mode.bondingNumber)), origin: "mode"), at: 0)
        }
        if !settings.isEmpty { add(.setOptions(aggregate: wish.name, settings: settings.map(\.option)), settings) }
        if let mtu = wish.mtu, mtu != link.mtu { add(.setMTU(device: wish.name, mtu: mtu)) }
        if let address = wish.macAddress, address != link.address {
            add(.setAddress(device: wish.name, address: address))
        }
    }

    private mutating func setStayingPortOptions(_ ports: [ResolvedAggregate.ResolvedPort]) {
        for port in ports {
            let changed = SettingComparison.settingsToWrite(port, of: wish, in: host)
            if !changed.isEmpty {
                add(.setPortOptions(port: port.name, aggregate: wish.name, settings: changed.map(\.option)), changed)
            }
        }
    }

    private mutating func finish(_ link: Link, goesDown: Bool, reattach: Bool) {
        let wantsUp = wish.state == .present
        if wantsUp, goesDown || !link.isUp { add(.bring(device: wish.name, up: true)) }
        if !wantsUp, link.isUp, !goesDown {
            guardCutoff(of: link, by: "taking it down", otherwise: "leave it up")
            add(.bring(device: wish.name, up: false), interrupts: host.burdens(of: link))
        }
        if !isRestoring, goesDown, wantsUp {
            add(.restore(devices: [wish.name] + host.stacked(on: link).map(\.name)))
        }
        replayMoved()
        guard let wanted = wish.addresses else { return }
        let present = host.permanentAddresses(of: link).map(\.prefix)
        for prefix in wanted where !present.contains(prefix) && !isMoved(prefix) {
            add(.addAddress(device: wish.name, prefix: prefix))
        }
        for prefix in present where !wanted.contains(prefix) { add(.removeAddress(device: wish.name, prefix: prefix)) }
    }

    // MARK: - Ports

    private mutating func join(_ ports: [ResolvedAggregate.ResolvedPort], to aggregate: Link?) {
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
            add(.attach(port: port.name, aggregate: wish.name))
            if !port.settings.isEmpty {
                add(
                    .setPortOptions(port: port.name, aggregate: wish.name, settings: port.settings.map(\.option)),
                    port.settings)
            }
        }
        if !isRestoring { notes += Preflight.differences(among: wish.ports ?? [], host: host, aggregate: wish.name) }
    }

    /// A port has to be down to join; what it carries moves or is refused by preflight.
    private mutating func prepare(_ port: Link) {
        if allow.contains(.takeAddresses) {
            for address in host.permanentAddresses(of: port) { add(.remove(record: address.record)) }
        }
        guard port.isUp else { return }
        let burdens = allow.contains(.takeAddresses) ? host.above(port).map(\.name) : host.burdens(of: port)
        add(.bring(device: port.name, up: false), interrupts: burdens)
    }

    private mutating func setPortValued(_ facts: AggregateFacts?, afterReattach: Bool = false) {
        let changed = wish.settings.filter(\.isPortValued).filter { setting in
            guard case .port(let name) = setting.value else { return false }
            if let name, wish.missingPorts.contains(name) {
                notes.append(
                    .init(
                        .warning, subject: wish.name, option: setting.name,
                        text: "\(name) is not there yet; set it again when it is"))
                return false
            }
            var observed = facts?.options[setting.name] ?? .port(nil)
            if setting.name == "active_slave" { observed = .port(facts?.activePort) }
            return afterReattach && name != nil || observed != setting.value
        }
        if !changed.isEmpty { add(.setOptions(aggregate: wish.name, settings: changed.map(\.option)), changed) }
    }

    // MARK: - Addresses that move from ports to the aggregate

    private var moved: [HostState.Address] = []
    private var movedRoutes: [HostState.Route] = []

    private mutating func moveAddresses(from ports: [ResolvedAggregate.ResolvedPort]) {
        guard allow.contains(.takeAddresses), !isRestoring else { return }
        for link in ports.compactMap({ host.link(named: $0.name) }) {
            for address in host.permanentAddresses(of: link) {
                if let wanted = wish.addresses, !wanted.contains(address.prefix) {
                    notes.append(
                        .init(
                            .warning, subject: link.name,
                            text: "address \(address.prefix) is not in the file and is not moved"))
                } else {
                    moved.append(address)
                }
            }
            movedRoutes += host.staticRoutes(through: link)
        }
    }

    private func isMoved(_ prefix: IPPrefix) -> Bool { moved.contains { $0.prefix == prefix } }

    private mutating func replayMoved() {
        for address in moved { add(.replay(record: address.record, onto: wish.name)) }
        // Routes to a network come before those through a gateway in it.
        for route in movedRoutes.sorted(by: { ($0.gateway == nil ? 0 : 1) < ($1.gateway == nil ? 0 : 1) }) {
            add(.replay(record: route.record, onto: wish.name))
        }
    }

    // MARK: - Guards

    private mutating func guardCutoff(of link: Link, by action: String, otherwise: String) {
        let burdens = host.burdens(of: link)
        guard !isRestoring, !burdens.isEmpty, !allow.contains(.cutoff) else { return }
        problems.append(
            .init(
                .refused(flag: "--allow-cutoff"), subject: wish.name,
                rule: "\(action) would cut off \(Self.shortened(burdens))",
                remedy: "\(otherwise), or say --allow-cutoff"))
    }

    private mutating func guardInterruption(of link: Link, _ burdens: [String], by reason: String) {
        guard !isRestoring, !burdens.isEmpty, !allow.contains(.interruption) else { return }
        problems.append(
            .init(
                .refused(flag: "--allow-interruption"), subject: wish.name,
                rule: "\(reason), which would interrupt \(Self.shortened(burdens))",
                remedy: "say --allow-interruption when that is acceptable now"))
    }

    static func shortened(_ reasons: [String]) -> String {
        reasons.count <= 3
            ? reasons.joined(separator: ", ")
            : reasons.prefix(3).joined(separator: ", ") + " and \(reasons.count - 3) more"
    }

    private mutating func add(_ step: Step, _ settings: [ResolvedAggregate.Setting] = [], interrupts: [String] = []) {
        // What nobody asked for has a note instead of a key.
        let asked = settings.filter { !$0.isOurDefault }
        let origins = Dictionary(asked.map { ($0.name, $0.origin) }, uniquingKeysWith: { first, _ in first })
        builds.append(PlannedStep(step, of: wish.name, interrupts: interrupts, origins: origins))
    }
}

extension ResolvedAggregate.Setting {
    /// It names a port, so it can be set only after that port has joined.
    var isPortValued: Bool { if case .port = value { true } else { false } }
}
