/// What ports carry, and what stands on them, when they join.
extension AggregatePlanner {
    // MARK: - Addresses, routes, rules

    mutating func moveAddresses(from ports: [ResolvedAggregate.ResolvedPort]) {
        guard allow.contains(.takeAddresses), !isRestoring else { return }
        var left: [IPPrefix] = []
        let links = ports.compactMap { host.link(named: $0.name) }.filter { $0.port == nil }
        for link in links {
            moved.ports.insert(link.index)
            for address in host.movableAddresses(of: link) {
                if let wanted = wish.addresses, address.isPermanentGlobal, !wanted.contains(address.prefix) {
                    warn(link, "address \(address.prefix) is not in the file and is not moved")
                    left.append(address.prefix)
                } else {
                    moved.carried.addresses.append(address)
                    noteLease(of: address, from: link)
                }
            }
        }
        for link in links {
            let lost = moveNexthops(from: link, without: left)
            for route in host.staticRoutes(through: link) where !route.isLinkLocal {
                if route.nexthop.map(lost.contains) == true {
                    warn(link, "route \(route.record.summary) is not moved: its nexthop object is not")
                } else if let reason = obstacle(route.gateway, route.preferredSource, without: left) {
                    warn(link, "route \(route.record.summary) is not moved: \(reason)")
                } else {
                    moved.carried.routes.append(route)
                }
            }
            moved.carried.neighbours += host.neighbours.filter { $0.device == link.index }
            moveRules(from: link)
        }
    }

    /// A lease belongs to a client that knows the port, not the aggregate.
    private mutating func noteLease(of address: HostState.Address, from link: Link) {
        guard let lifetime = address.validLifetime else { return }
        warn(
            link,
            "address \(address.prefix) has a lifetime (\(lifetime) s left) and moves to \(wish.name), where nothing "
                + "renews it; run the DHCP client on \(wish.name), or set the address without a lifetime")
    }

    /// - Returns: the ids of those that cannot be moved.
    private mutating func moveNexthops(from link: Link, without left: [IPPrefix]) -> Set<UInt32> {
        var lost: Set<UInt32> = []
        for nexthop in host.nexthops where nexthop.device == link.index {
            if let reason = obstacle(nexthop.gateway, nil, without: left) {
                warn(link, "nexthop object \(nexthop.record.summary) is not moved: \(reason)")
                if let id = nexthop.id { lost.insert(id) }
            } else {
                moved.carried.nexthops.append(nexthop)
            }
        }
        return lost
    }

    /// A gateway is reached by an address beside it, and a preferred source is one of the device's own; without those
    /// the kernel refuses a route.
    private func obstacle(_ gateway: IPAddress?, _ source: IPAddress?, without left: [IPPrefix]) -> String? {
        let kept = moved.prefixes + (wish.addresses ?? [])
        if let source, left.contains(where: { $0.address == source }), !kept.contains(where: { $0.address == source }) {
            return "its source address \(source) is not"
        }
        if let gateway, left.contains(where: { $0.contains(gateway) }), !kept.contains(where: { $0.contains(gateway) })
        {
            return "no address is left that reaches its gateway"
        }
        return nil
    }

    private mutating func moveRules(from link: Link) {
        for rule in host.rules where rule.deviceNames.contains(link.name) {
            if rule.deviceNames == [link.name] {
                moved.rules.append(rule)
            } else {
                noteRule(rule, link)
            }
        }
    }

    /// Rules that match a port by its name never match once its traffic is the aggregate's.
    mutating func noteRules(naming link: Link) {
        guard !isRestoring, !allow.contains(.takeAddresses) else { return }
        for rule in host.rules where rule.deviceNames.contains(link.name) { noteRule(rule, link) }
    }

    private mutating func noteRule(_ rule: KernelRecord, _ link: Link) {
        warn(
            link,
            "rule \(rule.summary) keeps naming \(link.name) and no longer matches: its traffic is received and sent by "
                + wish.name)
    }

