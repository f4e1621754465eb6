/// What a bond is now, said in neutral words: the ground on which an edit of a part of a key builds.
package enum ObservedWishes {
    /// Fills keys of a wish in from a bond.
    ///
    /// - Parameter keys: `hash`, `link-monitor`, `path-monitor` or `addresses`; others have no parts that hang together.
    package static func fill(
        _ keys: Set<String>, into desired: inout DesiredAggregate, from link: Link, on host: HostState
    ) {
        let options = link.aggregate?.options ?? [:]
        if keys.contains("hash") { desired.hash = hash(options) }
        if keys.contains("link-monitor") { desired.linkMonitor = linkMonitor(options) }
        if keys.contains("path-monitor") { desired.pathMonitor = pathMonitor(options) }
        if keys.contains("addresses") { desired.addresses = host.permanentAddresses(of: link).map(\.prefix) }
    }

    private static func hash(_ options: OptionValues) -> Wish<Set<HashLayer>>? {
        guard let value = options["xmit_hash_policy"], let row = BondingOptions.table["xmit_hash_policy"] else {
            return nil
        }
        return BondingHashPolicy.layers(of: row.format(value)).map { .value($0) }
    }

    private static func linkMonitor(_ options: OptionValues) -> Wish<LinkMonitor>? {
        guard let interval = number("miimon", options), interval > 0 else { return nil }
        return .value(
            .carrier(
                interval: interval, upDelay: number("updelay", options), downDelay: number("downdelay", options)))
    }

    private static func pathMonitor(_ options: OptionValues) -> Wish<PathMonitor>? {
        guard let interval = number("arp_interval", options), interval > 0 else { return nil }
        guard let (kind, targets) = monitoredTargets(options) else { return nil }
        var monitor = PathMonitor(kind: kind, targets: targets)
        monitor.interval = interval
        monitor.missed = number("arp_missed_max", options) ?? monitor.missed
        return .value(monitor)
    }

    private static func monitoredTargets(_ options: OptionValues) -> (PathMonitor.Kind, [IPAddress])? {
        if case .targets(let targets)? = options["ns_ip6_target"], !targets.isEmpty { return (.ns, targets) }
        if case .targets(let targets)? = options["arp_ip_target"], !targets.isEmpty { return (.arp, targets) }
        return nil
    }

    private static func number(_ name: String, _ options: OptionValues) -> Int64? {
        if case .number(let number)? = options[name] { number } else { nil }
    }
}
