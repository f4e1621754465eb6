package import Aggregation

/// The file in which aggregates are declared: YAML text to desired aggregates and back.
package enum DeclarationFile {
    /// The format that this program reads and writes.
    package static let version: Int64 = 1
    /// More problems than these are not told: noise can have a hundred thousand.
    static let maximumProblems = 100

    /// Reads a file's bytes.
    ///
    /// - Parameter fileName: the name that places in problems carry.
    /// - Throws: every problem of the file, in the order of their places.
    package static func parse(bytes: [UInt8], fileName: String) throws(Problems) -> [DesiredAggregate] {
        let result = YAMLReader.read(bytes, fileName: fileName)
        var reading = KeyReading(subject: fileName, showsLocations: true)
        var document = Document()
        if let root = result.root { _ = Document.table.read(root, into: &document, &reading) }
        let aggregates = document.aggregates ?? []
        let problems = result.problems + reading.problems + DeclarationChecks.problems(between: aggregates)
        guard problems.isEmpty else { throw Problems(inOrder(problems, fileName)) }
        return aggregates
    }

    /// Reads a file's text.
    package static func parse(text: String, fileName: String) throws(Problems) -> [DesiredAggregate] {
        try parse(bytes: Array(text.utf8), fileName: fileName)
    }

    /// Writes a file that ``parse(text:fileName:)`` reads back as the same aggregates.
    ///
    /// A file says what is to be, so options that only edit a list (`+=`, `-=`) are worked into the list they edit.
    package static func render(_ aggregates: [DesiredAggregate]) -> String {
        var lines = ["version: \(version)"]
        lines.append(aggregates.isEmpty ? "aggregates: []" : "aggregates:")
        for aggregate in aggregates {
            let block = YAMLWriter.block(AggregateKeys.table.write(aggregate.withListEditsApplied))
            lines += block.enumerated().map { ($0 == 0 ? "  - " : "    ") + $1 }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func inOrder(_ problems: [Problem], _ fileName: String) -> [Problem] {
        let sorted = problems.enumerated().sorted { left, right in
            let (first, second) = (left.element.location, right.element.location)
            return (first?.line ?? 0, first?.column ?? 0, left.offset)
                < (second?.line ?? 0, second?.column ?? 0, right.offset)
        }.map(\.element)
        guard sorted.count > maximumProblems else { return sorted }
        let rest = Problem(
            .invalid, subject: fileName, rule: "there are more problems, these are the first \(maximumProblems)",
            remedy: "is it the right file?")
        return sorted.prefix(maximumProblems) + [rest]
    }
}

/// The file's outermost mapping.
struct Document: Sendable {
    var version: Int64?
    var aggregates: [DesiredAggregate]?

    static let table = KeyTable<Document>([
        Key("version", \.version, versionForm, isRequired: true, help: "The version of the format."),
        Key(
            "aggregates", \.aggregates, aggregatesForm, isRequired: true,
            help: "The aggregates to manage; others are never touched."),
    ])

    private static let versionForm = Form<Int64>.scalar(
        "1", schema: ["const": .integer(DeclarationFile.version)],
        parse: { text throws(InvalidText) in
            guard let number = Int64(text), number == DeclarationFile.version else {
                throw InvalidText("it is a format that this aggctl does not know", "write version: 1")
            }
            return number
        }, write: { .plain(String($0)) })

    private static let aggregatesForm = Form<[DesiredAggregate]>(
        read: { node, reading in
            guard case .sequence(let items) = node.content else {
                reading.refuse(node, "it is \(node.kindText)", "write a list: each aggregate begins with - name:")
                return nil
            }
            return items.enumerated().compactMap { index, item in
                reading.isFull ? nil : readAggregate(item, number: index + 1, &reading)
            }
        }, write: { .sequence($0.map { YAMLNode(.mapping(AggregateKeys.table.write($0))) }) },
        facts: FormFacts(
            allowed: "a list of aggregates",
            schema: ["type": "array", "items": AggregateKeys.table.schema]))

    private static func readAggregate(
        _ node: YAMLNode, number: Int, _ reading: inout KeyReading
    ) -> DesiredAggregate? {
        // Name and driver are looked at first: problems carry the one, options depend on the other.
        let nameText = node["name"]?.text ?? ""
        let name = try? InterfaceName(nameText)
        guard let anyName = name ?? unnamed else { return nil }
        let driver = node["driver"].flatMap { DesiredAggregate.DriverChoice(rawValue: $0.text ?? "") }
        return reading.within(name?.text ?? "aggregate \(number)", driver: driver) { reading in
            var aggregate = DesiredAggregate(name: anyName)
            let complete = AggregateKeys.table.read(
                node, into: &aggregate, &reading, hint: { DriverOptions.hint($0, driver, .aggregate) })
            if let place = reading.locations["name"] ?? node.location { reading.locations["name"] = place }
            aggregate.locations = reading.locations
            reading.problems += DeclarationChecks.problems(in: aggregate)
            return complete && name != nil ? aggregate : nil
        }
    }

    /// Stands in while the keys of an aggregate with a wrong name are looked at.
    private static let unnamed = try? InterfaceName("unnamed")
}

extension DesiredAggregate {
    fileprivate var withListEditsApplied: DesiredAggregate {
        var copy = self
        copy.options = []
        for option in options {
            let index = copy.options.firstIndex { $0.name == option.name }
            var items = index.map { copy.options[$0].items } ?? []
            switch option.edit {
            case .replace: items = []
            case .add: items += option.items
            case .remove: items.removeAll { option.items.contains($0) }
            }
            let text = option.edit == .replace ? option.text : DriverOption.text(of: items)
            let whole = DriverOption(name: option.name, text: text, location: option.location)
            if let index { copy.options[index] = whole } else { copy.options.append(whole) }
        }
        return copy
    }
}

extension DriverOption {
    fileprivate static func text(of items: [String]) -> String {
        guard let first = items.first else { return "none" }
        guard items.contains(where: FlowText.isStructured) else { return items.joined(separator: ",") }
        return items.count == 1 ? first : "[\(items.joined(separator: ", "))]"
    }

    fileprivate var items: [String] {
        if text == "none" || text == "default" { return [] }
        // Mappings are items as a whole; a list of them is written back in brackets.
        if let node = FlowText.node(text) {
            if case .sequence(let items) = node.content { return items.map(YAMLWriter.flow) }
            return [YAMLWriter.flow(node)]
        }
        return text.split(separator: ",").map { String($0.drop { $0 == " " }) }
    }
}
