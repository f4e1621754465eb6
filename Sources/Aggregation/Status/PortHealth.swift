/// Judges one port of an aggregate from what the kernel says about it.
struct PortHealth {
    let link: Link
    /// The device whose port it is.
    let master: Link
    let aggregate: AggregateFacts
    /// A port that carries the active aggregator's traffic, to compare others with.
    let reference: Link?
    /// It may still come by itself: facts are shown and nothing is diagnosed.
    let isSettling: Bool

    /// The carrier first: kernels up to 6.1 leave the LACP state of a forwarding port on one that has gone down.
    private var linkState: PortFacts.MonitorState? {
        guard let port = link.port else { return nil }
        if !link.isUp { return .down }
        return port.monitor == .up && !link.hasCarrier ? .down : port.monitor
    }

    private var isInActiveAggregator: Bool {
        guard let id = link.port?.aggregatorID else { return false }
        return id == aggregate.activeAggregator?.id
    }

    /// What the control plane says: LACP's state, or the choice of the active port.
    private var controlAllows: Bool? {
        switch aggregate.mode {
        case .lacp: link.port?.actorState.map { $0.isForwarding && isInActiveAggregator }
        case .activeBackup: aggregate.activePort == link.name
        // The kernel's hash knows nothing of links: teamd takes ports that fail out.
        case .balanceXOR where aggregate.driver == .teaming: link.port?.monitor == .up
        default: nil
        }
    }

    /// Whether the driver lets frames through.
    private var forwards: Bool { link.port.map { !$0.isBackup } ?? false }

    private var planesDisagree: Bool {
        guard let port = link.port, master.isUp, !isSettling else { return false }
        // Frames go to a port whose carrier is gone.
        if !link.hasCarrier, port.monitor == .up, forwards { return true }
        if takenForOther(port) { return true }
        guard linkState == .up, let controlAllows else { return false }
        return controlAllows != forwards
    }

    /// The daemon says one thing of the link and the kernel was told another.
    private func takenForOther(_ port: PortFacts) -> Bool {
        port.toldLinkUp.map { $0 != (port.monitor == .up) } ?? false
    }

    var status: PortStatus {
        let port = link.port
        let isUsable = link.isUsable(in: master)
        return PortStatus(
            name: link.name, permanentAddress: link.identifyingAddress, kind: link.kind, path: link.busPath,
            speed: link.speed, duplex: link.duplex, link: linkState, isUsable: isUsable,
            isCarrying: isUsable && forwards,
            isActive: aggregate.mode.usesOnePort ? aggregate.activePort == link.name : nil,
            role: role(isUsable: isUsable), planesDisagree: planesDisagree, linkFailures: port?.linkFailures,
            note: note,
            lacp: aggregate.mode == .lacp ? port.map(lacp) : nil, share: port?.share, options: port?.options ?? [:])
    }

    /// In balance-tlb and balance-alb ports that are not the active one send all the same (`bond_do_alb_xmit`).
    private func role(isUsable: Bool) -> PortStatus.Role? {
        guard aggregate.mode.usesOnePort else { return nil }
        if aggregate.activePort == link.name { return .active }
        if aggregate.mode == .activeBackup { return .backup }
        return isUsable ? .balancing : .idle
    }

    private func lacp(_ port: PortFacts) -> PortStatus.LACP {
        PortStatus.LACP(
            aggregatorID: port.aggregatorID, actorState: port.actorState, partnerState: port.partnerState,
            actorChurn: port.actorChurn, partnerChurn: port.partnerChurn, partner: port.partner,
            receivedLACPDUs: port.receivedLACPDUs, sentLACPDUs: port.sentLACPDUs)
    }

    // MARK: Notes

    private var note: String? {
        guard let port = link.port else { return "nothing is known of it as a port" }
        if let note = linkNote(port) { return note }
        if isSettling { return settlingNote }
        guard master.isUp else { return nil }
        return (aggregate.mode == .lacp ? lacpNote(port) : nil) ?? planeNote
            ?? (link.duplex == .half ? "half duplex" : nil) ?? sizeNote
    }

    private var sizeNote: String? {
        guard link.mtu < master.mtu else { return nil }
        return "its MTU \(link.mtu) is less than the aggregate's \(master.mtu): longer frames are lost"
    }

    private var settlingNote: String? {
        guard !link.isUsable(in: master) else { return nil }
        return aggregate.mode == .lacp ? "negotiating" : "not used yet"
    }

    private func linkNote(_ port: PortFacts) -> String? {
        if !link.isUp { return "administratively down" }
        if !link.hasCarrier { return noCarrierNote(port) }
        guard port.monitor != .up, master.isUp else { return nil }
        if let monitor = silentMonitor {
            let targets = monitor.targets.map(\.description).joined(separator: ", ")
            if isSettling, !targets.isEmpty { return "waiting for an answer from \(targets)" }
            return "has carrier, but \(monitor.silence)"
        }
        switch (port.monitor, aggregate.driver) {
        case (.goingUp, _): return "carrier is back; used after updelay\(delay("updelay"))"
        case (.goingDown, _): return "carrier is back before the end of downdelay\(delay("downdelay"))"
        case (_, .teaming): return delayedNote ?? "has carrier, but teamd says down"
        case (_, .bonding): return isSettling ? "not used yet" : "has carrier, but the link monitor says down"
        }
    }

