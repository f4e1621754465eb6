/// Takes a host back to an earlier state: the same comparison serves rolling back a failed change, recovering after a
/// crash, and putting back what the kernel dropped while a device was down.
///
/// There is no list of inverse steps to get wrong. What differs from the snapshot is planned away, the host is read
/// again, and that is repeated until nothing differs.
package struct Restoration: Sendable, Codable {
    /// The host before the change.
    package let snapshot: HostState
    /// Aggregates that the change was to touch, those that did not exist among them.
    package let aggregates: [String]
    /// Devices that the change could affect: the aggregates, their old and new ports, and all that is stacked on those.
    package let devices: [String]

    /// The part of a host that a plan can affect.
    package init(before snapshot: HostState, plan: Plan) {
        let aggregates = plan.changes.filter { $0.kind != .none }.map(\.aggregate)
        var devices: [String] = aggregates
        for step in plan.steps { devices += step.step.devices }
        for name in aggregates {
            guard let link = snapshot.link(named: name) else { continue }
            devices += snapshot.ports(of: link).map(\.name)
        }
        for name in devices {
            guard let link = snapshot.link(named: name) else { continue }
            devices += snapshot.stacked(on: link).map(\.name)
        }
        self.aggregates = aggregates
        var seen: Set<String> = []
        self.devices = devices.filter { seen.insert($0).inserted }
        self.snapshot = Self.reduced(snapshot, to: seen)
    }

    /// A journal needs no more of the host than what may have to be put back.
    private static func reduced(_ host: HostState, to names: Set<String>) -> HostState {
        var reduced = host
        var indices = Set(host.links.filter { names.contains($0.name) }.map(\.index))
        // Masters and lower devices are needed to name them.
        indices.formUnion(
            host.links.filter { indices.contains($0.index) }.flatMap { [$0.master, $0.lower].compactMap { $0 } })
        reduced.links = host.links.filter { indices.contains($0.index) }
        reduced.addresses = host.addresses.filter { $0.isRestorable && indices.contains($0.device) }
        reduced.routes = host.routes.filter {
            !$0.isKernelMade && !$0.isAdvertised && !indices.isDisjoint(with: $0.devices)
        }
        reduced.neighbours = host.neighbours.filter { indices.contains($0.device) }
        reduced.nexthops = host.nexthops.filter { indices.contains($0.device) }
        return reduced
    }

    /// Steps from the current state towards the snapshot. Empty means that the two are equal in all that can be put
    /// back; steps that depend on others may need a second round.
    package func steps(from current: HostState) -> [Step] {
        var steps: [Step] = []
        for name in aggregates { steps += aggregateSteps(name, current) }
        steps += linkSteps(current, names: devices)
        steps += dropped(from: current, on: devices)
        steps += extras(in: current)
        return steps
    }

    /// Makes those ports active again that were, where another was chosen in the meantime: a wish, for the port may have
    /// lost its link since.
    package func activations(from current: HostState) -> [Step] {
        aggregates.compactMap { name in
            guard let port = snapshot.link(named: name)?.aggregate?.activePort,
                let now = current.link(named: name)?.aggregate, now.activePort != port,
                current.link(named: port)?.port?.monitor == .up
            else { return nil }
            return .activate(port: port, aggregate: name, driver: now.driver)
        }
    }

    /// What the kernel dropped from devices that went down and came up again.
    package func steps(puttingBack names: [String], from current: HostState) -> [Step] {
        linkSteps(current, names: names) + dropped(from: current, on: names)
    }

    // MARK: - Aggregates

    private func aggregateSteps(_ name: String, _ current: HostState) -> [Step] {
        let before = snapshot.link(named: name)
        let now = current.link(named: name)
        guard let before, let facts = before.aggregate else {
            guard let now, now.aggregate != nil, before == nil else { return [] }
            let driver = now.aggregateDriver ?? .bonding
            return current.ports(of: now).reversed().map { .detach(port: $0.name, aggregate: name, driver: driver) }
                + [.delete(aggregate: name, driver: driver)]
        }
        if let daemon = facts.daemon, daemon.state == .running, let now = now?.aggregate?.daemon, now.state != .running
        {
            return [.repair(aggregate: name)]
        }
        // The address of the first port comes back with that port; set by hand it would count as chosen.
        let hasPortsAddress = snapshot.ports(of: before).first?.port?.permanentAddress == before.address
        let keepsPorts = now.map { ports(of: $0, in: current) == ports(of: before, in: snapshot) } ?? false
        var wish = wish(for: before, facts, now: now, current)
        if hasPortsAddress || facts.followsActivePort { wish.macAddress = nil }
        var planner = AggregatePlanner(
            host: current, wish: wish, allow: [], released: [], claimed: [],
            restoring: .init(
                index: before.index,
                rejoinsAll: hasPortsAddress && keepsPorts && now?.address != before.address && !facts.followsActivePort)
        )
        planner.plan()
        return planner.steps.map(\.step)
    }

    private func ports(of aggregate: Link, in host: HostState) -> [String] { host.ports(of: aggregate).map(\.name) }

    private func wish(for link: Link, _ facts: AggregateFacts, now: Link?, _ current: HostState) -> ResolvedAggregate {
        var wish = ResolvedAggregate(name: link.name, driver: facts.driver, state: link.isUp ? .present : .down)
        let ports = snapshot.ports(of: link)
        wish.mode = facts.mode
        wish.settings = settings(
            facts.options, OptionTables.shared.aggregate(facts.driver), mode: facts.mode, isNew: now == nil)
        wish.mtu = link.mtu
        wish.macAddress = link.address
        wish.ports = ports.map { port in
            .init(
                name: port.name,
                settings: settings(
                    port.port?.options ?? [:], OptionTables.shared.port(facts.driver), mode: facts.mode,
                    isNew: port.master != current.link(named: port.name)?.master))
        }
        return wish
    }

    /// All options that can be written back; of a device that is new, those that are not at their default.
    private func settings(_ options: OptionValues, _ table: OptionTable?, mode: Mode, isNew: Bool) -> [ResolvedAggregate
        .Setting]
    {
        (table?.rows ?? []).compactMap { row in
            guard let value = options[row.name], !row.isReadOnly, row.name != "mode", row.name != "active_slave" else {
                return nil
            }
            if isNew, !row.accepted.contains(mode) || row.defaultValue.value(in: mode) == value { return nil }
            return .init(row.name, value, origin: "the state before")
        }
    }

    // MARK: - Devices

    private func linkSteps(_ current: HostState, names: [String]) -> [Step] {
        var steps: [Step] = []
        for name in names {
            guard let before = snapshot.link(named: name) else { continue }
            guard let now = current.link(named: name) else {
                if let record = before.record { steps.append(.replay(record: record, onto: nil)) }
                continue
            }
            steps += linkSteps(before, now, current)
        }
        return steps
    }

    private func linkSteps(_ before: Link, _ now: Link, _ current: HostState) -> [Step] {
        var steps: [Step] = []
        let isOurPort = before.port != nil || now.port != nil
        let master = before.master.flatMap(snapshot.link(index:))?.name
        if !isOurPort, master != now.master.flatMap(current.link(index:))?.name {
            steps.append(.setMaster(device: before.name, master: master))
        }
        if before.aggregate == nil {
            if !isOurPort, before.mtu != now.mtu { steps.append(.setMTU(device: before.name, mtu: before.mtu)) }
            // A port gets the MTU of its aggregate when it joins; one that had another before was given it by somebody.
            if before.port != nil, now.port != nil, before.mtu != now.mtu,
                let aggregate = before.master.flatMap(snapshot.link(index:)), before.mtu != aggregate.mtu
            {
                steps.append(.setMTU(device: before.name, mtu: before.mtu))
            }
            if !isOurPort, let address = before.address, address != now.address {
                steps += addressSteps(before, now, address, current)
            }
            if before.master == now.master, before.isUp != now.isUp {
                steps.append(.bring(device: before.name, up: before.isUp))
            }
        }
        let userFlags: LinkFlags = [.promiscuous, .allMulticast]
        let set = before.flags.intersection(userFlags).subtracting(now.flags)
        let clear = now.flags.intersection(userFlags).subtracting(before.flags)
        if !set.isEmpty || !clear.isEmpty { steps.append(.setFlags(device: before.name, set: set, clear: clear)) }
        return steps
    }

    /// A VLAN has the address of the device below unless it was given its own. It takes it up when that changes, or else
    /// when it is brought up; set by hand it would count as its own.
    private func addressSteps(_ before: Link, _ now: Link, _ address: LinkLayerAddress, _ current: HostState) -> [Step]
    {
        guard before.kind == "vlan", before.lower.flatMap(snapshot.link(index:))?.address == address else {
            return [.setAddress(device: before.name, address: address)]
        }
        guard now.lower.flatMap(current.link(index:))?.address == address else { return [] }
        let down: [Step] = now.isUp ? [.bring(device: before.name, up: false)] : []
        return down + [.bring(device: before.name, up: true)]
    }

    // MARK: - Addresses, neighbours, routes, rules

    private func dropped(from current: HostState, on names: [String]) -> [Step] {
        let indices = Set(names.compactMap { snapshot.link(named: $0)?.index })
        let kept = current.recordKeys
        let waiting = waiting(in: current)
        var records = snapshot.addresses
            .filter { indices.contains($0.device) && !waiting.contains($0.device) && $0.isRestorable }.map(\.record)
        records += snapshot.nexthops.filter { indices.contains($0.device) && !waiting.contains($0.device) }.map(
            \.record)
        records += snapshot.neighbours.filter { indices.contains($0.device) && !waiting.contains($0.device) }.map(
            \.record)
        records += snapshot.routes
            .filter { !$0.isKernelMade && !$0.isAdvertised && !indices.isDisjoint(with: $0.devices) }
            .filter { waiting.isDisjoint(with: $0.devices) }
            .sorted { ($0.gateway == nil ? 0 : 1) < ($1.gateway == nil ? 0 : 1) }
            .map(\.record)
        records += snapshot.rules
        // A group of nexthops is there once for each of its devices.
        var seen = kept
        return records.filter { seen.insert($0.key).inserted }.map { .replay(record: $0, onto: nil) }
    }

    /// Devices that were up and are not yet, or will not stay so when they leave or change their master: an address that
    /// comes before that loses its route to the prefix, and routes are refused.
    private func waiting(in current: HostState) -> Set<Int32> {
        let waiting = snapshot.links.filter { link in
            guard let now = current.link(named: link.name) else { return true }
            return link.isUp && !now.isUp || link.master != now.master
        }
        return Set(waiting.map(\.index))
    }

    /// What the change added and the snapshot has not.
    private func extras(in current: HostState) -> [Step] {
        let indices = Set(devices.compactMap { current.link(named: $0)?.index })
        let kept = snapshot.recordKeys
        var records = current.routes
            .filter {
                !$0.isKernelMade && !$0.isAdvertised && !$0.devices.isEmpty && indices.isSuperset(of: $0.devices)
            }
            .map(\.record)
        records += current.neighbours.filter { indices.contains($0.device) }.map(\.record)
        records += current.addresses.filter {
            indices.contains($0.device) && $0.isRestorable && !$0.prefix.address.isLinkLocal
        }
        .map(\.record)
        return records.filter { !kept.contains($0.key) }.map { .remove(record: $0) }
    }
}

