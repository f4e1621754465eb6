/// Neutral keys of an aggregate as options of bonding.
extension TranslationDraft {
    static let pathMonitorModes: ModeSet = [.rr, .ab, .xor, .bc]
    private static let singleActiveModes: ModeSet = [.ab, .tlb, .alb]

    mutating func translateNeutralKeys() {
        translateMode()
        translateLinkMonitor()
        translatePathMonitor()
        translateLACP()
        translateHash()
        translatePreference()
    }

    /// Bonding spells `random` as balance-rr with no packets in a row.
    private mutating func translateMode() {
        if desired.mode == .random { add("packets_per_slave", .number(0), origin: "mode") }
    }

    private mutating func translateLinkMonitor() {
        switch desired.linkMonitor {
        case nil: break
        case .value(.none): add("miimon", .number(0), origin: "link-monitor")
        case .value(.carrier(let interval, let upDelay, let downDelay)):
            addNumber("miimon", interval, key: "link-monitor.interval")
            if let upDelay { addNumber("updelay", upDelay, key: "link-monitor.up-delay") }
            if let downDelay { addNumber("downdelay", downDelay, key: "link-monitor.down-delay") }
        case .default:
            // What an aggregate gets when nothing is said, which in four modes is more than the kernel would give.
            add("miimon", .number(BondingTranslation.defaultMonitorInterval), origin: "link-monitor")
            add("updelay", .number(0), origin: "link-monitor")
            add("downdelay", .number(0), origin: "link-monitor")
        }
    }

    private mutating func translatePathMonitor() {
        switch desired.pathMonitor {
        case nil: break
        case .default:
            // A new aggregate has no path monitor to put away, nor has a mode that knows none.
            for option in ["arp_interval", "arp_ip_target", "ns_ip6_target", "arp_validate", "arp_missed_max"] {
                guard base[option] != nil, table[option]?.accepted.contains(mode) == true else { continue }
                addDefault(option, key: "path-monitor")
            }
        case .value(let monitor):
            let remedy = "use link-monitor in this mode"
            guard applies("path-monitor", in: Self.pathMonitorModes, remedy: remedy) else { return }
            if monitor.interval == 0 {
                refuse(
                    "path-monitor.interval", value: "0ms", rule: "it would never ask", remedy: "write an interval as 1s"
                )
            } else {
                addNumber("arp_interval", monitor.interval, key: "path-monitor.interval")
            }
            addTargets(of: monitor)
            // A port is down once this many probes in a row have gone without an answer. A backup port gets one more:
            // it is judged by the active port's probes, which reach it one round later (bond_ab_arp_inspect).
            addNumber("arp_missed_max", monitor.missed, key: "path-monitor.missed")
        }
    }

    private mutating func addTargets(of monitor: PathMonitor) {
        let (option, other) =
            monitor.kind == .arp ? ("arp_ip_target", "ns_ip6_target") : ("ns_ip6_target", "arp_ip_target")
        let text = monitor.targets.map(\.description).joined(separator: ",")
        if monitor.targets.isEmpty {
            refuse(
                "path-monitor.targets", rule: "there is nobody to ask",
                remedy: "name at least one address behind the link")
        } else {
            addText(option, text, key: "path-monitor.targets")
        }
        // The key is the whole list: targets of the other kind go, where there are any and they are not asked for too.
        let isAskedFor = desired.options.contains { $0.name == other }
        if let old = base[other], old != .targets([]), !isAskedFor {
            add(other, .targets([]), origin: "path-monitor.kind")
        }
    }

    private mutating func translateHash() {
        let usual: Set<HashLayer> = [.l2]
        guard let hash = desired.hash,
            applies("hash", in: [.xor, .ad, .tlb, .alb], hash.neutral("[l2]") { $0 == usual })
        else { return }
        guard case .value(let layers) = hash else { return addDefault("xmit_hash_policy", key: "hash") }
        let text = "[\(HashLayer.allCases.filter(layers.contains).map(\.rawValue).joined(separator: ", "))]"
        guard let choice = BondingHashPolicy.nearest(to: layers) else {
            return refuse(
                "hash", value: text, rule: "it names nothing to tell flows apart", remedy: "name layers as [l2, l3]")
        }
        if let difference = choice.difference {
            let said = "bonding has no such policy: the nearest is \(choice.name), and \(difference)"
            guard allowsApproximation("hash", value: text, said) else { return }
        }
        addText("xmit_hash_policy", choice.name, key: "hash")
    }

    private mutating func translatePreference() {
        if let primary = desired.primary, applies("primary", in: Self.singleActiveModes, primary.neutral()) {
            switch primary {
            case .default: addDefault("primary", key: "primary")
            case .value(let selector): translatePrimary(selector)
            }
        }
        if let reselect = desired.reselect,
            applies("reselect", in: Self.singleActiveModes, reselect.neutral("always") { $0 == .always })
        {
            switch reselect {
            case .default: addDefault("primary_reselect", key: "reselect")
            case .value(let rule): addText("primary_reselect", rule.rawValue, key: "reselect")
            }
        }
        if let policy = desired.macPolicy, applies("mac-policy", in: .ab, policy.neutral("same") { $0 == .same }) {
            switch policy {
            case .default: addDefault("fail_over_mac", key: "mac-policy")
            case .value(let policy):
                addText("fail_over_mac", policy == .same ? "none" : policy.rawValue, key: "mac-policy")
            }
        }
    }

    /// Whether the primary is a port of the aggregate is a rule of its own.
    mutating func translatePrimary(_ selector: PortSelector) {
        switch PortResolution.find(selector, in: host) {
        case .found(let link): add("primary", .port(link.name), origin: "primary")
        case .ambiguous(let links):
            problems.append(
                PortResolution.ambiguity(
                    links, selector: selector.description, subject: name, key: "primary",
                    location: desired.nearestLocation("primary")))
        case .missing:
            if let port = host.port(selector, formerlyOf: name) {
                return add("primary", .port(port.name), origin: "primary")
            }
            if case .name(let text) = selector { return add("primary", .port(text), origin: "primary") }
            guard missingPorts.contains(selector.description) else {
                return refuse(
                    "primary", value: selector.description, rule: "no device matches", remedy: "name one of the ports")
            }
            note(.warning, "primary", "\(selector) is not there yet: apply again when it is")
        }
    }
}
