internal import Aggregation

/// The neutral keys of an aggregate: the one place that names them.
enum AggregateKeys {
    private static let milliseconds: ClosedRange<Int64> = 1...Int64(Int32.max)
    private static let delay: ClosedRange<Int64> = 0...Int64(Int32.max)
    private static let count: ClosedRange<Int64> = 0...Int64(Int32.max)

    static let table = KeyTable<DesiredAggregate>([
        Key(
            "name", { $0.name }, { $0.name = $1 }, .interfaceName, unless: nil, isRequired: true,
            help: "The name of the device."),
        Key(
            "driver", { $0.driver }, { $0.driver = $1 }, .word,
            help:
                "What joins the ports; auto asks the planner. Without it an aggregate keeps its own; bonding for a new one."
        ),
        Key(
            "state", { $0.state }, { $0.state = $1 }, .word, unless: .present,
            help: "Present and up, present and down, or absent."),
        Key("mode", { $0.mode }, { $0.mode = $1 }, .mode, help: "What the aggregate does with its ports."),
        Key(
            "link-monitor", { $0.linkMonitor }, { $0.linkMonitor = $1 }, linkMonitor.orDefault,
            help: "How the carrier of ports is watched."),
        Key(
            "path-monitor", { $0.pathMonitor }, { $0.pathMonitor = $1 }, pathMonitor.orDefault,
            help: "Whether somebody behind the link answers."),
        Key("lacp", { $0.lacp }, { $0.lacp = $1 }, lacp, unless: LACPWishes(), help: "What is said only in mode lacp."),
        Key(
            "hash", { $0.hash }, { $0.hash = $1 }, hash.orDefault,
            help: "What a flow is made of when a port is chosen for it."),
        Key("primary", { $0.primary }, { $0.primary = $1 }, .primary, help: "The port to use whenever it can be used."),
        Key(
            "reselect", { $0.reselect }, { $0.reselect = $1 }, Form.word.orDefault,
            help: "When to go back to a better port."),
        Key(
            "mac-policy", { $0.macPolicy }, { $0.macPolicy = $1 }, Form.word.orDefault,
            help: "Which address is used when the active port changes."),
        Key(
            "mac-address", { $0.macAddress }, { $0.macAddress = $1 }, .ethernetAddress,
            help: "The aggregate's own address."),
        Key("mtu", { $0.mtu }, { $0.mtu = $1 }, mtu, help: "Bytes."),
        Key(
            "addresses", { $0.addresses }, { $0.addresses = $1 }, .list(of: .prefix, emptyMeaning: "none"),
            help: "The whole list of permanent global addresses."),
        Key("ports", { $0.ports }, { $0.ports = $1 }, PortKeys.list, help: "The whole list of ports, in attach order."),
        Key(
            "expected-ports", { $0.expectedPorts }, { $0.expectedPorts = $1 }, expectedPorts,
            help: "Ports expected to be usable."),
        Key(
            "approximate", { $0.approximate }, { $0.approximate = $1 }, .boolean, unless: false,
            help: "A key that the driver honours only nearly is a warning, not an error."),
        Key(
            "options", { $0.options }, { $0.options = $1 }, DriverOptions.form(.aggregate), unless: [],
            help: "The driver's own options, for what has no neutral key."),
    ])

    private static let mtu = Form.whole(68...65535).mapped(to: { UInt32(clamping: $0) }, from: { Int64($0) })
    private static let expectedPorts = Form.whole(0...65535).mapped(to: { Int($0) }, from: { Int64($0) })

    private static let hash = Form.list(of: Form<HashLayer>.word, separators: [",", "+"]).mapped(
        to: { Set($0) }, from: { layers in HashLayer.allCases.filter { layers.contains($0) } })

    private struct LinkMonitorDraft: Sendable {
        var interval: Int64?
        var upDelay: Int64?
        var downDelay: Int64?
    }

    private static let linkMonitor = Form<LinkMonitor>.record(
        [
            Key(
                "interval", \LinkMonitorDraft.interval, .duration(milliseconds), isRequired: true,
                help: "Time between two looks at the carrier."),
            Key("up-delay", \.upDelay, .duration(delay), help: "How long a link must be up before it is used."),
            Key(
                "down-delay", \.downDelay, .duration(delay), help: "How long a link must be down before it is given up."
            ),
        ], empty: LinkMonitorDraft(),
        open: { monitor in
            guard case .carrier(let interval, let up, let down) = monitor else { return LinkMonitorDraft() }
            return LinkMonitorDraft(interval: interval, upDelay: up, downDelay: down)
        },
        close: { draft, _, _ in
            draft.interval.map { .carrier(interval: $0, upDelay: draft.upDelay, downDelay: draft.downDelay) }
        }
    ).or("none", meaning: .none, when: { $0 == .none })

    private struct PathMonitorDraft: Sendable {
        var kind: PathMonitor.Kind?
        var targets: [IPAddress]?
        var interval: Int64?
        var missed: Int64?
    }

    private static let pathMonitor = Form<PathMonitor>.record(
        [
            Key(
                "kind", \PathMonitorDraft.kind, .word, isRequired: true,
                help: "Ask by ARP or by neighbour solicitation."),
            Key("targets", \.targets, .list(of: .ipAddress), isRequired: true, help: "Who is asked."),
            Key("interval", \.interval, .duration(milliseconds), help: "Time between two probes."),
            Key("missed", \.missed, .whole(1...255), help: "Probes without an answer before a port is down."),
        ], empty: PathMonitorDraft(),
        open: {
            PathMonitorDraft(kind: $0.kind, targets: $0.targets, interval: $0.interval, missed: $0.missed)
        }, close: closePathMonitor)

    private static func closePathMonitor(
        _ draft: PathMonitorDraft, _ node: YAMLNode, _ reading: inout KeyReading
    ) -> PathMonitor? {
        guard let kind = draft.kind, let targets = draft.targets else { return nil }
        let family: IPAddress.Family = kind == .arp ? .ipv4 : .ipv6
        for target in targets where target.family != family {
            reading.under("targets") { reading in
                reading.refuse(
                    at: node["targets"]?.location ?? node.location, value: target.description,
                    "kind \(kind.rawValue) asks \(family == .ipv4 ? "IPv4" : "IPv6") addresses only",
                    "use kind \(kind == .arp ? "ns" : "arp") for it, or another address")
            }
        }
        var monitor = PathMonitor(kind: kind, targets: targets)
        if let interval = draft.interval { monitor.interval = interval }
        if let missed = draft.missed { monitor.missed = missed }
        return monitor
    }

    private static let lacp = Form<LACPWishes>.record(
        [
            Key("rate", \LACPWishes.rate, Form.word.orDefault, help: "How often the partner is asked to send LACPDUs."),
            Key("active", \.active, Form.boolean.orDefault, help: "Send LACPDUs without being asked."),
            Key("system-priority", \.systemPriority, Form.whole(1...65535).orDefault, help: "Lower wins."),
            Key(
                "min-ports", \.minPorts, Form.whole(count).orDefault,
                help: "Ports that must be usable before the aggregate has carrier."),
            Key("select", \.select, Form.driverWord.orDefault, help: "How the active aggregator is chosen."),
        ], empty: LACPWishes(), open: { $0 }, close: { wishes, _, _ in wishes })
}
