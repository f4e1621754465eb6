import Aggregation

/// What is known of one team from all who know something: teamd's configuration and state, the kernel's options, and
/// what the last daemon was told where there is none now. Pure, so that it can be tried without any of them.
///
/// What teamd does or the kernel has counts before what the configuration says: that only repeats what was asked.
struct TeamObservation {
    /// What teamd answered; an error when it did not.
    let answer: Result<TeamdControl.Snapshot, TeamdError>
    let daemons: [TeamDaemons.Running]
    let kernel: TeamKernel?
    let remembered: TeamConfiguration?
    /// Indexes of devices that the daemon found below others when it started; nil when nobody has noted it.
    var foundBelow: Set<Int32>?
    /// Why there may be a daemon that was not seen; nil when there is none.
    var hiddenBy: String?
    /// Who looks after processes.
    var supervision: [Int32: Supervision] = [:]
    /// Names of devices by their index.
    let names: [Int32: String]

    private var snapshot: TeamdControl.Snapshot? { try? answer.get() }
    private var configuration: TeamConfiguration? { snapshot?.configuration ?? remembered }

    /// Nil when nothing is known, as for a caller whom nobody tells anything.
    var facts: AggregateFacts? {
        guard let mode = mode else { return nil }
        var facts = AggregateFacts(driver: .teaming, mode: mode, options: options(mode))
        facts.daemon = daemon
        facts.activePort = snapshot?.state.activePort ?? kernel?.activePort.flatMap { names[$0] }
        if let active = facts.activePort { facts.options["runner.active_port"] = .port(active) }
        if mode == .lacp { facts.activeAggregator = activeAggregator }
        return facts
    }

    private var mode: Mode? {
        if let runner = snapshot?.state.runner { return Mode(teamRunner: runner) }
        // lacp and loadbalance are one mode of the kernel: what was asked for decides, else the plain one.
        let running = kernel?.mode.flatMap(Mode.init(teamRunner:))
        if let told = remembered?.mode, kernel == nil || told.teamKernelMode == kernel?.mode { return told }
        // A device that no teamd has run yet has no mode; teamd's own default is what it would get.
        return running ?? (kernel == nil ? nil : .balanceRR)
    }

    private var daemon: AggregateFacts.Daemon {
        let here = daemons.filter(\.isHere)
        let unseen = unseen(isHere: !here.isEmpty)
        let state: AggregateFacts.Daemon.State =
            switch answer {
            case .success: .running
            case .failure: unseen != nil ? .unknown : here.isEmpty ? .absent : .silent
            }
        var daemon = AggregateFacts.Daemon(state, process: snapshot?.state.process ?? here.first?.process)
        daemon.unseen = unseen
        daemon.isOnBus = snapshot?.cameByBus == true
        // What systemd does not say is not held against it.
        daemon.isSupervised = here.contains { (supervision[$0.process] ?? .none) != .none }
        if here.count > 1 { daemon.rivals = here.map(\.process) }
        daemon.optionsAreRemembered = snapshot == nil
        daemon.foundBelowOthers = foundBelow
        // The kernel has one mode for lacp and loadbalance.
        let running = kernel?.mode.flatMap(Mode.init(teamRunner:))
        if configuration == nil { daemon.runnerIsUnknown = running == nil || running == .balanceXOR }
        return daemon
    }

    /// What the caller lacks to know how the daemon is; nil when nothing.
    private func unseen(isHere: Bool) -> String? {
        let hidden = isHere ? nil : hiddenBy
        guard case .failure(.notPermitted) = answer, isHere || hidden != nil else { return hidden }
        // Its socket and the bus let root in.
        return ([hidden].compactMap { $0 } + ["CAP_DAC_OVERRIDE is missing"]).joined(separator: ", ")
    }

    /// Daemon and kernel name another active port, or say of a port that its link is in another state.
    var isContradictory: Bool {
        guard let state = snapshot?.state, let kernel else { return false }
        if let told = state.activePort, let active = kernel.activePort.flatMap({ names[$0] }), told != active {
            return true
        }
        return kernel.ports.contains { index, port in
            guard let known = names[index].flatMap({ state.ports[$0] }), let isUp = port.userLinkUp else {
                return false
            }
            return known.isUp != isUp
        }
    }

    // MARK: Options of the team

    private func options(_ mode: Mode) -> OptionValues {
        var options: OptionValues = [:]
        if var configuration {
            configuration.mode = mode
            options = configuration.effectiveOptions
        }
        options[DriverKind.teaming.modeOption] = DriverKind.teaming.modeSetting(mode).value
        if let kernel { override(&options, with: kernel, mode) }
        if let state = snapshot?.state { override(&options, with: state) }
        return options
    }

