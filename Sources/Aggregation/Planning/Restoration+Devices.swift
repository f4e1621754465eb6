/// Devices that are not aggregates: ports, and what is stacked on either.
extension Restoration {
    func linkSteps(_ current: HostState, names: [String]) -> [Step] {
        var steps: [Step] = []
        for name in names {
            guard let before = snapshot.link(named: name) else { continue }
            guard let now = current.link(named: name) else {
                if let record = before.record ?? lost(before) { steps.append(.replay(record: record, onto: nil)) }
                continue
            }
            steps += linkSteps(before, now, current)
        }
        return steps
    }

    /// A device that went with the one below it and that nobody here can make again: it stays in what is missing.
    private func lost(_ link: Link) -> KernelRecord? {
        let isStacked = aggregates.compactMap(snapshot.link(named:)).contains { aggregate in
            snapshot.stacked(on: aggregate).contains { $0.index == link.index }
        }
        guard isStacked, link.aggregate == nil else { return nil }
        let summary = "\(link.name), a device of kind \(link.kind ?? "unknown"), which this program cannot make again"
        return KernelRecord(kind: .link, key: "link \(link.name)", summary: summary, payload: [])
    }

    /// Devices that were made again on another one: none can be moved back, so each is deleted, and made again in the next
    /// round.
    func misplaced(in current: HostState) -> [Step] {
        devices.compactMap { name in
            guard let before = snapshot.link(named: name), let now = current.link(named: name), before.record != nil,
                let record = now.record, !standsOnTheSame(before, now, current)
            else { return nil }
            return .remove(record: record)
        }
    }

    private func standsOnTheSame(_ before: Link, _ now: Link, _ current: HostState) -> Bool {
        guard before.lowerIsElsewhere == now.lowerIsElsewhere else { return false }
        if before.lowerIsElsewhere { return before.lower == now.lower }
        return before.lower.flatMap(snapshot.link(index:))?.name == now.lower.flatMap(current.link(index:))?.name
    }

    private func linkSteps(_ before: Link, _ now: Link, _ current: HostState) -> [Step] {
        var steps: [Step] = []
        let isOurPort = before.port != nil || now.port != nil
        let master = before.master.flatMap(snapshot.link(index:))?.name
        if !isOurPort, master != now.master.flatMap(current.link(index:))?.name {
            steps.append(.setMaster(device: before.name, master: master))
        }
        // An aggregate that the change touched only as a port of another is a device like any.
        if before.aggregate == nil || !aggregates.contains(before.name) {
            if !isOurPort, before.mtu != now.mtu, allowsMTU(before.mtu, below: now, current) {
                steps.append(.setMTU(device: before.name, mtu: before.mtu))
            }
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

    /// A VLAN has no greater MTU than the device below, which may get its own back in the same round.
    private func allowsMTU(_ mtu: UInt32, below link: Link, _ current: HostState) -> Bool {
        guard !link.lowerIsElsewhere, let lower = link.lower.flatMap(current.link(index:)), link.kind != "veth" else {
            return true
        }
        return mtu <= lower.mtu
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
}
