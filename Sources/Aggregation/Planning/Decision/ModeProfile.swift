/// What holds for a mode whatever is asked for.
package struct ModeProfile: Sendable, Hashable {
    /// What a mode needs of the switch.
    package enum SwitchNeed: String, Sendable, Hashable, CaseIterable {
        case nothing
        /// A static group.
        case `static`
        case lacp
    }

    package var mode: Mode
    /// From 1; lower is preferred when nothing else decides.
    package var place: Int64
    package var summary: String
    /// Why it has that place.
    package var reason: String
    /// The drivers that have the mode.
    package var drivers: [DriverKind]
    package var switchNeed: SwitchNeed
    /// What has to be set on the switch.
    package var switchSetup: String
    package var switchSource: String
    package var switchEvidence: [Evidence]

    package init(
        mode: Mode, place: Int64, summary: String, reason: String, drivers: [DriverKind], switchNeed: SwitchNeed,
        switchSetup: String, switchSource: String, switchEvidence: [Evidence]
    ) {
        self.mode = mode
        self.place = place
        self.summary = summary
        self.reason = reason
        self.drivers = drivers
        self.switchNeed = switchNeed
        self.switchSetup = switchSetup
        self.switchSource = switchSource
        self.switchEvidence = switchEvidence
    }
}
