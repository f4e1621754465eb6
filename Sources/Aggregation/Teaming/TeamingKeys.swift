/// Neutral keys of an aggregate as options of teamd.
extension TranslationDraft {
    mutating func translateTeamingKeys() {
        translateWatches()
        translateTeamLACP()
        translateTeamHash()
        translateAddressPolicy()
    }

    // MARK: Watches

    /// Link monitor and path monitor are both link watches here.
    private mutating func translateWatches() {
        if desired.linkMonitor?.value != nil, desired.pathMonitor?.value != nil {
            return refuse(
                "path-monitor",
                rule: "it excludes link-monitor: teamd takes a port for good when one of two watches does",
                remedy: "keep the link monitor or the path monitor")
        }
        switch desired.linkMonitor {
        case nil: break
        case .default: addDefault("link_watch", key: "link-monitor")
        case .value(.none):
            let said = "teamd always watches the carrier: without a watch it uses ethtool"
            if allowsApproximation("link-monitor", value: "none", said) {
                addDefault("link_watch", key: "link-monitor")
            }
        case .value(.carrier(_, let upDelay, let downDelay)):
            // The kernel announces the carrier, which is sooner than any interval.
            var settings: [OptionSetting] = []
            if let upDelay, upDelay != 0 { settings.append(OptionSetting("delay_up", .number(upDelay))) }
            if let downDelay, downDelay != 0 { settings.append(OptionSetting("delay_down", .number(downDelay))) }
            add("link_watch", .watches([LinkWatch(.ethtool, settings)]), origin: "link-monitor")
        }
        switch desired.pathMonitor {
        case nil: break
        case .default:
            if desired.linkMonitor == nil { addDefault("link_watch", key: "path-monitor") }
        case .value(let monitor): translate(monitor)
        }
    }

    private mutating func translate(_ monitor: PathMonitor) {
        guard applies("path-monitor", in: Self.pathMonitorModes, remedy: "use link-monitor in this mode") else {
            return
        }
        guard monitor.interval > 0 else {
            return refuse(
                "path-monitor.interval", value: "0ms", rule: "it would never ask", remedy: "write an interval as 1s")
        }
        guard !monitor.targets.isEmpty else {
            return refuse(
                "path-monitor.targets", rule: "there is nobody to ask",
                remedy: "name at least one address behind the link")
        }
        let watches = monitor.targets.map { target in
            let kind: LinkWatch.Kind = monitor.kind == .arp ? .arpPing : .nsnaPing
            let table = LinkWatchOptions.table(kind)
            var values: OptionValues = [
                "interval": .number(monitor.interval), "target_host": .targets([target]),
                // teamd gives a port up when more go unanswered than this, not when as many do.
                "missed_max": .number(max(0, monitor.missed - 1)),
            ]
            if kind == .arpPing {
                // Without validation any ARP counts as an answer.
                values["validate_active"] = .number(1)
                values["validate_inactive"] = .number(1)
                // Without, a port that is not in use is never asked and so never known to work.
                values["send_always"] = .number(1)
            }
            let settings = table.rows.compactMap { row in
                values[row.name].flatMap { $0 == row.defaultValue.general ? nil : OptionSetting(row.name, $0) }
            }
            return LinkWatch(kind, settings)
        }
        add("link_watch", .watches(watches), origin: "path-monitor")
    }

    // MARK: LACP and hash

    private mutating func translateTeamLACP() {
        let wishes = desired.lacp
        if let rate = wishes.rate, applies("lacp.rate", in: .ad) {
            add("runner.fast_rate", wish: rate, key: "lacp.rate") { .number($0 == .fast ? 1 : 0) }
        }
        if let active = wishes.active, applies("lacp.active", in: .ad) {
            add("runner.active", wish: active, key: "lacp.active") { .number($0 ? 1 : 0) }
        }
        if let priority = wishes.systemPriority, applies("lacp.system-priority", in: .ad) {
            addNumber("runner.sys_prio", priority, key: "lacp.system-priority")
        }
        if let ports = wishes.minPorts, applies("lacp.min-ports", in: .ad) {
            // Bonding's 0 and 1 are the same, and teamd knows no 0.
            addNumber("runner.min_ports", ports == .value(0) ? .value(1) : ports, key: "lacp.min-ports")
        }
        if let select = wishes.select, applies("lacp.select", in: .ad) {
            switch select {
            case .default: addDefault("runner.agg_select_policy", key: "lacp.select")
            case .value(let text): addText("runner.agg_select_policy", text, key: "lacp.select")
            }
        }
    }

