/// What an aggregate is now, said in neutral words: the ground on which an edit of a part of a key builds.
package enum ObservedWishes {
    /// Fills keys of a wish in from an aggregate.
    ///
    /// - Parameter keys: `hash`, `link-monitor`, `path-monitor` or `addresses`; others have no parts that hang together.
    package static func fill(
        _ keys: Set<String>, into desired: inout DesiredAggregate, from link: Link, on host: HostState
    ) {
        if let facts = link.aggregate {
            let isTeam = facts.driver == .teaming
            if keys.contains("hash") { desired.hash = isTeam ? TeamWishes.hash(facts) : hash(facts) }
            if keys.contains("link-monitor") {
                desired.linkMonitor = isTeam ? TeamWishes.linkMonitor(facts) : linkMonitor(facts)
            }
            if keys.contains("path-monitor") {
                desired.pathMonitor = isTeam ? TeamWishes.pathMonitor(facts) : pathMonitor(facts)
            }
        }
        if keys.contains("addresses") { desired.addresses = host.permanentAddresses(of: link).map(\.prefix) }
    }

    private static func hash(_ facts: AggregateFacts) -> Wish<Set<HashLayer>>? {
        guard let value = facts.options["xmit_hash_policy"], let row = BondingOptions.table["xmit_hash_policy"] else {
            return nil
        }
        return BondingHashPolicy.layers(of: row.format(value)).map { .value($0) }
    }

    private static func linkMonitor(_ facts: AggregateFacts) -> Wish<LinkMonitor>? {
        guard let interval = facts.number("miimon"), interval > 0 else { return nil }
        return .value(
            .carrier(
                interval: interval, upDelay: facts.number("updelay"), downDelay: facts.number("downdelay")))
    }

    private static func pathMonitor(_ facts: AggregateFacts) -> Wish<PathMonitor>? {
        guard let interval = facts.number("arp_interval"), interval > 0 else { return nil }
        guard let (kind, targets) = monitoredTargets(facts) else { return nil }
        var monitor = PathMonitor(kind: kind, targets: targets)
        monitor.interval = interval
        monitor.missed = facts.number("arp_missed_max") ?? monitor.missed
        return .value(monitor)
    }

    private static func monitoredTargets(_ facts: AggregateFacts) -> (PathMonitor.Kind, [IPAddress])? {
        if case .targets(let targets)? = facts.options["ns_ip6_target"], !targets.isEmpty { return (.ns, targets) }
        if case .targets(let targets)? = facts.options["arp_ip_target"], !targets.isEmpty { return (.arp, targets) }
        return nil
    }
}
