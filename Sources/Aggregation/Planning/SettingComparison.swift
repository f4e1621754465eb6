/// Compares what was asked of an aggregate with what the kernel reports.
///
/// The kernel accepts attributes that it does not
/// know and does nothing, so only this says whether a write has worked.
package struct SettingComparison: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case equal
        case differs(observed: OptionValue)
        /// The kernel took it without an error and reports nothing of the kind.
        case unknownToKernel
        /// The kernel lacks the option, and what was asked is what it does without.
        case satisfiedByAbsence
        /// The kernel shows it only with CAP_NET_ADMIN: not verified, which is not equal.
        case hidden
        /// The port that it names, or that it belongs to, is not there yet.
        case deferred
    }

    package let driver: DriverKind
    package let aggregate: String
    /// Nil for an option of the aggregate itself.
    package let port: String?
    package let setting: ResolvedAggregate.Setting
    package let outcome: Outcome

    /// The aggregate's settings, then each port's.
    ///
    /// Empty while there is no such aggregate.
    package static func compare(_ wanted: ResolvedAggregate, in host: HostState) -> [SettingComparison] {
        guard let link = host.link(named: wanted.name), let facts = link.aggregate else { return [] }
        let own = compare(wanted, with: facts, in: host)
        let ports = (wanted.ports ?? []).flatMap { port in
            let device = host.link(named: port.name)
            let joined = device?.master == link.index ? device?.port : nil
            return port.settings.map { setting in
                SettingComparison(
                    driver: wanted.driver, aggregate: wanted.name, port: port.name, setting: setting,
                    outcome: joined.map {
                        outcome(
                            of: setting, row: OptionTables.shared.port(wanted.driver)[setting.name], in: $0.options,
                            facts: facts)
                    }
                        ?? .deferred)
            }
        }
        return own + ports
    }

    /// The aggregate's settings that have to be written: those that are not so, and those that are but would not stay
    /// so, because writing another changes them (delays with miimon, arp_validate with the mode).
    package static func settingsToWrite(_ wanted: ResolvedAggregate, in host: HostState) -> [ResolvedAggregate.Setting]
    {
        guard let facts = host.link(named: wanted.name)?.aggregate else { return wanted.settings }
        let mode = wanted.mode ?? facts.mode
        var later = facts
        if wanted.driver == .bonding {
            later.options = BondingModeChange.apply(to: facts.options, from: facts.mode, to: mode)
        }
        later.mode = mode
        let comparisons = compare(wanted, with: later, in: host)
        let miimon = wanted.settings.first { $0.name == "miimon" }?.value ?? later.options["miimon"]
        return comparisons.filter { comparison in
            switch comparison.outcome {
            case .differs, .unknownToKernel: true
            case .equal:
                miimon != facts.options["miimon"]
                    && BondingOptions.table[comparison.setting.name]?.needs.contains(.multipleOf("miimon")) == true
            case .satisfiedByAbsence, .hidden, .deferred: false
            }
        }.map(\.setting)
    }

    /// A port's settings that have to be written: all of them while it is not joined, since leaving forgets them.
    package static func settingsToWrite(
        _ port: ResolvedAggregate.ResolvedPort, of wanted: ResolvedAggregate, in host: HostState
    ) -> [ResolvedAggregate.Setting] {
        var only = wanted
        only.settings = []
        only.ports = [port]
        let comparisons = compare(only, in: host)
        guard !comparisons.isEmpty else { return port.settings }
        return comparisons.filter { $0.isUnfulfilled || $0.outcome == .deferred }.map(\.setting)
    }

    private static func compare(
        _ wanted: ResolvedAggregate, with facts: AggregateFacts, in host: HostState
    ) -> [SettingComparison] {
        wanted.settings.map { setting in
            let table = OptionTables.shared.aggregate(wanted.driver)
            var result = outcome(of: setting, row: table[setting.name], in: facts.options, facts: facts)
            // The kernel keeps the name of a primary until that joins, and shows none meanwhile.
            if case .differs = result, case .port(let port?) = setting.value,
                host.link(named: port)?.master != host.link(named: wanted.name)?.index
            {
                result = .deferred
            }
            return SettingComparison(
                driver: wanted.driver, aggregate: wanted.name, port: nil, setting: setting, outcome: result)
        }
    }

    private static func outcome(
        of setting: ResolvedAggregate.Setting, row: OptionDefinition?, in options: OptionValues, facts: AggregateFacts
    ) -> Outcome {
        if facts.hidden.contains(setting.name) { return .hidden }
        // To clear the active port asks for an election: whichever port won it is right.
        if setting.name == facts.driver.activePortOption, setting.value == .port(nil) { return .equal }
        if let observed = options[setting.name] {
            return isSame(setting.value, observed) ? .equal : .differs(observed: observed)
        }
        guard let row else { return .unknownToKernel }
        // teamd's own default holds for what its configuration leaves out.
        if facts.driver == .teaming, setting.value == row.defaultValue.value(in: facts.mode) { return .equal }
        // An empty nest and a port that there is none of are not reported at all (bond_fill_info).
        switch setting.value {
        case .port(let name): return name == nil ? .equal : .differs(observed: .port(nil))
        case .targets(let targets) where targets.isEmpty: return .equal
        case .targets where row.since == BondingOptions.firstInterface: return .differs(observed: .targets([]))
        default: return setting.value == row.defaultValue.value(in: facts.mode) ? .satisfiedByAbsence : .unknownToKernel
        }
    }

    /// The order of targets has no meaning.
    private static func isSame(_ left: OptionValue, _ right: OptionValue) -> Bool {
        guard case .targets(let wanted) = left, case .targets(let observed) = right else { return left == right }
        return Set(wanted) == Set(observed)
    }
}

/// In words.
extension SettingComparison {
    /// The wish is not fulfilled: an error after a write, a difference in `check`.
    package var isUnfulfilled: Bool {
        switch outcome {
        case .differs, .unknownToKernel: true
        case .equal, .satisfiedByAbsence, .hidden, .deferred: false
        }
    }

    /// `this kernel does not know lacp_strict`; nil when there is nothing to say.
    package var text: String? {
        let name = setting.name
        switch outcome {
        case .equal: return nil
        case .differs(let observed): return "\(name) is \(text(of: observed)), not \(text(of: setting.value))"
        case .unknownToKernel: return "this \(driver == .bonding ? "kernel" : "teamd") does not know \(name)"
        case .satisfiedByAbsence: return "\(name): \(text(of: setting.value)) is what a kernel without it does"
        case .hidden: return "\(name) is not verified: the kernel shows it only with CAP_NET_ADMIN"
        case .deferred:
            let absent = port ?? text(of: setting.value)
            return "\(name)=\(text(of: setting.value)) waits: \(absent) has not joined yet"
        }
    }

    /// The kernel version that brought the option, for the remedy of ``Outcome/unknownToKernel``.
    package var since: String? { row?.since }

    private var row: OptionDefinition? {
        (port == nil ? OptionTables.shared.aggregate(driver) : OptionTables.shared.port(driver))[setting.name]
    }

    func text(of value: OptionValue) -> String { row?.format(value) ?? "?" }
}
