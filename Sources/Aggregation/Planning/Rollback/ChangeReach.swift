/// What the steps of a change can have done, with what the kernel does in consequence. In doubt it is more rather than
/// less: what is taken for the change's own is put back, as it always was.
struct ChangeReach {
    /// Devices that a step names, and what stands on those: they may have gone down, lost and got things.
    private(set) var touched: Set<String> = []
    /// Aggregates that the change creates.
    private(set) var created: Set<String> = []
    /// Devices that the change deletes, those on top included.
    private(set) var deleted: Set<String> = []
    /// Aggregates whose options the change sets, or that it creates or deletes.
    private(set) var configured: Set<String> = []
    /// Aggregates whose address may follow from ports that come and go.
    private(set) var readdressed: Set<String> = []
    private(set) var attached: [String: Set<String>] = [:]
    private(set) var prefixes: Set<IPPrefix> = []
    private(set) var addresses: Set<LinkLayerAddress> = []
    private(set) var touchesRules = false
    private(set) var setsMasters = false
    private var mtus: [String: Set<UInt32>] = [:]
    private let snapshot: HostState
    /// Of a new bond, and of a port that leaves.
    private static let usualMTU: UInt32 = 1500

    init(_ rollback: Rollback, renames: [String: String], snapshot: HostState) {
        self.snapshot = snapshot
        for step in rollback.steps { take(step) { renames[$0] ?? $0 } }
        for name in touched { extend(name) }
        for name in deleted {
            for link in snapshot.link(named: name).map(snapshot.stacked(on:)) ?? [] { deleted.insert(link.name) }
        }
    }

    private mutating func take(_ step: Step, _ name: (String) -> String) {
        let devices = step.devices.map(name)
        touched.formUnion(devices)
        let first = devices.first ?? ""
        switch step {
        case .create(_, _, _, _, _):
            created.insert(first)
            configured.insert(first)
            readdressed.insert(first)
            mtus[first, default: []].insert(Self.usualMTU)
        case .delete:
            deleted.insert(first)
            configured.insert(first)
            readdressed.insert(first)
            mtus[first, default: []].insert(Self.usualMTU)
        case .setOptions, .repair: configured.insert(first)
        case .attach(let port, let aggregate, _), .detach(let port, let aggregate, _):
            if case .attach = step { attached[name(aggregate), default: []].insert(name(port)) }
            readdressed.insert(name(aggregate))
        case .setMTU(_, let mtu): mtus[first, default: []].insert(mtu)
        case .setAddress(_, let address): addresses.insert(address)
        case .addAddress(_, let prefix): prefixes.insert(prefix)
        case .setMaster: setsMasters = true
        case .replay(let record, _), .remove(let record):
            if record.kind == .rule { touchesRules = true }
            // A device on top that is made again elsewhere: `StackedLinkRecord` puts its name first.
            if record.kind == .link, let device = record.summary.split(separator: " ").first {
                deleted.insert(name(String(device)))
                touched.insert(name(String(device)))
            }
        default: break
        }
    }

    /// What stands on a device goes down with it; a team that gets another daemon may have its ports join anew.
    private mutating func extend(_ name: String) {
        guard let link = snapshot.link(named: name) else { return }
        touched.formUnion(snapshot.stacked(on: link).map(\.name))
        guard link.aggregateDriver == .teaming else { return }
        for port in snapshot.ports(of: link) {
            touched.insert(port.name)
            touched.formUnion(snapshot.stacked(on: port).map(\.name))
        }
    }

    /// The MTUs that the change can have given a device: its own, and those of aggregates that it is or was a port of or
    /// stands on.
    func mtus(of link: Link, aggregates: [String]) -> Set<UInt32> {
        var possible = mtus[link.name] ?? []
        possible.insert(link.mtu)
        let follows = attached.values.contains { $0.contains(link.name) } || link.port != nil || link.lower != nil
        guard follows else { return possible }
        possible.insert(Self.usualMTU)
        for name in aggregates {
            possible.formUnion(mtus[name] ?? [])
            if let mtu = snapshot.link(named: name)?.mtu { possible.insert(mtu) }
        }
        return possible
    }
}
