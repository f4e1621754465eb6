internal import Aggregation
internal import Netlink
internal import Operations
internal import System

/// Changes to a namespace that are neither done nor rolled back, for commands that show or change something there.
struct UnfinishedChanges: Sendable {
    let records: [ChangeRecord]
    private let namespace: String?
    /// All changes are kept out, so that none can be under way.
    private let isLocked: Bool

    init(_ records: [ChangeRecord] = [], namespace: String? = nil, isLocked: Bool = false) {
        self.records = records
        self.namespace = namespace
        self.isLocked = isLocked
    }

    /// - Parameters:
    ///   - stateDirectory: where the program keeps what has to outlive it.
    ///   - distrust: told why nothing that is kept there is used, when others could have written it.
    init(of session: Session, in stateDirectory: String, distrust: (Distrust) -> Void = { _ in }) {
        let directory = "\(stateDirectory)/changes"
        // Nearly always there is none: then nothing more is asked.
        let all = ChangeJournal.records(in: directory, distrust: distrust)
        guard !all.isEmpty, let owner = try? ChangeJournal.Owner(session.namespace, name: session.namespaceName) else {
            self.init()
            return
        }
        self.init(all.filter { $0.head.owner?.matches(owner) ?? true }, namespace: session.namespaceName)
    }

    var isEmpty: Bool { records.isEmpty }

    func reads(like other: UnfinishedChanges) -> Bool { records.map(sentence) == other.records.map(other.sentence) }

    /// Those of some devices, which a change of these has to wait for.
    func concerning(_ names: Set<String>) -> [(record: ChangeRecord, devices: [String])] {
        records.compactMap { record in
            let devices = record.devices(among: names, indices: [])
            return devices.isEmpty ? nil : (record, devices)
        }
    }

    /// - Throws: what a change of these devices would be refused with.
    func requireNone(of names: Set<String>) throws(JournalError) {
        // A rehearsal beside a change that is under way is none of its business.
        guard let first = concerning(names).first(where: { !$0.record.isUnderWay(isLocked: isLocked) }) else { return }
        throw .unfinished(first.record, devices: first.devices, namespace: namespace)
    }

    /// One line for each.
    func text(_ style: Style) -> PrintableText {
        records.map { record -> PrintableText in
            "\(style.paint("warning", .warning)): \(sentence(record))\n"
        }.joined()
    }

    func sentence(_ record: ChangeRecord) -> String {
        let netns = namespace.map { " --netns \($0)" } ?? ""
        let subject = record.head.devices.isEmpty ? "a change" : "a change of \(record.deviceList)"
        let command = record.head.command.map { " (\($0))" } ?? ""
        return switch record.state(isLocked: isLocked) {
        case .underWay(let process): "\(subject) is under way: process \(process)\(command)"
        case .interrupted: "\(subject) was interrupted\(command); run aggctl rollback\(netns)"
        case .incomplete: "\(subject) was not rolled back completely\(command); see aggctl changes\(netns)"
        case .unproved:
            "\(subject) of this or a deleted network namespace was interrupted\(command); see aggctl changes\(netns)"
        case .unreadable, .newer:
            "the record of \(subject)\(command) cannot be used: \(record.reason ?? ""); see aggctl changes\(netns)"
        }
    }

    var json: JSONValue { .array(records.map { $0.json(isLocked: isLocked) }) }
}

/// A result that says beside what it found that a change is unfinished.
struct NotingUnfinishedChanges<Result: CommandResult>: CommandResult {
    let result: Result
    let unfinished: UnfinishedChanges

    var json: JSONValue {
        guard !unfinished.isEmpty, case .object(var object) = result.json else { return result.json }
        object["unfinished_changes"] = unfinished.json
        return .object(object)
    }

    func writeJSON(to writer: inout JSONWriter) {
        if unfinished.isEmpty { result.writeJSON(to: &writer) } else { writer.append(json) }
    }

    func text(_ style: Style) -> PrintableText { unfinished.text(style) + result.text(style) }
}

/// A result beside which unfinished changes are mentioned.
protocol MentionsUnfinishedChanges: CommandResult {
    /// Aggregates that it says how to change, or whether: an unfinished change of theirs would keep that from being done.
    var subjects: Set<String> { get }
}

extension StatusReport: MentionsUnfinishedChanges {
    var subjects: Set<String> { [] }
}

extension ChangeResult: MentionsUnfinishedChanges {
    var subjects: Set<String> { Set(changes.map(\.aggregate)) }
}

extension CheckResult: MentionsUnfinishedChanges {
    var subjects: Set<String> { Set(names) }
}
