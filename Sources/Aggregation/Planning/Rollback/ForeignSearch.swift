/// Compares a host with the state before a change and tells what the change can have made from what it cannot. The
/// latter becomes part of the state to go back to, so that whatever rolling back loses of it on the way is put back too.
struct ForeignSearch {
    private(set) var restoration: Restoration
    private(set) var renames: [String: String]
    private(set) var found: [ForeignChange] = []
    private let rollback: Rollback
    private let current: HostState
    private var reach: ChangeReach

    init(_ rollback: Rollback, _ current: HostState) {
        self.rollback = rollback
        self.current = current
        restoration = rollback.restoration
        renames = rollback.renames
        reach = ChangeReach(rollback, renames: renames, snapshot: restoration.snapshot)
    }

    mutating func run() {
        followRenamedDevices()
        guard !rollback.steps.isEmpty else { return }
        reach = ChangeReach(rollback, renames: renames, snapshot: restoration.snapshot)
        for name in restoration.devices { lookAtDevice(name) }
        for name in restoration.aggregates { lookAtPorts(of: name) }
        keepNewDevices()
        lookAtRecords()
        lookAtRules()
    }

    private mutating func note(_ device: String, _ text: String) { found.append(.init(device, text)) }

    // MARK: - Devices with another name

    /// An index stays with its device; a name does not.
    private mutating func followRenamedDevices() {
        for before in restoration.snapshot.links where current.link(named: before.name)?.index != before.index {
            guard let now = current.link(index: before.index), now.name != before.name, now.kind == before.kind,
                now.permanentAddress == before.permanentAddress
            else { continue }
            follow(before.name, to: now.name)
        }
        for (name, index) in rollback.created {
            let known = renames[name] ?? name
            guard current.link(named: known)?.index != index, let now = current.link(index: index),
                now.name != known, now.isAggregate
            else { continue }
            follow(known, to: now.name)
        }
    }

    private mutating func follow(_ old: String, to new: String) {
        restoration = restoration.renaming(old, to: new)
        renames = renames.mapValues { $0 == old ? new : $0 }
        renames[old] = new
        note(new, "renamed, was \(old)")
    }

    // MARK: - One device

    private mutating func lookAtDevice(_ name: String) {
        guard let before = restoration.snapshot.link(named: name) else { return }
        guard let now = current.link(named: name) else { return lookAtMissing(before) }
        let master = now.master.flatMap(current.link(index:))
        if let master, now.master != before.master, !restoration.aggregates.contains(master.name), !reach.setsMasters {
            note(name, "attached to \(master.name)")
            return keep(name, as: now)
        }
        if master == nil, before.master != nil, !reach.setsMasters, !reach.touched.contains(name),
            !reach.deleted.contains(name)
        {
            let old = before.master.flatMap(restoration.snapshot.link(index:))?.name ?? "its master"
            note(name, "detached from \(old)")
            return keep(name, as: now)
        }
        change(name, before, now)
    }

    /// Rolling back leaves a device alone that somebody else has put elsewhere.
    private mutating func keep(_ name: String, as now: Link) {
        if let index = now.master, restoration.snapshot.link(index: index) == nil,
            let master = current.link(index: index)
        {
            restoration.snapshot.links.append(master)
        }
        restoration.changeLinks { link in
            if link.name == name { link = now }
            if now.master != link.index { link.aggregate?.ports.removeAll { $0 == name } }
        }
    }

    private mutating func lookAtMissing(_ before: Link) {
        guard !reach.deleted.contains(before.name) else { return }
        // teamd takes its device along when it ends.
        let isOurTeam = before.aggregateDriver == .teaming && reach.touched.contains(before.name)
        guard !isOurTeam else { return }
        note(before.name, "no longer on this host")
        restoration.forget(before.name)
    }

    private mutating func change(_ name: String, _ before: Link, _ now: Link) {
        var kept = before
        // Of a port that may join anew both follow from its aggregate.
        let isFree = before.port == nil || !reach.touched.contains(name)
        if isFree, now.mtu != before.mtu, !reach.mtus(of: before, aggregates: restoration.aggregates).contains(now.mtu)
        {
            note(name, "MTU changed to \(now.mtu), was \(before.mtu)")
            kept.mtu = now.mtu
        }
        if isFree, let address = now.address, address != before.address, !canBeOurs(address, on: before) {
            note(name, "link-layer address changed to \(address), was \(before.address?.description ?? "none")")
            kept.address = address
        }
        if now.isUp != before.isUp, !reach.touched.contains(name), !reach.deleted.contains(name) {
            note(name, now.isUp ? "brought up" : "brought down")
            kept.flags = now.isUp ? kept.flags.union(.up) : kept.flags.subtracting(.up)
        }
        let gained = now.flags.subtracting(before.flags).intersection([.promiscuous, .allMulticast])
        if !gained.isEmpty {
            note(name, "\(gained.contains(.promiscuous) ? "promiscuous" : "all-multicast") mode turned on")
            kept.flags.formUnion(gained)
        }
        changeOptions(name, before, now, &kept)
        guard kept != before else { return }
        restoration.changeLinks { if $0.name == name { $0 = kept } }
    }

