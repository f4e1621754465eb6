internal import Glibc

/// Which addresses of an aggregate come and go, and in which order.
///
/// The first IPv4 address of a network is its primary one. The others are secondary there, and the kernel takes them away
/// with the primary one unless promote_secondaries is set. A device whose last IPv4 address goes loses its IPv4 routes and
/// neighbours as well (fib_disable_ip).
struct AddressTurnover {
    /// Come before others go, so that the device has one all the time where that is possible.
    let early: [IPPrefix]
    /// Stay, but would go with their primary one: taken away before it and put back after it.
    let displaced: [KernelRecord]
    let leaving: [IPPrefix]
    /// Come when others are gone: the primary ones of their networks, to which they would be secondary and with which they
    /// would go, or the same address with another length.
    let late: [IPPrefix]
    /// Neighbours and routes that are lost on the way and possible again afterwards.
    let lost: [KernelRecord]

    /// - Parameters:
    ///   - wanted: all permanent global addresses that the device is to have.
    ///   - moved: those of them that it has got from its ports.
    ///   - taken: addresses that another aggregate has until it gives them up in the same change.
    init(_ wanted: [IPPrefix], on link: Link, host: HostState, moved: [IPPrefix], taken: Set<IPPrefix> = []) {
        let present = host.permanentAddresses(of: link)
        let leaving = present.filter { !wanted.contains($0.prefix) }
        let primaries = leaving.filter { $0.prefix.address.family == .ipv4 && !$0.isSecondary }.map(\.prefix)
        func goesWithPrimary(_ prefix: IPPrefix) -> Bool {
            primaries.contains { $0.length == prefix.length && $0.contains(prefix.address) }
        }
        let staying = host.addresses(of: link).filter { !leaving.contains($0) }
        let displaced = staying.filter { $0.isSecondary && goesWithPrimary($0.prefix) }
        let coming = wanted.filter { prefix in
            !present.contains { $0.prefix == prefix } && !moved.contains(prefix)
        }
        let isLate = { (prefix: IPPrefix) in
            goesWithPrimary(prefix) || taken.contains(prefix) || Self.isOtherLength(of: leaving, prefix)
        }
        early = coming.filter { !isLate($0) }
        late = coming.filter(isLate)
        self.leaving = leaving.map(\.prefix)
        self.displaced = displaced.map(\.record)

        let throughout = staying.filter { !displaced.contains($0) }.map(\.prefix) + early + moved
        let returning = displaced.map(\.prefix) + late
        let isBare = !primaries.isEmpty && !throughout.contains { $0.address.family == .ipv4 }
        lost = isBare && !returning.isEmpty ? Self.lost(on: link, host: host, without: leaving, returning) : []
    }

    /// A device has an IPv6 address once: with another length it is refused while it is there (`ipv6_add_addr`).
    private static func isOtherLength(of leaving: [HostState.Address], _ prefix: IPPrefix) -> Bool {
        prefix.address.family == .ipv6 && leaving.contains { $0.prefix.address == prefix.address }
    }

    private static func lost(
        on link: Link, host: HostState, without leaving: [HostState.Address], _ returning: [IPPrefix]
    ) -> [KernelRecord] {
        let gone = leaving.map(\.prefix.address)
        let routes = host.staticRoutes(through: link).filter { route in
            guard !route.record.isIPv6, route.preferredSource.map(gone.contains) != true else { return false }
            return route.gateway.map { gateway in returning.contains { $0.contains(gateway) } } ?? true
        }
        let neighbours = host.neighbours.filter { $0.device == link.index && !$0.record.isIPv6 }
        return CarriedRecords(routes: routes, neighbours: neighbours).inOrder
    }
}

extension HostState.Address {
    /// IFA_F_SECONDARY. The same bit of an IPv6 address means something else.
    fileprivate var isSecondary: Bool { prefix.address.family == .ipv4 && flags & 1 != 0 }
}

extension KernelRecord {
    /// The message of an address, a route and a neighbour begins with its family.
    fileprivate var isIPv6: Bool { payload.first == UInt8(AF_INET6) }
}
