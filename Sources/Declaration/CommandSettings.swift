package import Aggregation

/// `KEY=VALUE` words of a command line, with the keys, values and messages of the file.
///
/// Nested keys are written with dots (`link-monitor.interval=50ms`), structures as YAML in brackets, and a driver's
/// options under their own names. `KEY+=V` and `KEY-=V` edit lists. All words count together, or none.
package enum CommandSettings {
    /// Keys of the file that other parts of a command give, and which.
    static let givenElsewhere = [
        "name": "the name is given once, before the settings",
        "ports": "use --ports, aggctl port add or aggctl port remove",
        "driver": "use --driver",
    ]

    /// Sets keys of an aggregate.
    ///
    /// A nested key changes, and an edit edits, what the aggregate already says; ``keysBuiltUpon(in:)`` tells what a
    /// caller has to fill in first from what exists.
    package static func apply(_ settings: [String], to aggregate: inout DesiredAggregate) throws(Problems) {
        let reader = SettingReader(
            table: AggregateKeys.table, subject: .aggregate, driver: aggregate.driver,
            givenElsewhere: givenElsewhere)
        var changed = aggregate
        var reading = KeyReading(subject: aggregate.name.text, showsLocations: false)
        reading.driver = aggregate.driver
        reader.apply(settings, to: &changed, options: \.options, &reading)
        if reading.problems.isEmpty { reading.problems = DeclarationChecks.problems(in: changed) }
        guard reading.problems.isEmpty else { throw Problems(reading.problems) }
        aggregate = changed
    }

    /// Sets keys of a port of an aggregate.
    package static func apply(
        _ settings: [String], to port: inout DesiredPort, driver: DesiredAggregate.DriverChoice = .bonding
    ) throws(Problems) {
        let reader = SettingReader(
            table: KeyTable(PortKeys.settings), subject: .port, driver: driver, givenElsewhere: [:])
        var changed = port
        var reading = KeyReading(subject: port.selector.description, showsLocations: false)
        reading.driver = driver
        reader.apply(settings, to: &changed, options: \.options, &reading)
        if reading.problems.isEmpty, driver == .auto, !changed.options.isEmpty {
            reading.refuse(at: nil, "driver auto excludes options", "name the driver, or use neutral keys only")
        }
        guard reading.problems.isEmpty else { throw Problems(reading.problems) }
        port = changed
    }

    /// Reads `--ports`: names with commas between them, or a YAML list in brackets with any selector.
    package static func ports(
        _ text: String, of aggregate: String, driver: DesiredAggregate.DriverChoice = .bonding
    ) throws(Problems) -> [DesiredPort] {
        var reading = KeyReading(subject: aggregate, showsLocations: false)
        reading.driver = driver
        let ports = reading.under("ports") { reading in
            SettingWord.node(text, isStructure: true, &reading).flatMap { PortKeys.list.read($0, &reading) }
        }
        guard reading.problems.isEmpty, let ports else { throw Problems(reading.problems) }
        return ports
    }

    /// The neutral keys of which these words give only a part: `hash` for `hash+=l4`, `lacp` for `lacp.rate=fast`.
    package static func keysBuiltUpon(in settings: [String]) -> Set<String> {
        let words = settings.compactMap(SettingWord.init).filter { $0.edit != .replace || $0.path.count > 1 }
        return Set(words.compactMap(\.path.first)).intersection(AggregateKeys.table.keys.map(\.name))
    }
}

/// One `KEY=VALUE`, `KEY+=VALUE` or `KEY-=VALUE`.
struct SettingWord {
    let word: String
    let key: String
    let edit: DriverOption.Edit
    let text: String

    var path: [String] { key.split(separator: ".", omittingEmptySubsequences: false).map(String.init) }