extension HostState {
    fileprivate var recordKeys: Set<String> {
        var keys = Set(addresses.map(\.record.key))
        keys.formUnion(routes.map(\.record.key))
        keys.formUnion(neighbours.map(\.record.key))
        keys.formUnion(nexthops.map(\.record.key))
        keys.formUnion(rules.map(\.key))
        return keys
    }
}

extension HostState.Address {
    /// IFA_F_TEMPORARY of an IPv6 address (RFC 8981): made by the kernel from a learned prefix.
    private static let temporary: UInt32 = 1

    /// Set by somebody: not one that the kernel makes or learns by itself. Before Linux 5.18 the kernel does not tell its
    /// own link-local addresses apart; it makes those anew by itself, so that nothing is left to put back.
    var isRestorable: Bool {
        origin == 0 && (prefix.address.family == .ipv4 || flags & Self.temporary == 0)
    }
}

extension Step {
    /// The devices that a step names.
    package var devices: [String] {
        switch self {
        case .create(let name, _, _, _, _), .delete(let name, _), .setOptions(let name, _, _): [name]
        case .attach(let port, let name, _), .detach(let port, let name, _), .activate(let port, let name, _),
            .setPortOptions(let port, let name, _, _):
            [port, name]
        case .bring(let device, _), .setMTU(let device, _), .setAddress(let device, _), .setFlags(let device, _, _),
            .setMaster(let device, _), .addAddress(let device, _), .removeAddress(let device, _):
            [device]
        case .replay(_, let device): device.map { [$0] } ?? []
        case .remove: []
        case .repair(let name): [name]
        case .restore(let devices): devices
        }
    }
}
