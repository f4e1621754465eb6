internal import Aggregation

/// Why a text is no value of a key, and what to write instead.
struct InvalidText: Error {
    let rule: String
    let remedy: String

    init(_ rule: String, _ remedy: String) {
        self.rule = rule
        self.remedy = remedy
    }

    init(_ invalid: OptionDefinition.InvalidValue) { self.init(invalid.rule, invalid.remedy) }
}

/// Where a reader of keys stands, and what it has found: problems are collected, never thrown, so that all are told.
struct KeyReading {
    /// Whether places are worth telling: those of a file are, those inside one word of a command line are not.
    let showsLocations: Bool
    /// The aggregate or file that is being read.
    var subject: String
    /// The driver that the aggregate names; it decides which options exist. Nil when it names none or a wrong one: then
    /// those of both do.
    var driver: DesiredAggregate.DriverChoice? = .bonding
    var problems: [Problem] = []
    /// Where keys stand, by their path in the aggregate.
    var locations: [String: SourceLocation] = [:]
    private var path: [String] = []
    /// How much of the path the subject says already.
    private var said = 0

    /// There is more wrong than anybody wants to read, so what is left may stay unread.
    var isFull: Bool { problems.count > DeclarationFile.maximumProblems }

    init(subject: String, showsLocations: Bool) {
        self.subject = subject
        self.showsLocations = showsLocations
    }

    /// `ports.0.priority`
    var key: String { path.joined(separator: ".") }

    /// Reads something that stands under a key.
    mutating func under<Value>(_ part: String, _ read: (inout KeyReading) -> Value) -> Value {
        path.append(part)
        defer { path.removeLast() }
        return read(&self)
    }

    /// Reads a part that has a name of its own, as a port: its problems carry that, and the keys below it.
    mutating func naming<Value>(_ subject: String, _ read: (inout KeyReading) -> Value) -> Value {
        let outer = (self.subject, said)
        (self.subject, said) = (subject, path.count)
        defer { (self.subject, said) = outer }
        return read(&self)
    }

    /// Reads an aggregate: its problems carry its name, its keys start anew.
    mutating func within<Value>(
        _ subject: String, driver: DesiredAggregate.DriverChoice?, _ read: (inout KeyReading) -> Value
    ) -> Value {
        let outer = (self.subject, self.path, self.locations, self.driver, self.said)
        (self.subject, self.path, self.locations, self.driver, self.said) = (subject, [], [:], driver, 0)
        defer { (self.subject, self.path, self.locations, self.driver, self.said) = outer }
        return read(&self)
    }

    /// Reports what is wrong with a node, unless it has been reported.
    mutating func refuse(_ node: YAMLNode, _ rule: String, _ remedy: String) {
        guard node.content != .refused else { return }
        refuse(at: node.location, value: node.text.map(Self.short), rule, remedy)
    }

    mutating func refuse(
        at location: SourceLocation?, value: String? = nil, _ rule: String, _ remedy: String,
        as category: Problem.Category = .invalid
    ) {
        let key = DriverOption.shown(path.dropFirst(said).joined(separator: "."))
        problems.append(
            Problem(
                category, subject: subject, option: key.isEmpty ? nil : key, value: value, rule: rule, remedy: remedy,
                location: showsLocations ? location : nil))
    }

    /// A value as messages show it: noise stays short and does not reach the terminal's controls.
    private static func short(_ text: String) -> String {
        let shown = SourceText.shown(text)
        let inner = String(shown.dropFirst().dropLast())
        return inner == text ? text : inner
    }
}