    private func noCarrierNote(_ port: PortFacts) -> String {
        switch port.monitor {
        case .goingDown where aggregate.targetMonitor == nil:
            return "no carrier; marked down after downdelay\(delay("downdelay"))"
        case .up:
            if aggregate.hasNoMonitor { return "no carrier, and no link monitor to notice it" }
            return "no carrier, not noticed yet"
        case .down where aggregate.mode == .lacp && port.actorState?.isForwarding == true:
            return "no carrier; its LACP state is left over"
        case .down, .goingDown, .goingUp: return "no carrier"
        }
    }

    /// Whom nobody got an answer from on this port, where that is why it is down.
    private var silentMonitor: TargetMonitor? {
        switch aggregate.driver {
        case .bonding: aggregate.targetMonitor
        case .teaming:
            TargetMonitor(
                watches: link.port?.failedWatches ?? [], mode: aggregate.mode,
                needsAll: aggregate.number("link_watch_policy") == 1)
        }
    }

    /// teamd waits before it uses a link.
    private var delayedNote: String? {
        guard let watch = link.port?.failedWatches?.first(where: { $0.kind == .ethtool }), watch.patience > 0 else {
            return nil
        }
        return "carrier is back; used after delay_up \(watch.patience)ms"
    }

    private func delay(_ option: String) -> String {
        guard let value = aggregate.options[option] else { return "" }
        return OptionTables.shared.aggregate(aggregate.driver)[option].map { " \($0.format(value))" } ?? ""
    }

    private func lacpNote(_ port: PortFacts) -> String? {
        guard let state = port.actorState else { return nil }
        if let reason = ownAggregatorReason(state) { return reason }
        if let silence = silence(port, state) { return silence }
        guard isInActiveAggregator else { return otherAggregatorNote(port) }
        guard state.isForwarding else {
            if !state.contains(.synchronization) { return "not selected into the aggregator yet" }
            return port.partnerState?.contains(.synchronization) == false
                ? "the partner holds it back: its synchronization bit is clear" : "negotiating"
        }
        if let partner = port.partnerState, !partner.contains(.collecting) {
            return "the partner does not collect: what is sent here is lost"
        }
        return nil
    }

    /// Without full duplex and a known speed the kernel runs no LACP on a port (`ad_update_actor_keys`).
    private func ownAggregatorReason(_ state: LACPPortState) -> String? {
        guard aggregate.driver == .bonding else { return nil }
        if state.isForwarding, isInActiveAggregator { return nil }
        let place = link.port?.aggregatorID.map { " (\($0))" } ?? ""
        if link.duplex == .half { return "half duplex: LACP leaves it in an aggregator of its own\(place)" }
        if link.speed == nil { return "speed unknown: LACP leaves it in an aggregator of its own\(place)" }
        return nil
    }

    private func silence(_ port: PortFacts, _ state: LACPPortState) -> String? {
        var text: String
        if state.contains(.expired) {
            text = "the partner's LACPDUs stopped: expired"
        } else if state.contains(.defaulted) || port.receivedLACPDUs == 0 {
            text = port.receivedLACPDUs ?? 0 > 0 ? "no LACPDU from the partner any more" : "no LACPDU from the partner"
        } else {
            return nil
        }
        if !state.contains(.activity) { text += "; this side is passive and waits for it" }
        if forwards { text += "; forwards alone" }
        return text
    }

    private func otherAggregatorNote(_ port: PortFacts) -> String {
        let own = port.aggregatorID.map(String.init) ?? "none"
        guard let active = aggregate.activeAggregator else { return "in aggregator \(own); none is active" }
        var text = "in aggregator \(own), not the active one \(active.id)"
        guard let reference else { return text }
        if let mine = port.partner, let theirs = reference.port?.partner {
            if mine.system != theirs.system {
                return text + ": the partner is another system, \(mine.system) and not \(theirs.system)"
            }
            if mine.key != theirs.key { return text + ": partner key differs, \(mine.key) and not \(theirs.key)" }
        }
        if let mine = link.speed, let theirs = reference.speed, mine != theirs {
            text += ": speed differs, \(mine) and not \(theirs) Mbit/s"
        }
        return text
    }

    private var planeNote: String? {
        guard planesDisagree, let port = link.port else { return nil }
        if takenForOther(port) {
            return "teamd says \(port.monitor.text), the kernel was told \(port.monitor == .up ? "down" : "up")"
        }
        return switch (aggregate.mode, forwards) {
        case (.lacp, true): "forwards, although LACP does not allow it"
        case (.lacp, false): "does not forward, although LACP allows it"
        case (.balanceXOR, false): "does not forward, although teamd says that it is up"
        case (_, true): "carries traffic without being the active port"
        case (_, false): "is the active port and carries no traffic"
        }
    }
}
