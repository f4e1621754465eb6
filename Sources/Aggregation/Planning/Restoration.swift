/// Takes a host back to an earlier state: the same comparison serves rolling back a failed change, recovering after a
/// crash, and putting back what the kernel dropped while a device was down.
///
/// There is no list of inverse steps to get wrong. What differs from the snapshot is planned away, the host is read
/// again, and that is repeated until nothing differs.
package struct Restoration: Sendable, Codable {
    /// The host before the change.
    package internal(set) var snapshot: HostState
    /// Aggregates that the change was to touch, those that did not exist among them.
    package internal(set) var aggregates: [String]
    /// Devices that the change could affect: the aggregates, their old and new ports, and all that is stacked on those.
    package internal(set) var devices: [String]

    /// The part of a host that a plan can affect.
    package init(before snapshot: HostState, plan: Plan) {
        aggregates = Self.aggregates(of: plan)
        devices = Self.devices(of: plan, on: snapshot)
        self.snapshot = Self.reduced(snapshot, to: Set(devices))
    }

    private static func aggregates(of plan: Plan) -> [String] {
        plan.changes.filter { $0.kind != .none }.map(\.aggregate)
    }

    /// The devices that a plan could affect.
    package static func devices(of plan: Plan, on snapshot: HostState) -> [String] {
        let aggregates = aggregates(of: plan)
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
        var seen: Set<String> = []
        return devices.filter { seen.insert($0).inserted }
    }

    /// A journal needs no more of the host than what may have to be put back.
    private static func reduced(_ host: HostState, to names: Set<String>) -> HostState {
        var reduced = host
        var indices = Set(host.links.filter { names.contains($0.name) }.map(\.index))
        // Masters and lower devices are needed to name them.
        indices.formUnion(
            host.links.filter { indices.contains($0.index) }.flatMap { [$0.master, $0.lower].compactMap { $0 } })
        reduced.links = host.links.filter { indices.contains($0.index) }
        let silent = Set(host.devicesWithoutAddressGeneration.compactMap { host.link(named: $0)?.index })
        reduced.addresses = host.addresses.filter { address in
            indices.contains(address.device)
                && (address.isRestorable || address.prefix.address.isLinkLocal && silent.contains(address.device))
        }
        reduced.routes = host.routes.filter {
            !$0.isKernelMade && !$0.isAdvertised && !indices.isDisjoint(with: $0.devices)
        }
        reduced.neighbours = host.neighbours.filter { indices.contains($0.device) }
        reduced.nexthops = host.nexthops.filter { indices.contains($0.device) }
        reduced.settings = host.settings?.filter { names.contains($0.device) }
        return reduced
    }

    /// Steps from the current state towards the snapshot. Empty means that the two are equal in all that can be put
    /// back; steps that depend on others may need a second round.
    package func steps(from current: HostState) -> [Step] {
        var steps: [Step] = []
        for name in lowersFirst { steps += aggregateSteps(name, current) }
        steps += settingSteps(current, names: devices)
        steps += misplaced(in: current)
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

    /// Takes addresses away that stand in another order than before, from the first such one on, so that they can be added
    /// again in order: the first IPv4 address is the usual source, and the first of a network is its primary one.
    package func misordered(in current: HostState) -> [Step] {
        devices.flatMap { name -> [Step] in
            guard let before = snapshot.link(named: name), let now = current.link(named: name) else { return [] }
            let wanted = Dictionary(grouping: snapshot.addresses(of: before).filter(\.isRestorable), by: \.listGroup)
            let present = Dictionary(grouping: current.addresses(of: now).filter(\.isRestorable), by: \.listGroup)
            return wanted.keys.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { group -> [Step] in
                let (keys, records) = (
                    (wanted[group] ?? []).map(\.record.key), (present[group] ?? []).map(\.record)
                )
                let agreeing = zip(keys, records).prefix { $0 == $1.key }.count
                return agreeing == keys.count ? [] : records.dropFirst(agreeing).map { .remove(record: $0) }
            }
        }
    }

    /// What the kernel dropped from devices that went down and came up again.
    package func steps(puttingBack names: [String], from current: HostState) -> [Step] {
        settingSteps(current, names: names) + linkSteps(current, names: names) + dropped(from: current, on: names)
    }

    // MARK: - Aggregates

    /// Aggregates before those that they were ports of.
    private var lowersFirst: [String] {
        func depth(_ link: Link) -> Int { 1 + (snapshot.ports(of: link).map(depth).max() ?? 0) }
        let depths = aggregates.map { snapshot.link(named: $0).map(depth) ?? 0 }
        return aggregates.indices.sorted { (depths[$0], $0) < (depths[$1], $1) }.map { aggregates[$0] }
    }

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
        // A port has the address of what it is attached to, and another one while it is not.
        let isAttached = before.master != nil && now?.master == before.master
        let address = isAttached ? before.address : before.port?.permanentAddress ?? before.address
        let own = before.port?.permanentAddress ?? before.address
        let hasPortsAddress = snapshot.ports(of: before).first?.port?.permanentAddress == own
        let keepsPorts = now.map { ports(of: $0, in: current) == ports(of: before, in: snapshot) } ?? false
        var wish = wish(for: before, facts, now: now, current)
        wish.macAddress = hasPortsAddress || facts.followsActivePort ? nil : address
        var planner = AggregatePlanner(
            host: current, wish: wish, allow: [],
            restoring: .init(
                index: before.index,
                settings: snapshot.settings.map { $0.filter { $0.device == name && !$0.isOfBridge } } ?? [],
                rejoinsAll: hasPortsAddress && keepsPorts && now?.address != address && !facts.followsActivePort)
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

    // MARK: - Addresses, neighbours, routes, rules

    private func dropped(from current: HostState, on names: [String]) -> [Step] {
        let waiting = waiting(in: current)
        let indices = Set(names.compactMap { snapshot.link(named: $0)?.index }).subtracting(waiting)
        let carried = CarriedRecords(
            // Those alone that can be put back are in it.
            addresses: snapshot.addresses.filter { indices.contains($0.device) },
            routes: snapshot.routes.filter { route in
                !route.isKernelMade && !route.isAdvertised && !indices.isDisjoint(with: route.devices)
                    && waiting.isDisjoint(with: route.devices)
            },
            neighbours: snapshot.neighbours.filter { indices.contains($0.device) },
            nexthops: snapshot.nexthops.filter { indices.contains($0.device) })
        // A group of nexthops is there once for each of its devices.
        var seen = current.recordKeys
        return (carried.inOrder + snapshot.rules).filter { seen.insert($0.key).inserted }
            .map { .replay(record: $0, onto: nil) }
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
        let known = Set(snapshot.nexthops.compactMap(\.id))
        var records = current.routes
            .filter {
                !$0.isKernelMade && !$0.isAdvertised && !$0.looksKernelMade && !$0.devices.isEmpty
                    && indices.isSuperset(of: $0.devices)
            }
            .map(\.record)
        records += current.nexthops.filter { nexthop in
            indices.contains(nexthop.device) && nexthop.id.map(known.contains) == false
        }.map(\.record)
        records += current.neighbours.filter { indices.contains($0.device) }.map(\.record)
        let tellsOrigins = current.tellsAddressOrigins
        records += current.addresses.filter {
            indices.contains($0.device) && $0.isRestorable && (tellsOrigins || !$0.prefix.address.isLinkLocal)
        }
        .map(\.record)
        let silent = Set(snapshot.devicesWithoutAddressGeneration.compactMap { current.link(named: $0)?.index })
        records += current.addresses.filter { silent.contains($0.device) && $0.prefix.address.isLinkLocal }
            .map(\.record)
        let names = Set(devices)
        records += current.rules.filter { !$0.deviceNames.isEmpty && names.isSuperset(of: $0.deviceNames) }
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

extension HostState {
    /// Before Linux 5.18 the kernel does not tell its own link-local addresses from those that somebody set.
    fileprivate var tellsAddressOrigins: Bool { addresses.contains { $0.origin != 0 } }
}

extension HostState.Address {
    /// IFA_F_TEMPORARY of an IPv6 address (RFC 8981): made by the kernel from a learned prefix.
    private static let temporary: UInt32 = 1
    /// IFAPROT_KERNEL_LO, IFAPROT_KERNEL_RA, IFAPROT_KERNEL_LL. Others are numbers that whoever sets an address may give.
    private static let kernelOrigins: ClosedRange<UInt8> = 1...3

    /// The kernel keeps each of these groups together, whatever the order in which they were added.
    fileprivate var listGroup: [UInt8] {
        let isSecondary = prefix.address.family == .ipv4 && flags & Self.temporary != 0
        return [prefix.address.family == .ipv4 ? 4 : 6, scope, isSecondary ? 1 : 0]
    }

    /// Set by somebody: not one that the kernel makes or learns by itself. Before Linux 5.18 the kernel does not tell its
    /// own link-local addresses apart; it makes those anew by itself, so that nothing is left to put back.
    var isRestorable: Bool {
        !Self.kernelOrigins.contains(origin) && (prefix.address.family == .ipv4 || flags & Self.temporary == 0)
    }
}
