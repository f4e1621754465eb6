import Aggregation

/// Hosts and wishes, written short.
enum Fixture {
    /// A host with idle Ethernet ports eth0, eth1, … whose addresses end in their number.
    static func host(ports count: Int = 2) -> HostState {
        var host = HostState()
        for number in 0..<count {
            var link = Link(index: Int32(number + 2), name: "eth\(number)")
            link.address = address(number)
            link.permanentAddress = address(number)
            host.links.append(link)
        }
        return host
    }

    static func address(_ number: Int) -> LinkLayerAddress { LinkLayerAddress([2, 0, 0, 0, 0, UInt8(number)]) }

    /// A host with a bond0 of all its ports, which reports these options over the mode's defaults.
    static func host(
        bond mode: Mode, _ options: OptionValues = [:], without absent: Set<String> = [], ports count: Int = 2
    ) -> HostState {
        var host = host(ports: count)
        var reported: OptionValues = [:]
        // What bond_fill_info leaves out when there is none.
        let silent: Set<String> = ["mode", "active_slave", "primary", "arp_ip_target", "ns_ip6_target"]
        for row in BondingOptions.table.rows where !silent.contains(row.name) && !absent.contains(row.name) {
            reported[row.name] = row.defaultValue.value(in: mode)
        }
        var facts = AggregateFacts(driver: .bonding, mode: mode, options: reported.merging(options) { $1 })
        facts.ports = host.links.map(\.name)
        var bond = Link(index: 100, name: "bond0")
        bond.kind = "bond"
        bond.aggregate = facts
        for index in host.links.indices {
            host.links[index].master = bond.index
            host.links[index].port = PortFacts(
                options: ["queue_id": .number(0), "prio": .number(0)], isBackup: false, monitor: .up, linkFailures: 0,
                permanentAddress: host.links[index].permanentAddress)
        }
        host.links.append(bond)
        return host
    }

    /// A host with a team0 of all its ports, which reports these options over the mode's defaults.
    static func host(team mode: Mode, _ options: OptionValues = [:], ports count: Int = 2) -> HostState {
        var host = host(ports: count)
        var reported: OptionValues = [:]
        for row in TeamingOptions.table.rows where row.wire == .json && row.accepted.contains(mode) {
            if row.since == TeamingOptions.firstVersion { reported[row.name] = row.defaultValue.value(in: mode) }
        }
        var facts = AggregateFacts(driver: .teaming, mode: mode, options: reported.merging(options) { $1 })
        facts.ports = host.links.map(\.name)
        var team = Link(index: 100, name: "team0")
        team.kind = "team"
        team.aggregate = facts
        for index in host.links.indices {
            host.links[index].master = team.index
            host.links[index].port = PortFacts(
                options: ["queue_id": .number(0), "prio": .number(0)], isBackup: false, monitor: .up, linkFailures: 0)
        }
        host.links.append(team)
        return host
    }

    /// Sets an option that a port of the host reports.
    static func setPort(_ name: String, _ option: String, _ value: OptionValue, on host: inout HostState) {
        guard let index = host.links.firstIndex(where: { $0.name == name }) else { return }
        host.links[index].port?.options[option] = value
    }

    /// A wish for team0 over eth0 and eth1.
    static func team(
        _ mode: Mode? = .activeBackup, _ change: (inout DesiredAggregate) -> Void = { _ in }
    ) throws -> DesiredAggregate {
        var desired = try wish(mode)
        desired.name = try InterfaceName("team0")
        desired.driver = .teaming
        change(&desired)
        return desired
    }

    /// A wish for bond0 over eth0 and eth1.
    static func wish(
        _ mode: Mode? = .activeBackup, _ change: (inout DesiredAggregate) -> Void = { _ in }
    ) throws -> DesiredAggregate {
        var desired = DesiredAggregate(name: try InterfaceName("bond0"))
        desired.mode = mode
        desired.ports = [DesiredPort(.name("eth0")), DesiredPort(.name("eth1"))]
        change(&desired)
        return desired
    }

    /// `miimon=100ms`, `arp_ip_target+=192.0.2.1`.
    static func options(_ texts: String...) -> [DriverOption] {
        texts.map { text in
            for edit in [DriverOption.Edit.add, .remove, .replace] {
                guard let range = text.firstRange(of: edit.rawValue) else { continue }
                return DriverOption(
                    name: String(text[..<range.lowerBound]), edit: edit, text: String(text[range.upperBound...]))
            }
            return DriverOption(name: text, text: "")
        }
    }

    static func addresses(_ texts: String...) -> [IPAddress] { texts.compactMap { IPAddress(text: $0) } }
}

extension BondingTranslation.Resolution {
    /// `miimon=100ms`, as a plan would show it; `*` marks what we chose.
    var texts: [String] { texts(of: aggregate.settings, OptionTables.shared.aggregate(aggregate.driver)) }

    var portTexts: [String] {
        (aggregate.ports ?? []).flatMap { port in
            texts(of: port.settings, OptionTables.shared.port(aggregate.driver)).map { "\(port.name) \($0)" }
        }
    }

    private func texts(of settings: [ResolvedAggregate.Setting], _ table: OptionTable) -> [String] {
        settings.map { "\($0.name)=\(table[$0.name]?.format($0.value) ?? "?")\($0.isOurDefault ? "*" : "")" }
    }
}
