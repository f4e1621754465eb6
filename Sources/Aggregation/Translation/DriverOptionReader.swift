/// Reads options under the driver's own names into settings, by the option table.
struct DriverOptionReader {
    typealias Setting = ResolvedAggregate.Setting

    /// An option that cannot be read.
    struct Failure {
        let option: DriverOption
        let rule: String
        let remedy: String?
    }

    let table: OptionTable
    let mode: Mode
    /// What lists are now, for `+=` and `-=`.
    let observed: OptionValues
    /// Starts with what neutral keys have settled.
    var settings: [Setting]
    var failures: [Failure] = []
    /// `-=` of what is not there does nothing, and says so.
    var notes: [(option: String, text: String)] = []

    mutating func read(_ options: [DriverOption]) {
        for option in options {
            do { try read(option) } catch {
                failures.append(Failure(option: option, rule: error.rule, remedy: error.remedy))
            }
        }
    }

    private mutating func read(_ option: DriverOption) throws(OptionDefinition.InvalidValue) {
        guard let row = table[option.name] else {
            let meant = table.nearest(to: option.name).map { "did you mean \($0)? " } ?? ""
            throw .init(
                rule: "there is no such option", remedy: "\(meant)`aggctl options \(table.driver.rawValue)` lists them")
        }
        guard !row.isReadOnly else { throw .init(rule: "it is read only", remedy: "leave it out") }
        let earlier = settings.firstIndex { $0.name == row.name }
        if let earlier {
            if try repeats(option, settings[earlier], row) { return }
            try checkRepeated(option, settings[earlier])
        }
        let setting = Setting(row.name, try value(option, row, earlier), origin: "options.\(option.name)")
        if let earlier { settings[earlier] = setting } else { settings.append(setting) }
    }

    /// Two names of one option with one value, as ifupdown2 writes them, and a default where the mode has settled it.
    private func repeats(
        _ option: DriverOption, _ earlier: Setting, _ row: OptionDefinition
    ) throws(OptionDefinition.InvalidValue) -> Bool {
        guard option.edit == .replace else { return false }
        if option.asksForDefault, earlier.origin == "mode" { return true }
        let other = TranslationDraft.shown(earlier.origin)
        guard earlier.origin.hasPrefix("options."), other != option.name else { return false }
        return try (option.asksForDefault ? row.defaultValue.value(in: mode) : row.parse(option.text)) == earlier.value
    }

    /// The same fact twice is an error, whichever words it has; only edits of one list may follow each other.
    private func checkRepeated(_ option: DriverOption, _ earlier: Setting) throws(OptionDefinition.InvalidValue) {
        let isOwn = earlier.origin.hasPrefix("options.")
        if isOwn, option.edit != .replace { return }
        let other = TranslationDraft.shown(earlier.origin)
        throw .init(
            rule: other == option.name ? "it is given twice" : "\(other) says the same",
            remedy: other == option.name ? "keep one" : "keep \(other) or \(option.name)")
    }

    private mutating func value(
        _ option: DriverOption, _ row: OptionDefinition, _ earlier: Int?
    ) throws(OptionDefinition.InvalidValue) -> OptionValue {
        if option.asksForDefault { return row.defaultValue.value(in: mode) }
        guard option.edit != .replace else { return try row.parse(option.text) }
        guard row.isList else {
            throw .init(rule: "it is no list", remedy: "write \(row.name)=VALUE")
        }
        let old = earlier.map { settings[$0].value } ?? observed[row.name] ?? row.defaultValue.value(in: mode)
        let new: OptionValue
        switch (old, try row.parse(option.text)) {
        case (.targets(let list), .targets(let change)):
            new = .targets(edited(list, change, option, row) { .targets([$0]) })
        case (.names(let list), .names(let change)): new = .names(edited(list, change, option, row) { .names([$0]) })
        case (.watches(let list), .watches(let change)):
            new = .watches(edited(list, change, option, row) { .watches([$0]) })
        case (_, let change): new = change
        }
        // Once more through the parser: the sum may be longer than the kernel keeps.
        return try row.parse(row.format(new))
    }

    private mutating func edited<Item: Equatable>(
        _ list: [Item], _ change: [Item], _ option: DriverOption, _ row: OptionDefinition,
        _ value: (Item) -> OptionValue
    ) -> [Item] {
        guard option.edit == .remove else { return list + change.filter { !list.contains($0) } }
        for item in change where !list.contains(item) {
            notes.append((option.name, "\(row.format(value(item))) is not in the list"))
        }
        return list.filter { !change.contains($0) }
    }
}
