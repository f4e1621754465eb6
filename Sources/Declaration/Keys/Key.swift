internal import Aggregation

/// One key of a mapping: everything that the file, the command line, the schema and the help know of it.
struct Key<Target: Sendable>: Sendable {
    let name: String
    let isRequired: Bool
    /// Reads the value into the target, or reports why not.
    let read: @Sendable (YAMLNode, inout Target, inout KeyReading) -> Void
    /// Nil when the key is not to be written.
    let write: @Sendable (Target) -> YAMLNode?

    /// Put together when it is asked for: a file that is right needs none of it.
    private let describe: @Sendable () -> KeyFacts
    var facts: KeyFacts { describe() }

    init(
        _ name: String, isRequired: Bool, facts: @autoclosure @escaping @Sendable () -> KeyFacts,
        read: @escaping @Sendable (YAMLNode, inout Target, inout KeyReading) -> Void,
        write: @escaping @Sendable (Target) -> YAMLNode?
    ) {
        self.name = name
        self.isRequired = isRequired
        describe = facts
        self.read = read
        self.write = write
    }

    /// Where a value is. Made when it is asked for: the metadata behind a key path takes longer than reading a file, and
    /// most keys of most tables are in no file.
    typealias Path<Value> = @Sendable () -> any WritableKeyPath<Target, Value> & Sendable

    /// A key that may be absent.
    init<Value>(
        _ name: String, _ path: @autoclosure @escaping Path<Value?>, _ form: Form<Value>,
        isRequired: Bool = false, help: String
    ) {
        self.init(
            name, { $0[keyPath: path()] }, { $0[keyPath: path()] = $1 }, form, isRequired: isRequired, help: help)
    }

    /// A key that is left out when it says what its absence says; nil writes it always.
    init<Value: Equatable>(
        _ name: String, _ path: @autoclosure @escaping Path<Value>, _ form: Form<Value>,
        unless absent: Value?,
        isRequired: Bool = false, help: String
    ) {
        self.init(
            name, { $0[keyPath: path()] }, { $0[keyPath: path()] = $1 }, form, unless: absent, isRequired: isRequired,
            help: help)
    }

    /// The same by two functions, for a table whose keys are all asked for whenever it is written.
    init<Value>(
        _ name: String, _ get: @escaping @Sendable (Target) -> Value?,
        _ set: @escaping @Sendable (inout Target, Value) -> Void, _ form: Form<Value>,
        isRequired: Bool = false, help: String
    ) {
        self.init(
            name, isRequired: isRequired,
            facts: KeyFacts(name: name, help: help, isRequired: isRequired, form: form.facts),
            read: Self.reading(form, set),
            write: { get($0).map(form.write) })
    }

    init<Value: Equatable>(
        _ name: String, _ get: @escaping @Sendable (Target) -> Value,
        _ set: @escaping @Sendable (inout Target, Value) -> Void, _ form: Form<Value>, unless absent: Value?,
        isRequired: Bool = false, help: String
    ) {
        self.init(
            name, isRequired: isRequired,
            facts: KeyFacts(name: name, help: help, isRequired: isRequired, form: form.facts),
            read: Self.reading(form, set),
            write: { target in
                let value = get(target)
                return value == absent ? nil : form.write(value)
            })
    }
}

extension Key {
    private static func reading<Value>(
        _ form: Form<Value>, _ set: @escaping @Sendable (inout Target, Value) -> Void
    ) -> @Sendable (YAMLNode, inout Target, inout KeyReading) -> Void {
        { node, target, reading in
            if let value = form.read(node, &reading) { set(&target, value) }
        }
    }
}

/// What is known of a key without its type.
struct KeyFacts: Sendable {
    let name: String
    /// One line.
    let help: String
    let isRequired: Bool
    let form: FormFacts
}

/// The keys of one kind of mapping.
struct KeyTable<Target: Sendable>: Sendable {
    let keys: [Key<Target>]
    private let indexByName: [String: Int]

    init(_ keys: [Key<Target>]) {
        self.keys = keys
        indexByName = Dictionary(keys.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    subscript(_ name: String) -> Key<Target>? { indexByName[name].map { keys[$0] } }

    /// Reads the keys that are there; returns false when the node is no mapping or a required key is missing.
    func read(
        _ node: YAMLNode, into target: inout Target, _ reading: inout KeyReading,
        hint: (String) -> String? = { _ in nil }
    ) -> Bool {
        guard case .mapping(let entries) = node.content else {
            let names = keys.map(\.name).joined(separator: ", ")
            reading.refuse(node, "it is \(node.kindText)", "write a mapping with the keys \(names)")
            return false
        }
        for entry in entries where !reading.isFull { read(entry, into: &target, &reading, hint) }
        var complete = true
        for key in keys where key.isRequired && !entries.contains(where: { $0.key.text == key.name }) {
            complete = false
            reading.refuse(
                at: node.location, "the key \(key.name) is missing", "write \(key.name): \(key.facts.form.allowed)")
        }
        return complete
    }

    private func read(
        _ entry: YAMLNode.Entry, into target: inout Target, _ reading: inout KeyReading, _ hint: (String) -> String?
    ) {
        guard let name = entry.key.text else { return }
        guard let key = self[name] else {
            let remedy = hint(name) ?? unknownRemedy(name)
            reading.refuse(at: entry.key.location, "there is no key \(SourceText.shown(name))", remedy)
            return
        }
        reading.under(name) { reading in
            reading.locations[reading.key] = entry.key.location
            key.read(entry.value, &target, &reading)
        }
    }

    /// What to do about a key that is not there: the nearest one, else all.
    func unknownRemedy(_ name: String) -> String {
        if let nearest = Spelling.nearest(to: name, among: keys.map(\.name)) { return "did you mean \(nearest)?" }
        return "the keys here are " + keys.map(\.name).joined(separator: ", ")
    }

    /// The keys that say something, in the table's order.
    func write(_ target: Target) -> [YAMLNode.Entry] {
        keys.compactMap { key in key.write(target).map { YAMLNode.Entry(.plain(key.name), $0) } }
    }

    var schema: JSONValue {
        var properties: [String: JSONValue] = [:]
        for key in keys { properties[key.name] = key.facts.form.schema.described(key.facts.help) }
        var object: [String: JSONValue] = [
            "type": "object", "properties": .object(properties), "additionalProperties": false,
        ]
        let required = keys.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { object["required"] = .array(required) }
        return .object(object)
    }
}
