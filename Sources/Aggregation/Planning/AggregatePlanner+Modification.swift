/// What a change of an aggregate that is there consists of.
extension AggregatePlanner {
    mutating func bringDown(_ link: Link, because options: [String]) {
        let reason =
            options.isEmpty
            ? "the mode changes only while it is down"
            : "\(options.joined(separator: ", ")) changes only while it is down"
        let burdens = host.burdens(of: link)
        if wish.state == .present {
            guardInterruption(of: link, by: reason)
        } else {
            guardCutoff(of: link, by: "taking it down", otherwise: "leave it up")
        }
        add(.bring(device: wish.name, up: false), interrupts: burdens)
    }

    mutating func configure(
        _ link: Link, _ facts: AggregateFacts, _ changed: [ResolvedAggregate.Setting], modeChanges: Bool
    ) {
        var settings = changed
        if modeChanges, let mode = wish.mode {
            settings = wish.driver == .bonding ? restoringEarly(settings, facts, mode) : settings
            settings.insert(modeSetting(mode), at: 0)
        }
        if !settings.isEmpty {
            add(.setOptions(aggregate: wish.name, settings: settings.map(\.option), driver: wish.driver), settings)
        }
        // A port that leaves its aggregate gets the MTU back that it had before.
        if let mtu = wish.mtu, mtu != link.mtu || isReleased(link), !isBelow {
            add(.setMTU(device: wish.name, mtu: mtu))
            noteUpperMTUs(link, mtu)
        }
    }

    /// A device above shrinks with the one below it, and does not grow again by itself (`vlan_device_event`,
    /// `macvlan_device_event`).
    mutating func noteUpperMTUs(_ link: Link, _ mtu: UInt32) {
        guard !isRestoring else { return }
        for upper in host.stacked(on: link) {
            let text: String
            if upper.mtu > mtu {
                text = "its MTU shrinks from \(upper.mtu) to \(mtu) with \(link.name)"
            } else if upper.mtu < mtu, upper.mtu == link.mtu {
                text =
                    "its MTU stays at \(upper.mtu); to raise it afterwards: ip link set \(upper.name) mtu \(mtu)"
            } else {
                continue
            }
            notes.append(.init(upper.mtu > mtu ? .warning : .info, subject: upper.name, option: "mtu", text: text))
        }
    }

    /// It was a port, is none now, and the kernel has left it down.
    func isReleased(_ link: Link) -> Bool { companions.released.contains(link.name) && !isRestoring }

    /// A teamd that changes the port in use, or takes a team over, takes the old one out before it uses another
    /// (`ab_clear_active_port` in `teamd_runner_activebackup.c`): probes every 10 ms lost one or two now and then. Under
    /// the other runners none was lost.
    mutating func announceChangeover(
        _ link: Link, _ facts: AggregateFacts, _ rows: [OptionDefinition], _ ports: [ResolvedAggregate.ResolvedPort]
    ) {
        guard wish.driver == .teaming, link.isUp, facts.mode == .activeBackup, let active = facts.activePort else {
            return
        }
        let activates = wish.settings.contains {
            $0.name == wish.driver.activePortOption && $0.value != .port(active)
        }
        let ranks = ports.contains { port in
            SettingComparison.settingsToWrite(port, of: wish, in: host).contains { $0.name == "prio" }
        }
        let reason: String
        if rows.contains(where: { $0.change == .byNewDaemon }) {
            reason = "a new teamd takes it over; the port in use is out"
        } else if activates {
            reason = "no port is in use"
        } else if ranks {
            reason = "teamd may choose another port by priority, and then no port is in use"
        } else {
            return
        }
        notes.append(PlanNote(.info, subject: wish.name, text: "\(reason) for some milliseconds meanwhile"))
    }

    func modeSetting(_ mode: Mode) -> ResolvedAggregate.Setting {
        let setting = wish.driver.modeSetting(mode)
        return .init(setting.name, setting.value, origin: "mode")
    }

    /// Options of the old mode have to be put back while it still takes them.
    mutating func restoringEarly(
        _ settings: [ResolvedAggregate.Setting], _ facts: AggregateFacts, _ mode: Mode
    ) -> [ResolvedAggregate.Setting] {
        let table = OptionTables.shared.aggregate(wish.driver)
        let early = settings.filter { table[$0.name]?.accepted.contains(mode) == false }
        let takenNow = early.filter { table[$0.name]?.accepted.contains(facts.mode) == true }
        if !takenNow.isEmpty { add(.setOptions(aggregate: wish.name, settings: takenNow.map(\.option)), takenNow) }
        return settings.filter { !early.contains($0) }
    }

    /// An aggregate that loses its last port gets a random address, and then that of the first port to join.
    mutating func setAddress(_ link: Link, _ facts: AggregateFacts, _ turnover: PortTurnover) {
        if let address = wish.macAddress {
            if address != link.address || turnover.emptiesAggregate || isReleased(link) {
                add(.setAddress(device: wish.name, address: address))
            }
            return
        }
        guard !isRestoring, turnover.emptiesAggregate, !facts.followsActivePort, let address = link.address else {
            return
        }
        // A port has the address of the aggregate above it, whatever its own ports have.
        let isPort = link.port != nil && !isReleased(link)
        let first = turnover.joining.first.map { host.link(named: $0.name)?.identifyingAddress }
        let isGone = turnover.leaving.contains { $0.port?.permanentAddress == address }
        guard let first, first != address, !isGone || isPort else { return }
        add(.setAddress(device: wish.name, address: address))
    }