    /// Nil for a word that is none of the three.
    init?(_ word: String) {
        guard let sign = word.firstIndex(of: "=") else { return nil }
        var key = word[..<sign]
        switch key.last {
        case "+": edit = .add
        case "-": edit = .remove
        default: edit = .replace
        }
        if edit != .replace { key.removeLast() }
        guard !key.isEmpty else { return nil }
        self.word = word
        self.key = String(key)
        text = String(word[word.index(after: sign)...])
    }

    /// The value as a tree: structures are read where the key takes one, everything else stays as it was typed.
    static func node(_ text: String, isStructure: Bool, _ reading: inout KeyReading) -> YAMLNode? {
        guard isStructure, FlowText.isStructured(text) else {
            return YAMLNode(.scalar(text, plain: true))
        }
        let result = FlowText.read(text)
        for problem in result.problems {
            let column = problem.location.map { " at character \($0.column)" } ?? ""
            reading.refuse(at: nil, value: text, problem.rule + column, problem.remedy ?? "correct it")
        }
        return result.problems.isEmpty ? result.root : nil
    }
}

/// Turns words into the tree that a file would have, and lets the file's readers read it.
private struct SettingReader<Target: Sendable> {
    let table: KeyTable<Target>
    let subject: OptionTable.Subject
    let driver: DesiredAggregate.DriverChoice
    /// Keys of the file that are not set by words, and what sets them.
    let givenElsewhere: [String: String]

    func apply(
        _ settings: [String], to target: inout Target, options: WritableKeyPath<Target, [DriverOption]>,
        _ reading: inout KeyReading
    ) {
        var neutral: [(key: Key<Target>, words: [SettingWord])] = []
        var given: Set<String> = []
        for setting in settings {
            guard let word = SettingWord(setting) else {
                reading.problems.append(
                    Problem(
                        .usage, subject: reading.subject, rule: "\(SourceText.shown(setting)) sets nothing",
                        remedy: "write KEY=VALUE"))
                continue
            }
            let first = word.path.first ?? ""
            let isTwice = word.edit == .replace && !given.insert(word.key).inserted
            let key = table[first].flatMap { first == "options" ? nil : $0 }
            reading.under(word.key) { reading in
                if isTwice {
                    reading.refuse(at: nil, value: word.text, "it is given twice", "give it once")
                } else if let remedy = givenElsewhere[first] {
                    reading.refuse(at: nil, value: word.text, "it cannot be set here", remedy)
                } else if word.text.isEmpty {
                    reading.refuse(at: nil, "it has no value", Self.remedyForNoValue(word, key))
                } else if key == nil {
                    readOption(word, into: &target[keyPath: options], &reading)
                }
            }
            guard let key, !isTwice, !word.text.isEmpty, givenElsewhere[first] == nil else { continue }
            if let index = neutral.firstIndex(where: { $0.key.name == first }) {
                neutral[index].words.append(word)
            } else {
                neutral.append((key, [word]))
            }
        }
        for (key, words) in neutral {
            reading.under(key.name) { reading in
                guard let node = tree(key, words, target, &reading) else { return }
                key.read(node, &target, &reading)
            }
        }
    }

    /// Options of the driver all have a default; not every key of the file has.
    private static func remedyForNoValue(_ word: SettingWord, _ key: Key<Target>?) -> String {
        let part = word.path.dropFirst().first
        let form = part.map { name in key?.facts.form.fields.first { $0.name == name }?.form } ?? key?.facts.form
        let takesDefault = key == nil || form?.takesDefault == true
        return "write \(word.key)=VALUE" + (takesDefault ? ", or \(word.key)=default" : "")
    }

