/// A decision as what `apply` takes: the aggregate, and every option of it with the reason.
package struct PlanProposal: Sendable {
    package let desired: DesiredAggregate
    package let options: [Option]

    /// One key of the file.
    package struct Option: Sendable, Hashable {
        /// `link-monitor.interval`
        package let key: String
        package let value: String
        package let reason: String
        /// The kernel function behind it.
        package let source: String?
    }

    /// The link monitor's interval, which is also what the kernel gives in the modes that have one of their own.
    package static let monitorInterval = BondingTranslation.defaultMonitorInterval
    /// Milliseconds before a port is used again behind a switch that has just started. Makers of switches document 30 to
    /// 180 s of losses on the way back; bonding.rst, 13.1, tells of links that come long before the switch forwards.
    package static let settleTime: Int64 = 30_000

    /// - Parameter matrix: what the host takes, and what the tool can set, decides how things are said.
    package init(_ assessment: Assessment, _ matrix: FeatureMatrix, name: InterfaceName, ports: [InterfaceName]) {
        var draft = PlanDraft(assessment, matrix, DesiredAggregate(name: name))
        draft.desired.driver = assessment.candidate.driver == .bonding ? .bonding : .teaming
        draft.desired.mode = assessment.candidate.mode
        draft.desired.ports = ports.map { DesiredPort(.name($0.text)) }
        draft.chooseMonitor()
        draft.choosePriorities()
        draft.chooseTakeover()
        draft.chooseHash()
        draft.chooseLACP()
        desired = draft.desired
        options = draft.options
    }
}

extension PlanProposal {
    /// What `plan` would warn of when it is given the file, as far as the host is known.
    package func warnings(on host: HostFacts) -> [PlanNote] {
        var state = HostState()
        let ports = (desired.ports ?? []).map(\.selector.description)
        state.links = ports.enumerated().map { place, name in
            let known = host.ports.first { $0.name == name }
            return known?.link(index: Int32(place + 1)) ?? Link(index: Int32(place + 1), name: name)
        }
        let resolution = Translation.resolve(desired, in: state)
        let unlike = Preflight.differences(
            among: resolution.aggregate.ports ?? [], host: state, aggregate: desired.name.text)
        return (resolution.notes + unlike).filter { $0.kind == .warning }
    }
}

extension HostFacts.Port {
    /// As much of a link as was noted down.
    fileprivate func link(index: Int32) -> Link {
        var link = Link(index: index, name: name)
        link.speed = speed.flatMap { .init(exactly: $0) }
        link.duplex = duplex
        link.mtu = mtu.flatMap { .init(exactly: $0) } ?? link.mtu
        if let parts = path?.split(separator: " ", maxSplits: 1), parts.count == 2 {
            (link.parentBus, link.parentDevice) = (String(parts[0]), String(parts[1]))
        }
        link.physicalFunction = physicalFunction
        return link
    }
}
