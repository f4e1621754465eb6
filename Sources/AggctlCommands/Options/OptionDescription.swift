internal import Aggregation

/// One row of an option table in words: what the command, its JSON and the reference page have in common.
struct OptionDescription {
    let row: OptionDefinition
    let driver: DriverKind
    let subject: OptionTable.Subject
    /// The kind of link watch that the option belongs to.
    var watch: LinkWatch.Kind?

    /// Every option of a driver: those of the aggregate, then those of its ports, then those of link watches.
    static func all(_ driver: DriverKind) -> [OptionDescription] {
        let tables = [OptionTables.shared.aggregate(driver), OptionTables.shared.port(driver)]
        let options = tables.flatMap { table in
            table.rows.map { OptionDescription(row: $0, driver: driver, subject: table.subject) }
        }
        guard driver == .teaming else { return options }
        return options
            + LinkWatch.Kind.allCases.flatMap { kind in
                LinkWatchOptions.table(kind).rows.map {
                    OptionDescription(row: $0, driver: driver, subject: .watch, watch: kind)
                }
            }
    }

    /// Two kinds of link watches have options of one name: `arp_ping.target_host`.
    var name: String { watch.map { "\($0.rawValue).\(row.name)" } ?? row.name }

    var choices: [ValueKind.Choice] { if case .choice(let choices) = row.kind { choices } else { [] } }

    /// The default that holds unless the mode has one of its own.
    var generalDefault: String { row.format(row.defaultValue.general) }

    /// Modes with a default of their own.
    var defaultsByMode: [(mode: Mode, text: String)] {
        row.defaultValue.exceptions.flatMap { exception in
            exception.modes.modes(of: driver).map { ($0, row.format(exception.value)) }
        }
    }

    /// `0ms; 100ms in lacp, balance-tlb, balance-alb`.
    var defaultText: String {
        let exceptions = row.defaultValue.exceptions.map { exception in
            "\(row.format(exception.value)) in \(list(exception.modes))"
        }
        return ([generalDefault] + exceptions).joined(separator: "; ")
    }

    var acceptedText: String { list(row.accepted) }
    var effectiveText: String { list(row.effective) }

    /// `Linux 5.18`, `libteam 1.32`.
    var sinceText: String { "\(driver == .bonding ? "Linux" : "libteam") \(row.since)" }

    /// What must be so for the option to be accepted or to do anything.
    var needsTexts: [String] {
        row.needs.map { need in
            switch need {
            case .nonZero(let option): "\(option) is not 0"
            case .multipleOf(let option): "a multiple of \(option)"
            case .effectNeeds(let option, let minimum): "does nothing unless \(option) is \(least(minimum, of: option))"
            case .ownPort: "a port of the aggregate"
            case .ownPortInTime: "a port of the aggregate; kept, and not shown, until that port joins"
            case .required: "has to be given"
            case .transmitQueueIndex: "less than the transmit queues of the aggregate, 16 unless it was made with more"
            case .transmitQueue: "at most the transmit queues of the aggregate, 16 unless it was made with more"
            }
        }
    }

    /// A number as a bound, a choice by its name.
    private func least(_ minimum: Int64, of option: String) -> String {
        let other = OptionTables.shared.table(driver, subject)[option]
        if let other, case .choice = other.kind { return other.format(.number(minimum)) }
        return "at least \(minimum)"
    }

    /// `off is refused by Linux 7.2`.
    var withdrawnText: String? {
        row.withdrawn.map { "\(row.format($0.value)) is refused by newer kernels, seen on Linux \($0.refusedBy)" }
    }

    /// The word for the kind of value.
    var type: String {
        switch row.kind {
        case .integer: "integer"
        case .duration: "duration"
        case .boolean: "boolean"
        case .choice: "choice"
        case .port: "port"
        case .ethernetAddress: "address"
        case .targets, .names, .watches: "list"
        case .text: "text"
        }
    }

    /// `IFLA_BOND number 3, u32`.
    var wireText: String {
        switch row.wire {
        case .json:
            "\(subject == .port ? "ports.PORT." : subject == .watch ? "link_watch." : "")\(row.name) in teamd's configuration"
        case .stateItem: "\(row.name) in teamd's state"
        default:
            "\(subject == .aggregate ? "IFLA_BOND" : "IFLA_BOND_SLAVE") attribute \(row.attribute), \(row.wire.rawValue)"
        }
    }

    func list(_ modes: ModeSet) -> String {
        let names = modes.modes(of: driver)
        return names.count == Mode.modes(of: driver).count
            ? "every mode" : names.map(\.rawValue).joined(separator: ", ")
    }
}
