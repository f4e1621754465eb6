/// After which steps the monitors and the LACP of an aggregate begin anew, so that it needs time to be usable.
extension Plan {
    /// Aggregates that are made, brought up or given ports.
    package var beginning: Set<String> { names { $0.begins(aggregate: $1) } }

    /// Those, and the ones whose monitors or LACP are set otherwise.
    package var beginningAnew: Set<String> { names { $0.begins(aggregate: $1) || $0.setsMonitors } }

    private func names(where condition: (Step, String) -> Bool) -> Set<String> {
        Set(steps.filter { condition($0.step, $0.aggregate) }.map(\.aggregate))
    }
}

extension Step {
    fileprivate func begins(aggregate: String) -> Bool {
        switch self {
        case .create, .attach, .activate, .repair: true
        case .bring(let device, let up): up && device == aggregate
        default: false
        }
    }

    /// Options that make ports be judged anew, besides those that a new daemon or a device that was down brings.
    private static let monitorOptions: Set<String> = [
        "active_slave", "runner.active_port", "miimon", "updelay", "use_carrier", "arp_interval", "arp_ip_target",
        "ns_ip6_target", "arp_validate", "arp_missed_max", "ad_actor_sys_prio", "ad_actor_system",
    ]

    fileprivate var setsMonitors: Bool {
        guard case .setOptions(_, let settings, let driver) = self else { return false }
        let table = OptionTables.shared.aggregate(driver)
        return settings.contains { setting in
            guard let row = table[setting.name] else { return true }
            return row.change != .anyTime || Self.monitorOptions.contains(setting.name)
        }
    }
}
