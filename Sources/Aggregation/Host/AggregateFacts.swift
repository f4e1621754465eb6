/// What the kernel says about an aggregate beyond its link attributes.
package struct AggregateFacts: Sendable, Hashable, Codable {
    package var driver: DriverKind
    package var mode: Mode
    /// Options by name; one that is absent is not known to this kernel, unless it is in `hidden`.
    package var options: OptionValues
    /// Options that the kernel shows to nobody without CAP_NET_ADMIN.
    package var hidden: Set<String> = []
    /// The port that carries traffic (active-backup, tlb, alb).
    package var activePort: String?
    /// IFLA_BOND_AD_INFO: absent when no aggregator is active or the mode is not lacp.
    package var activeAggregator: ActiveAggregator?
    /// Names of the ports in the order in which they joined.
    package var ports: [String] = []
    /// The process that runs a team; nil for a bond.
    package var daemon: Daemon?

    package init(driver: DriverKind, mode: Mode, options: OptionValues) {
        self.driver = driver
        self.mode = mode
        self.options = options
    }

    /// teamd, without which a team does what it was told last.
    package struct Daemon: Sendable, Hashable, Codable {
        package enum State: String, Sendable, Codable {
            case running
            /// There is none.
            case absent
            /// There is one and it does not answer.
            case silent
            /// Whether there is one, or how it is, is not for this caller to see.
            case unknown
        }

        package var state: State
        package var process: Int32?
        /// What the caller lacks to see its process, or how it is; it may have answered all the same.
        package var unseen: String?
        /// Something starts it again when it dies.
        package var isSupervised = false
        /// It answered over the bus.
        package var isOnBus = false
        /// More than one process claims the team.
        package var rivals: [Int32] = []
        /// The options come from what teamd was last started with, not from teamd.
        package var optionsAreRemembered = false
        /// Indexes of devices that were ports of something when it started: it never learns the addresses that those
        /// have by themselves. Nil when that is not known, as of a daemon that others started.
        package var foundBelowOthers: Set<Int32>?

        package init(_ state: State, process: Int32? = nil) {
            self.state = state
            self.process = process
        }

        /// Of a team that others made, where the kernel does not tell it either: `repair` cannot start another teamd.
        package var runnerIsUnknown: Bool?

        /// `repair` starts what teamd was told before, else what the kernel tells of the team.
        package var canBeRepaired: Bool { runnerIsUnknown != true }

        /// Why this caller can change nothing that takes another daemon; nil when it can.
        package var unseenRule: String? { unseen.map { "its teamd cannot be examined: \($0)" } }
        package static let unseenRemedy = "run it as root, with all capabilities"

        /// What to do by hand where `repair` cannot.
        package static func startByHand(_ team: String) -> String {
            "start it by hand with the configuration that it had: teamd -d -o -t \(team) -f FILE"
        }
    }

    /// The aggregator in use (802.1AX 6.3).
    package struct ActiveAggregator: Sendable, Hashable, Codable {
        package var id: UInt16
        package var portCount: UInt16
        package var actorKey: UInt16
        package var partnerKey: UInt16
        /// All zero when there is no partner; nil when the kernel hides it.
        package var partnerSystem: LinkLayerAddress?

        package init(
            id: UInt16, portCount: UInt16, actorKey: UInt16, partnerKey: UInt16, partnerSystem: LinkLayerAddress?
        ) {
            self.id = id
            self.portCount = portCount
            self.actorKey = actorKey
            self.partnerKey = partnerKey
            self.partnerSystem = partnerSystem
        }
    }
}

/// What the kernel says about a port of an aggregate.
package struct PortFacts: Sendable, Hashable, Codable {
    /// Options of the port by name.
    package var options: OptionValues
    /// IFLA_BOND_SLAVE_STATE: the port does not carry traffic.
    package var isBackup: Bool
    package var monitor: MonitorState
    package var linkFailures: UInt32
    /// The address it had before it joined, which it gets back when it leaves.
    package var permanentAddress: LinkLayerAddress?
    package var aggregatorID: UInt16?
    package var actorState: LACPPortState?
    package var partnerState: LACPPortState?
    package var actorChurn: ChurnState?
    package var partnerChurn: ChurnState?
    /// From /proc/net/bonding, which alone has it; nil when it was not asked for or is hidden.
    package var partner: Partner?
    /// LACPDUs received (BOND_3AD_STAT_LACPDU_RX); nil when it was not asked for.
    package var receivedLACPDUs: UInt64?
    package var sentLACPDUs: UInt64?
    /// What the kernel takes the link for where a daemon tells it (`user_linkup` of a team); nil where it looks itself.
    package var toldLinkUp: Bool?
    /// The link watches of a team's port that are not up; nil where no daemon tells.
    package var failedWatches: [LinkWatch]?
    /// The port's part where a balancer moves flows between ports; nil elsewhere.
    package var share: BalancerShare?

    package init(
        options: OptionValues, isBackup: Bool, monitor: MonitorState, linkFailures: UInt32,
        permanentAddress: LinkLayerAddress? = nil
    ) {
        self.options = options
        self.isBackup = isBackup
        self.monitor = monitor
        self.linkFailures = linkFailures
        self.permanentAddress = permanentAddress
    }

    /// What a balancer gave to a port (`tx_balancer` of teamd).
    package struct BalancerShare: Sendable, Hashable, Codable {
        /// How many hash values there are (LB_TX_HASHTABLE_SIZE).
        package static let allHashes = 256
        /// How many of them go by the port.
        package var hashes: Int
        /// What went by it since it joined, in bytes, as far as the balancer counts.
        package var bytes: UInt64?

        package init(hashes: Int, bytes: UInt64?) {
            self.hashes = hashes
            self.bytes = bytes
        }
    }

    /// What the aggregate's link monitor says of the port (BOND_LINK_*).
    package enum MonitorState: UInt8, Sendable, Codable {
        case up = 0
        case goingDown = 1
        case down = 2
        case goingUp = 3

        package var text: String {
            switch self {
            case .up: "up"
            case .goingDown: "going-down"
            case .down: "down"
            case .goingUp: "going-up"
            }
        }
    }

    /// 802.1AX 6.4.17: whether a state machine has settled in time.
    package enum ChurnState: UInt8, Sendable, Codable {
        case monitoring = 0
        case churned = 1
        case settled = 2

        package var text: String {
            switch self {
            case .monitoring: "monitoring"
            case .churned: "churned"
            case .settled: "none"
            }
        }
    }

    /// The other end of the link as its LACPDUs describe it.
    package struct Partner: Sendable, Hashable, Codable {
        package var systemPriority: UInt16
        package var system: LinkLayerAddress
        package var key: UInt16
        package var portPriority: UInt16
        package var portNumber: UInt16

        package init(
            systemPriority: UInt16, system: LinkLayerAddress, key: UInt16, portPriority: UInt16, portNumber: UInt16
        ) {
            self.systemPriority = systemPriority
            self.system = system
            self.key = key
            self.portPriority = portPriority
            self.portNumber = portNumber
        }
    }
}