    private func override(_ options: inout OptionValues, with kernel: TeamKernel, _ mode: Mode) {
        func set(_ name: String, _ number: Int64?) { if let number { options[name] = .number(number) } }
        set("notify_peers.count", kernel.notifyPeersCount)
        set("notify_peers.interval", kernel.notifyPeersInterval)
        set("mcast_rejoin.count", kernel.mcastRejoinCount)
        set("mcast_rejoin.interval", kernel.mcastRejoinInterval)
        guard mode == .balanceXOR || mode == .lacp else { return }
        if let method = kernel.transmitMethod {
            set("runner.tx_balancer.name", method == TeamKernel.balancing ? 1 : 0)
        }
        // A hash of nothing sends all by one port, whatever was asked for.
        if kernel.hashProgram?.isEmpty == true { options["runner.tx_hash"] = .names([]) }
    }

    private func override(_ options: inout OptionValues, with state: TeamState) {
        if let level = state.debugLevel { options["debug_level"] = .number(level) }
        guard let lacp = state.lacp else { return }
        options["runner.active"] = .number(lacp.isActive ? 1 : 0)
        options["runner.fast_rate"] = .number(lacp.isFast ? 1 : 0)
        options["runner.sys_prio"] = .number(lacp.systemPriority)
        if let row = TeamingOptions.table["runner.agg_select_policy"], let value = try? row.parse(lacp.selectPolicy) {
            options[row.name] = value
        }
    }

    private var activeAggregator: AggregateFacts.ActiveAggregator? {
        guard let ports = snapshot?.state.ports.values.compactMap(\.lacp) else { return nil }
        let members = ports.filter { $0.isAggregatorSelected && $0.isSelected }
        guard let first = members.first else { return nil }
        return AggregateFacts.ActiveAggregator(
            id: UInt16(truncatingIfNeeded: first.aggregatorID), portCount: UInt16(clamping: members.count),
            actorKey: UInt16(clamping: first.key), partnerKey: first.partner.key,
            partnerSystem: first.partner.system)
    }

    // MARK: Ports

    /// What is known of a port.
    func port(_ link: Link) -> PortFacts {
        let state = snapshot?.state.ports[link.name]
        let kernelPort = kernel?.ports[link.index]
        let mode = mode ?? .balanceRR
        let isUp = state?.isUp ?? kernelPort?.userLinkUp ?? link.hasCarrier
        var facts = PortFacts(
            options: portOptions(link, state, kernelPort), isBackup: !forwards(link, kernelPort, mode, isUp: isUp),
            monitor: isUp ? .up : .down, linkFailures: UInt32(clamping: state?.downCount ?? 0))
        facts.failedWatches = state.map { $0.watches.filter { !$0.isUp }.map(\.watch) }
        facts.toldLinkUp = state == nil ? nil : kernelPort?.userLinkUp
        if kernel?.balances == true, let kernelPort {
            facts.share = .init(hashes: kernelPort.hashes, bytes: kernelPort.balancedBytes)
        }
        if mode == .lacp, let lacp = state?.lacp {
            facts.aggregatorID = UInt16(truncatingIfNeeded: lacp.aggregatorID)
            facts.actorState = lacp.actor.state
            facts.partnerState = lacp.partner.state
            facts.partner = .init(
                systemPriority: lacp.partner.systemPriority, system: lacp.partner.system,
                key: lacp.partner.key, portPriority: lacp.partner.portPriority,
                portNumber: lacp.partner.port)
        }
        return facts
    }

    /// Whether the kernel lets frames through the port; as teamd says where the kernel tells nothing.
    private func forwards(_ link: Link, _ port: TeamKernel.Port?, _ mode: Mode, isUp: Bool) -> Bool {
        guard let kernel, let port, let isEnabled = port.isEnabled else { return isUp }
        return isEnabled && (mode != .activeBackup || kernel.activePort == link.index)
    }

    private func portOptions(_ link: Link, _ state: TeamState.Port?, _ port: TeamKernel.Port?) -> OptionValues {
        guard var configuration else { return [:] }
        configuration.mode = mode ?? configuration.mode
        var options = configuration.effectiveOptions(ofPort: link.name)
        if let priority = port?.priority, options["prio"] != nil { options["prio"] = .number(priority) }
        if let queue = port?.queue { options["queue_id"] = .number(queue) }
        if let lacp = state?.lacp {
            options["lacp_prio"] = .number(lacp.priority)
            options["lacp_key"] = .number(lacp.key)
        }
        if let state { options["link_watch"] = .watches(ownWatches(state, options["link_watch"])) }
        return options
    }

    /// The watches of a port besides those of the team, as teamd runs them.
    private func ownWatches(_ state: TeamState.Port, _ told: OptionValue?) -> [LinkWatch] {
        guard case .watches(let common)? = configuration?.effectiveOptions["link_watch"] else { return [] }
        var own: [LinkWatch] = []
        if case .watches(let watches)? = told { own = watches }
        // teamd makes those of the port first.
        for asked in [own + common, common + own]
        where asked.count == state.watches.count && zip(state.watches, asked).allSatisfy({ $0.agrees(with: $1) }) {
            return own
        }
        var rest = state.watches
        for watch in common {
            if let place = rest.firstIndex(where: { $0.agrees(with: watch) }) { rest.remove(at: place) }
        }
        return rest.map(\.watch)
    }
}
