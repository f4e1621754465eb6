/// From wishes in neutral words to what a driver is asked for.
///
/// Pure: the host comes as a value.
package enum Translation {
    /// What one aggregate becomes, with all that is wrong with it.
    ///
    /// With problems the aggregate is incomplete and must not be applied.
    package struct Resolution: Sendable {
        package var aggregate: ResolvedAggregate
        package var problems: [Problem] = []
        package var notes: [PlanNote] = []
        /// Where each port stands in the file, by its name.
        package var portLocations: [String: SourceLocation] = [:]
    }

    /// Resolves selectors, turns neutral keys and driver options into settings, and checks the rules, against what the
    /// host has where an option is not mentioned.
    package static func resolve(_ desired: DesiredAggregate, in host: HostState) -> Resolution {
        driver(of: desired, in: host) == .teaming
            ? TeamingTranslation.resolve(desired, in: host) : BondingTranslation.resolve(desired, in: host)
    }

    /// The driver that is meant: one that is not named, or left to the planner, is that of the aggregate that exists.
    package static func driver(of desired: DesiredAggregate, in host: HostState) -> DriverKind {
        switch desired.driver {
        case .bonding: .bonding
        case .teaming: .teaming
        case .auto, nil: host.link(named: desired.name.text)?.aggregate?.driver ?? .bonding
        }
    }
}

/// The parts that the drivers' translations share.
extension TranslationDraft {
    mutating func resolvePorts() {
        let outcome = PortResolution.resolve(desired, in: host)
        missingPorts = outcome.missing
        problems += outcome.problems
        for port in outcome.renamed {
            note(.warning, "ports", "\(port.old) is called \(port.new) now: it stays a port; write its new name")
        }
        ports = zip(desired.ports ?? [], outcome.names).enumerated().map { index, pair in
            PortDraft(index: index, desired: pair.0, name: pair.1)
        }
    }

    /// Where a key of the aggregate is an option of its ports, those that it has stand for a list that was not given.
    mutating func takePortsFromHost() {
        guard desired.ports == nil else { return }
        ports = portNames.enumerated().map { PortDraft(index: $0, desired: DesiredPort(.name($1)), name: $1) }
    }

    mutating func readDriverOptions() {
        var reader = DriverOptionReader(table: table, mode: mode, observed: base, settings: settings)
        reader.read(desired.options.filter { $0.name != driver.modeOption })
        for failure in reader.failures {
            let option = failure.option
            let isPorts = table[option.name] == nil && portTable[option.name] != nil
            refuse(
                "options.\(option.name)", value: option.text, rule: isPorts ? "it is an option of ports" : failure.rule,
                remedy: isPorts ? "give it to a port" : failure.remedy, location: option.location)
        }
        for note in reader.notes { self.note(.warning, note.option, note.text) }
        settings = reader.settings.map { setting in
            guard case .port(let name?) = setting.value else { return setting }
            var setting = setting
            let port = host.link(named: name) ?? host.port(.name(name), formerlyOf: self.name)
            setting.value = .port(port?.name ?? name)
            return setting
        }
    }

    /// What was settled, in the driver's order.
    ///
    /// - Parameter wanted: the mode that was asked for; nil when it is not managed.
    func resolution(wanted: Mode?) -> Translation.Resolution {
        var aggregate = ResolvedAggregate(name: name, driver: driver, state: desired.state)
        var resolution = Translation.Resolution(aggregate: aggregate, problems: problems, notes: notes)
        guard desired.state != .absent else { return resolution }
        aggregate.mode = wanted
        aggregate.settings = table.inKernelOrder(settings)
        aggregate.mtu = desired.mtu
        aggregate.macAddress = desired.macAddress
        aggregate.addresses = desired.addresses
        aggregate.expectedPorts = desired.expectedPortCount
        aggregate.missingPorts = missingPorts
        if desired.ports != nil || ports.contains(where: { !$0.settings.isEmpty }) {
            aggregate.ports = ports.compactMap { port in
                port.name.map {
                    ResolvedAggregate.ResolvedPort(name: $0, settings: portTable.inKernelOrder(port.settings))
                }
            }
        }
        for port in ports { resolution.portLocations[port.title] = desired.nearestLocation("ports.\(port.index)") }
        resolution.aggregate = aggregate
        return resolution
    }
}

extension OptionTable {
    /// Settings in the driver's order, so that what one depends on comes before it.
    package func inKernelOrder(_ settings: [ResolvedAggregate.Setting]) -> [ResolvedAggregate.Setting] {
        settings.sorted { place(of: $0.name) < place(of: $1.name) }
    }
}
