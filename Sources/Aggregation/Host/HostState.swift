/// Everything about one network namespace that planning, preflight and taking back need. A value: reading it again is
/// the only way to learn what changed.
package struct HostState: Sendable, Hashable, Codable {
    // To change many elements, change a copy of the array and assign it: each change here starts the look-up again.
    package var links: [Link] = [] { didSet { linkLookup = .init() } }
    package var addresses: [Address] = [] { didSet { addressLookup = .init() } }
    package var routes: [Route] = [] { didSet { routeLookup = .init() } }
    /// Permanent ones only; learned neighbours come back by themselves.
    package var neighbours: [Neighbour] = []
    package var rules: [KernelRecord] = []
    package var nexthops: [Nexthop] = []
    /// What devices are set to besides; nil where nobody asked, which only a change does, for the devices that it affects.
    package var settings: [DeviceSetting]?
    /// Names of devices that another manager configures, with that manager's name.
    package var managedElsewhere: [String: String] = [:]
    /// Ports that were up when we made them join; they come up again when they leave.
    package var upBeforeJoining: Set<String> = []
    /// The names that ports of aggregates had when they joined, of those that have another one now; with their index.
    package var formerNames: [String: Int32] = [:]
    /// The local address of the SSH connection that the caller uses, if any.
    package var callerAddress: IPAddress?
    /// The device by which that connection leaves, as the routing table says now.
    package var callerDevice: Int32?
    /// What other namespaces have on devices of this one; nil when nobody looked.
    package var foreign: ForeignDependants?
    /// Indexes of ports at which an LACPDU was received just now; nil when nobody listened.
    package var heardPartners: Set<Int32>?
    /// The reader had CAP_NET_ADMIN, so that nothing was hidden from it.
    package var isPrivileged = true
    /// Names of aggregates that the file at hand makes, for those who look for ports in it; no part of a record.
    package var announced: Set<String> = []

    private var linkLookup = Lookup<LinkPlaces>()
    private var addressLookup = Lookup<[Int32: [Int]]>()
    private var routeLookup = Lookup<[Int32: [Int]]>()

    private enum CodingKeys: String, CodingKey {
        case links, addresses, routes, neighbours, rules, nexthops, settings
        case managedElsewhere, upBeforeJoining, callerAddress, isPrivileged
    }

    package init() {}

    /// Finds a link by its name, else by an alternative name.
    package func link(named name: String) -> Link? {
        (linkPlaces.byName[name] ?? linkPlaces.byAlternativeName[name]).map { links[$0] }
    }

    /// Finds a port of an aggregate by the name that it had when it joined, which nothing has now.
    package func port(formerly name: String, of aggregate: Link) -> Link? {
        guard link(named: name) == nil, let port = formerNames[name].flatMap({ link(index: $0) }),
            port.master == aggregate.index
        else { return nil }
        return port
    }

    package func link(index: Int32) -> Link? { linkPlaces.byIndex[index].map { links[$0] } }

    var linkPlaces: LinkPlaces { linkLookup.table { LinkPlaces(links) } }

    /// The addresses of a device.
    package func addresses(of device: Link) -> [Address] {
        let places = addressLookup.table { Dictionary(grouping: addresses.indices) { addresses[$0].device } }
        return (places[device.index] ?? []).map { addresses[$0] }
    }

    /// The routes that leave by a device, alone or among others.
    package func routes(through device: Link) -> [Route] {
        let places = routeLookup.table {
            var places: [Int32: [Int]] = [:]
            for (place, route) in routes.enumerated() {
                for device in Set(route.devices) { places[device, default: []].append(place) }
            }
            return places
        }
        return (places[device.index] ?? []).map { routes[$0] }
    }

    /// An address of a device (RTM_NEWADDR).
    package struct Address: Sendable, Hashable, Codable {
        package var device: Int32
        package var prefix: IPPrefix
        /// RT_SCOPE_*: 0 global, 253 link, 254 host.
        package var scope: UInt8
        /// IFA_F_*.
        package var flags: UInt32
        /// IFAPROT_*: 0 unknown, 1 loopback, 2 router advertisement, 3 link-local.
        package var origin: UInt8
        /// Seconds; nil for ever.
        package var validLifetime: UInt32?
        /// The other end of a point-to-point address.
        package var peer: IPAddress?
        /// IFA_RT_PRIORITY: the metric of the route that the kernel makes for it.
        package var routeMetric: UInt32?
        package var record: KernelRecord

        package init(
            device: Int32, prefix: IPPrefix, scope: UInt8, flags: UInt32, origin: UInt8, validLifetime: UInt32?,
            record: KernelRecord
        ) {
            self.device = device
            self.prefix = prefix
            self.scope = scope
            self.flags = flags
            self.origin = origin
            self.validLifetime = validLifetime
            self.record = record
        }

        /// IFA_F_DADFAILED: another host has it, and the kernel does not use it.
        package var isDuplicate: Bool { prefix.address.family == .ipv6 && flags & 0x08 != 0 }

        /// Set by somebody to stay: global, for ever, not made by the kernel.
        package var isPermanentGlobal: Bool {
            scope == 0 && validLifetime == nil && origin == 0 && !prefix.address.isLinkLocal
        }
    }

    /// A route (RTM_NEWROUTE).
    package struct Route: Sendable, Hashable, Codable {
        /// The devices it leaves by; several for a multipath route.
        package var devices: [Int32]
        package var table: UInt32
        /// RTPROT_*: 2 is the kernel's own.
        package var origin: UInt8
        package var isDefault: Bool
        package var preferredSource: IPAddress?
        package var gateway: IPAddress?
        /// Where it leads; nil in a record of an earlier version.
        package var destination: IPPrefix?
        package var metric: UInt32?
        /// The nexthop object that it goes by.
        package var nexthop: UInt32?
        /// RTN_UNICAST: not local, broadcast, multicast or a refusal.
        package var isUnicast: Bool?
        /// It has a lifetime, as what a router advertised has.
        package var expires: Bool?
        /// One of its legs has a gateway.
        package var hasIndirectLeg: Bool?
        /// The kernel made it for an address and makes it again with that; nil where addresses were not read.
        package var isSelfMade: Bool?
        package var record: KernelRecord

        package init(
            devices: [Int32], table: UInt32, origin: UInt8, isDefault: Bool, preferredSource: IPAddress?,
            gateway: IPAddress?, record: KernelRecord
        ) {
            self.devices = devices
            self.table = table
            self.origin = origin
            self.isDefault = isDefault
            self.preferredSource = preferredSource
            self.gateway = gateway
            self.record = record
        }

        /// RTPROT_KERNEL.
        package static let kernelOrigin: UInt8 = 2

        /// It follows from an address and comes back with it.
        package var isKernelMade: Bool { isSelfMade ?? (origin == Self.kernelOrigin) }
        /// It can be set only when what reaches its gateway is there.
        package var isIndirect: Bool { gateway != nil || nexthop != nil || hasIndirectLeg == true }
        /// It leads to link-local addresses, which every device has of its own.
        package var isLinkLocal: Bool { destination.map { $0.address.isLinkLocal && $0.length >= 10 } ?? false }
        /// RTPROT_RA: comes back with the next router advertisement.
        package var isAdvertised: Bool { origin == 9 }
    }

    /// A permanent neighbour (RTM_NEWNEIGH with NUD_PERMANENT).
    package struct Neighbour: Sendable, Hashable, Codable {
        package var device: Int32
        package var record: KernelRecord

        package init(device: Int32, record: KernelRecord) {
            self.device = device
            self.record = record
        }
    }

    /// A nexthop object (RTM_NEWNEXTHOP), lost when its device goes down.
    package struct Nexthop: Sendable, Hashable, Codable {
        package var device: Int32
        package var id: UInt32?
        package var gateway: IPAddress?
        package var record: KernelRecord

        package init(device: Int32, record: KernelRecord) {
            self.device = device
            self.record = record
        }
    }
}
