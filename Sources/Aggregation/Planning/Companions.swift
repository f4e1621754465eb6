/// What the other aggregates of one file mean for each of them: who gives ports, addresses and a place to whom.
struct Companions {
    /// Ports that leave another aggregate in the same plan and so may be taken.
    var released: Set<String> = []
    /// Ports that some aggregate of the same plan has afterwards.
    var claimed: Set<String> = []
    /// The aggregates themselves, those that are to be deleted among them.
    var names: Set<String> = []
    /// Aggregates that the same plan makes: they can be ports although the host does not have them yet.
    var created: Set<String> = []
    /// Aggregates that are to be administratively down, also as ports.
    var down: Set<String> = []
    /// Aggregates that another one of the file has as a port afterwards.
    var ports: Set<String> = []
    /// Those of them that are to have no addresses any more.
    var cleared: Set<String> = []
    /// Aggregates that another one attaches in the same plan: they have to be down until then, and come up by it.
    var attached: Set<String> = []
    /// Addresses that one aggregate gives up and another gets: nobody gets one before it is free.
    var handedOver: Set<IPPrefix> = []

    init(released: Set<String> = [], claimed: Set<String> = []) {
        self.released = released
        self.claimed = claimed
    }

    init(_ wishes: [ResolvedAggregate], _ host: HostState) {
        let present = wishes.filter { $0.state != .absent }
        released = Self.released(by: wishes, host)
        claimed = Set(present.flatMap { ($0.ports ?? []).map(\.name) })
        guard wishes.count > 1 else { return }
        names = Set(wishes.map(\.name))
        created = Set(present.map(\.name).filter { host.link(named: $0) == nil })
        down = Set(present.filter { $0.state == .down }.map(\.name))
        for wish in present { ports.formUnion(host.finalPorts(of: wish).filter(names.contains)) }
        cleared = Set(present.filter { ports.contains($0.name) && $0.addresses == [] }.map(\.name))
        handedOver = Self.handedOver(among: present, host)
    }

    /// Ports that leave an aggregate by these wishes.
    private static func released(by wishes: [ResolvedAggregate], _ host: HostState) -> Set<String> {
        var names: Set<String> = []
        for wish in wishes {
            guard let link = host.link(named: wish.name), link.aggregate != nil else { continue }
            let kept = Set(host.finalPorts(of: wish))
            names.formUnion(host.ports(of: link).map(\.name).filter { !kept.contains($0) })
        }
        return names
    }

    private static func handedOver(among wishes: [ResolvedAggregate], _ host: HostState) -> Set<IPPrefix> {
        var (given, taken): (Set<IPPrefix>, Set<IPPrefix>) = ([], [])
        for wish in wishes {
            guard let wanted = wish.addresses else { continue }
            let present = host.link(named: wish.name).map { host.permanentAddresses(of: $0).map(\.prefix) } ?? []
            given.formUnion(present.filter { !wanted.contains($0) })
            taken.formUnion(wanted.filter { !present.contains($0) })
        }
        return given.intersection(taken)
    }

    /// The host as it is for one aggregate once the others have released what they release: an aggregate that is a port
    /// no longer has nobody above it, and one that becomes a port has lost the addresses that the file leaves out.
    func host(_ host: HostState, for wish: ResolvedAggregate) -> HostState {
        var later = host
        let own = host.link(named: wish.name)?.index
        let free = released.intersection(names)
        if !free.isEmpty {
            var links = host.links
            for place in links.indices where free.contains(links[place].name) && links[place].master != own {
                links[place].master = nil
            }
            later.links = links
        }
        let bare = Set(cleared.compactMap { host.link(named: $0)?.index }).subtracting([own].compactMap { $0 })
        if !bare.isEmpty {
            later.addresses = host.addresses.filter { !bare.contains($0.device) || !$0.isPermanentGlobal }
        }
        return later
    }
}

extension HostState {
    /// The ports that an aggregate has afterwards.
    func finalPorts(of wish: ResolvedAggregate) -> [String] {
        guard wish.state != .absent else { return [] }
        return wish.ports?.map(\.name) ?? currentPorts(of: wish)
    }

    func currentPorts(of wish: ResolvedAggregate) -> [String] {
        link(named: wish.name).map { ports(of: $0).map(\.name) } ?? []
    }
}
