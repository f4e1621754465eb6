package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Reads one network namespace into a `HostState`.
package struct HostReader: Sendable {
    private let socket: NetlinkSocket
    private let namespace: NetworkNamespace
    private let decoders: [any LinkKindDecoder]

    /// - Parameters:
    ///   - socket: for requests of NETLINK_ROUTE, opened in `namespace`.
    ///   - decoders: what knows about aggregates; links of other kinds are read without their kind's data.
    package init(socket: NetlinkSocket, namespace: NetworkNamespace, decoders: [any LinkKindDecoder]) {
        self.socket = socket
        self.namespace = namespace
        self.decoders = decoders
    }

    /// Reads links always, and the rest as far as the scope says; `.ports` and `.lacpCounters` are the driver's.
    ///
    /// - Throws: what the kernel refused; a table that it does not have is read as empty.
    package func read(scope: ObservationScope) async throws(NetlinkError) -> HostState {
        var state = HostState()
        state.isPrivileged = Caller.hasNetAdmin
        var links = try await links()
        let names = DeviceNames(links)
        if scope.contains(.addresses) { state.addresses = try await addresses(names) }
        if scope.contains(.caller) { await readCaller(into: &state) }
        if scope.contains(.routing) {
            try await readRouting(into: &state, names)
            if scope.contains(.addresses) { state.findSelfMadeRoutes() }
        }
        if scope.contains(.managers) { state.managedElsewhere = ManagedDevices.read(links, in: namespace) }
        if !scope.isDisjoint(with: [.speeds, .capabilities]), let ethtool = try? EthtoolQuery(in: namespace) {
            if scope.contains(.speeds) { await readSpeeds(into: &links, ethtool) }
            if scope.contains(.capabilities) { await readCapabilities(into: &links, ethtool) }
        }
        state.links = links
        return state
    }

    /// Where the caller's SSH connection comes in, and by which device its answers leave now. Of another namespace than
    /// the program's own nothing but the address can tell.
    private func readCaller(into state: inout HostState) async {
        guard let connection = Caller.sshConnection else { return }
        state.callerAddress = connection.local
        guard (try? namespace.identity()) == (try? NetworkNamespace.current.identity()) else { return }
        state.callerDevice = try? await socket.outputDevice(to: connection.client, from: connection.local)
    }

    // MARK: Links

    private func links() async throws(NetlinkError) -> [Link] {
        let found = try await socket.dump(try NetlinkMessage.dumpLinks(statistics: false), decode: LinkDescription.init)
        var links = found.map(\.link)
        let names = DeviceNames(links)
        var addressed: [Int32: Int] = [:]
        for (place, link) in links.enumerated() { addressed[link.index] = place }
        for (place, description) in found.enumerated() {
            let link = description.link
            if let data = description.data, let decoder = decoder(link.kind) {
                links[place].aggregate = decoder.aggregate(data, names: names)
            }
            if let data = description.portData, let decoder = decoder(link.portKind) {
                links[place].port = decoder.port(data)
            }
            if StackedLinkRecord.isKnown(link.kind) {
                let lower = link.lowerIsElsewhere ? nil : link.lower.flatMap { addressed[$0] }.map { found[$0].link }
                links[place].record = StackedLinkRecord.record(description, lower: lower, names: names)
            }
        }
        for place in links.indices {
            guard let master = links[place].master.flatMap({ addressed[$0] }) else { continue }
            let name = links[place].name
            links[master].aggregate?.ports.append(name)
        }
        return links
    }

    private func decoder(_ kind: String?) -> (any LinkKindDecoder)? {
        kind.flatMap { kind in decoders.first { $0.kind == kind } }
    }

    // MARK: Addresses and routing

    private func addresses(_ names: DeviceNames) async throws(NetlinkError) -> [HostState.Address] {
        var message = try NetlinkMessage(type: RTM_GETADDR, operation: "list", subject: "addresses")
        try message.append(ifaddrmsg())
        let found = try await socket.dump(message) { AddressDecoder.decode($0, names: names) }
        // In the order in which they were added, which is that for adding them again: of IPv6 the kernel lists the
        // newest first (`ipv6_link_dev_addr`).
        return found.filter { $0.prefix.address.family == .ipv4 }
            + found.filter { $0.prefix.address.family == .ipv6 }.reversed()
    }

    private func readRouting(into state: inout HostState, _ names: DeviceNames) async throws(NetlinkError) {
        var nexthops = NexthopDecoder()
        var message = try NetlinkMessage(type: RTM_GETNEXTHOP, operation: "list", subject: "nexthop objects")
        try message.append(nhmsg())
        state.nexthops = nexthops.decode(try await dumpIfKnown(message) { $0 }, names: names)

        for family in [AF_INET, AF_INET6] {
            let decoder = RouteDecoder(family: UInt8(family), names: names, nexthopDevices: nexthops.devices)
            var message = try NetlinkMessage(type: RTM_GETROUTE, operation: "list", subject: "routes")
            var header = rtmsg()
            header.rtm_family = UInt8(family)
            try message.append(header)
            state.routes += try await dumpIfKnown(message, decode: decoder.decode)
        }
        for flags in [0, NTF_PROXY] {
            var message = try NetlinkMessage(type: RTM_GETNEIGH, operation: "list", subject: "neighbours")
            var header = ndmsg()
            header.ndm_flags = UInt8(flags)
            try message.append(header)
            state.neighbours += try await socket.dump(message) { NeighbourDecoder.decode($0, names: names) }
        }
        var rules = try NetlinkMessage(type: RTM_GETRULE, operation: "list", subject: "rules")
        try rules.append(fib_rule_hdr())
        state.rules = try await dumpIfKnown(rules, decode: RuleDecoder.decode)
    }

    /// A kernel without a table (no IPv6, no policy routing, no nexthop objects) has nothing in it.
    private func dumpIfKnown<Value: Sendable>(
        _ message: consuming sending NetlinkMessage, decode: @escaping @Sendable (ReceivedMessage) -> Value?
    ) async throws(NetlinkError) -> [Value] {
        do throws(NetlinkError) { return try await socket.dump(message, decode: decode) } catch {
            guard error.origin == .kernel,
                error.errno == .notSupportedOnSocket || error.errno == .addressFamilyNotSupported
            else { throw error }
            return []
        }
    }

    // MARK: Speeds

    /// Speeds are told where they are known; a kernel or a driver without them is no error.
    private func readSpeeds(into links: inout [Link], _ ethtool: EthtoolQuery) async {
        guard let modes = try? await ethtool.linkModes() else { return }
        for place in links.indices {
            guard let mode = modes[links[place].index] else { continue }
            links[place].speed = mode.speed
            links[place].duplex = mode.duplex.map { $0 == .half ? .half : .full }
        }
    }

    // MARK: Capabilities

    /// What a device can do and whose it is; a kernel without these features is no error.
    private func readCapabilities(into links: inout [Link], _ ethtool: EthtoolQuery) async {
        let challenged = (try? await ethtool.devices(with: "vlan-challenged")) ?? []
        for place in links.indices {
            links[place].isVLANChallenged = challenged.contains(links[place].index)
            guard let bus = links[place].parentBus, let device = links[place].parentDevice else { continue }
            links[place].kernelDriver = SmallFile.linkTarget("/sys/bus/\(bus)/devices/\(device)/driver")
            guard bus == "pci" else { continue }
            // Documentation/ABI/testing/sysfs-bus-pci: the device tree is the same in every network namespace.
            links[place].physicalFunction = SmallFile.linkTarget("/sys/bus/pci/devices/\(device)/physfn")
        }
    }
}
