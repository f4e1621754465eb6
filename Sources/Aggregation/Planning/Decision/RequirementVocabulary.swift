/// Every requirement there is. The order is the order in which requirements are shown and listed.
package enum RequirementKey: String, Sendable, Hashable, CaseIterable {
    case redundancy
    case throughput
    case singleFlow = "single-flow"
    case lacp
    case `switch`
    case noSwitchSetup = "no-switch-setup"
    case trafficWithoutPartner = "traffic-without-partner"
    case perPortMonitoring = "per-port-monitoring"
    case ipv6Monitoring = "ipv6-monitoring"
    case daemonFree = "daemon-free"

    /// What the requirement means: the one place that says so.
    package var definition: RequirementDefinition { Self.definitions[self] ?? written }

    private static let definitions = Dictionary(
        allCases.map { ($0, $0.written) }, uniquingKeysWith: { first, _ in first })

    private var written: RequirementDefinition {
        switch self {
        case .redundancy:
            .init("Traffic goes on when a port loses its link.", features: ["redundancy", "link-monitoring"])
        case .throughput: .init("Several flows together use more than one port.", features: ["throughput"])
        case .singleFlow: .init("One flow gets more bandwidth than one port has.", features: ["single-flow"])
        case .lacp: .init("The ports are bundled by LACP (802.1AX).", features: ["lacp"])
        case .switch: .init("What the ports lead to.", value: .choice(Self.switches))
        case .noSwitchSetup: .init("Nothing has to be set on the switch.", features: ["switch-unmanaged"])
        case .trafficWithoutPartner:
            .init(
                "Traffic flows before the switch speaks LACP, as network boot needs.",
                features: ["traffic-without-partner"])
        case .perPortMonitoring: .init("Each port is watched in its own way.", features: ["per-port-monitoring"])
        case .ipv6Monitoring:
            .init(
                "A next hop is watched by IPv6 neighbour solicitation.", value: .targets(option: "ns_ip6_target"),
                features: ["ipv6-monitoring"])
        case .daemonFree: .init("No program has to keep running.", features: ["daemon-free"])
        }
    }

    private static let switches: [RequirementDefinition.Choice] = [
        .init("unmanaged", "one switch on which nothing can be set", feature: "switch-unmanaged"),
        .init("static", "one switch with static groups, without LACP", feature: "switch-static"),
        .init("lacp", "one switch with LACP", feature: "switch-lacp"),
        .init("mlag", "two switches that act as one (MLAG, vPC)", feature: "switch-mlag"),
        .init("two", "two switches that know nothing of each other", feature: "switch-two"),
    ]

    /// Whether it says what the switch offers, so that nothing about it is left open.
    package var settlesSwitch: Bool { self == .switch || self == .noSwitchSetup }
}

/// What a requirement means and how its value is written.
package struct RequirementDefinition: Sendable {
    package enum ValueKind: Sendable {
        case none
        case choice([Choice])
        /// Addresses that an option of bonding takes.
        case targets(option: String)
    }

    /// A value and the feature that it asks for.
    package struct Choice: Sendable {
        package let name: String
        package let help: String
        package let feature: String

        init(_ name: String, _ help: String, feature: String) {
            self.name = name
            self.help = help
            self.feature = feature
        }
    }

    /// One line.
    package let help: String
    package let value: ValueKind
    /// The rows that must say yes, or partly; a choice brings one of its own.
    package let features: [String]

    init(_ help: String, value: ValueKind = .none, features: [String] = []) {
        self.help = help
        self.value = value
        self.features = features
    }

    package var choices: [Choice] { if case .choice(let choices) = value { choices } else { [] } }

    /// Every row that the requirement can ask for.
    package var allFeatures: [String] { features + choices.map(\.feature) }

    package var takesValue: Bool { if case .none = value { false } else { true } }

    /// `=unmanaged|static`, or nothing.
    package var valueText: String {
        switch value {
        case .none: ""
        case .choice(let choices): "=" + choices.map(\.name).joined(separator: "|")
        case .targets: "=ADDRESS[,ADDRESS…]"
        }
    }
}
