/// What is stacked on what.
extension HostState {
    /// The ports of an aggregate or bridge, in the order in which they joined where that is known.
    package func ports(of master: Link) -> [Link] {
        let members = (linkPlaces.ports[master.index] ?? []).map { links[$0] }
        guard let order = master.aggregate?.ports else { return members }
        let place = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return members.sorted { (place[$0.name] ?? .max, $0.index) < (place[$1.name] ?? .max, $1.index) }
    }

    /// VLANs, macvlans and other devices made on top of a device, with all that stands on those; masters not included.
    package func stacked(on device: Link) -> [Link] {
        let uppers = linkPlaces.uppers
        guard uppers[device.index] != nil else { return [] }
        var seen: Set<Int> = []
        var found: [Link] = []
        var frontier = [device.index]
        while !frontier.isEmpty {
            let places = frontier.flatMap { uppers[$0] ?? [] }.filter { seen.insert($0).inserted }.sorted()
            found += places.map { links[$0] }
            frontier = places.map { links[$0].index }
        }
        return found
    }

    /// Every device whose traffic passes through a device: those stacked on it and the masters of any of them.
    package func above(_ device: Link) -> [Link] {
        var found: [Link] = []
        var queue = [device]
        while let current = queue.popLast() {
            var next = stacked(on: current)
            if let master = current.master, let link = link(index: master) { next.append(link) }
            for link in next where link.index != device.index && !found.contains(where: { $0.index == link.index }) {
                found.append(link)
                queue.append(link)
            }
        }
        return found
    }

    /// Global addresses of a device that somebody set.
    package func permanentAddresses(of device: Link) -> [Address] {
        addresses(of: device).filter(\.isPermanentGlobal)
    }

    /// Routes through a device that do not follow from its addresses.
    package func staticRoutes(through device: Link) -> [Route] {
        routes(through: device).filter { !$0.isKernelMade && !$0.isAdvertised }
    }

    /// Why taking a device away, or down for a moment, would be felt: one short text a reason.
    package func burdens(of device: Link) -> [String] {
        var reasons: [String] = []
        for link in [device] + above(device) {
            let place = link.index == device.index ? "" : " on \(link.name)"
            let addresses = addresses(of: link)
            reasons += addresses.filter { $0.scope == 0 && !$0.prefix.address.isLinkLocal }
                .map { "address \($0.prefix)\(place)" }
            reasons += staticRoutes(through: link).map { "route \($0.record.summary)" }
            if link.index != device.index { reasons.append("\(link.kind ?? "device") \(link.name) above it") }
            if let callerAddress, addresses.contains(where: { $0.prefix.address == callerAddress }) {
                reasons.append("your own SSH connection to \(callerAddress)")
            }
        }
        return reasons
    }
}
