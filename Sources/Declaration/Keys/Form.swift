internal import Aggregation

/// How values of one type are written in a file: the reader, the writer, the words for messages and the JSON schema,
/// side by side, so that they cannot disagree.
struct Form<Value: Sendable>: Sendable {
    /// Reads a value, or reports why it is none and returns nil.
    let read: @Sendable (YAMLNode, inout KeyReading) -> Value?
    let write: @Sendable (Value) -> YAMLNode
    /// Put together when it is asked for: a file that is right needs none of it.
    private let describe: @Sendable () -> FormFacts
    var facts: FormFacts { describe() }

    init(
        read: @escaping @Sendable (YAMLNode, inout KeyReading) -> Value?,
        write: @escaping @Sendable (Value) -> YAMLNode,
        facts: @autoclosure @escaping @Sendable () -> FormFacts
    ) {
        self.read = read
        self.write = write
        describe = facts
    }
}

/// What is known of a form without its type.
struct FormFacts: Sendable {
    /// What may be written: `slow or fast`, `68 to 65535`.
    var allowed: String
    var schema: JSONValue
    /// `KEY+=V` and `KEY-=V` edit it.
    var isList = false
    /// The word `default` asks for the mode's default.
    var takesDefault = false
    /// The items of a list as they are written back, so that two spellings of one are the same; nil after a report.
    var items: @Sendable (YAMLNode, inout KeyReading) -> [YAMLNode]? = { _, _ in nil }
    /// The keys of a mapping.
    var fields: [KeyFacts] = []

    func changed(_ change: (inout FormFacts) -> Void) -> FormFacts {
        var facts = self
        change(&facts)
        return facts
    }
}

extension Form where Value: Hashable {
    /// The value, or the word `default`, which has to stand without quotes.
    var orDefault: Form<Wish<Value>> {
        Form<Wish<Value>>(
            read: { node, reading in
                node.isWord("default") ? Wish<Value>.default : read(node, &reading).map(Wish.value)
            },
            write: { wish in wish.value.map(write) ?? .plain("default") },
            facts: facts.changed { facts in
                facts.allowed += ", or default"
                facts.takesDefault = true
                facts.schema = .anyOf([.const("default"), facts.schema])
            })
    }
}

extension Form {
    /// A value that one scalar holds.
    static func scalar(
        _ allowed: String, schema: JSONValue, parse: @escaping @Sendable (String) throws(InvalidText) -> Value,
        write: @escaping @Sendable (Value) -> YAMLNode
    ) -> Form {
        Form(
            read: { node, reading in
                guard let text = node.text else {
                    reading.refuse(node, "it is \(node.kindText)", "write a single value: \(allowed)")
                    return nil
                }
                guard !text.isEmpty else {
                    reading.refuse(at: node.location, "it has no value", "write \(allowed), or leave the key out")
                    return nil
                }
                do throws(InvalidText) { return try parse(text) } catch {
                    reading.refuse(node, error.rule, error.remedy)
                    return nil
                }
            }, write: write, facts: FormFacts(allowed: allowed, schema: schema))
    }

    /// The same values as another type.
    func mapped<Other: Sendable>(
        to convert: @escaping @Sendable (Value) -> Other, from back: @escaping @Sendable (Other) -> Value
    ) -> Form<Other> {
        Form<Other>(
            read: { node, reading in read(node, &reading).map(convert) }, write: { write(back($0)) }, facts: facts)
    }

    /// A list, written as a sequence or as values with commas between them.
    static func list<Item: Hashable>(
        of item: Form<Item>, separators: Set<Character> = [","], emptyMeaning: String? = nil
    ) -> Form where Value == [Item] {
        @Sendable func facts() -> FormFacts {
            FormFacts(
                allowed: "a list of \(item.facts.allowed)", schema: .list(of: item.facts.schema), isList: true,
                items: { node, reading in
                    items(of: node, separators: separators, &reading).flatMap { distinct($0, item, &reading) }
                        .map { $0.map(item.write) }
                })
        }
        return Form(
            read: { node, reading in
                guard let nodes = items(of: node, separators: separators, &reading) else { return nil }
                guard !nodes.isEmpty || emptyMeaning != nil else {
                    reading.refuse(at: node.location, "the list is empty", "write \(facts().allowed)")
                    return nil
                }
                return distinct(nodes, item, &reading)
            }, write: { .sequence($0.map(item.write)) }, facts: facts())
    }

    private static func items(
        of node: YAMLNode, separators: Set<Character>, _ reading: inout KeyReading
    ) -> [YAMLNode]? {
        switch node.content {
        case .sequence(let items): return items
        case .scalar("", _):
            reading.refuse(at: node.location, "it has no value", "write a list, or leave the key out")
            return nil
        case .scalar(let text, let plain):
            return text.split(omittingEmptySubsequences: false) { separators.contains($0) }.map { part in
                let trimmed = part.drop { $0 == " " }
                return YAMLNode(.scalar(String(trimmed), plain: plain), at: node.location)
            }
        case .mapping, .refused:
            reading.refuse(node, "it is \(node.kindText)", "write a list: [first, second]")
            return nil
        }
    }

    /// Nil when any item is wrong; each is reported.
    private static func distinct<Item: Hashable>(
        _ nodes: [YAMLNode], _ form: Form<Item>, _ reading: inout KeyReading
    ) -> [Item]? {
        var items: [Item] = []
        var seen: Set<Item> = []
        for node in nodes where !reading.isFull {
            guard let item = form.read(node, &reading) else { continue }
            guard seen.insert(item).inserted else {
                reading.refuse(node, "it is there twice", "write it once")
                continue
            }
            items.append(item)
        }
        return items.count == nodes.count ? items : nil
    }

    /// A mapping whose keys fill a draft, which then becomes the value.
    static func record<Draft: Sendable>(
        _ keys: [Key<Draft>], empty: Draft, open: @escaping @Sendable (Value) -> Draft,
        close: @escaping @Sendable (Draft, YAMLNode, inout KeyReading) -> Value?
    ) -> Form {
        let table = KeyTable(keys)
        return Form(
            read: { node, reading in
                var draft = empty
                return table.read(node, into: &draft, &reading) ? close(draft, node, &reading) : nil
            }, write: { YAMLNode(.mapping(table.write(open($0)))) },
            facts: FormFacts(
                allowed: "a mapping of " + keys.map(\.name).joined(separator: ", "), schema: table.schema,
                fields: keys.map(\.facts)))
    }

    /// One word that stands for a value, beside the form of the others.
    func or(_ word: String, meaning special: Value, when isSpecial: @escaping @Sendable (Value) -> Bool) -> Form {
        @Sendable func both() -> FormFacts {
            facts.changed { facts in
                facts.allowed = "\(word), or \(facts.allowed)"
                facts.schema = .anyOf([.const(word), facts.schema])
            }
        }
        return Form(
            read: { node, reading in
                if node.isWord(word) { return special }
                guard node.text != nil, !facts.fields.isEmpty else { return read(node, &reading) }
                reading.refuse(node, "it is a single value", "write \(both().allowed)")
                return nil
            }, write: { isSpecial($0) ? .plain(word) : write($0) }, facts: both())
    }
}