    mutating func replayMoved() {
        for step in moved.steps(onto: wish.name) { departures.append(.init(step, of: wish.name)) }
    }

    // MARK: - MTU and settings

    /// Settings below /proc/sys that are about a device's own addresses and not about the network that it is in.
    private static var ownSettings: Set<String> { [DeviceSetting.addressGeneration, "stable_secret"] }

    /// What the port whose addresses the aggregate gets has below /proc/sys other than usual, as rp_filter and
    /// arp_announce: it is about the network, which is the aggregate's now.
    mutating func inheritSettings(from ports: [ResolvedAggregate.ResolvedPort]) {
        guard allow.contains(.takeAddresses), !isRestoring, let giver = giver(among: ports) else { return }
        let settings = unusualSettings(of: giver)
        guard !settings.isEmpty else { return }
        for setting in settings { add(.replay(record: setting.record, onto: wish.name)) }
        notes.append(
            .init(
                .info, subject: wish.name,
                text: "it gets the settings that \(giver.name) has below /proc/sys: "
                    + settings.map(\.record.summary).joined(separator: ", ")))
    }

    /// The same for an aggregate that is there and has its own.
    mutating func noteSettings(of ports: [ResolvedAggregate.ResolvedPort]) {
        guard allow.contains(.takeAddresses), !isRestoring, let giver = giver(among: ports) else { return }
        let settings = unusualSettings(of: giver)
        guard !settings.isEmpty else { return }
        warn(
            giver,
            "its settings below /proc/sys do not become those of \(wish.name): "
                + settings.map(\.record.summary).joined(separator: ", "))
    }

    private func unusualSettings(of link: Link) -> [DeviceSetting] {
        (host.settings ?? []).filter { setting in
            guard setting.device == link.name else { return false }
            if let sysctl = DeviceSysctl(setting.record) { return !Self.ownSettings.contains(sysctl.name) }
            return setting.record.kind == .neighbourParameter
        }
    }

    /// Queueing disciplines are the one thing of a device that is deleted that is known and not put back.
    mutating func noteQueueing(of links: [Link]) {
        guard !isRestoring else { return }
        for setting in host.settings ?? [] where setting.record.kind == .queueing {
            guard let link = links.first(where: { $0.name == setting.device }) else { continue }
            warn(
                link,
                "its queueing discipline goes with it and is not put back by a roll-back: \(setting.record.summary)")
        }
    }

    private func giver(among ports: [ResolvedAggregate.ResolvedPort]) -> Link? {
        ports.compactMap { host.link(named: $0.name) }.filter { $0.port == nil }
            .first { !host.movableAddresses(of: $0).isEmpty || !host.stacked(on: $0).isEmpty }
    }

    /// The MTU of the port whose addresses the aggregate gets, where nobody asked for one.
    mutating func inheritedMTU(from ports: [ResolvedAggregate.ResolvedPort]) -> UInt32? {
        guard allow.contains(.takeAddresses), !isRestoring, wish.mtu == nil else { return nil }
        guard let giver = giver(among: ports), giver.mtu != Self.defaultMTU else { return nil }
        notes.append(
            .init(
                .info, subject: wish.name, option: "mtu",
                text: "\(giver.mtu), as \(giver.name) has, whose addresses it gets"))
        return giver.mtu
    }

    static var defaultMTU: UInt32 { 1500 }

    // MARK: - Devices on a port