    private mutating func translateTeamHash() {
        guard let hash = desired.hash, applies("hash", in: [.xor, .ad]) else { return }
        guard case .value(let layers) = hash else { return addDefault("runner.tx_hash", key: "hash") }
        let text = "[\(HashLayer.allCases.filter(layers.contains).map(\.rawValue).joined(separator: ", "))]"
        if layers.contains(.encap) {
            let said = "teamd does not look inside tunnels: encap is left out"
            guard allowsApproximation("hash", value: text, said) else { return }
        }
        let fragments = TeamHash.fragments(of: layers)
        guard !fragments.isEmpty else {
            return refuse(
                "hash", value: text, rule: "it names nothing to tell flows apart", remedy: "name layers as [l2, l3]")
        }
        add("runner.tx_hash", .names(fragments), origin: "hash")
    }

    private mutating func translateAddressPolicy() {
        guard let policy = desired.macPolicy, applies("mac-policy", in: .ab) else { return }
        switch policy {
        case .default: addDefault("runner.hwaddr_policy", key: "mac-policy")
        case .value(.same): addText("runner.hwaddr_policy", "same_all", key: "mac-policy")
        case .value(.active): addText("runner.hwaddr_policy", "by_active", key: "mac-policy")
        case .value(.follow): addText("runner.hwaddr_policy", "only_active", key: "mac-policy")
        }
    }

    // MARK: Preference

    /// What bonding says of the aggregate, teamd says of its ports.
    mutating func translateTeamPreference() {
        if ports.contains(where: { $0.desired.priority?.value.map { $0 != 0 } ?? false }) {
            _ = allowsApproximation("ports", value: nil, "priority: \(Self.notStrict)")
        }
        if let primary = desired.primary, applies("primary", in: .ab) { translateTeamPrimary(primary) }
        guard let reselect = desired.reselect, applies("reselect", in: .ab) else { return }
        switch reselect {
        case .default, .value(.always): setOnPorts("sticky", .number(0), key: "reselect")
        case .value(.failure): setOnPorts("sticky", .number(1), key: "reselect")
        case .value(.better):
            let said = "teamd always goes to a port that is faster or of higher prio, unless the one in use is sticky"
            if allowsApproximation("reselect", value: "better", said) {
                setOnPorts("sticky", .number(0), key: "reselect")
            }
        }
    }

    private static let notStrict =
        "it is not strict: a port that is faster can win over one of higher prio (teamd compares both)"

    private mutating func translateTeamPrimary(_ primary: Wish<PortSelector>) {
        guard case .value(let selector) = primary else { return setOnPorts("prio", .number(0), key: "primary") }
        guard case .found(let link) = PortResolution.find(selector, in: host),
            let place = ports.firstIndex(where: { $0.name == link.name })
        else {
            let remedy = desired.ports == nil ? "list the ports too" : "name one of the ports"
            return refuse(
                "primary", value: selector.description, rule: "it is none of the ports listed", remedy: remedy)
        }
        guard
            allowsApproximation(
                "primary", value: selector.description,
                "teamd has none: a high prio takes its place, and \(Self.notStrict)")
        else { return }
        if ports[place].settings.contains(where: { $0.name == "prio" }) {
            return refuse(
                "primary", value: selector.description, rule: "the port has a priority of its own",
                remedy: "keep the primary or the priority")
        }
        ports[place].settings.append(Setting("prio", .number(Self.primaryPriority), origin: "primary"))
    }

    /// Above whatever somebody gives to a port by hand.
    private static let primaryPriority: Int64 = 32767

    /// Gives all ports an option that none of them was given.
    private mutating func setOnPorts(_ option: String, _ value: OptionValue, key: String) {
        guard desired.ports != nil else {
            return refuse(key, rule: "with teaming it is an option of ports", remedy: "list the ports too")
        }
        for place in ports.indices where !ports[place].settings.contains(where: { $0.name == option }) {
            ports[place].settings.append(Setting(option, value, origin: key))
        }
    }
}

/// Which fragments of teamd's hash stand for which layers.
enum TeamHash {
    private static let parts: [(layer: HashLayer, fragment: String)] = [
        (.l2, "eth"), (.vlan, "vlan"), (.l3, "ip"), (.l4, "l4"),
    ]

    static func fragments(of layers: Set<HashLayer>) -> [String] {
        parts.filter { layers.contains($0.layer) }.map(\.fragment)
    }

    /// The layers that a list of fragments is exactly; nil when no layers say it.
    static func layers(of fragments: [String]) -> Set<HashLayer>? {
        let same = ["l3": ["ip"], "ip": ["ip"]]
        var names = Set(fragments.flatMap { same[$0] ?? [$0] })
        if names.isSuperset(of: ["ipv4", "ipv6"]) { names = names.subtracting(["ipv4", "ipv6"]).union(["ip"]) }
        if names.isSuperset(of: ["tcp", "udp", "sctp"]) {
            names = names.subtracting(["tcp", "udp", "sctp"]).union(["l4"])
        }
        var layers: Set<HashLayer> = []
        for name in names {
            guard let part = parts.first(where: { $0.fragment == name }) else { return nil }
            layers.insert(part.layer)
        }
        return layers
    }
}
