package import Aggregation

/// What teamd says that it does (`teamd_state_dump`), as against what it was told.
package struct TeamState: Sendable, Hashable {
    /// The device that it runs.
    package var index: Int32?
    package var address: LinkLayerAddress?
    /// `activebackup`, `lacp`, …
    package var runner: String
    package var process: Int32?
    package var usesBus: Bool
    package var debugLevel: Int64?
    package var activePort: String?
    /// Of the runner lacp.
    package var lacp: LACP?
    package var ports: [String: Port] = [:]

    package struct LACP: Sendable, Hashable {
        package var isActive: Bool
        package var isFast: Bool
        package var systemPriority: Int64
        package var selectPolicy: String
    }

    package struct Port: Sendable, Hashable {
        /// By all watches together.
        package var isUp: Bool
        package var watches: [Watch]
        package var lacp: PortLACP?

        /// How often a watch went down since the port joined.
        package var downCount: Int64 { watches.reduce(0) { $0 + $1.downCount } }
    }

    package struct Watch: Sendable, Hashable {
        package var watch: LinkWatch
        package var isUp: Bool
        package var downCount: Int64
        /// The options that the state tells.
        package var told: Set<String>
    }

    package struct PortLACP: Sendable, Hashable {
        package var isSelected: Bool
        package var aggregatorID: Int64
        package var isAggregatorSelected: Bool
        package var key: Int64
        package var priority: Int64
        package var actor: LACPDU.End
        package var partner: LACPDU.End
    }

    /// Reads a dump.
    ///
    /// - Returns: nil for what is no JSON object or lacks what every version has.
    package init?(parsing text: String) {
        guard let tree = JSONTree(parsing: text), let runner = tree.at(["setup", "runner_name"])?.string else {
            return nil
        }
        self.runner = runner
        let device = tree.at(["team_device", "ifinfo"])
        index = device?["ifindex"]?.integer.flatMap { Int32(exactly: $0) }
        address = device?["dev_addr"]?.string.flatMap { LinkLayerAddress(text: $0) }
        process = tree.at(["setup", "pid"])?.integer.flatMap { Int32(exactly: $0) }
        usesBus = tree.at(["setup", "dbus_enabled"])?.boolean ?? false
        debugLevel = tree.at(["setup", "debug_level"])?.integer
        let own = tree["runner"]
        activePort = own?["active_port"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let own, let active = own["active"]?.boolean, let isFast = own["fast_rate"]?.boolean {
            lacp = LACP(
                isActive: active, isFast: isFast, systemPriority: own["sys_prio"]?.integer ?? 0,
                selectPolicy: own["select_policy"]?.string ?? "")
        }
        for (name, port) in tree["ports"]?.members ?? [:] { ports[name] = Port(port) }
    }
}

extension TeamState {
    /// Whether it is that of a team here, and not of another namespace's team of the same name.
    func isOf(_ team: Link) -> Bool { index == team.index && address != nil && address == team.address }
}

extension TeamState.Port {
    fileprivate init(_ tree: JSONTree) {
        isUp = tree.at(["link_watches", "up"])?.boolean ?? false
        let list = tree.at(["link_watches", "list"])?.members ?? [:]
        // link_watch_0, link_watch_1, …: by number, not by letter.
        let ordered = list.sorted { ($0.key.count, $0.key) < ($1.key.count, $1.key) }
        watches = ordered.compactMap { TeamState.Watch($0.value) }
        lacp = tree["runner"].flatMap(TeamState.PortLACP.init)
    }
}

extension TeamState.Watch {
    fileprivate init?(_ tree: JSONTree) {
        guard let watch = OptionJSON.watch(tree) else { return nil }
        self.watch = watch
        isUp = tree["up"]?.boolean ?? false
        downCount = tree["down_count"]?.integer ?? 0
        told = Set((tree.members ?? [:]).keys)
    }

    /// Whether a watch that was asked for is this one, as far as the state tells.
    func agrees(with asked: LinkWatch) -> Bool {
        guard asked.kind == watch.kind else { return false }
        func shown(_ watch: LinkWatch) -> [OptionSetting] { watch.settings.filter { told.contains($0.name) } }
        return shown(asked) == shown(watch)
    }
}

extension TeamState.PortLACP {
    fileprivate init?(_ tree: JSONTree) {
        guard let actor = tree["actor_lacpdu_info"].flatMap(LACPDU.End.init),
            let partner = tree["partner_lacpdu_info"].flatMap(LACPDU.End.init)
        else { return nil }
        isSelected = tree["selected"]?.boolean ?? false
        aggregatorID = tree.at(["aggregator", "id"])?.integer ?? 0
        isAggregatorSelected = tree.at(["aggregator", "selected"])?.boolean ?? false
        key = tree["key"]?.integer ?? 0
        priority = tree["prio"]?.integer ?? 0
        self.actor = actor
        self.partner = partner
    }
}

extension LACPDU.End {
    fileprivate init?(_ tree: JSONTree) {
        guard let system = tree["system"]?.string.flatMap({ LinkLayerAddress(text: $0) }),
            let state = tree["state"]?.integer
        else { return nil }
        func number(_ key: String) -> UInt16 { UInt16(clamping: tree[key]?.integer ?? 0) }
        self.init(
            systemPriority: number("system_priority"), system: system, key: number("key"),
            portPriority: number("port_priority"), port: number("port"),
            state: LACPPortState(rawValue: UInt8(truncatingIfNeeded: state)))
    }
}
