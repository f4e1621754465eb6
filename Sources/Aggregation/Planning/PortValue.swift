/// An option that names a port (the primary, the active port), as it is asked for and as it is in force.
///
/// `check`, the plan and what a plan cannot do are all judged here.
struct PortValue {
    enum Outcome {
        case fulfilled
        /// A step mends it.
        case differs
        /// The port that it names is not on this host: no step can make it so.
        case waits
    }

    let setting: ResolvedAggregate.Setting
    let wanted: String?
    let observed: String?
    let outcome: Outcome

    /// - Parameter facts: what the aggregate is; nil for one that is to be made.
    static func all(of wish: ResolvedAggregate, _ facts: AggregateFacts?, on host: HostState) -> [PortValue] {
        wish.settings.compactMap { setting in
            guard case .port(let wanted) = setting.value else { return nil }
            let isActivePort = setting.name == wish.driver.activePortOption
            var observed: String?
            if isActivePort {
                observed = facts?.activePort
            } else if case .port(let name)? = facts?.options[setting.name] {
                observed = name
            }
            let outcome: Outcome
            if isActivePort, wanted == nil {
                // Nobody in particular: whoever an election would choose is right.
                let elected = facts.flatMap { Self.elected($0, on: host) }
                outcome = elected == nil || elected == observed ? .fulfilled : .differs
            } else if wanted == observed {
                outcome = .fulfilled
            } else if let wanted, host.link(named: wanted) == nil {
                outcome = .waits
            } else {
                outcome = .differs
            }
            return PortValue(setting: setting, wanted: wanted, observed: observed, outcome: outcome)
        }
    }

    /// Whom bonding would make the active port if there were none (`bond_find_best_slave`); nil where nobody can be.
    private static func elected(_ facts: AggregateFacts, on host: HostState) -> String? {
        let up = facts.ports.compactMap(host.link(named:)).filter { $0.isUp && $0.port?.monitor == .up }
        if case .port(let primary?)? = facts.options["primary"], up.contains(where: { $0.name == primary }) {
            return primary
        }
        func priority(_ link: Link) -> Int64 {
            if case .number(let number)? = link.port?.options["prio"] { number } else { 0 }
        }
        let highest = up.map(priority).max()
        return up.first { priority($0) == highest }?.name
    }
}
