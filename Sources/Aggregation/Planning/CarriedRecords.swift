/// What devices carry, in the order in which the kernel takes it: an address brings the route to its network unless it
/// was told not to, a gateway has to be reached by one of those, and a nexthop object by its gateway.
struct CarriedRecords {
    var addresses: [HostState.Address] = []
    var routes: [HostState.Route] = []
    var neighbours: [HostState.Neighbour] = []
    var nexthops: [HostState.Nexthop] = []

    /// A record and the devices that it belongs to.
    typealias Item = (record: KernelRecord, devices: [Int32])

    /// What is possible once addresses are there. A route through two devices, and a group of nexthop objects of two, is
    /// one.
    var afterAddresses: [Item] {
        var items: [Item] = neighbours.map { ($0.record, [$0.device]) }
        items += routes.filter { !$0.isIndirect }.map { ($0.record, $0.devices) }
        items += nexthops.map { ($0.record, [$0.device]) }
        items += routes.filter(\.isIndirect).map { ($0.record, $0.devices) }
        var seen: Set<String> = []
        return items.filter { seen.insert($0.record.key).inserted }
    }

    var inOrder: [KernelRecord] { addresses.map(\.record) + afterAddresses.map(\.record) }
}
