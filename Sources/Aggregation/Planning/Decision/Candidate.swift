/// A way to aggregate: a driver and what it does with the ports.
package struct Candidate: Sendable, Hashable, CustomStringConvertible {
    package let driver: DriverKind
    package let mode: Mode

    package init(driver: DriverKind, mode: Mode) {
        self.driver = driver
        self.mode = mode
    }

    /// `bonding active-backup`
    package var description: String { "\(driver.rawValue) \(mode.rawValue)" }

    /// What the driver itself calls the mode.
    package var nativeName: String { driver == .bonding ? mode.bondingName : mode.teamRunner ?? mode.rawValue }
}
