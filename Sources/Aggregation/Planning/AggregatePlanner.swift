/// Plans one aggregate. Steps are kept apart by what they have to wait for in a plan of several aggregates: all ports are
/// released before any is attached, addresses are given up before others get them, and what cannot be put back wholly
/// goes last.
struct AggregatePlanner {
    let host: HostState
    let wish: ResolvedAggregate
    let allow: Allowances
    let companions: Companions
    /// Taking a change back: ports have to be in their old order, and what an option was not asked for is put back too.
    let restoring: Restoring?

    /// Before ports leave: what would make the aggregate lose its carrier as soon as one has.
    var preludes: [PlannedStep] = []
    var releases: [PlannedStep] = []
    var builds: [PlannedStep] = []
    /// Addresses that go, and those that come before them.
    var departures: [PlannedStep] = []
    /// Addresses that come after others have gone.
    var arrivals: [PlannedStep] = []
    /// After the aggregate above has attached this one, which brings it up.
    var finishes: [PlannedStep] = []
    var endings: [PlannedStep] = []
    var problems: [Problem] = []
    var notes: [PlanNote] = []
    /// Those of the notes that say what stays undone.
    var shortfalls: [PlanNote] = []
    var moved = MovedRecords()
    /// Devices on ports that go down and come up again.
    var disturbed: [String] = []
    /// What a new aggregate gets when nobody asked for an MTU.
    var newMTU: UInt32?
    /// Ports that join.
    var attached: Set<String> = []
    /// No usable port is left for a moment: what needs carrier is lost as when the aggregate goes down.
    var losesCarrier = false
    private var kind = AggregateChange.Kind.none

    /// What taking a change back needs to know beyond the wish.
    struct Restoring {
        /// The index that a deleted aggregate gets back.
        var index: Int32?
        /// What it was set to besides, which has to be so before it comes up.
        var settings: [DeviceSetting] = []
        /// The aggregate had the address of its first port, and got another by force. Only joining an aggregate that has
        /// no ports gives that address back in a way that the kernel does not count as chosen.
        var rejoinsAll = false
    }

    init(
        host: HostState, wish: ResolvedAggregate, allow: Allowances, companions: Companions = .init(),
        restoring: Restoring? = nil
    ) {
        self.host = host
        self.wish = wish
        self.allow = allow
        self.companions = companions
        self.restoring = restoring
    }

    var isRestoring: Bool { restoring != nil }
    var steps: [PlannedStep] {
        preludes + releases + builds + departures + arrivals + finishes + endings
    }
    /// Another aggregate of the file attaches this one, and needs it down until then.
    var waitsBelow: Bool { companions.attached.contains(wish.name) }
    /// Another aggregate of the file has this one as a port, which gets the MTU and, mostly, the address of that.
    var isBelow: Bool { companions.ports.contains(wish.name) }

