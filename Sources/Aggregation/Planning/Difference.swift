/// One thing in which a host differs from what is wanted, for `check`.
package struct Difference: Sendable, Hashable {
    package let aggregate: String
    package let port: String?
    /// `miimon`, `ports`, `mtu`, …
    package let key: String
    /// The texts of both sides; nil where a side has nothing.
    package let wanted: String?
    package let observed: String?

    /// Everything that differs, in the order of the file's keys.
    package static func between(_ wish: ResolvedAggregate, _ host: HostState) -> [Difference] {
        var found: [Difference] = []
        func differ(_ key: String, _ wanted: String?, _ observed: String?, port: String? = nil) {
            let observed = observed?.isEmpty == true ? nil : observed
            found.append(Difference(aggregate: wish.name, port: port, key: key, wanted: wanted, observed: observed))
        }
        guard let link = host.link(named: wish.name), let facts = link.aggregate else {
            if wish.state != .absent { differ("state", wish.state.rawValue, "absent") }
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
        for comparison in SettingComparison.compare(wish, in: host) where comparison.isUnfulfilled {
            differ(comparison.setting.name, comparison.wantedText, comparison.observedText, port: comparison.port)
        }
        if let mtu = wish.mtu, mtu != link.mtu { differ("mtu", "\(mtu)", "\(link.mtu)") }
        if let address = wish.macAddress, address != link.address {
            differ("mac-address", "\(address)", link.address?.description)
        }
        let members = host.ports(of: link).map(\.name)
        if let wanted = wish.ports.map({ $0.map(\.name) + wish.missingPorts }), Set(wanted) != Set(members) {
            differ("ports", wanted.joined(separator: ","), members.joined(separator: ","))
        }
        let addresses = host.permanentAddresses(of: link).map(\.prefix)
        if let wanted = wish.addresses, Set(wanted) != Set(addresses) {
            differ(
                "addresses", wanted.map(\.description).joined(separator: ","),
                addresses.map(\.description).joined(separator: ","))
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
