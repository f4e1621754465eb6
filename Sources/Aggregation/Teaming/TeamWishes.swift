/// What a team is now in neutral words, as far as those say it.
enum TeamWishes {
    static func hash(_ facts: AggregateFacts) -> Wish<Set<HashLayer>>? {
        guard case .names(let fragments)? = facts.options["runner.tx_hash"] else { return nil }
        return TeamHash.layers(of: fragments).map { .value($0) }
    }

    /// teamd hears of the carrier without asking at intervals: the one that is the default elsewhere stands for that.
    static func linkMonitor(_ facts: AggregateFacts) -> Wish<LinkMonitor>? {
        guard let watch = watches(facts).first(where: { $0.kind == .ethtool }) else { return nil }
        return .value(
            .carrier(
                interval: BondingTranslation.defaultMonitorInterval,
                upDelay: number("delay_up", watch), downDelay: number("delay_down", watch)))
    }

    /// What the key says, and what it becomes beside that.
    private static let neutral: Set<String> = [
        "interval", "missed_max", "target_host", "validate_active", "validate_inactive", "send_always",
    ]

    /// Nil when the watches that ask differ in more than whom they ask, or have what no key says.
    static func pathMonitor(_ facts: AggregateFacts) -> Wish<PathMonitor>? {
        let watches = watches(facts).filter(\.kind.asks)
        guard let first = watches.first else { return nil }
        var monitor = PathMonitor(kind: first.kind == .arpPing ? .arp : .ns, targets: [])
        monitor.interval = number("interval", first)
        monitor.missed = number("missed_max", first) + 1
        for watch in watches {
            guard watch.kind == first.kind, neutral.isSuperset(of: watch.settings.map(\.name)),
                number("interval", watch) == monitor.interval,
                number("missed_max", watch) == monitor.missed - 1,
                case .targets(let targets)? = watch.value("target_host")
            else { return nil }
            monitor.targets += targets
        }
        return .value(monitor)
    }

    private static func watches(_ facts: AggregateFacts) -> [LinkWatch] {
        if case .watches(let watches)? = facts.options["link_watch"] { watches } else { [] }
    }

    private static func number(_ name: String, _ watch: LinkWatch) -> Int64 {
        let value = watch.value(name) ?? LinkWatchOptions.table(watch.kind)[name]?.defaultValue.general
        if case .number(let number)? = value { return number }
        return 0
    }
}
