/// Every requirement there is. The order is the order in which requirements are shown and listed.
package enum RequirementKey: String, Sendable, Hashable, CaseIterable {
    case redundancy
    case detection
    case latency
    case throughput
    case singleFlow = "single-flow"
    case lacp
    case lacpRate = "lacp-rate"
    case lacpPassive = "lacp-passive"
    case lacpKey = "lacp-key"
    case lacpSystem = "lacp-system"
    case minPorts = "min-ports"
    case `switch`
    case noSwitchSetup = "no-switch-setup"
    case portSecurity = "port-security"
    case trafficWithoutPartner = "traffic-without-partner"
    case perPortMonitoring = "per-port-monitoring"
    case arpMonitoring = "arp-monitoring"
    case ipv6Monitoring = "ipv6-monitoring"
    case priorities
    case settle
    case stickiness
    case macPolicy = "mac-policy"
    case announcements
    case customHash = "custom-hash"
    case rebalancing
    case receiveBalancing = "receive-balancing"
    case receiveBalancingWithoutSwitch = "receive-balancing-without-switch"
    case ipv6Only = "ipv6-only"
    case vlans
    case bridge
    case containers
    case xdp
    case ktls
    case ipsec
    case ptp
    case rdma
    case dpdk
    case infiniband
    case virtualFunctions = "virtual-functions"
    case unknownSpeed = "unknown-speed"
    case cloud
    case tunnels
    case macsec
    case standbyGroups = "standby-groups"
    case runtimeControl = "runtime-control"
    case dbus
    case daemonFree = "daemon-free"
    case tool
    case distribution
    case maintained

    /// What the requirement means: the one place that says so.
    package var definition: RequirementDefinition { Self.definitions[self] ?? written }

    private static let definitions = Dictionary(
        allCases.map { ($0, $0.written) }, uniquingKeysWith: { first, _ in first })

    private var written: RequirementDefinition {
        switch self {
        case .redundancy:
            .init("Traffic goes on when a port loses its link.", features: ["redundancy", "link-monitoring"])
        case .detection:
            .init(
                "A port whose link fails is given up within this time.", value: .duration(10...60_000),
                features: ["redundancy", "link-monitoring"])
        case .latency: .init("A flow keeps to one port and to its order.", features: ["steady-path"])
        case .throughput: .init("Several flows together use more than one port.", features: ["throughput"])
        case .singleFlow: .init("One flow gets more bandwidth than one port has.", features: ["single-flow"])
        case .lacp: .init("The ports are bundled by LACP (802.1AX).", features: ["lacp"])
        case .lacpRate: .init("How often the partner is to send LACPDUs.", value: .choice(Self.rates))
        case .lacpPassive: .init("It waits for the partner to begin with LACP.", features: ["lacp-passive"])
        case .lacpKey:
            .init("The LACP key is this number.", value: .number(0...1023), features: ["lacp", "lacp-key"])
        case .lacpSystem:
            .init("The LACP system has this id.", value: .hardwareAddress, features: ["lacp", "lacp-system-id"])
        case .minPorts:
            .init(
                "The carrier goes away when fewer ports than this work.", value: .number(1...64),
                features: ["min-ports"])
        case .switch: .init("What the ports lead to.", value: .choice(Self.switches))
        case .noSwitchSetup: .init("Nothing has to be set on the switch.", features: ["switch-unmanaged"])
        case .portSecurity:
            .init(
                "The switch lets each port have one address (port security).", features: ["port-security"])
        case .trafficWithoutPartner:
            .init(
                "Traffic flows before the switch speaks LACP, as network boot needs.",
                features: ["traffic-without-partner"])
        case .perPortMonitoring: .init("Each port is watched in its own way.", features: ["per-port-monitoring"])
        case .arpMonitoring:
            .init(
                "A next hop is watched by ARP.", value: .targets(option: "arp_ip_target"),
                features: ["arp-monitoring"])
        case .ipv6Monitoring:
            .init(
                "A next hop is watched by IPv6 neighbour solicitation.", value: .targets(option: "ns_ip6_target"),
                features: ["ipv6-monitoring"])
        case .priorities: .init("It can be said which port is used first.", features: ["port-priorities"])
        case .settle:
            .init(
                "A port whose link is back is used only after this time.", value: .duration(0...3_600_000),
                features: ["delays"])
        case .stickiness:
            .init("Traffic stays on the port that took over until that fails.", features: ["stickiness"])
        case .macPolicy: .init("Whose address is used when another port takes over.", value: .choice(Self.policies))
        case .announcements:
            .init(
                "Neighbours are told this often when another port takes over.", value: .number(0...255),
                features: ["announcements"])
        case .customHash: .init("What the hash looks at can be composed freely.", features: ["custom-hash"])
        case .rebalancing:
            .init("What is sent is moved to ports with less to do.", features: ["transmit-balancing"])
        case .receiveBalancing: .init("What is received comes in by several ports.", features: ["receive-balancing"])
        case .receiveBalancingWithoutSwitch:
            .init(
                "What is received is spread without help of the switch.",
                features: ["receive-balancing-without-switch"])
        case .ipv6Only: .init("The host has no IPv4.", features: ["ipv6-alone"])
        case .vlans: .init("VLANs are on top.", features: ["vlan"])
        case .bridge: .init("A bridge, Linux's or Open vSwitch's, is on top.", features: ["stacking", "bridge"])
        case .containers: .init("It is made in a network namespace.", features: ["namespaces"])
        case .xdp: .init("An XDP program runs natively on it.", features: ["xdp"])
        case .ktls: .init("TLS is offloaded to the network card.", features: ["ktls"])
        case .ipsec: .init("IPsec is offloaded to the network card.", features: ["ipsec"])
        case .ptp: .init("Hardware timestamps of its ports can be had, as PTP needs.", features: ["ptp"])
        case .rdma: .init("RDMA, or flow offload, of its ports knows it.", features: ["rdma"])
        case .dpdk: .init("A DPDK application makes use of it.", features: ["dpdk"])
        case .infiniband: .init("Its ports are IP over InfiniBand.", features: ["infiniband"])
        case .virtualFunctions: .init("Its ports are virtual functions (SR-IOV).", features: ["virtual-functions"])
        case .unknownSpeed: .init("Its ports do not report their speed, as virtio.", features: ["unknown-speed"])
        case .cloud: .init("It is in an instance of a cloud.", features: ["cloud"])
        case .tunnels: .init("Flows within tunnels are told apart.", features: ["tunnel-hash"])
        case .macsec: .init("MACsec protects what goes over it.", features: ["macsec"])
        case .standbyGroups:
            .init("A second group of ports takes over when the first has lost too much.", features: ["standby-groups"])
        case .runtimeControl: .init("Its options can be changed while it runs.", features: ["runtime-control"])
        case .dbus: .init("It can be spoken to over D-Bus.", features: ["dbus"])
        case .daemonFree: .init("No program has to keep running.", features: ["daemon-free"])
        case .tool: .init("What sets it up after a boot.", value: .choice(Self.tools))
        case .distribution:
            .init(
                "Where it has to be part of the distribution, and until when that has to be supported.",
                value: .release(Self.distributions))
        case .maintained: .init("It is maintained.", features: ["upkeep"])
        }
    }

    private static let rates: [RequirementDefinition.Choice] = [
        .init("fast", "every second", feature: "lacp-fast-rate"),
        .init("slow", "every 30 seconds, as the standard has it by default", feature: "lacp"),
    ]

    private static let policies: [RequirementDefinition.Choice] = [
        .init("active", "that of the port in use: every port keeps its own", feature: "address-policy"),
        .init("follow", "one that the port in use takes over, no other port having it", feature: "address-policy"),
    ]

    private static let tools: [RequirementDefinition.Choice] = [
        .init("networkmanager", "NetworkManager", feature: "networkmanager"),
        .init("networkd", "systemd-networkd", feature: "networkd"),
        .init("netplan", "netplan", feature: "netplan"),
        .init("nmstate", "nmstate, or kubernetes-nmstate", feature: "nmstate"),
        .init("ifupdown", "ifupdown with ifenslave, as in Debian", feature: "ifupdown"),
        .init("ifupdown2", "ifupdown2, as in Proxmox VE", feature: "ifupdown2"),
        .init("cloud-init", "cloud-init", feature: "cloud-init"),
        .init("wicked", "wicked, as in SUSE", feature: "wicked"),
    ]

    private static let distributions: [RequirementDefinition.Choice] = [
        .init("debian-12", "Debian 12", feature: "debian-12"),
        .init("debian-13", "Debian 13", feature: "debian-13"),
        .init("ubuntu-24.04", "Ubuntu 24.04 LTS", feature: "ubuntu-24.04"),
        .init("sles-15", "SUSE Linux Enterprise 15", feature: "sles-15"),
        .init("rhel-9", "RHEL 9, and what is built from it", feature: "rhel-9"),
        .init("rhel-10", "RHEL 10, and what is built from it", feature: "rhel-10"),
        .init("fedora", "Fedora", feature: "fedora"),
        .init("proxmox", "Proxmox VE", feature: "proxmox"),
        .init("sonic", "SONiC", feature: "sonic"),
    ]

    private static let switches: [RequirementDefinition.Choice] = [
        .init("unmanaged", "one switch on which nothing can be set", feature: "switch-unmanaged"),
        .init("static", "one switch with static groups, without LACP", feature: "switch-static"),
        .init("lacp", "one switch with LACP", feature: "switch-lacp"),
        .init("managed", "one switch with LACP and with static groups", feature: "switch-managed"),
        .init("mlag", "two switches that act as one (MLAG, vPC)", feature: "switch-mlag"),
        .init("esi", "switches joined by EVPN (ESI-LAG)", feature: "switch-esi"),
        .init("two", "two switches that know nothing of each other", feature: "switch-two"),
        .init("host", "another host, without a switch", feature: "switch-host"),
    ]

    /// Whether it says what the switch offers, so that nothing about it is left open.
    package var settlesSwitch: Bool { self == .switch || self == .noSwitchSetup }

    /// Whether two values of it cannot both be had.
    package var isSingle: Bool {
        [.lacpRate, .lacpKey, .lacpSystem, .settle, .macPolicy, .announcements].contains(self)
    }

    /// Whether it is what a plan sets: avoiding a value of it means that the plan leaves it out.
    package var isSetting: Bool {
        isSingle || [.detection, .minPorts, .arpMonitoring, .ipv6Monitoring].contains(self)
    }

    /// Whether it is something that is done with an aggregate: what may go wrong with that concerns only who does it.
    var isUse: Bool {
        [
            .bridge, .xdp, .ktls, .ipsec, .ptp, .rdma, .dpdk, .infiniband, .virtualFunctions, .unknownSpeed,
            .cloud, .macsec, .standbyGroups, .lacpRate,
        ].contains(self)
    }

    /// Whether half of it is nothing.
    package var isWhole: Bool { [.bridge, .settle, .maintained].contains(self) }
}

