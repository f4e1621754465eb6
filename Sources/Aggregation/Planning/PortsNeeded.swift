/// How many ports have to be usable (`min_links`), where that changes together with the ports: less is asked before some
/// leave and more after others have joined, or else the aggregate would lose its carrier in between.
///
/// A new teamd has all ports join anew anyway.
struct PortsNeeded {
    private(set) var lowered: ResolvedAggregate.Setting?
    private(set) var raised: ResolvedAggregate.Setting?

    init(_ changed: [ResolvedAggregate.Setting], of link: AggregateFacts, _ turnover: PortTurnover) {
        let option = link.driver.lacpOptions.minPorts
        guard link.driver == .bonding, let setting = changed.first(where: { $0.name == option }),
            case .number(let wanted) = setting.value, case .number(let now)? = link.options[option]
        else { return }
        if wanted < now, !turnover.released.isEmpty { lowered = setting }
        if wanted > now, !turnover.joining.isEmpty { raised = setting }
    }

    /// What is written apart from the others.
    func isApart(_ setting: ResolvedAggregate.Setting) -> Bool { setting == lowered || setting == raised }
}
