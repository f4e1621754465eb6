/// What is stacked on what.
extension HostState {
    /// The ports of an aggregate or bridge, in the order in which they joined where that is known.
    package func ports(of master: Link) -> [Link] {
        let members = (linkPlaces.ports[master.index] ?? []).map { links[$0] }
        guard let order = master.aggregate?.ports else { return members }
        let place = Dictionary(order.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        return members.sorted { (place[$0.name] ?? .max, $0.index) < (place[$1.name] ?? .max, $1.index) }
    }

    /// VLANs, macvlans, tunnels and other devices made on top of a device, with all that stands on those; masters not
    /// included.
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
    ///
    /// - Parameter includingMaster: also the master of the device itself, with what stands on that.
    package func above(_ device: Link, includingMaster: Bool = true) -> [Link] {
        let (uppers, places) = (linkPlaces.uppers, linkPlaces.byIndex)
        var seen: Set<Int32> = [device.index]
        var found: [Link] = []
        var queue = [device]
        var next = 0
        while next < queue.count {
            let current = queue[next]
            next += 1
            var above = (uppers[current.index] ?? []).map { links[$0] }
            if let master = current.master, includingMaster || current.index != device.index,
                let place = places[master]
            {
                above.append(links[place])
            }
            for link in above where seen.insert(link.index).inserted {
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
}
