internal import Aggregation

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
struct SettingReader<Target: Sendable> {
    let table: KeyTable<Target>
    let subject: OptionTable.Subject
    let driver: DesiredAggregate.DriverChoice?
    /// Keys of the file that are not set by words, and what sets them.
    let givenElsewhere: [String: String]

    func apply(
        _ options: [CommandSettings.Given], _ settings: [String], to target: inout Target,
        options path: WritableKeyPath<Target, [DriverOption]>, _ reading: inout KeyReading
    ) {
        var neutral: [(key: Key<Target>, words: [SettingWord])] = []
        // What has been said, by the key's or option's own name, and how.
        var said: [String: SettingWord] = [:]
        let byOption = Dictionary(options.map { ($0.word, $0.option) }, uniquingKeysWith: { first, _ in first })
        for setting in options.map(\.word) + settings {
            guard let word = SettingWord(setting) else {
                reading.problems.append(
                    Problem(
                        .usage, subject: reading.subject, rule: "\(SourceText.shown(setting)) sets nothing",
                        remedy: "write KEY=VALUE"))
                continue
            }
            let first = word.path.first ?? ""
            let name = DriverOptions.rows(word.key, driver, subject).first?.name ?? word.key
            let earlier = word.edit == .replace ? said[name] : nil
            if word.edit == .replace, earlier == nil { said[name] = word }
            let isTwice = earlier != nil
            let key = table[first].flatMap { first == "options" ? nil : $0 }
            reading.under(word.key) { reading in
                if let earlier {
                    refuseTwice(word, earlier, byOption[earlier.word], &reading)
                } else if let remedy = givenElsewhere[first] {
                    reading.refuse(at: nil, value: word.text, "it cannot be set here", remedy, as: .usage)
                } else if word.text.isEmpty {
                    reading.refuse(at: nil, "it has no value", Self.remedyForNoValue(word, key))
                } else if key == nil {
                    readOption(word, into: &target[keyPath: path], &reading)
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

    /// A key is given once; two names of one option may say the same.
    private func refuseTwice(
        _ word: SettingWord, _ earlier: SettingWord, _ option: String?, _ reading: inout KeyReading
    ) {
        if let option {
            reading.refuse(at: nil, value: word.text, "\(option) says it already", "give it once", as: .usage)
        } else if word.key == earlier.key {
            reading.refuse(at: nil, value: word.text, "it is given twice", "give it once", as: .usage)
        } else if word.text != earlier.text {
            reading.refuse(
                at: nil, value: word.text, "\(earlier.key) says something else", "keep one of the two", as: .usage)
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
        // What the words have said of the key, as a whole or in part.
        var parts: Set<String> = []
        var whole: YAMLNode?
        for word in words {
            let part = Array(word.path.dropFirst())
            guard let name = part.first else {
                if word.edit == .replace, !parts.isEmpty {
                    reading.refuse(
                        at: nil, value: word.text, "a part of it is given too", "give the whole or its parts",
                        as: .usage)
                    return nil
                }
                guard let node = value(word, of: key.facts.form, current: root, &reading) else { return nil }
                root = node
                if word.edit == .replace { whole = node }
                continue
            }
            parts.insert(name)
            if word.edit == .replace, whole?[name] != nil {
                reading.under(name) {
                    $0.refuse(at: nil, value: word.text, "it is given twice", "give it once", as: .usage)
                }
                return nil
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
        let tables = DriverOptions.tables(driver, subject)
        let rows = tables.compactMap { $0[word.key] }
        if word.path.first == "options" {
            let name = word.path.dropFirst().joined(separator: ".")
            reading.refuse(
                at: nil, value: word.text, "options stand under their own names here", "write \(name)=\(word.text)")
            return
        }
        guard tables.isEmpty || !rows.isEmpty else {
            reading.refuse(at: nil, value: word.text, "there is no such key or option", unknownRemedy(word.key, tables))
            return
        }
        guard let node = SettingWord.node(word.text, isStructure: true, &reading),
            let text = DriverOptions.valueText(node, driver, &reading)
        else { return }
        let option = DriverOption(name: rows.first?.name ?? word.key, edit: word.edit, text: text)
        let faults = rows.compactMap { DriverOptions.invalidity(of: option, $0) }
        if faults.count == rows.count, let invalid = faults.first {
            reading.refuse(at: nil, value: text, invalid.rule, invalid.remedy)
            return
        }
        if option.edit == .replace { options.removeAll { $0.name == option.name } }
        options.append(option)
    }

    /// The nearest key or option of this driver.
    private func unknownRemedy(_ name: String, _ tables: [OptionTable]) -> String {
        let keys = table.keys.filter { $0.name != "options" && givenElsewhere[$0.name] == nil }.flatMap { key in
            [key.name] + key.facts.form.fields.map { "\(key.name).\($0.name)" }
        }
        let options = tables.flatMap(\.rows).flatMap { [$0.name] + $0.aliases }
        if let nearest = Spelling.nearest(to: name, among: keys + options) { return "did you mean \(nearest)?" }
        return tables.first.map { "see aggctl options \($0.driver.rawValue)" }
            ?? "use one of \(keys.joined(separator: ", "))"
    }
}