    /// The addresses that go round in an aggregate: of its ports, its own, and those that the steps set.
    private func canBeOurs(_ address: LinkLayerAddress, on before: Link) -> Bool {
        if before.aggregate != nil, reach.readdressed.contains(before.name) { return true }
        if standsOnReaddressed(before) { return true }
        let known = restoration.snapshot.links.flatMap { link in
            [link.address, link.permanentAddress, link.port?.permanentAddress].compactMap { $0 }
        }
        let present = restoration.aggregates.compactMap { current.link(named: $0)?.address }
        return reach.addresses.contains(address) || known.contains(address)
            || before.aggregate == nil && (present.contains(address) && isBelowOrAbove(before))
    }

    /// A VLAN takes up the address that its aggregate has for a moment, a random one without ports, and may keep it.
    private func standsOnReaddressed(_ link: Link) -> Bool {
        reach.readdressed.contains { name in
            guard let aggregate = restoration.snapshot.link(named: name) else { return false }
            return restoration.snapshot.stacked(on: aggregate).contains { $0.index == link.index }
        }
    }

    private func isBelowOrAbove(_ link: Link) -> Bool {
        link.port != nil || link.lower != nil || reach.touched.contains(link.name)
    }

    /// Options follow from each other in many ways, so those of an aggregate that the change configures are all its own.
    private mutating func changeOptions(_ name: String, _ before: Link, _ now: Link, _ kept: inout Link) {
        if let old = before.aggregate, let new = now.aggregate, old.mode == new.mode, old.driver == new.driver,
            !reach.configured.contains(name)
        {
            let table = OptionTables.shared.aggregate(old.driver)
            kept.aggregate?.options = changed(name, old.options, new.options, table, old.daemon == nil)
        }
        if let old = before.port, let new = now.port, before.master == now.master, !reach.touched.contains(name),
            let driver = before.master.flatMap(restoration.snapshot.link(index:))?.aggregate?.driver
        {
            kept.port?.options = changed(name, old.options, new.options, OptionTables.shared.port(driver), true)
        }
    }

    private mutating func changed(
        _ name: String, _ old: OptionValues, _ new: OptionValues, _ table: OptionTable?, _ isReliable: Bool
    ) -> OptionValues {
        var kept = old
        for row in table?.rows ?? [] where !row.isReadOnly && row.name != "mode" && isReliable {
            guard let before = old[row.name], let now = new[row.name], before != now else { continue }
            if case .port = now { continue }
            note(name, "\(row.name) changed to \(row.format(now)), was \(row.format(before))")
            kept[row.name] = now
        }
        return kept
    }

    // MARK: - Ports and new devices

    /// Ports that the change does not attach, in an aggregate that stays.
    private mutating func lookAtPorts(of name: String) {
        guard let before = restoration.snapshot.link(named: name), before.aggregate != nil,
            let now = current.link(named: name), now.aggregate != nil
        else { return }
        let known = Set(restoration.snapshot.ports(of: before).map(\.name))
        for port in current.ports(of: now)
        where !known.contains(port.name) && reach.attached[name]?.contains(port.name) != true
            && !reach.touched.contains(port.name)
        {
            note(port.name, "attached to \(name)")
            adopt(port, master: before.index)
            restoration.changeLinks { if $0.name == name { $0.aggregate?.ports.append(port.name) } }
        }
    }

    /// Takes a device into the state to go back to, as it is now.
    private mutating func adopt(_ link: Link, master: Int32? = nil) {
        var link = link
        if let master { link.master = master }
        restoration.snapshot.links.removeAll { $0.index == link.index || $0.name == link.name }
        restoration.snapshot.links.append(link)
        if !restoration.devices.contains(link.name) { restoration.devices.append(link.name) }
    }

    /// No step makes a device on top of another.
    private mutating func keepNewDevices() {
        let doomed = Set(doomed.map(\.index))
        for name in restoration.devices {
            guard let link = current.link(named: name), !doomed.contains(link.index) else { continue }
            for upper in current.stacked(on: link) where isNew(upper) {
                note(upper.name, "\(upper.kind ?? "device") created on \(name)")
                adopt(upper)
            }
        }
    }

    private func isNew(_ link: Link) -> Bool {
        restoration.snapshot.link(index: link.index) == nil && restoration.snapshot.link(named: link.name) == nil
            && !reach.created.contains(link.name)
    }

    // MARK: - Addresses, routes, neighbours, rules