    /// No two ports may have one value of some options, also for a moment: those that give one up take the neutral value
    /// before others get it.
    mutating func freeUniqueValues(_ turnover: PortTurnover) {
        for row in OptionTables.shared.port(wish.driver).rows where row.isUnique {
            let neutral = row.defaultValue.general
            let ports = turnover.staying + turnover.joining
            for port in turnover.staying {
                guard let now = host.link(named: port.name)?.port?.options[row.name], now != neutral,
                    let wanted = port.settings.first(where: { $0.name == row.name })?.value, wanted != now,
                    ports.contains(where: { other in
                        other.name != port.name
                            && other.settings.contains { $0.name == row.name && $0.value == now }
                    })
                else { continue }
                add(
                    .setPortOptions(
                        port: port.name, aggregate: wish.name, settings: [.init(row.name, neutral)],
                        driver: wish.driver))
            }
        }
    }

    mutating func setStayingPortOptions(_ ports: [ResolvedAggregate.ResolvedPort]) {
        for port in ports {
            let changed = SettingComparison.settingsToWrite(port, of: wish, in: host)
            if !changed.isEmpty {
                add(
                    .setPortOptions(
                        port: port.name, aggregate: wish.name, settings: changed.map(\.option), driver: wish.driver),
                    changed)
            }
        }
    }

    /// A port that somebody gave a smaller MTU cannot carry the aggregate's frames. Changing the aggregate's MTU changes
    /// that of all its ports; of a team's port the kernel lets nobody change it.
    mutating func setPortMTUs(_ ports: [ResolvedAggregate.ResolvedPort], _ link: Link) {
        guard wish.driver == .bonding, let mtu = wish.mtu, mtu == link.mtu else { return }
        for port in ports.compactMap({ host.link(named: $0.name) }) where port.mtu < mtu {
            add(.setMTU(device: port.name, mtu: mtu))
        }
    }

    /// Options that name a port wait until that port has joined; the active port has to be up besides.
    mutating func setPortValued(_ facts: AggregateFacts?, _ names: Set<String>, afterRejoining: Bool = false) {
        let changed = PortValue.all(of: wish, facts, on: host).filter { value in
            guard names.contains(value.setting.name) else { return false }
            if value.outcome == .waits, !companions.created.contains(value.wanted ?? "") {
                fallShort(value.setting.name, "\(value.wanted ?? "none") is not there yet; set it again when it is")
                return false
            }
            return afterRejoining && value.wanted != nil || value.outcome != .fulfilled
        }.map(\.setting)
        guard !changed.isEmpty else { return }
        add(.setOptions(aggregate: wish.name, settings: changed.map(\.option), driver: wish.driver), changed)
    }

    mutating func bringUpOrDown(_ link: Link, goesDown: Bool) {
        if wish.state == .present {
            let comesUp = goesDown || !link.isUp || isReleased(link)
            if comesUp, !waitsBelow { add(.bring(device: wish.name, up: true)) }
            if goesDown || losesCarrier, !isRestoring {
                let step = Step.restore(devices: [wish.name] + host.stacked(on: link).map(\.name))
                if waitsBelow { finishes.append(.init(step, of: wish.name)) } else { add(step) }
            }
        } else if link.isUp, !goesDown, !isReleased(link), !waitsBelow {
            guardCutoff(of: link, by: "taking it down", otherwise: "leave it up")
            add(.bring(device: wish.name, up: false), interrupts: host.burdens(of: link))
        }
    }

    mutating func setAddresses(_ link: Link) {
        replayMoved()
        guard let wanted = wish.addresses else { return }
        for address in host.permanentAddresses(of: link) where address.isDuplicate && wanted.contains(address.prefix) {
            fallShort("addresses", "\(address.prefix) is not used: another host has it (duplicate address detection)")
        }
        let turnover = AddressTurnover(
            wanted, on: link, host: host, moved: moved.prefixes, taken: companions.handedOver)
        let name = wish.name
        departures += turnover.early.map { PlannedStep(.addAddress(device: name, prefix: $0), of: name) }
        departures += turnover.displaced.map { PlannedStep(.remove(record: $0), of: name) }
        departures += turnover.leaving.map { PlannedStep(.removeAddress(device: name, prefix: $0), of: name) }
        arrivals += turnover.late.map { PlannedStep(.addAddress(device: name, prefix: $0), of: name) }
        arrivals += (turnover.displaced + turnover.lost).map { PlannedStep(.replay(record: $0, onto: nil), of: name) }
        guard link.isUp, wish.state == .down else { return }
        // Going down has taken these along.
        let stays = host.permanentAddresses(of: link).filter {
            $0.prefix.address.family == .ipv6 && wanted.contains($0.prefix)
        }
        arrivals += stays.map { PlannedStep(.replay(record: $0.record, onto: nil), of: name) }
    }
}
