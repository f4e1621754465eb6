import Aggregation
import Glibc

/// What the kernel did with every option in every mode and situation.
struct OptionMatrix: Sendable {
    var measurements: [Measurement] = []
    /// What a fresh aggregate or a fresh port of each mode reports.
    var defaults: [Mode: OptionValues] = [:]
    var portDefaults: [Mode: OptionValues] = [:]

    /// Whether the kernel reports the option at all: what it does not report it does not know.
    func knows(_ row: OptionDefinition, _ subject: OptionTable.Subject) -> Bool {
        let defaults = subject == .aggregate ? defaults : portDefaults
        return row.accepted.modes.contains { defaults[$0]?[row.name] != nil }
    }
}

/// What an aggregate is like when one of its options, or one of its ports' options, is written.
enum Situation: String, Sendable, CaseIterable {
    case create = "at creation"
    case down = "down without ports"
    case up = "up without ports"
    case downWithPorts = "down with two ports"
    case upWithPorts = "up with two ports"

    static func all(_ subject: OptionTable.Subject) -> [Situation] {
        subject == .aggregate ? allCases : allCases.filter(\.hasPorts)
    }

    var isUp: Bool { self == .up || self == .upWithPorts }
    var hasPorts: Bool { self == .downWithPorts || self == .upWithPorts }
}

/// One value written once.
struct Measurement: Sendable {
    let subject: OptionTable.Subject
    let option: String
    let mode: Mode
    let situation: Situation
    let value: OptionValue
    /// Whether the table has the value.
    let isInRange: Bool
    let outcome: Outcome
    /// What a refused request changed the option to all the same.
    let remains: OptionValue?
    /// Other options that are not as they were.
    let sideEffects: [String]
}

/// What came of writing a value, as far as reading back tells.
enum Outcome: Sendable, Hashable {
    case taken
    /// No error, and nothing is as if it had been written.
    case ignored
    /// No error, but another value.
    case changed(OptionValue)
    case refused(Refusal)
    /// Cannot be put into a message.
    case unsendable

    struct Refusal: Sendable, Hashable {
        let errno: Int32
        /// The kernel's own words.
        let words: String
        /// The option that the kernel's answer points at.
        let option: String?
    }

    var errno: Int32? { if case .refused(let refusal) = self { refusal.errno } else { nil } }
}

extension Outcome: CustomStringConvertible {
    var description: String {
        switch self {
        case .taken: "taken"
        case .ignored: "ignored"
        case .changed(let value): "changed to \(value)"
        case .refused(let refusal): "refused: \(ErrorName.of(refusal.errno)), \"\(refusal.words)\""
        case .unsendable: "cannot be sent"
        }
    }
}

/// Error numbers as C programs spell them.
enum ErrorName {
    private static let names = [
        EACCES: "EACCES", EBUSY: "EBUSY", ENOTEMPTY: "ENOTEMPTY", EINVAL: "EINVAL", EPERM: "EPERM", ERANGE: "ERANGE",
        EOPNOTSUPP: "EOPNOTSUPP", ENODEV: "ENODEV",
    ]

    static func of(_ number: Int32) -> String { names[number] ?? "error \(number)" }
}