    private mutating func lookAtRecords() {
        let doomed = Set(doomed.map(\.index))
        let devices = Set(restoration.devices.compactMap { current.link(named: $0)?.index }).subtracting(doomed)
        let extra = foreignRecords(on: devices)
        for address in extra.addresses { note(place(address.device), "address \(address.prefix) added") }
        for route in extra.routes { note(place(route.devices.first), "route \(route.record.summary) added") }
        for neighbour in extra.neighbours {
            note(place(neighbour.device), "neighbour \(neighbour.record.summary) added")
        }
        restoration.snapshot.addresses += extra.addresses
        restoration.snapshot.routes += extra.routes
        restoration.snapshot.neighbours += extra.neighbours
        dropRemovedAddresses()
    }

    private func place(_ device: Int32?) -> String { device.flatMap(current.link(index:))?.name ?? "?" }

    private struct Records {
        var addresses: [HostState.Address] = []
        var routes: [HostState.Route] = []
        var neighbours: [HostState.Neighbour] = []
    }

    /// What is on some devices now and neither was there before nor comes from a step. What the change moves from one
    /// device to another is known by everything but the device.
    private func foreignRecords(on devices: Set<Int32>) -> Records {
        let snapshot = restoration.snapshot
        let prefixes = reach.prefixes.union(snapshot.addresses.map(\.prefix))
        let routes = Set(snapshot.routes.map(\.record.keyWithoutDevice))
        let neighbours = Set(snapshot.neighbours.map(\.record.keyWithoutDevice))
        var records = Records()
        records.addresses = current.addresses.filter {
            devices.contains($0.device) && $0.isRestorable && !$0.prefix.address.isLinkLocal
                && !prefixes.contains($0.prefix)
        }
        records.routes = current.routes.filter {
            !$0.isKernelMade && !$0.isAdvertised && !$0.isOfNewLinkLocalAddress && !$0.devices.isEmpty
                && devices.isSuperset(of: $0.devices) && !routes.contains($0.record.keyWithoutDevice)
        }
        records.neighbours = current.neighbours.filter {
            devices.contains($0.device) && !neighbours.contains($0.record.keyWithoutDevice)
        }
        return records
    }

    /// From a device that the change does not touch nothing was lost by it.
    private mutating func dropRemovedAddresses() {
        let untouched = restoration.snapshot.links.filter { link in
            !reach.touched.contains(link.name) && !reach.deleted.contains(link.name)
                && current.link(named: link.name) != nil
        }
        let indices = Set(untouched.map(\.index))
        let present = Set(current.addresses.map(\.record.key))
        let removed = restoration.snapshot.addresses.filter {
            indices.contains($0.device) && $0.isRestorable && !present.contains($0.record.key)
        }
        guard !removed.isEmpty else { return }
        for address in removed { note(place(address.device), "address \(address.prefix) removed") }
        restoration.snapshot.addresses.removeAll(where: removed.contains)
    }

    private mutating func lookAtRules() {
        guard !reach.touchesRules else { return }
        let present = Set(current.rules.map(\.key))
        let removed = restoration.snapshot.rules.filter { !present.contains($0.key) }
        for rule in removed { note("rules", "rule \(rule.summary) removed") }
        restoration.snapshot.rules.removeAll(where: removed.contains)
    }

    // MARK: - What would be lost

    /// Aggregates that rolling back deletes.
    private var doomed: [Link] {
        restoration.aggregates.compactMap { name in
            guard restoration.snapshot.link(named: name) == nil else { return nil }
            return current.link(named: name).flatMap { $0.aggregate == nil ? nil : $0 }
        }
    }

    /// What others put onto those.
    func losses() -> [ForeignChange] {
        guard !rollback.steps.isEmpty else { return [] }
        var losses: [ForeignChange] = []
        for link in doomed {
            let name = link.name
            if let made = rollback.created.first(where: { (renames[$0.key] ?? $0.key) == name })?.value,
                made != link.index
            {
                losses.append(.init(name, "deleted and created again by somebody else"))
            }
            for upper in current.stacked(on: link) where isNew(upper) {
                losses.append(.init(name, "\(upper.kind ?? "device") \(upper.name) created on it"))
            }
            if let master = link.master.flatMap(current.link(index:)), !restoration.aggregates.contains(master.name) {
                losses.append(.init(name, "attached to \(master.name)"))
            }
            for port in current.ports(of: link)
            where reach.attached[name]?.contains(port.name) != true && !reach.touched.contains(port.name) {
                losses.append(.init(name, "port \(port.name) attached"))
            }
            let extra = foreignRecords(on: Set([link.index] + current.stacked(on: link).map(\.index)))
            losses += extra.addresses.map { .init(place($0.device), "address \($0.prefix) added") }
            losses += extra.routes.map { .init(place($0.devices.first), "route \($0.record.summary) added") }
            losses += extra.neighbours.map { .init(place($0.device), "neighbour \($0.record.summary) added") }
        }
        return losses
    }
}
