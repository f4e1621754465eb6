import Aggregation
import Glibc

/// What was measured as the last part of docs/option-reference.md.
struct OptionMatrixText {
    let matrix: OptionMatrix
    /// The kernel's version without what a distribution's updates change: `6.1`.
    let kernel: String

    func markdown() -> String {
        """

        ## Measured on Linux \(kernel)

        Written by `make measure`, and compared by the kernel tests with what the kernel does: every value below was \
        written by rtnetlink to a bond of every mode and read back. What an option needs was set before (`miimon` for \
        the delays, `arp_interval` 0 for `miimon` and the other way round). On other kernels the same test holds what \
        they do to the table above.

        A cell has a sign for each situation: \(Self.phrase(.aggregate)); for an option of a port: \
        \(Self.phrase(.port)). `-` was not asked for. Values that were treated alike share a row.

        \(legend())

        \(table(.aggregate, "option"))

        \(table(.port, "option of a port"))

        ### Values outside the range

        aggctl takes none of these. What the kernel does with them, where it takes the option:

        \(outside())

        """
    }

    private static func phrase(_ subject: OptionTable.Subject) -> String {
        Situation.all(subject).map(\.rawValue).joined(separator: ", ")
    }

    // MARK: Signs

    /// One sign of the legend; the kernel's words are added to those that stand for refusals.
    private enum Sign: String, CaseIterable {
        case taken = "="
        case kept = "o"
        case elected = "e"
        case unknown = "."
        case mode = "m"
        case up = "u"
        case ports = "p"
        case value = "v"
        case other = "!"

        var meaning: String {
            switch self {
            case .taken: "taken, and read back equal"
            case .kept: "taken, and not shown until that port has joined"
            case .elected: "taken; the kernel elects a port at once"
            case .unknown: "taken without an error and ignored: this kernel does not know it"
            case .mode: "refused: not in this mode"
            case .up: "refused: the aggregate is up"
            case .ports: "refused: there are ports"
            case .value: "refused: not with this value here"
            case .other: "something else"
            }
        }
    }

    private func sign(_ measurement: Measurement) -> Sign {
        switch measurement.outcome {
        case .taken: return .taken
        case .ignored:
            guard case .port = measurement.value else { return .unknown }
            return measurement.value == .port(nil) ? .elected : .kept
        case .changed(.port(.some)): return .elected
        case .changed, .unsendable: return .other
        case .refused(let refusal):
            let signs: [Int32: Sign] = [EACCES: .mode, EBUSY: .up, ENOTEMPTY: .ports, EINVAL: .value]
            return signs[refusal.errno] ?? .other
        }
    }

    private func legend() -> String {
        var words: [Sign: Set<String>] = [:]
        for measurement in matrix.measurements where measurement.isInRange {
            let sign = sign(measurement)
            var said = words[sign] ?? []
            if case .refused(let refusal) = measurement.outcome { said.insert(Self.said(refusal)) }
            words[sign] = said
        }
        let rows = Sign.allCases.compactMap { sign in
            words[sign].map { "| `\(sign.rawValue)` | \(sign.meaning) | \($0.sorted().joined(separator: "; ")) |" }
        }
        return (["| sign | meaning | what the kernel says |", "| --- | --- | --- |"] + rows).joined(separator: "\n")
    }

    private static func said(_ refusal: Outcome.Refusal) -> String {
        ErrorName.of(refusal.errno) + (refusal.words.isEmpty ? "" : " “\(refusal.words)”")
    }

    // MARK: Tables

    private func table(_ subject: OptionTable.Subject, _ title: String) -> String {
        let modes = Mode.bondingModes
        var lines = [
            "| \(title) | values | \(modes.map(\.rawValue).joined(separator: " | ")) |",
            "| --- | --- |" + String(repeating: " --- |", count: modes.count),
        ]
        for row in Self.rows(subject) {
            for (cells, values) in groups(row, subject) {
                let cells = cells.map { "`\($0)`" }.joined(separator: " | ")
                lines.append("| \(row.name) | \(values.joined(separator: ", ")) | \(cells) |")
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func rows(_ subject: OptionTable.Subject) -> [OptionDefinition] {
        (subject == .aggregate ? BondingOptions.table : BondingPortOptions.table).rows
    }

    /// Values by what came of them, in the order in which they were first written.
    private func groups(
        _ row: OptionDefinition, _ subject: OptionTable.Subject
    ) -> [(cells: [String], values: [String])] {
        let all = matrix.measurements.filter { $0.subject == subject && $0.option == row.name && $0.isInRange }
        var values: [OptionValue] = []
        for measurement in all where !values.contains(measurement.value) { values.append(measurement.value) }
        var groups: [(cells: [String], values: [String])] = []
        for value in values {
            let cells = Mode.bondingModes.map { mode in
                Situation.all(subject).map { situation in
                    all.first { $0.value == value && $0.mode == mode && $0.situation == situation }
                        .map { sign($0).rawValue } ?? "-"
                }.joined()
            }
            let text = Self.text(row, value)
            if let place = groups.firstIndex(where: { $0.cells == cells }) {
                groups[place].values.append(text)
            } else {
                groups.append((cells, [text]))
            }
        }
        return groups
    }

    private static func text(_ row: OptionDefinition, _ value: OptionValue) -> String {
        switch value {
        case .port(.some): "a port"
        case .targets(let targets) where targets.count > 2: "\(targets.count) addresses"
        default: row.format(value)
        }
    }

    private func outside() -> String {
        var lines = ["| option | value | what the kernel does |", "| --- | --- | --- |"]
        for subject in [OptionTable.Subject.aggregate, .port] {
            for row in Self.rows(subject) {
                let all = matrix.measurements.filter { $0.subject == subject && $0.option == row.name && !$0.isInRange }
                var values: [OptionValue] = []
                for measurement in all where !values.contains(measurement.value) { values.append(measurement.value) }
                for value in values {
                    let outcomes = Set(all.filter { $0.value == value }.map { Self.outsideText(row, $0) }).sorted()
                    lines.append(
                        "| \(row.name) | \(Self.outsideText(row, value)) | \(outcomes.joined(separator: "; ")) |")
                }
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func outsideText(_ row: OptionDefinition, _ measurement: Measurement) -> String {
        let outcome = text(row, measurement.outcome)
        return measurement.remains.map { "\(outcome), and leaves \(text(row, $0))" } ?? outcome
    }

    /// A boolean of 2 has no word.
    private static func outsideText(_ row: OptionDefinition, _ value: OptionValue) -> String {
        if case .number(let number) = value, case .boolean = row.kind { String(number) } else { text(row, value) }
    }

    private static func text(_ row: OptionDefinition, _ outcome: Outcome) -> String {
        switch outcome {
        case .taken: "takes it"
        case .ignored: "ignores it"
        case .changed(let value): "makes it \(outsideText(row, value))"
        case .refused(let refusal): said(refusal)
        case .unsendable: "does not fit the attribute"
        }
    }
}
