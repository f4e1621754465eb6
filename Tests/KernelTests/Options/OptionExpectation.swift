import Aggregation
import Glibc

/// What the option table says should come of writing a value.
struct OptionExpectation: Sendable, CustomStringConvertible {
    let isMet: @Sendable (Outcome) -> Bool
    let description: String

    static let taken = OptionExpectation(isMet: { $0 == .taken }, description: "taken and read back")
    static let unknown = OptionExpectation(isMet: { $0 == .ignored }, description: "ignored, as unknown to this kernel")
    static let deferred = OptionExpectation(isMet: { $0 == .ignored }, description: "kept until the port joins")

    static func refused(_ errno: Int32, _ why: String) -> OptionExpectation {
        OptionExpectation(isMet: { $0.errno == errno }, description: "refused with \(ErrorName.of(errno)): \(why)")
    }

    /// Kernels differ in it; another check sees that one kernel agrees with itself.
    static let takenOrRefused = OptionExpectation(
        isMet: { $0 == .taken || $0.errno == EINVAL }, description: "taken, or refused with EINVAL")
    /// The kernel chooses.
    static let elected = OptionExpectation(
        isMet: { if case .changed(.port(.some)) = $0 { true } else { $0 == .ignored } }, description: "a port elected")

    /// - Parameter isKnown: the kernel reports the option.
    init(_ row: OptionDefinition, _ value: OptionValue, _ mode: Mode, _ situation: Situation, isKnown: Bool) {
        self =
            if !isKnown { .unknown } else if !row.accepted.contains(mode) {
                .refused(EACCES, "the mode does not take it")
            } else if situation.hasPorts, row.change.needsNoPorts {
                .refused(ENOTEMPTY, "there are ports")
            } else if situation.isUp, row.change.needsDown {
                .refused(EBUSY, "the aggregate is up")
            } else if Self.dependsOnKernel(row, value) { .takenOrRefused } else if case .port(let name) = value {
                Self.port(row, name, hasPorts: situation.hasPorts)
            } else { .taken }
    }

    private init(isMet: @escaping @Sendable (Outcome) -> Bool, description: String) {
        self.isMet = isMet
        self.description = description
    }

    /// Whether the table says that some kernels take the value and some do not.
    static func dependsOnKernel(_ row: OptionDefinition, _ value: OptionValue) -> Bool {
        if row.withdrawn?.value == value { return true }
        guard case .choice(let choices) = row.kind else { return false }
        return choices.contains { .number($0.number) == value && $0.since != nil }
    }

    private static func port(_ row: OptionDefinition, _ name: String?, hasPorts: Bool) -> OptionExpectation {
        if hasPorts { return name == nil && row.name == "active_slave" ? .elected : .taken }
        if name == nil { return .taken }
        return row.needs.contains(.ownPort) ? .refused(EINVAL, "it is no port of the aggregate") : .deferred
    }
}

/// Compares what was measured with the option table.
struct OptionMatrixCheck {
    let matrix: OptionMatrix

    /// Every disagreement in one mode, in words: option, value, situation, expected and seen.
    func disagreements(in mode: Mode) -> [String] {
        let measured = matrix.measurements.filter { $0.mode == mode }
        return measured.compactMap(disagreement) + measured.compactMap(sideEffect) + defaults(in: mode)
    }

    /// Values that only some kernels take: this one has to treat each alike wherever the option can be set.
    func inconsistencies() -> [String] {
        let uncertain = matrix.measurements.filter { measurement in
            row(measurement).map { OptionExpectation.dependsOnKernel($0, measurement.value) } == true
                && (measurement.outcome == .taken || measurement.outcome.errno == EINVAL)
        }
        return Dictionary(grouping: uncertain) { "\($0.option) \($0.value)" }.compactMap { name, all in
            Set(all.map { $0.outcome == .taken }).count == 1 ? nil : "\(name) is taken here and refused there"
        }
    }

    private func row(_ measurement: Measurement) -> OptionDefinition? {
        (measurement.subject == .aggregate ? BondingOptions.table : BondingPortOptions.table)[measurement.option]
    }

    private func disagreement(_ measurement: Measurement) -> String? {
        guard let row = row(measurement) else { return nil }
        let text = row.format(measurement.value)
        let place = "\(row.name) \(text) in \(measurement.mode), \(measurement.situation.rawValue)"
        guard measurement.isInRange else { return outside(measurement, row, place) }
        if let remains = measurement.remains { return "\(place): refused, and yet changed to \(row.format(remains))" }
        let expected = OptionExpectation(
            row, measurement.value, measurement.mode, measurement.situation,
            isKnown: matrix.knows(row, measurement.subject))
        if case .refused(let refusal) = measurement.outcome, let option = refusal.option, option != row.name {
            return "\(place): the kernel points at \(option)"
        }
        return expected.isMet(measurement.outcome) ? nil : "\(place): expected \(expected), seen \(measurement.outcome)"
    }

    /// Where we refuse what the kernel lets pass: a priority of 0 is outside what the option is documented to have
    /// (Documentation/networking/bonding.rst).
    private static let stricterThanTheKernel: Set<String> = ["actor_port_prio"]

    /// A value just outside the range: the kernel refuses it, or the table's range is not the kernel's.
    private func outside(_ measurement: Measurement, _ row: OptionDefinition, _ place: String) -> String? {
        guard matrix.knows(row, measurement.subject) else { return nil }
        switch measurement.outcome {
        case .refused, .unsendable: return nil
        case .taken where Self.stricterThanTheKernel.contains(row.name):
            let isRefusedByUs = (try? row.parse(row.format(measurement.value))) == nil
            return isRefusedByUs ? nil : "\(place): neither the kernel nor we refuse it"
        default: return "\(place): expected a refusal, seen \(measurement.outcome)"
        }
    }

    /// An option that changed along with another without the table saying so.
    private func sideEffect(_ measurement: Measurement) -> String? {
        guard let row = row(measurement), measurement.option != "mode" else { return nil }
        let table = measurement.subject == .aggregate ? BondingOptions.table : BondingPortOptions.table
        let surprising = measurement.sideEffects.filter { name in
            guard let other = table[name] else { return true }
            let follows = other.needs.contains(.multipleOf(row.name)) || other.excludes == row.name
            // The active port is the outcome of an election that the primary takes part in.
            return !follows && !(row.name == "primary" && name == "active_slave")
        }
        return surprising.isEmpty
            ? nil
            : "\(row.name) \(row.format(measurement.value)) in \(measurement.mode), \(measurement.situation.rawValue): "
                + "changes \(surprising.joined(separator: ", ")) too"
    }

    private func defaults(in mode: Mode) -> [String] {
        let fresh = [(BondingOptions.table, matrix.defaults), (BondingPortOptions.table, matrix.portDefaults)]
        return fresh.flatMap { table, defaults in
            table.rows.filter { $0.name != "mode" }.compactMap { row -> String? in
                guard let seen = defaults[mode]?[row.name] else { return nil }
                let expected = row.defaultValue.value(in: mode)
                return seen == expected
                    ? nil
                    : "\(row.name) in \(mode): expected the default \(row.format(expected)), seen \(row.format(seen))"
            }
        }
    }
}