/// What a requirement means and how its value is written.
package struct RequirementDefinition: Sendable {
    package enum ValueKind: Sendable {
        case none
        case choice([Choice])
        /// A release of something, and where it matters the month until which it has to be supported.
        case release([Choice])
        case number(ClosedRange<Int64>)
        /// Milliseconds.
        case duration(ClosedRange<Int64>)
        /// The link-layer address of one station.
        case hardwareAddress
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

    package var choices: [Choice] {
        switch value {
        case .choice(let choices), .release(let choices): choices
        default: []
        }
    }

    /// Every row that the requirement can ask for.
    package var allFeatures: [String] { features + choices.map(\.feature) }

    package var takesValue: Bool { if case .none = value { false } else { true } }

    /// What may follow the name of a choice.
    package var suffixText: String { if case .release = value { "[@YYYY-MM]" } else { "" } }

    /// `=unmanaged|static`, or nothing.
    package var valueText: String {
        switch value {
        case .none: ""
        case .choice(let choices): "=" + choices.map(\.name).joined(separator: "|")
        case .release(let choices): "=" + choices.map(\.name).joined(separator: "|") + suffixText
        case .number: "=NUMBER"
        case .duration: "=TIME"
        case .hardwareAddress: "=MAC"
        case .targets: "=ADDRESS[,ADDRESS…]"
        }
    }
}