    var change: AggregateChange {
        AggregateChange(
            aggregate: wish.name, kind: steps.isEmpty ? .none : kind, missingPorts: wish.missingPorts)
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
        if !isRestoring, !steps.isEmpty {
            guardManagers()
            guardCaller(link)
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
        if let problem = Preflight.daemonToEnd(of: link, link.aggregate, isRestoring: isRestoring) {
            problems.append(problem)
            return
        }
        guardCutoff(
            of: link, with: host.ports(of: link), by: "deleting it",
            otherwise: "remove its addresses, routes and upper devices first")
        let burdens = host.burdens(of: link)
        for port in host.ports(of: link) {
            release(port, interrupts: burdens)
            comeBack(port)
        }
        // Last of all: an index and whatever we do not know of would not survive taking this back.
        endings.insert(
            .init(.delete(aggregate: wish.name, driver: wish.driver), of: wish.name, interrupts: burdens), at: 0)
        restoreDisturbed()
        noteQueueing(of: [link] + host.stacked(on: link))
        guard !burdens.isEmpty else { return }
        notes.append(
            .init(
                .info, subject: wish.name,
                text:
                    "its counters and LACP history, and settings below /proc/sys and of tc and ethtool, are gone with it"
            ))
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
                aggregate: wish.name, driver: wish.driver, mode: mode, settings: settings.map(\.option),
                index: restoring?.index), settings)
        for setting in restoring?.settings ?? [] where setting.isRestorable {
            add(.replay(record: setting.record, onto: wish.name))
        }
        let ports = wish.ports ?? []
        newMTU = inheritedMTU(from: ports)
        inheritSettings(from: ports)
        if let mtu = wish.mtu ?? newMTU, mtu != Self.defaultMTU, !isBelow { add(.setMTU(device: wish.name, mtu: mtu)) }
        if !givesFirstPortsAddress, let address = wish.macAddress {
            add(.setAddress(device: wish.name, address: address))
        }
        join(ports, to: nil)
        if givesFirstPortsAddress, let address = wish.macAddress {
            add(.setAddress(device: wish.name, address: address))
        }
        setPortValued(nil, ["primary"])
        moveAddresses(from: ports)
        if wish.state == .present, !waitsBelow { add(.bring(device: wish.name, up: true)) }
        setPortValued(nil, [wish.driver.activePortOption])
        replayMoved()
        for prefix in wish.addresses ?? [] where !moved.contains(prefix) {
            arrivals.append(.init(.addAddress(device: wish.name, prefix: prefix), of: wish.name))
        }
        restoreDisturbed()
    }

    private mutating func modify(_ link: Link) {
        guard let facts = link.aggregate else { return }
        kind = .modify
        if let problem = Preflight.daemonToAsk(of: link, facts, isRestoring: isRestoring) {
            problems.append(problem)
            return
        }
        let modeChanges = wish.mode.map { $0.differs(from: facts.mode, on: wish.driver) } ?? false
        let changed = SettingComparison.settingsToWrite(wish, in: host).filter { !$0.isPortValued }
        let rows = changed.compactMap { OptionTables.shared.aggregate(wish.driver)[$0.name] }
        let allRejoin =
            modeChanges && facts.mustEmpty(for: wish.mode) || rows.contains { $0.change.needsNoPorts }
            || restoring?.rejoinsAll == true || getsNewLACPDaemon(facts, rows, modeChanges: modeChanges)
            || takesInStrangers(link, facts)
        let goesDown =
            link.isUp && (modeChanges && wish.driver == .bonding || rows.contains { $0.change.needsDown })
        let turnover = PortTurnover(
            wish, link, host: host, allRejoin: allRejoin, rejoining: portsThatRejoin(), isRestoring: isRestoring)

        let needed = PortsNeeded(modeChanges ? [] : changed, of: facts, turnover)
        if let setting = needed.lowered { write([setting], to: \.preludes) }
        release(turnover, from: link, facts)
        if goesDown { bringDown(link, because: rows.filter { $0.change.needsDown }.map(\.name)) }
        configure(link, facts, changed.filter { !needed.isApart($0) }, modeChanges: modeChanges)
        if !modeChanges, !rows.contains(where: { $0.change == .byNewDaemon }) { renewDaemon(facts, turnover) }
        if !modeChanges { announceChangeover(link, facts, rows, turnover.staying) }
        if !givesFirstPortsAddress { setAddress(link, facts, turnover) }
        freeUniqueValues(turnover)
        join(turnover.joining, to: link)
        if givesFirstPortsAddress { setAddress(link, facts, turnover) }
        setStayingPortOptions(turnover.staying)
        setPortMTUs(turnover.staying, link)
        if let setting = needed.raised { write([setting], to: \.builds) }
        setPortValued(facts, ["primary"], afterRejoining: turnover.rejoins)
        moveAddresses(from: turnover.joining)
        noteSettings(of: turnover.joining)
        bringUpOrDown(link, goesDown: goesDown)
        setPortValued(facts, [wish.driver.activePortOption], afterRejoining: turnover.rejoins)
        setAddresses(link)
        restoreDisturbed()
    }

    /// teamd 1.31 sends no LACPDUs on ports that it finds when it takes a device over (`lacpdu_send` wants the address
    /// that a port had before, which it then never learns), so they have to join the new one.
    private func getsNewLACPDaemon(
        _ facts: AggregateFacts, _ rows: [OptionDefinition], modeChanges: Bool
    ) -> Bool {
        wish.driver == .teaming && (wish.mode ?? facts.mode) == .lacp
            && (modeChanges || rows.contains { $0.change == .byNewDaemon })
    }

    /// The same holds for ports that it found below another device.
    private func takesInStrangers(_ link: Link, _ facts: AggregateFacts) -> Bool {
        guard wish.driver == .teaming, (wish.mode ?? facts.mode) == .lacp else { return false }
        let members = host.ports(of: link).map(\.name)
        return !strangers((wish.ports ?? []).filter { !members.contains($0.name) }, facts).isEmpty
    }

    /// Ports that the teamd of the team found below another device, so that it never learned their addresses.
    private func strangers(
        _ ports: [ResolvedAggregate.ResolvedPort], _ facts: AggregateFacts
    ) -> [String] {
        guard let found = facts.daemon?.foundBelowOthers, !found.isEmpty else { return [] }
        return ports.map(\.name).filter { name in host.link(named: name).map { found.contains($0.index) } ?? false }
    }

    /// teamd 1.31 refuses such a port as the first one of a team (`teamd_hwaddr_check_change` in teamd.c). A new one that
    /// is started while they are free does not.
    private mutating func renewDaemon(_ facts: AggregateFacts, _ turnover: PortTurnover) {
        guard turnover.staying.isEmpty, facts.daemon?.state == .running else { return }
        let strangers = strangers(turnover.joining, facts)
        guard !strangers.isEmpty else { return }
        add(.repair(aggregate: wish.name))
        notes.append(
            PlanNote(
                .info, subject: wish.name,
                text: "a new teamd is started: the present one found \(strangers.joined(separator: ", ")) attached to "
                    + "a device and never learned the address of it"))
    }

    /// teamd gives a team the address of the first port that joins it, whichever it had (`teamd_event_port_added` of the
    /// runners); bonding only where none was set.
    private var givesFirstPortsAddress: Bool { wish.driver == .teaming }

    /// Ports with an option to be changed that is read when a port joins.
    private func portsThatRejoin() -> Set<String> {
        let table = OptionTables.shared.port(wish.driver)
        let ports = (wish.ports ?? []).filter { port in
            SettingComparison.settingsToWrite(port, of: wish, in: host)
                .contains { table[$0.name]?.change == .byRejoining }
        }
        return Set(ports.map(\.name))
    }

    /// Something that was asked for stays undone, whatever the steps do.
    mutating func fallShort(_ option: String, _ text: String) {
        let note = PlanNote(.warning, subject: wish.name, option: option, text: text)
        notes.append(note)
        shortfalls.append(note)
    }

    mutating func write(
        _ settings: [ResolvedAggregate.Setting], to list: WritableKeyPath<AggregatePlanner, [PlannedStep]>
    ) {
        add(
            .setOptions(aggregate: wish.name, settings: settings.map(\.option), driver: wish.driver), settings,
            to: list)
    }

    mutating func add(
        _ step: Step, _ settings: [ResolvedAggregate.Setting] = [], interrupts: [String] = [],
        to list: WritableKeyPath<AggregatePlanner, [PlannedStep]> = \.builds
    ) {
        // What nobody asked for has a note instead of a key.
        let asked = settings.filter { !$0.isOurDefault }
        let origins = Dictionary(asked.map { ($0.name, $0.origin) }, uniquingKeysWith: { first, _ in first })
        self[keyPath: list].append(PlannedStep(step, of: wish.name, interrupts: interrupts, origins: origins))
    }
}

extension ResolvedAggregate.Setting {
    /// It names a port, so it can be set only after that port has joined.
    var isPortValued: Bool { if case .port = value { true } else { false } }
}

extension AggregateFacts {
    /// fail_over_mac=active, or hwaddr_policy by_active of a team: its address is that of whichever port is active.
    var followsActivePort: Bool {
        let option = driver == .bonding ? "fail_over_mac" : "runner.hwaddr_policy"
        return mode == .activeBackup && options[option] == .number(1)
    }

    /// The kernel changes the mode of an aggregate only when it has no ports (`bond_option_mode_set`,
    /// `team_change_mode`); to the team driver two runners are one mode.
    func mustEmpty(for mode: Mode?) -> Bool {
        driver == .bonding || mode?.teamKernelMode != self.mode.teamKernelMode
    }
}
