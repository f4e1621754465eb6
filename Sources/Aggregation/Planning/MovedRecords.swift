/// What ports carried, and what stood on them, for the aggregate that gets it.
struct MovedRecords {
    /// Ports that what is carried comes from.
    var ports: Set<Int32> = []
    var carried = CarriedRecords()
    /// VLANs that are deleted on a port and made again on the aggregate, and what stands on those, from the bottom up.
    var uppers: [Upper] = []
    /// What those were set to besides.
    var settings: [DeviceSetting] = []
    /// Rules that name a port by its name.
    var rules: [KernelRecord] = []

    struct Upper {
        let link: Link
        let record: KernelRecord
        /// It stands on a port and not on another one of these.
        let isOnPort: Bool
    }

    func contains(_ prefix: IPPrefix) -> Bool { prefixes.contains(prefix) }

    /// The addresses that the aggregate itself gets.
    var prefixes: [IPPrefix] { carried.addresses.filter { ports.contains($0.device) }.map(\.prefix) }

    /// Addresses, then devices above with theirs, then what needs both: a route may lead through several of them.
    func steps(onto aggregate: String) -> [Step] {
        func place(_ devices: [Int32]) -> String? { ports.isDisjoint(with: devices) ? nil : aggregate }
        let (own, above) = (
            carried.addresses.filter { ports.contains($0.device) },
            carried.addresses.filter { !ports.contains($0.device) }
        )
        var steps: [Step] = own.map { .replay(record: $0.record, onto: aggregate) }
        steps += uppers.map { .replay(record: $0.record, onto: $0.isOnPort ? aggregate : nil) }
        steps += settings.map { .replay(record: $0.record, onto: nil) }
        steps += above.map { .replay(record: $0.record, onto: nil) }
        steps += carried.afterAddresses.map { .replay(record: $0.record, onto: place($0.devices)) }
        // The new rule first, so that there is always one.
        for rule in rules { steps += [.replay(record: rule, onto: aggregate), .remove(record: rule)] }
        return steps
    }
}
