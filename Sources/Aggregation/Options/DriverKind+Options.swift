/// The options that mean the same on every driver and have a part of their own in a plan.
extension DriverKind {
    /// The option that is the mode.
    package var modeOption: String { self == .bonding ? "mode" : "runner.name" }

    /// The option that names the port in use.
    package var activePortOption: String { self == .bonding ? "active_slave" : "runner.active_port" }

    /// The setting that asks for a mode.
    package func modeSetting(_ mode: Mode) -> OptionSetting {
        OptionSetting(
            modeOption, .number(self == .bonding ? Int64(mode.bondingNumber) : TeamingOptions.number(of: mode)))
    }
}
