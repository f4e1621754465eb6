/// Finds the devices that port selectors mean on one host.
package enum PortResolution {
    package enum Match: Sendable, Hashable {
        case found(Link)
        case missing
        /// Several devices fit; one has to be chosen by name.
        case ambiguous([Link])
    }

    /// The devices that a list of ports means.
    package struct Outcome: Sendable {
        /// One entry a port in the order of the list: the device's name, nil when it is not there or not clear.
        package var names: [String?] = []
        /// Selectors of ports that are not there, in words.
        package var missing: [String] = []
        /// Ports that were renamed since they joined: the name in the list, and the present one.
        package var renamed: [(old: String, new: String)] = []
        package var problems: [Problem] = []

        /// The names of those that are there.
        package var found: [String] { names.compactMap { $0 } }
    }

    package static func find(_ selector: PortSelector, in host: HostState) -> Match {
        let candidates: [Link]
        switch selector {
        case .name(let name):
            let announced = host.announced.contains(name) ? Link(index: 0, name: name) : nil
            candidates = [host.link(named: name) ?? announced].compactMap { $0 }
        case .permanentAddress(let address):
            candidates = host.links.filter { canBeFoundByAddress($0) && $0.identifyingAddress == address }
        case .path(let path): candidates = host.links.filter { busPath(of: $0) == path }
        }
        guard let first = candidates.first else { return .missing }
        return candidates.count == 1 ? .found(first) : .ambiguous(candidates)
    }

    /// Resolves the ports of one aggregate.
    ///
    /// A port that is not there is no problem: the aggregate will be degraded.
    package static func resolve(_ desired: DesiredAggregate, in host: HostState) -> Outcome {
        var outcome = Outcome()
        var seen: Set<String> = []
        for (index, port) in (desired.ports ?? []).enumerated() {
            let selector = port.selector.description
            var name: String?
            switch find(port.selector, in: host) {
            case .found(let link): name = link.name
            case .missing:
                if let port = host.port(port.selector, formerlyOf: desired.name.text) {
                    name = port.name
                    outcome.renamed.append((selector, port.name))
                } else {
                    outcome.missing.append(selector)
                }
            case .ambiguous(let links):
                outcome.problems.append(
                    ambiguity(
                        links, selector: selector, subject: desired.name.text, key: "ports",
                        location: desired.nearestLocation("ports.\(index)")))
            }
            if !seen.insert(name ?? selector).inserted {
                let alias = name.map { $0 == selector ? "" : "it is \($0), and " } ?? ""
                outcome.problems.append(
                    Problem(
                        .invalid, subject: desired.name.text, option: "ports", value: selector,
                        rule: "\(alias)it is listed already", remedy: "list each port once",
                        location: desired.nearestLocation("ports.\(index)")))
                name = nil
            }
            outcome.names.append(name)
        }
        return outcome
    }

    /// Ports that more than one aggregate of a file would have; each is reported where it comes again.
    package static func shared(among resolutions: [Translation.Resolution]) -> [Problem] {
        var owners: [String: String] = [:]
        var problems: [Problem] = []
        for resolution in resolutions where resolution.aggregate.state != .absent {
            let aggregate = resolution.aggregate
            for port in (aggregate.ports ?? []).map(\.name) + aggregate.missingPorts {
                guard let owner = owners[port] else {
                    owners[port] = aggregate.name
                    continue
                }
                guard owner != aggregate.name else { continue }
                problems.append(
                    Problem(
                        .invalid, subject: aggregate.name, option: "ports", value: port,
                        rule: "it is a port of \(owner) too", remedy: "list it in one aggregate only",
                        location: resolution.portLocations[port]))
            }
        }
        return problems
    }

    /// Aggregates that a file has twice, by a name and an alternative name.
    package static func doubled(among resolutions: [Translation.Resolution], as names: [String]) -> [Problem] {
        var seen: [String: String] = [:]
        return zip(resolutions, names).compactMap { resolution, name in
            guard let first = seen.updateValue(name, forKey: resolution.aggregate.name) else { return nil }
            return Problem(
                .invalid, subject: name, option: "name",
                rule: "it is \(resolution.aggregate.name), which is declared already as \(first)",
                remedy: "join the two")
        }
    }

    package static func ambiguity(
        _ links: [Link], selector: String, subject: String, key: String, location: SourceLocation?
    ) -> Problem {
        let names = links.map { link in link.name + (busPath(of: link).map { " (\($0))" } ?? "") }
        return Problem(
            .invalid, subject: subject, option: key, value: selector,
            rule: "several devices match: \(names.joined(separator: ", "))", remedy: "choose one of them by name",
            location: location)
    }

    /// `pci-0000:01:00.1`; nil for a device without a parent on a bus.
    package static func busPath(of link: Link) -> String? {
        guard let bus = link.parentBus, let device = link.parentDevice else { return nil }
        return "\(bus)-\(device)"
    }

    /// Devices made on top of others often carry the address of one below and would be taken for it.
    private static let upperKinds: Set<String> = [
        "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "bridge", "bond", "team", "vrf", "openvswitch",
        "hsr", "batadv",
    ]

    private static func canBeFoundByAddress(_ link: Link) -> Bool {
        if link.flags.contains(.loopback) || upperKinds.contains(link.kind ?? "") { return false }
        // The peer of a veth is no lower device, and a switch port above its conduit is a port in its own right.
        return link.lower == nil || link.lowerIsElsewhere || link.kind == "veth" || link.kind == "dsa"
    }
}

extension DesiredAggregate {
    /// Where a key stands, else the nearest key that contains it, else the aggregate.
    func nearestLocation(_ key: String) -> SourceLocation? {
        var key = key[...]
        while !key.isEmpty {
            if let location = locations[String(key)] { return location }
            key = key[..<(key.lastIndex(of: ".") ?? key.startIndex)]
        }
        return locations["name"]
    }
}

extension HostState {
    /// A port of an aggregate that is named as it was when it joined.
    package func port(_ selector: PortSelector, formerlyOf aggregate: String) -> Link? {
        guard case .name(let name) = selector, let aggregate = link(named: aggregate) else { return nil }
        return port(formerly: name, of: aggregate)
    }
}
