/// Whatever the kernel would destroy, take down or leave dead with a device: the one answer to what lives on it.
///
/// Preflight, plans and every changing command ask here and nowhere else, for aggregates and ports alike.
package struct Dependants: Sendable {
    private let host: HostState
    private let device: Link
    /// Everything in this namespace whose traffic passes through the device, from the lowest up.
    package let above: [Link]
    /// Devices of other namespaces on any of these.
    package let foreign: [ForeignDependant]

    /// - Parameter asPort: of a port, what lives on the port alone: its aggregate, and what stands on that, goes on
    ///   without it.
    package init(of device: Link, on host: HostState, asPort: Bool = false) {
        self.host = host
        self.device = device
        above = host.above(device, includingMaster: !asPort)
        let indices = Set(above.map(\.index) + [device.index])
        foreign = (host.foreign?.devices ?? []).filter { indices.contains($0.lower) }
    }

    package var isEmpty: Bool { reasons.isEmpty }

    /// Why taking the device away, or down for a moment, would be felt: one short text a reason.
    package var reasons: [String] {
        var reasons: [String] = []
        let chain = [device] + above
        // The worst first: a message shows but a few.
        if let caller = host.callerAddress, carriesCaller(chain) {
            reasons.append("your own SSH connection to \(caller)")
        }
        for link in chain {
            let place = link.index == device.index ? "" : " on \(link.name)"
            reasons += carried(by: link).map { $0 + place }
            if link.index != device.index { reasons.append("\(link.kind ?? "device") \(link.name) above it") }
        }
        return reasons + foreign.map(\.summary)
    }

    /// What the device itself carries: nothing that stands on it.
    package var own: [String] { carried(by: device) }

    /// The caller's SSH connection uses the device or something on it.
    package var carriesCaller: Bool { carriesCaller([device] + above) }

    private func carriesCaller(_ chain: [Link]) -> Bool {
        guard let caller = host.callerAddress else { return false }
        return chain.contains { link in
            link.index == host.callerDevice || host.addresses(of: link).contains { $0.prefix.address == caller }
        }
    }

    private func carried(by link: Link) -> [String] {
        var reasons = host.addresses(of: link).filter { $0.scope == 0 && !$0.prefix.address.isLinkLocal }
            .map { "address \($0.prefix)" }
        reasons += host.staticRoutes(through: link).filter { !$0.isLinkLocal }.map { "route \($0.record.summary)" }
        // A route that leaves by another device goes with the address that it sends from (`fib_sync_down_addr`).
        let sources = Set(host.addresses(of: link).map(\.prefix.address))
        if !sources.isEmpty {
            reasons += host.routes.filter { route in
                route.preferredSource.map(sources.contains) == true && !route.devices.contains(link.index)
                    && !route.isKernelMade
            }.map { "route \($0.record.summary), which sends from its address" }
        }
        reasons += host.nexthops.filter { $0.device == link.index }.map { "nexthop \($0.record.summary)" }
        reasons += host.neighbours.filter { $0.device == link.index }.map { "neighbour \($0.record.summary)" }
        reasons += host.rules.filter { $0.deviceNames.contains(link.name) }.map { "rule \($0.summary)" }
        return reasons
    }
}

extension HostState {
    /// Why taking a device away, or down for a moment, would be felt: one short text a reason.
    package func burdens(of device: Link) -> [String] { Dependants(of: device, on: self).reasons }

    /// The same of a port, without what its aggregate carries.
    package func burdens(ofPort port: Link) -> [String] { Dependants(of: port, on: self, asPort: true).reasons }
}
