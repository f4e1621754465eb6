/// What `status` shows of one aggregate: what is, and what we make of it.
package struct AggregateStatus: Sendable, Hashable {
    package let name: String
    package let driver: DriverKind
    /// Nil when the driver's facts could not be read.
    package let mode: Mode?
    package let isUp: Bool
    package let hasCarrier: Bool
    package let address: LinkLayerAddress?
    package let verdict: Verdict
    /// While it is settling: the milliseconds that may still take, at most; unknown where nobody saw it come up.
    package let settling: Reading<Int64>
    /// Ports that can carry traffic now; nil when the driver's facts could not be read.
    package let portsUp: Int?
    /// Ports that should be able to: what was said, else those that are joined.
    package let expectedPorts: Int
    /// Mbit/s that the aggregate can use; nil while the speed of a usable port is unknown.
    package let speed: UInt64?
    /// In the modes that use one port at a time.
    package let activePort: Reading<String>
    /// In mode lacp: the aggregator that carries traffic.
    package let activeAggregator: Reading<UInt16>
    /// In mode lacp: who is at the other end.
    package let partner: Reading<PartnerSystem>
    /// In the modes that choose a port by hash: the policy in the driver's words.
    package let hashPolicy: Reading<String>
    /// Facts above that the kernel hides from a reader without CAP_NET_ADMIN.
    package let hidden: [String]
    package let findings: [Finding]
    package let ports: [PortStatus]
    /// Options as observed.
    package let options: OptionValues
    /// Options that the kernel hides from this reader.
    package let hiddenOptions: Set<String>
    /// The process that runs a team; nil for a bond.
    package let daemon: AggregateFacts.Daemon?

    /// It carries traffic, with as few of its ports as that may be.
    package var isUsable: Bool { isUp && hasCarrier && ports.contains(where: \.isCarrying) }

    /// Nothing has changed but the time that is left.
    package func looks(like other: AggregateStatus) -> Bool {
        guard verdict == .settling, other.verdict == .settling else { return self == other }
        return portsUp == other.portsUp && ports == other.ports && partner == other.partner
    }

    /// Nothing that comes by itself will make it usable: it is down, or cannot be as it is set up.
    package var isBeyondWaiting: Bool { !isUp || ports.isEmpty || findings.contains(where: \.isRootCause) }

    /// The other end of the aggregator in use.
    package struct PartnerSystem: Sendable, Hashable {
        package let system: LinkLayerAddress
        package let key: UInt16
    }

    /// Something worth saying about an aggregate, and what it makes of the verdict; nil for a mere remark.
    package struct Finding: Sendable, Hashable {
        package let verdict: Verdict?
        package let text: String
        /// Nothing else can be right before this is: its verdict is that of the aggregate.
        package let isRootCause: Bool

        package init(_ verdict: Verdict?, _ text: String, isRootCause: Bool = false) {
            self.verdict = verdict
            self.text = text
            self.isRootCause = isRootCause
        }
    }
}
