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

    /// A key that an option of the command has given, as `--mode` gives `mode`.
    package struct Given: Sendable {
        let word: String
        let option: String

        package init(_ key: String, _ value: String, by option: String) {
            word = "\(key)=\(value)"
            self.option = option
        }
    }

    /// Sets keys of an aggregate.
    ///
    /// A nested key changes, and an edit edits, what the aggregate already says; ``keysBuiltUpon(in:)`` tells what a
    /// caller has to fill in first from what exists.
    ///
    /// - Parameter given: what options of the command have said; the same key again contradicts them.
    package static func apply(
        _ settings: [String], to aggregate: inout DesiredAggregate, given: [Given] = []
    ) throws(Problems) {
        let reader = SettingReader(
            table: AggregateKeys.table, subject: .aggregate, driver: aggregate.driver,
            givenElsewhere: givenElsewhere)
        var changed = aggregate
        var reading = KeyReading(subject: aggregate.name.text, showsLocations: false)
        reading.driver = aggregate.driver
        reader.apply(given, settings, to: &changed, options: \.options, &reading)
        refuseIdle(given.map(\.word) + settings, changed, &reading)
        if reading.problems.isEmpty { reading.problems = DeclarationChecks.problems(in: changed) }
        guard reading.problems.isEmpty else { throw Problems(reading.problems) }
        aggregate = changed
    }

    /// Words that do nothing where they stand.
    private static func refuseIdle(_ words: [String], _ changed: DesiredAggregate, _ reading: inout KeyReading) {
        let keys = words.compactMap(SettingWord.init).compactMap(\.path.first)
        if !keys.isEmpty, keys.allSatisfy({ $0 == "approximate" }) {
            reading.under("approximate") {
                $0.refuse(
                    at: nil, "it changes nothing by itself", "give it together with the setting that needs it",
                    as: .usage)
            }
        }
        if changed.state == .absent, keys.contains(where: { $0 != "state" }) {
            reading.under("state") {
                $0.refuse(
                    at: nil, value: "absent", "it leaves nothing that the other settings could change",
                    "use aggctl delete \(changed.name)", as: .usage)
            }
        }
    }

    /// A port and what is said beside it.
    package struct PortWish: Sendable {
        package var port: DesiredPort
        /// As `approximate` of the aggregate.
        package var approximate = false

        package init(_ port: DesiredPort) { self.port = port }
    }

    private static let portTable = KeyTable<PortWish>(
        PortKeys.settings.map { $0.lifted(to: \.port) } + [
            Key(
                "approximate", { $0.approximate }, { $0.approximate = $1 }, .boolean, unless: false,
                help: "A key that the driver honours only nearly is a warning, not an error.")
        ])

    /// Sets keys of a port of an aggregate.
    package static func apply(
        _ settings: [String], to wish: inout PortWish, of aggregate: String,
        driver: DesiredAggregate.DriverChoice = .bonding
    ) throws(Problems) {
        let reader = SettingReader(table: portTable, subject: .port, driver: driver, givenElsewhere: [:])
        var changed = wish
        var reading = KeyReading(subject: "\(aggregate) port \(wish.port.selector)", showsLocations: false)
        reading.driver = driver
        reader.apply([], settings, to: &changed, options: \.port.options, &reading)
        guard reading.problems.isEmpty else { throw Problems(reading.problems) }
        wish = changed
    }

    /// Reads a port that a command names: a name, an alternative name, or a selector in braces.
    package static func port(_ text: String, of aggregate: String) throws(Problems) -> PortSelector {
        var reading = KeyReading(subject: aggregate, showsLocations: false)
        let selector = reading.under("ports") { reading in
            SettingWord.node(text, isStructure: true, &reading).flatMap { PortKeys.selector.read($0, &reading) }
        }
        guard reading.problems.isEmpty, let selector else { throw Problems(reading.problems) }
        return selector
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
