/// One thing in which a host differs from what is wanted, for `check`.
package struct Difference: Sendable, Hashable {
    package let aggregate: String
    package let port: String?
    /// `miimon`, `ports`, `mtu`, …
    package let key: String
    /// The texts of both sides; nil where a side has nothing.
    package let wanted: String?
    package let observed: String?
    /// No step mends it: another host has the address, the port that is named is not there.
    package let isShortfall: Bool

    /// Everything that differs, in the order of the file's keys.
    package static func between(_ wish: ResolvedAggregate, _ host: HostState) -> [Difference] {
        var found: [Difference] = []
        func differ(
            _ key: String, _ wanted: String?, _ observed: String?, port: String? = nil, isShortfall: Bool = false
        ) {
            let observed = observed?.isEmpty == true ? nil : observed
            found.append(
                Difference(
                    aggregate: wish.name, port: port, key: key, wanted: wanted, observed: observed,
                    isShortfall: isShortfall))
        }
        guard let link = host.link(named: wish.name) else {
            if wish.state != .absent { differ("state", wish.state.rawValue, "absent") }
            return found
        }
        // A name that belongs to something else is no aggregate that is absent, nor one that is as wanted.
        guard let facts = link.aggregate, facts.driver == wish.driver else {
            differ("driver", wish.driver.rawValue, link.aggregateDriver?.rawValue ?? link.kind ?? "network card")
            return found
        }
        guard wish.state != .absent else {
            differ("state", "absent", link.isUp ? "present" : "down")
            return found
        }
        if (wish.state == .present) != link.isUp {
            differ("state", wish.state.rawValue, link.isUp ? "present" : "down")
        }
        if let daemon = facts.daemon, daemon.state != .running {
            differ("daemon", AggregateFacts.Daemon.State.running.rawValue, daemon.state.rawValue)
        }
        if let mode = wish.mode, mode.differs(from: facts.mode, on: wish.driver) {
            differ("mode", mode.rawValue, facts.mode.rawValue)
        }
        for comparison in SettingComparison.compare(wish, in: host)
        where comparison.isUnfulfilled && !comparison.setting.isPortValued {
            differ(comparison.setting.name, comparison.wantedText, comparison.observedText, port: comparison.port)
        }
        for value in PortValue.all(of: wish, facts, on: host) where value.outcome != .fulfilled {
            differ(
                value.setting.name, value.wanted ?? "none", value.observed ?? "none",
                isShortfall: value.outcome == .waits)
        }
        if let mtu = wish.mtu, mtu != link.mtu { differ("mtu", "\(mtu)", "\(link.mtu)") }
        if let mtu = wish.mtu, mtu == link.mtu, wish.driver == .bonding {
            let kept = wish.ports.map { Set($0.map(\.name)) }
            for port in host.ports(of: link) where port.mtu < mtu && kept?.contains(port.name) != false {
                differ("mtu", "\(mtu)", "\(port.mtu)", port: port.name)
            }
        }
        if let address = wish.macAddress, address != link.address {
            differ("mac-address", "\(address)", link.address?.description)
        }
        let members = host.ports(of: link).map(\.name)
        if let wanted = wish.ports.map({ $0.map(\.name) + wish.missingPorts }), Set(wanted) != Set(members) {
            differ("ports", wanted.joined(separator: ","), members.joined(separator: ","))
        }
        let addresses = host.permanentAddresses(of: link)
        let wanted = wish.addresses
        // One that another host has is nobody's here.
        let unusable = addresses.filter { $0.isDuplicate && wanted?.contains($0.prefix) == true }
        if let wanted, Set(wanted) != Set(addresses.map(\.prefix)) || !unusable.isEmpty {
            differ(
                "addresses", wanted.map(\.description).joined(separator: ","),
                addresses.map { "\($0.prefix)\($0.isDuplicate ? " (duplicate)" : "")" }.joined(separator: ","),
                isShortfall: Set(wanted) == Set(addresses.map(\.prefix)))
        }
        return found
    }
}

extension SettingComparison {
    /// The wanted value as it is written in a file.
    package var wantedText: String { text(of: setting.value) }

    /// The observed value; nil when the kernel reports none.
    package var observedText: String? {
        guard case .differs(let observed) = outcome else { return nil }
        return text(of: observed)
    }
}
