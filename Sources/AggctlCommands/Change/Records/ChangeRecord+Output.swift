internal import Aggregation
internal import FoundationEssentials
internal import Operations

/// A record for people and for programs.
extension ChangeRecord {
    /// Why it cannot be rolled back by this version.
    var reason: String? {
        switch content {
        case .rollback: nil
        case .unreadable(let reason): reason
        case .newer(let format): "format \(format), written by a newer version"
        }
    }

    var deviceList: String { head.devices.joined(separator: ", ") }

    func json(isLocked: Bool = false) -> JSONValue {
        let state = state(isLocked: isLocked)
        var object: JSONObject = [
            "id": .string(id), "state": .string(state.word), "devices": .array(head.devices.map { .string($0) }),
            "command": JSONValue(head.command), "started": JSONValue(head.started?.formatted(.iso8601)),
            "user": JSONValue(head.user), "namespace": JSONValue(head.owner?.name), "file": .string(path),
        ]
        if case .underWay(let process) = state { object["process"] = .integer(Int64(process)) }
        if let reason { object["reason"] = .string(reason) }
        if let left { object["remaining"] = .array(left.map { .string($0) }) }
        if let steps = head.steps, rollback != nil {
            object["steps"] = .integer(Int64(steps))
            object["steps_begun"] = .integer(Int64(begun ?? 0))
        }
        return .object(object)
    }

    func text(_ style: Style) -> PrintableText {
        let state = state()
        var text: PrintableText = "\(style.paint(id, .heading))  \(style.paint(state.phrase, state.role))"
        if let command = head.command { text += "  \(command)" }
        var origin: [String] = []
        if let started = head.started { origin.append("started \(started.formatted(.iso8601))") }
        if let user = head.user { origin.append("user \(user)") }
        if let name = head.owner?.name { origin.append("namespace \(name)") }
        if case .underWay(let process) = state { origin.append("process \(process)") }
        if let steps = head.steps, rollback != nil { origin.append("step \(begun ?? 0) of \(steps)") }
        var lines = origin.isEmpty ? [] : [origin.joined(separator: ", ")]
        lines.append("devices: \(head.devices.isEmpty ? "unknown" : deviceList)")
        if let reason { lines.append("\(path): \(reason)") }
        lines += (left ?? []).map { "still differs: \($0)" }
        lines += next(state).map { "next: \($0)" }
        return text + "\n" + lines.map { "    \($0)\n" as PrintableText }.joined()
    }

    /// What can be done about it.
    private func next(_ state: State) -> [String] {
        let netns = head.owner?.name.map { " --netns \($0)" } ?? ""
        return switch state {
        case .underWay: []
        case .interrupted: ["aggctl rollback\(netns)"]
        case .incomplete: ["aggctl rollback\(netns), or aggctl rollback\(netns) --accept \(id)"]
        case .unproved: ["aggctl rollback\(netns) \(id) --dry-run, then the same without, or --accept \(id)"]
        case .unreadable, .newer: ["aggctl rollback --accept \(id)"]
        }
    }
}

extension ChangeRecord.State {
    /// For programs.
    var word: String {
        switch self {
        case .underWay: "under_way"
        case .interrupted: "interrupted"
        case .incomplete: "incomplete"
        case .unproved: "unproved"
        case .unreadable: "unreadable"
        case .newer: "newer_format"
        }
    }

    fileprivate var phrase: String {
        switch self {
        case .underWay: "under way"
        case .interrupted: "interrupted"
        case .incomplete: "not rolled back completely"
        case .unproved: "interrupted, namespace not proved"
        case .unreadable: "unreadable"
        case .newer: "newer format"
        }
    }

    fileprivate var role: Style.Role { if case .underWay = self { .warning } else { .bad } }
}
