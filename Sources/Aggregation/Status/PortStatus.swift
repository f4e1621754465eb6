/// What `status` shows of one port.
package struct PortStatus: Sendable, Hashable {
    package let name: String
    package let permanentAddress: LinkLayerAddress?
    /// The kind of a virtual device; nil for hardware, whose driver is not known here.
    package let kind: String?
    /// `pci-0000:01:00.1`; nil for what sits on no bus.
    package let path: String?
    /// Mbit/s.
    package let speed: UInt32?
    package let duplex: Link.Duplex?
    /// The carrier and the link monitor in one word; nil when the driver's facts could not be read.
    package let link: PortFacts.MonitorState?
    /// Carries traffic, or could at once.
    package let isUsable: Bool
    /// Carries traffic now: usable, and the driver lets frames through.
    let isCarrying: Bool
    /// In the modes that use one port at a time.
    package let isActive: Bool?
    /// In the modes that have an active port.
    package let role: Role?
    /// What was negotiated and what the driver does with frames are not the same.
    package let planesDisagree: Bool
    package let linkFailures: UInt32?
    /// What is wrong, in plain words.
    package let note: String?
    /// Only in mode lacp.
    package let lacp: LACP?
    /// Only where a balancer moves flows.
    package let share: PortFacts.BalancerShare?
    /// Options as observed.
    package let options: OptionValues

    /// What a port does beside others.
    package enum Role: String, Sendable, Hashable {
        case active
        /// Carries nothing while the active port works.
        case backup
        /// Sends a share of the traffic beside the active port.
        case balancing
        /// Sends nothing.
        case idle
    }

    /// The LACP side of a port.
    package struct LACP: Sendable, Hashable {
        package let aggregatorID: UInt16?
        package let actorState: LACPPortState?
        package let partnerState: LACPPortState?
        package let actorChurn: PortFacts.ChurnState?
        package let partnerChurn: PortFacts.ChurnState?
        package let partner: PortFacts.Partner?
        package let receivedLACPDUs: UInt64?
        package let sentLACPDUs: UInt64?
    }
}
