import Aggregation

/// One option's value in teamd's configuration, by the kind of its row. Both directions read the row and know no option
/// by name.
enum OptionJSON {
    /// The keys on the way to an option.
    static func path(_ row: OptionDefinition) -> [String] { row.name.split(separator: ".").map(String.init) }

    /// What is written for a value; nil when that is to leave the option out.
    static func tree(_ row: OptionDefinition, _ value: OptionValue) -> JSONTree? {
        switch (row.kind, value) {
        case (.boolean, .number(let number)): .boolean(number != 0)
        case (.choice(let choices), .number(let number)):
            choices.first { $0.number == number }.flatMap { $0.name == "none" ? nil : .string($0.name) }
        case (_, .number(let number)): .integer(number)
        case (_, .names(let names)): .array(names.map(JSONTree.string))
        case (_, .watches(let watches)): tree(watches)
        case (_, .targets(let targets)): targets.first.map { .string($0.description) }
        case (_, .text(let text)): text.isEmpty ? nil : .string(text)
        case (_, .port), (_, .address): nil
        }
    }

    /// The value of what stands in a configuration; nil when it is none.
    static func value(_ row: OptionDefinition, _ tree: JSONTree) -> OptionValue? {
        switch row.kind {
        case .integer(let range), .duration(_, let range):
            tree.integer.flatMap { range.contains($0) ? .number($0) : nil }
        case .boolean: tree.boolean.map { .number($0 ? 1 : 0) }
        case .choice(let choices): choices.first { $0.name == tree.string }.map { .number($0.number) }
        case .names(let choices):
            if case .array(let items) = tree { names(items, choices) } else { nil }
        case .watches: watches(tree).map(OptionValue.watches)
        case .targets(let family, _):
            // The state writes the unspecified address for none.
            tree.string.flatMap { IPAddress(text: $0) }.flatMap { address in
                address.family == family ? .targets(address.isUnspecified ? [] : [address]) : nil
            }
        case .text: tree.string.map(OptionValue.text)
        case .port, .ethernetAddress: nil
        }
    }

    /// teamd skips fragments that it does not know.
    private static func names(_ items: [JSONTree], _ choices: [ValueKind.Choice]) -> OptionValue {
        .names(items.compactMap(\.string).filter { name in choices.contains { $0.name == name } })
    }

    // MARK: Link watches

    private static func tree(_ watches: [LinkWatch]) -> JSONTree? {
        let trees = watches.map { watch in
            var tree = JSONTree.object(["name": .string(watch.kind.rawValue)])
            let table = LinkWatchOptions.table(watch.kind)
            for setting in watch.settings {
                guard let row = table[setting.name], let value = Self.tree(row, setting.value) else { continue }
                tree.set(path(row), value)
            }
            return tree
        }
        guard let first = trees.first else { return nil }
        return trees.count == 1 ? first : .array(trees)
    }

    /// One watch or several; nil when any is of an unknown kind.
    static func watches(_ tree: JSONTree) -> [LinkWatch]? {
        guard case .array(let items) = tree else { return watch(tree).map { [$0] } }
        let watches = items.compactMap(watch)
        return watches.count == items.count ? watches : nil
    }

    /// A watch from an object that has a `name`, as configuration and state both write it.
    static func watch(_ tree: JSONTree) -> LinkWatch? {
        guard let kind = tree["name"]?.string.flatMap(LinkWatch.Kind.init) else { return nil }
        let settings = LinkWatchOptions.table(kind).rows.compactMap { row -> OptionSetting? in
            guard let value = tree[row.name].flatMap({ Self.value(row, $0) }), value != row.defaultValue.general else {
                return nil
            }
            return OptionSetting(row.name, value)
        }
        return LinkWatch(kind, settings)
    }
}