    /// What the file would say for a key, from what the target says and the words change. Nil after a report.
    private func tree(
        _ key: Key<Target>, _ words: [SettingWord], _ target: Target, _ reading: inout KeyReading
    ) -> YAMLNode? {
        var root = key.write(target)
        if words.allSatisfy({ $0.edit == .replace && $0.path.count == 1 }) { root = nil }
        for word in words {
            let part = Array(word.path.dropFirst())
            guard let name = part.first else {
                guard let node = value(word, of: key.facts.form, current: root, &reading) else { return nil }
                root = node
                continue
            }
            let field = key.facts.form.fields.first { $0.name == name }
            guard part.count == 1, let field else {
                let names = key.facts.form.fields.map { "\(key.name).\($0.name)" }
                let nearest = Spelling.nearest(to: word.key, among: names).map { "did you mean \($0)?" }
                let list = names.isEmpty ? "\(key.name) has no parts" : "use \(names.joined(separator: ", "))"
                reading.refuse(at: nil, "there is no key \(SourceText.shown(word.key))", nearest ?? list)
                return nil
            }
            let current = root?[name]
            let node = reading.under(name) { value(word, of: field.form, current: current, &$0) }
            guard let node else { return nil }
            var mapping = root ?? .mapping([])
            mapping.set(name, node)
            root = mapping
        }
        return root
    }

    private func value(
        _ word: SettingWord, of form: FormFacts, current: YAMLNode?, _ reading: inout KeyReading
    ) -> YAMLNode? {
        let isStructure = form.isList || !form.fields.isEmpty || word.text.hasPrefix("{")
        guard let node = SettingWord.node(word.text, isStructure: isStructure, &reading) else { return nil }
        if word.edit == .replace { return node }
        guard form.isList else {
            reading.refuse(at: nil, value: word.text, "it is no list, so \(word.edit.rawValue) cannot edit it", "use =")
            return nil
        }
        guard let current, !current.isWord("default") else {
            reading.refuse(at: nil, value: word.text, "there is no list to edit", "write the whole list with =")
            return nil
        }
        guard let items = form.items(current, &reading) else { return nil }
        // What is there already need not be added, and what is not there need not be removed.
        guard let changes = form.items(node, &reading) else { return nil }
        return .sequence(
            word.edit == .add
                ? items + changes.filter { !items.contains($0) } : items.filter { !changes.contains($0) })
    }

    private func readOption(_ word: SettingWord, into options: inout [DriverOption], _ reading: inout KeyReading) {
        let optionTable = DriverOptions.table(driver, subject)
        if word.path.first == "options" {
            let name = word.path.dropFirst().joined(separator: ".")
            reading.refuse(
                at: nil, value: word.text, "options stand under their own names here", "write \(name)=\(word.text)")
            return
        }
        guard optionTable == nil || optionTable?[word.key] != nil else {
            reading.refuse(
                at: nil, value: word.text, "there is no such key or option", unknownRemedy(word.key, optionTable))
            return
        }
        guard let node = SettingWord.node(word.text, isStructure: true, &reading),
            let text = DriverOptions.valueText(node, driver, &reading)
        else { return }
        let option = DriverOption(name: optionTable?[word.key]?.name ?? word.key, edit: word.edit, text: text)
        if let row = optionTable?[word.key], let invalid = DriverOptions.invalidity(of: option, row) {
            reading.refuse(at: nil, value: text, invalid.rule, invalid.remedy)
            return
        }
        if option.edit == .replace { options.removeAll { $0.name == option.name } }
        options.append(option)
    }

    /// The nearest key or option of this driver.
    private func unknownRemedy(_ name: String, _ optionTable: OptionTable?) -> String {
        let keys = table.keys.filter { $0.name != "options" && givenElsewhere[$0.name] == nil }.flatMap { key in
            [key.name] + key.facts.form.fields.map { "\(key.name).\($0.name)" }
        }
        let options = (optionTable?.rows ?? []).flatMap { [$0.name] + $0.aliases }
        if let nearest = Spelling.nearest(to: name, among: keys + options) { return "did you mean \(nearest)?" }
        return optionTable.map { "see aggctl options \($0.driver.rawValue)" }
            ?? "use one of \(keys.joined(separator: ", "))"
    }
}
