/// One aggregate while its wishes become options: what is settled so far, and what was found wrong.
struct TranslationDraft {
    typealias Setting = ResolvedAggregate.Setting

    let desired: DesiredAggregate
    let host: HostState
    let driver: DriverKind
    /// The name of the device, which an alternative name may have found.
    let name: String
    /// The mode that the aggregate has or will have.
    let mode: Mode
    /// Nil for an aggregate that is to be made.
    let observed: AggregateFacts?
    /// The options that are there before ours are written: the kernel's, after a change of mode.
    let base: OptionValues
    let table: OptionTable
    let portTable: OptionTable

    var settings: [Setting] = []
    var ports: [PortDraft] = []
    /// Selectors of ports that are not there.
    var missingPorts: [String] = []
    var problems: [Problem] = []
    var notes: [PlanNote] = []

    /// A port in the list, also when it is not there: its wishes are checked all the same.
    struct PortDraft {
        let index: Int
        let desired: DesiredPort
        let name: String?
        var settings: [Setting] = []

        var title: String { name ?? desired.selector.description }
    }

    init(_ desired: DesiredAggregate, in host: HostState, driver: DriverKind, mode: Mode) {
        let link = host.link(named: desired.name.text)
        let facts = link?.aggregate.flatMap { $0.driver == driver ? $0 : nil }
        self.desired = desired
        self.host = host
        self.driver = driver
        self.mode = mode
        table = OptionTables.shared.aggregate(driver)
        portTable = OptionTables.shared.port(driver)
        name = facts == nil ? desired.name.text : link?.name ?? desired.name.text
        observed = facts
        base =
            facts.map { facts in
                driver == .bonding
                    ? BondingModeChange.apply(to: facts.options, from: facts.mode, to: mode) : facts.options
            } ?? [:]
    }

    var isNew: Bool { observed == nil }
    var changesMode: Bool { observed.map { $0.mode.differs(from: mode, on: driver) } ?? false }

    /// The names of the ports that the aggregate will have.
    var portNames: [String] { desired.ports == nil ? observed?.ports ?? [] : ports.compactMap(\.name) }

    /// What was asked for.
    func wished(_ name: String) -> Setting? { settings.first { $0.name == name } }

    /// What an option will be: as asked, else as it is, else the mode's default.
    func value(_ name: String) -> OptionValue {
        wished(name)?.value ?? base[name] ?? table[name]?.defaultValue.value(in: mode) ?? .number(0)
    }

    func number(_ name: String) -> Int64 { if case .number(let number) = value(name) { number } else { 0 } }

    /// The text of a value of one of our options.
    func text(_ name: String, _ value: OptionValue) -> String { table[name]?.format(value) ?? "?" }

    mutating func add(_ option: String, _ value: OptionValue, origin: String, isOurDefault: Bool = false) {
        settings.append(Setting(option, value, origin: origin, isOurDefault: isOurDefault))
    }

    mutating func note(_ kind: PlanNote.Kind, _ option: String?, _ text: String) {
        notes.append(PlanNote(kind, subject: name, option: option, text: text))
    }

    /// A problem with a key of the aggregate.
    mutating func refuse(
        _ key: String, value: String? = nil, rule: String, remedy: String?, showsMode: Bool = false,
        location: SourceLocation? = nil, as category: Problem.Category = .invalid
    ) {
        problems.append(
            Problem(
                category, subject: name, option: Self.shown(key), value: value, mode: showsMode ? mode : nil,
                rule: rule, remedy: remedy, location: location ?? desired.nearestLocation(key)))
    }

    /// A problem with something that was settled.
    mutating func refuse(
        _ setting: Setting, rule: String, remedy: String?, showsMode: Bool = false,
        as category: Problem.Category = .invalid
    ) {
        refuse(
            setting.origin, value: text(setting.name, setting.value), rule: rule, remedy: remedy, showsMode: showsMode,
            location: location(of: setting.origin, among: desired.options), as: category)
    }

    mutating func refuse(
        _ port: PortDraft, _ key: String, value: String?, rule: String, remedy: String?, showsMode: Bool = false
    ) {
        problems.append(
            Problem(
                .invalid, subject: "\(name) port \(port.title)", option: Self.shown(key), value: value,
                mode: showsMode ? mode : nil, rule: rule, remedy: remedy,
                location: location(of: key, among: port.desired.options)
                    ?? desired.nearestLocation("ports.\(port.index).\(key)")))
    }

    /// An option's own name is what people search for: `options.` is the file's way of saying it.
    static func shown(_ key: String) -> String { DriverOption.shown(key) }

    private func location(of origin: String, among options: [DriverOption]) -> SourceLocation? {
        options.first { "options.\($0.name)" == origin }?.location
    }
}

extension ModeSet {
    /// `mode lacp`, `modes active-backup, balance-tlb and balance-alb`.
    var phrase: String { phrase(of: .bonding) }

    /// The modes of a driver in words.
    func phrase(of driver: DriverKind) -> String {
        let names = modes(of: driver).map(\.rawValue)
        guard let last = names.last, names.count > 1 else { return "mode \(names.first ?? "none")" }
        return "modes \(names.dropLast().joined(separator: ", ")) and \(last)"
    }
}
