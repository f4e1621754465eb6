internal import Aggregation

/// `options`: the driver's own names, checked against its option table where there is one.
enum DriverOptions {
    static func form(_ subject: OptionTable.Subject) -> Form<[DriverOption]> {
        Form(
            read: { node, reading in readMapping(node, subject, &reading) },
            write: { options in .mapping(options.map { ($0.name, write($0, subject)) }) },
            facts: FormFacts(allowed: "a mapping of the driver's options", schema: ["type": "object"]))
    }

    /// The tables in which an option may stand: of both drivers where none is named, of none where the planner chooses.
    static func tables(_ driver: DesiredAggregate.DriverChoice?, _ subject: OptionTable.Subject) -> [OptionTable] {
        let kinds: [DriverKind] =
            switch driver {
            case .bonding: [.bonding]
            case .teaming: [.teaming]
            case .auto: []
            case nil: DriverKind.allCases
            }
        return kinds.map { OptionTables.shared.table($0, subject) }
    }

    /// The rows that a name may mean.
    static func rows(
        _ name: String, _ driver: DesiredAggregate.DriverChoice?, _ subject: OptionTable.Subject
    ) -> [OptionDefinition] {
        tables(driver, subject).compactMap { $0[name] }
    }

    /// What to say about an unknown key that is an option of the driver.
    static func hint(
        _ name: String, _ driver: DesiredAggregate.DriverChoice?, _ subject: OptionTable.Subject
    ) -> String? {
        guard let row = rows(name, driver, subject).first else { return nil }
        return "it is an option of the driver: write it as options: { \(row.name): … }"
    }

    private static func readMapping(
        _ node: YAMLNode, _ subject: OptionTable.Subject, _ reading: inout KeyReading
    ) -> [DriverOption] {
        guard case .mapping(let entries) = node.content else {
            reading.refuse(node, "it is \(node.kindText)", "write a mapping: { OPTION: VALUE }")
            return []
        }
        var options: [DriverOption] = []
        var names: Set<String> = []
        for entry in entries where !reading.isFull {
            guard let name = entry.key.text else { continue }
            var added: String?
            reading.under(name) { reading in
                guard let option = readOption(name, entry, subject, &reading) else { return }
                guard names.insert(option.name).inserted else {
                    if options.contains(where: { $0.name == option.name && $0.saysTheSame(as: option) }) { return }
                    reading.refuse(
                        at: entry.key.location, value: option.text, "\(option.name) says something else",
                        "keep one of the two")
                    return
                }
                options.append(option)
                added = option.name
            }
            if let added { reading.under(added) { $0.locations[$0.key] = entry.key.location } }
        }
        return options
    }

    private static func readOption(
        _ name: String, _ entry: YAMLNode.Entry, _ subject: OptionTable.Subject, _ reading: inout KeyReading
    ) -> DriverOption? {
        let tables = tables(reading.driver, subject)
        let isTeam =
            reading.driver == .teaming || reading.driver == nil && tables.contains { $0[name]?.isWatches == true }
        guard let text = valueText(entry.value, isTeam ? .teaming : reading.driver, &reading) else { return nil }
        let location = reading.showsLocations ? entry.key.location : nil
        guard !tables.isEmpty else { return DriverOption(name: name, text: text, location: location) }
        let rows = tables.compactMap { $0[name] }
        guard let row = rows.first else {
            let rule =
                tables.count == 1 ? "\(tables[0].driver.rawValue) has no such option" : "no driver has such an option"
            reading.refuse(at: entry.key.location, rule, unknownRemedy(name, tables))
            return nil
        }
        let option = DriverOption(name: row.name, text: text, location: location)
        let faults = rows.compactMap { invalidity(of: option, $0) }
        guard faults.count == rows.count, let invalid = faults.first else { return option }
        reading.refuse(at: entry.value.location, value: text, invalid.rule, invalid.remedy)
        return nil
    }

    /// Why the table does not accept an option.
    static func invalidity(of option: DriverOption, _ row: OptionDefinition) -> InvalidText? {
        if DriverKind.allCases.contains(where: { $0.modeOption == row.name }) {
            return InvalidText("it is a key of its own", "write mode beside options")
        }
        if row.isReadOnly { return InvalidText("it can only be read", "leave it out") }
        if option.edit != .replace, !row.isList {
            return InvalidText("it is no list, so \(option.edit.rawValue) cannot edit it", "write \(row.name)=VALUE")
        }
        if option.asksForDefault { return nil }
        do { _ = try row.parse(option.text) } catch { return InvalidText(error) }
        return nil
    }

    /// The nearest option or key.
    static func unknownRemedy(_ name: String, _ tables: [OptionTable]) -> String {
        let isPort = tables.first?.subject == .port
        let keys = isPort ? PortKeys.settings.map(\.name) : AggregateKeys.table.keys.map(\.name)
        if keys.contains(name) { return "it is a neutral key: write it beside options" }
        let options = tables.flatMap(\.rows).flatMap { [$0.name] + $0.aliases }
        guard let nearest = Spelling.nearest(to: name, among: options + keys) else {
            return "see aggctl options" + (tables.count == 1 ? " \(tables[0].driver.rawValue)" : "")
        }
        return "did you mean \(nearest)?"
    }

    /// The value in the option table's text form: lists with commas, structures as YAML on one line.
    static func valueText(
        _ node: YAMLNode, _ driver: DesiredAggregate.DriverChoice?, _ reading: inout KeyReading
    ) -> String? {
        switch node.content {
        case .scalar("", _):
            reading.refuse(at: node.location, "it has no value", "write one, or default")
            return nil
        case .scalar(let text, _): return text
        case .sequence(let items):
            let texts = items.compactMap(\.text)
            if texts.count == items.count { return items.isEmpty ? "none" : texts.joined(separator: ",") }
        case .mapping: break
        case .refused: return nil
        }
        if driver == .teaming { return YAMLWriter.flow(node) }
        reading.refuse(node, "it is a structure", "write a single value, or a list of single values")
        return nil
    }

    /// Lists and structures as such where they read back as the same text, everything else as one scalar.
    private static func write(_ option: DriverOption, _ subject: OptionTable.Subject) -> YAMLNode {
        let items = option.text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let isList = DriverKind.allCases.contains {
            OptionTables.shared.table($0, subject)[option.name]?.isList == true
        }
        if items.count > 1, isList, !FlowText.isStructured(option.text) {
            return .sequence(items.map(YAMLNode.plain))
        }
        guard let node = FlowText.node(option.text), !node.isListOfScalars, YAMLWriter.flow(node) == option.text else {
            return .plain(option.text)
        }
        return node
    }
}

extension DriverOption {
    /// Two names of one option may stand side by side when they say the same, as ifupdown2 writes them.
    func saysTheSame(as other: DriverOption) -> Bool {
        edit == .replace && other.edit == .replace && text == other.text
    }
}

extension OptionDefinition {
    /// Its value is a structure.
    fileprivate var isWatches: Bool { if case .watches = kind { true } else { false } }
}

extension YAMLNode {
    fileprivate var isListOfScalars: Bool {
        if case .sequence(let items) = content { items.allSatisfy { $0.text != nil } } else { false }
    }
}