    /// A port goes down for a moment when it joins. VLANs on it move to the aggregate with its addresses, where they can
    /// be made again: the kernel lets nobody change the device below one. Otherwise they stay, and get back what going
    /// down dropped.
    mutating func takeVLANs(of port: Link) {
        let uppers = host.stacked(on: port)
        guard !isRestoring, !uppers.isEmpty else { return }
        let direct = uppers.filter { $0.lower == port.index }
        let canMove =
            direct.allSatisfy { $0.kind == "vlan" }
            && uppers.allSatisfy { upper in
                upper.record != nil && upper.port == nil
                    && (upper.lower.map { lower in
                        lower == port.index || uppers.contains { $0.index == lower }
                    } ?? false)
            }
        guard allow.contains(.takeAddresses), canMove else {
            if port.isUp { disturbed += uppers.map(\.name) }
            for upper in direct where upper.kind == "vlan" {
                warn(
                    upper,
                    "it stays on \(port.name) and does not use the other ports of \(wish.name); "
                        + (canMove
                            ? "use --take-addresses to move it"
                            : "not everything on it can be made again, so delete it and create it on \(wish.name)"))
            }
            return
        }
        for vlan in direct { take(vlan, from: port) }
        noteQueueing(of: uppers)
        let names = Set(uppers.map(\.name))
        let settings = (host.settings ?? []).filter { names.contains($0.device) && $0.isRestorable }
        moved.settings += settings.filter { !$0.isOfBridge }
        // A bridge gives a new port things that have to go again, which a comparison finds.
        disturbed += uppers.map(\.name).filter { name in settings.contains { $0.isOfBridge && $0.device == name } }
        // What a flag says a comparison puts back as well.
        disturbed += uppers.filter { !$0.flags.isDisjoint(with: [.promiscuous, .allMulticast]) }.map(\.name)
        for upper in uppers {
            guard let record = upper.record else { continue }
            moved.uppers.append(.init(link: upper, record: record, isOnPort: upper.lower == port.index))
            moved.carried.addresses += host.addresses(of: upper).filter(\.isRestorable)
            moved.carried.routes += host.staticRoutes(through: upper)
            moved.carried.neighbours += host.neighbours.filter { $0.device == upper.index }
            moved.carried.nexthops += host.nexthops.filter { $0.device == upper.index }
        }
    }

    private mutating func take(_ vlan: Link, from port: Link) {
        guard let record = vlan.record else { return }
        let existing = host.link(named: wish.name).map { host.stacked(on: $0) } ?? []
        let rivals = existing.filter { $0.kind == "vlan" } + moved.uppers.filter(\.isOnPort).map(\.link)
        if let id = vlan.vlanID, let rival = rivals.first(where: { $0.vlanID == id }) {
            problems.append(
                .init(
                    .invalid, subject: wish.name, option: "ports", value: port.name,
                    rule: "\(vlan.name) on it has VLAN id \(id), and so has \(rival.name): \(wish.name) can have one",
                    remedy: "delete one of the two first"))
        }
        let mtu = wish.mtu ?? host.link(named: wish.name)?.mtu ?? newMTU ?? Self.defaultMTU
        if vlan.mtu > mtu {
            problems.append(
                .init(
                    .invalid, subject: wish.name, option: "mtu", value: "\(mtu)",
                    rule: "\(vlan.name) on \(port.name) has MTU \(vlan.mtu), and none can be over that of \(wish.name)",
                    remedy: "set mtu to at least \(vlan.mtu)"))
        }
        notes.append(
            .init(
                .info, subject: vlan.name,
                text: "it moves from \(port.name) to \(wish.name): deleted and made again with its name and index, so "
                    + "that its counters start at 0"))
        add(.remove(record: record), interrupts: host.burdens(of: vlan))
    }

    /// What stood on ports that went down and came up again, put back when all else is done.
    mutating func restoreDisturbed() {
        var seen: Set<String> = []
        let names = disturbed.filter { seen.insert($0).inserted }
        if !isRestoring, !names.isEmpty { endings.append(.init(.restore(devices: names), of: wish.name)) }
    }

    private mutating func warn(_ link: Link, _ text: String) {
        notes.append(.init(.warning, subject: link.name, text: text))
    }
}

extension HostState {
    /// Global addresses of a device that do not come by themselves on whatever takes its place.
    func movableAddresses(of device: Link) -> [Address] {
        addresses(of: device).filter { $0.scope == 0 && !$0.prefix.address.isLinkLocal && $0.isRestorable }
    }
}
