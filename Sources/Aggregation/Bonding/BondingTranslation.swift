/// From wishes in neutral words to what kernel bonding is asked for.
///
/// Pure: the host comes as a value.
package enum BondingTranslation {
    /// The link monitor of an aggregate for which none was asked: 100 ms, as the kernel's own in the modes that have one.
    package static let defaultMonitorInterval: Int64 = 100

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

    /// Resolves selectors, turns neutral keys and driver options into settings in the kernel's order, and checks the
    /// rules, against what the host has where an option is not mentioned.
    package static func resolve(_ desired: DesiredAggregate, in host: HostState) -> Resolution {
        let (wanted, modeProblem) = wantedMode(desired)
        let observed = host.link(named: desired.name.text)?.aggregate
        let mode = wanted ?? (observed?.driver == .bonding ? observed?.mode : nil) ?? .balanceRR
        var draft = TranslationDraft(desired, in: host, mode: mode)
        if let modeProblem { draft.problems.append(modeProblem) }
        if desired.state == .absent { return finish(draft, wanted: nil) }
        if draft.isNew, wanted == nil, modeProblem == nil {
            draft.note(
                .warning, "mode",
                "none was given: the kernel's default is balance-rr, which needs a static LAG on the switch")
        }
        resolvePorts(&draft)
        draft.translateNeutralKeys()
        readDriverOptions(&draft)
        draft.restorePacketsPerPort()
        draft.settleMonitors()
        draft.translatePorts()
        draft.checkRules()
        return finish(draft, wanted: wanted ?? (draft.isNew ? mode : nil))
    }

    /// The mode as asked, neutrally or under bonding's own name.
    private static func wantedMode(_ desired: DesiredAggregate) -> (Mode?, Problem?) {
        guard let option = desired.options.first(where: { $0.name == "mode" }) else { return (desired.mode, nil) }
        func problem(_ rule: String, _ remedy: String) -> Problem {
            Problem(
                .invalid, subject: desired.name.text, option: "mode", value: option.text, rule: rule, remedy: remedy,
                location: option.location ?? desired.nearestLocation("options.mode"))
        }
        if let mode = desired.mode {
            return (mode, problem("the key mode says the same", "keep it, and leave mode out of the options"))
        }
        guard let row = BondingOptions.table["mode"], option.edit == .replace else {
            return (nil, problem("it is no list", "write mode=VALUE"))
        }
        do {
            let value = option.asksForDefault ? row.defaultValue.value(in: .balanceRR) : try row.parse(option.text)
            guard case .number(let number) = value, let mode = UInt8(exactly: number).flatMap(Mode.init(bondingNumber:))
            else { return (nil, problem("there is no such mode", "use one of \(row.allowedText)")) }
            return (mode, nil)
        } catch {
            return (nil, problem(error.rule, error.remedy))
        }
    }

    private static func resolvePorts(_ draft: inout TranslationDraft) {
        let outcome = PortResolution.resolve(draft.desired, in: draft.host)
        draft.missingPorts = outcome.missing
        draft.problems += outcome.problems
        draft.ports = zip(draft.desired.ports ?? [], outcome.names).enumerated().map { index, pair in
            TranslationDraft.PortDraft(index: index, desired: pair.0, name: pair.1)
        }
    }

    private static func readDriverOptions(_ draft: inout TranslationDraft) {
        var reader = DriverOptionReader(
            table: draft.table, mode: draft.mode, observed: draft.base, settings: draft.settings)
        reader.read(draft.desired.options.filter { $0.name != "mode" })
        for failure in reader.failures {
            let option = failure.option
            let isPorts = draft.table[option.name] == nil && BondingPortOptions.table[option.name] != nil
            draft.refuse(
                "options.\(option.name)", value: option.text, rule: isPorts ? "it is an option of ports" : failure.rule,
                remedy: isPorts ? "give it to a port" : failure.remedy, location: option.location)
        }
        for note in reader.notes { draft.note(.warning, note.option, note.text) }
        draft.settings = reader.settings.map { setting in
            guard case .port(let name?) = setting.value else { return setting }
            var setting = setting
            setting.value = .port(draft.host.link(named: name)?.name ?? name)
            return setting
        }
    }

    private static func finish(_ draft: TranslationDraft, wanted: Mode?) -> Resolution {
        let desired = draft.desired
        var aggregate = ResolvedAggregate(name: draft.name, driver: .bonding, state: desired.state)
        var resolution = Resolution(aggregate: aggregate, problems: draft.problems, notes: draft.notes)
        guard desired.state != .absent else { return resolution }
        // Bonding has no mode random: packets_per_slave makes it of balance-rr.
        aggregate.mode = wanted == .random ? .balanceRR : wanted
        aggregate.settings = draft.table.inKernelOrder(draft.settings)
        aggregate.mtu = desired.mtu
        aggregate.macAddress = desired.macAddress
        aggregate.addresses = desired.addresses
        aggregate.expectedPorts = desired.expectedPortCount
        aggregate.missingPorts = draft.missingPorts
        if desired.ports != nil {
            aggregate.ports = draft.ports.compactMap { port in
                port.name.map {
                    ResolvedAggregate.ResolvedPort(
                        name: $0, settings: BondingPortOptions.table.inKernelOrder(port.settings))
                }
            }
        }
        for port in draft.ports {
            resolution.portLocations[port.title] = desired.nearestLocation("ports.\(port.index)")
        }
        resolution.aggregate = aggregate
        return resolution
    }
}

extension OptionTable {
    /// Settings in the kernel's order, so that what one depends on comes before it.
    package func inKernelOrder(_ settings: [ResolvedAggregate.Setting]) -> [ResolvedAggregate.Setting] {
        settings.sorted { place(of: $0.name) < place(of: $1.name) }
    }
}

extension TranslationDraft {
    /// balance-rr asked for by name is not `random`: what an earlier random left behind goes.
    mutating func restorePacketsPerPort() {
        guard desired.mode == .balanceRR, wished("packets_per_slave") == nil, base["packets_per_slave"] == .number(0),
            let row = table["packets_per_slave"]
        else { return }
        add(row.name, row.defaultValue.value(in: mode), origin: "mode")
    }
}
