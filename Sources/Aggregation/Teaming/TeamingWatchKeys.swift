/// Link monitor and path monitor: on teamd both are link watches.
extension TranslationDraft {
    mutating func translateWatches() {
        let path = desired.pathMonitor?.value
        if path != nil, desired.linkMonitor != nil, desired.linkMonitor != .value(.none), !asksForAllWatches {
            return refuse(
                "path-monitor",
                rule: "it excludes link-monitor: teamd takes a port for good when one of two watches does",
                remedy: "keep the link monitor or the path monitor")
        }
        if let path {
            translate(path)
        } else if desired.pathMonitor == .default, desired.linkMonitor == nil,
            observedWatches.contains(where: \.kind.asks)
        {
            addDefault("link_watch", key: "path-monitor")
        }
        translateLinkMonitor()
    }

    private mutating func translateLinkMonitor() {
        switch desired.linkMonitor {
        case nil: break
        case .default: setWatches([LinkWatch(.ethtool)], key: "link-monitor")
        case .value(.none):
            // A watch that asks somebody takes the place of the carrier.
            let others = desired.pathMonitor?.value != nil || !observedWatches.isEmpty && !observedWatches.watchCarrier
            let said = "teamd always watches the carrier: without a watch it uses ethtool"
            guard !others, allowsApproximation("link-monitor", value: "none", said) else { return }
            setWatches([LinkWatch(.ethtool)], key: "link-monitor")
        case .value(.carrier(_, let upDelay, let downDelay)):
            // The kernel announces the carrier, which is sooner than any interval.
            let old = observedWatches.first { $0.kind == .ethtool }
            let delays = [("delay_up", upDelay), ("delay_down", downDelay)].compactMap { name, delay in
                (delay.map { OptionValue.number($0) } ?? old?.value(name)).map { OptionSetting(name, $0) }
            }.filter { $0.value != .number(0) }
            setWatches([LinkWatch(.ethtool, acting(delays))], key: "link-monitor")
        }
    }

    /// Delays that somebody waits for; those that nobody would are refused, or left out with a warning.
    private mutating func acting(_ delays: [OptionSetting]) -> [OptionSetting] {
        if delays.isEmpty || LinkWatch.Kind.ethtool.effective.contains(mode) { return delays }
        let said = "in mode \(mode.rawValue) a change of the carrier counts at once, whatever the delays"
        _ = allowsApproximation("link-monitor", value: nil, said)
        return []
    }

    private mutating func translate(_ monitor: PathMonitor) {
        guard applies("path-monitor", in: Self.pathMonitorModes, remedy: "use link-monitor in this mode") else {
            return
        }
        guard monitor.interval > 0 else {
            return refuse(
                "path-monitor.interval", value: "0ms", rule: "it would never ask", remedy: "write an interval as 1s")
        }
        guard !monitor.targets.isEmpty else {
            return refuse(
                "path-monitor.targets", rule: "there is nobody to ask",
                remedy: "name at least one address behind the link")
        }
        let kind: LinkWatch.Kind = monitor.kind == .arp ? .arpPing : .nsnaPing
        setWatches(
            monitor.targets.map { target in
                LinkWatch(
                    kind,
                    values: [
                        "interval": .number(monitor.interval), "target_host": .targets([target]),
                        // teamd gives a port up when more go unanswered than this, not when as many do.
                        "missed_max": .number(max(0, monitor.missed - 1)),
                    ])
            }, key: "path-monitor")
    }

    /// Says what counts as an answer to a path monitor, which hangs on the mode and on the addresses of ports.
    mutating func settleAnswers() {
        guard let place = settings.firstIndex(where: { $0.name == "link_watch" && $0.origin == "path-monitor" }),
            case .watches(let watches) = settings[place].value
        else { return }
        let insisting = watches.map { watch in
            var watch = watch
            if watch.kind == .arpPing { for name in answerFlags { watch.set(name, .number(1)) } }
            return watch
        }
        if let difference = PathEvidence.teaming(mode, insisting, policy: number("runner.hwaddr_policy")) {
            guard allowsApproximation("path-monitor", value: nil, difference) else { return }
        }
        settings[place].value = .watches(insisting)
    }

    /// What makes only answers count, as far as the mode gives every port its own.
    private var answerFlags: [String] {
        switch mode {
        case .activeBackup where number("runner.hwaddr_policy") == 0: ["validate_active"]
        case .activeBackup: ["validate_active", "validate_inactive", "send_always"]
        case .broadcast: ["validate_active", "validate_inactive"]
        // A port that was given up is not in use, and would never ask again.
        case .balanceXOR: ["send_always"]
        default: []
        }
    }

    // MARK: Lists of watches

    /// The watches of all ports as they are.
    private var observedWatches: [LinkWatch] {
        if case .watches(let watches)? = base["link_watch"] { watches } else { [] }
    }

    /// Whether a port is up only when all its watches say so, as asked for or as it is.
    private var asksForAllWatches: Bool {
        let asked = desired.options.last { $0.name == "link_watch_policy" && !$0.asksForDefault }?.text
        return asked.map { $0 == "all" } ?? (base["link_watch_policy"] == .number(1))
    }

    /// Watches are one list: a second key adds to it, and what was there goes.
    private mutating func setWatches(_ watches: [LinkWatch], key: String) {
        if let place = settings.firstIndex(where: { $0.name == "link_watch" }),
            case .watches(let earlier) = settings[place].value
        {
            settings[place].value = .watches(earlier + watches)
            return
        }
        add("link_watch", .watches(watches), origin: key)
        let kinds = Set(watches.map(\.kind))
        let lost = observedWatches.filter { !kinds.contains($0.kind) && $0 != LinkWatch(.ethtool) }
        guard !lost.isEmpty, !asksForAllWatches else { return }
        note(
            .warning, "link_watch",
            "\(LinkWatchText.format(lost)) goes: \(key) takes its place, because one watch that is up would be enough")
    }
}

extension [LinkWatch] {
    var watchCarrier: Bool { contains { $0.kind == .ethtool } }
}
