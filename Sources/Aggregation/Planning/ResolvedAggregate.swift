/// One aggregate as a driver is asked for it: neutral keys have become options, selectors have become names.
package struct ResolvedAggregate: Sendable, Hashable {
    package var name: String
    package var driver: DriverKind
    package var state: DesiredAggregate.State
    /// Nil when not managed; an aggregate that is to be made has one.
    package var mode: Mode?
    /// What every option is to be, in the kernel's order.
    package var settings: [Setting] = []
    package var mtu: UInt32?
    package var macAddress: LinkLayerAddress?
    package var addresses: [IPPrefix]?
    package var ports: [ResolvedPort]?
    /// Ports that were asked for and are not there.
    package var missingPorts: [String] = []
    package var expectedPorts: Int?

    package init(name: String, driver: DriverKind, state: DesiredAggregate.State = .present) {
        self.name = name
        self.driver = driver
        self.state = state
    }

    /// An option, what it is to be, and the key that asked for it.
    package struct Setting: Sendable, Hashable {
        package var name: String
        package var value: OptionValue
        /// The key in the user's words: `link-monitor.interval`, `options.miimon`, or what made us choose it.
        package var origin: String
        /// We chose it: nobody asked.
        package var isOurDefault: Bool

        package init(_ name: String, _ value: OptionValue, origin: String, isOurDefault: Bool = false) {
            self.name = name
            self.value = value
            self.origin = origin
            self.isOurDefault = isOurDefault
        }

        package var option: OptionSetting { OptionSetting(name, value) }
    }

    package struct ResolvedPort: Sendable, Hashable {
        package var name: String
        package var settings: [Setting]

        package init(name: String, settings: [Setting] = []) {
            self.name = name
            self.settings = settings
        }
    }
}
