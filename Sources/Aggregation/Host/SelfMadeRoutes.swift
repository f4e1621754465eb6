extension HostState {
    /// Finds the routes that the kernel made for addresses.
    ///
    /// RTPROT_KERNEL says who a route is said to be by, not that it comes back by itself: NetworkManager and dhcpcd set
    /// addresses with IFA_F_NOPREFIXROUTE and add the routes to their networks under that name.
    package mutating func findSelfMadeRoutes() {
        let made = Set(addresses.flatMap(\.madeRoutes))
        var routes = routes
        for place in routes.indices {
            let route = routes[place]
            let isMade = route.kernelForm.map(made.contains) ?? false
            routes[place].isSelfMade =
                route.origin == Route.kernelOrigin && (isMade || route.isUnicast == false || route.expires == true)
        }
        self.routes = routes
    }
}

/// What tells a route that the kernel makes for an address from others.
private struct MadeRoute: Hashable {
    let device: Int32
    let destination: IPPrefix
    let metric: UInt32
    /// IPv4 alone has one (fib_add_ifaddr).
    let source: IPAddress?
}

extension HostState.Address {
    private static let noPrefixRoute: UInt32 = 0x200
    /// IP6_RT_PRIO_ADDRCONF.
    fileprivate static let defaultMetric: UInt32 = 256

    /// The routes that the kernel makes when the address is added (fib_add_ifaddr, inet6_addr_add, __ipv6_ifa_notify).
    fileprivate var madeRoutes: [MadeRoute] {
        guard flags & Self.noPrefixRoute == 0 else { return [] }
        let isIPv4 = prefix.address.family == .ipv4
        if isIPv4, flags & 1 != 0 || prefix.length == 32 && peer == nil { return [] }
        let metric = routeMetric ?? (isIPv4 ? 0 : Self.defaultMetric)
        let other = peer.flatMap { IPPrefix(address: $0, length: prefix.length) }
        var destinations = isIPv4 ? [(other ?? prefix).network] : [prefix.network]
        if !isIPv4, let peer, let host = IPPrefix(address: peer, length: 128) {
            destinations += [host] + (other.map { [$0.network] } ?? [])
        }
        return destinations.map {
            MadeRoute(device: device, destination: $0, metric: metric, source: isIPv4 ? prefix.address : nil)
        }
    }
}

extension HostState.Route {
    /// The kernel may have made it for an address that came after addresses were listed: no reason to take it away.
    var looksKernelMade: Bool {
        guard origin == Self.kernelOrigin, let destination else { return false }
        let isIPv4 = destination.address.family == .ipv4
        return isLinkLocal || (metric ?? 0) == (isIPv4 ? 0 : HostState.Address.defaultMetric)
    }

    /// The kernel gives a device its link-local address at a time of its own, so also between the look at addresses and
    /// the look at routes.
    var isOfNewLinkLocalAddress: Bool { isLinkLocal && looksKernelMade }

    /// Nil for one that the kernel would not make.
    fileprivate var kernelForm: MadeRoute? {
        guard let destination, devices.count == 1, let device = devices.first, !isIndirect else { return nil }
        let isIPv4 = destination.address.family == .ipv4
        return MadeRoute(
            device: device, destination: destination, metric: metric ?? 0, source: isIPv4 ? preferredSource : nil)
    }
}
