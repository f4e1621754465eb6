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

    /// What the keys of `lacp` are called.
    var lacpOptions: (rate: String, active: String, systemPriority: String, minPorts: String, select: String) {
        switch self {
        case .bonding: ("lacp_rate", "lacp_active", "ad_actor_sys_prio", "min_links", "ad_select")
        case .teaming:
            (
                "runner.fast_rate", "runner.active", "runner.sys_prio", "runner.min_ports", "runner.agg_select_policy"
            )
        }
    }
}
