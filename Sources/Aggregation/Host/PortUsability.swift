/// Whether an aggregate uses a port: status, drill and planner ask here and nowhere else.
extension Link {
    /// Whether the aggregate sends through this port now, or would at once if its other ports failed.
    ///
    /// A port that forwards nothing is not usable, whatever its link monitor says.
    package func isUsable(in aggregate: Link) -> Bool {
        guard aggregate.isUp, let facts = aggregate.aggregate, isUp, hasCarrier, let port, port.monitor == .up,
            port.toldLinkUp != false
        else { return false }
        return switch facts.mode {
        // A backup port is used as soon as the active one fails.
        case .activeBackup: true
        case .lacp: port.forwardsByLACP(in: facts)
        default: !port.isBackup
        }
    }
}

extension PortFacts {
    /// In sync with a partner that takes frames in, or alone where there is none.
    fileprivate func forwardsByLACP(in facts: AggregateFacts) -> Bool {
        guard !isBackup, let aggregatorID, aggregatorID == facts.activeAggregator?.id else { return false }
        guard let actorState else { return true }
        // Nobody was heard: the kernel lets one port forward alone, and knows only when it has waited for a partner
        // (ad_rx_machine goes from EXPIRED to DEFAULTED after 3 s).
        if actorState.contains(.defaulted) { return !actorState.contains(.expired) }
        return actorState.isForwarding && partnerState?.contains(.collecting) != false
    }
}
