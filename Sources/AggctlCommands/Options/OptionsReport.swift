internal import Aggregation

/// What `aggctl options` says.
struct OptionsReport: CommandResult {
    let options: [OptionDescription]
    /// Everything about a few instead of a line about each.
    let isDetailed: Bool

    var json: JSONValue { ["schema": 1, "options": .array(options.map(\.json))] }

    func text(_ style: Style) -> PrintableText {
        isDetailed ? options.map { $0.details(style) }.joined(separator: "\n") : tables(style)
    }

    private func tables(_ style: Style) -> PrintableText {
        let groups: [(OptionTable.Subject, String)] = [
            (.aggregate, "Options of an aggregate"), (.port, "Options of a port"),
            (.watch, "Options of a link watch"),
        ]
        return groups.compactMap { subject, title in
            let rows = options.filter { $0.subject == subject }
            guard !rows.isEmpty else { return nil }
            var table = TextTable(
                ["OPTION", "DEFAULT", "CHANGES", rows[0].driver == .bonding ? "LINUX" : "LIBTEAM", "WHAT IT DOES"].map {
                    .init($0)
                })
            for option in rows {
                table.add([
                    .init(option.name), .init(option.defaultText), .init(option.row.change.rawValue),
                    .init(option.row.since), .init(option.row.help),
                ])
            }
            return style.paint(title, .heading) + "\n" + table.render(style)
        }.joined(separator: "\n")
    }
}

extension OptionDescription {
    /// Everything about the option, a line for each fact.
    fileprivate func details(_ style: Style) -> PrintableText {
        var lines: [(title: String, texts: [String])] = []
        if choices.isEmpty {
            lines.append(("Values", [row.allowedText]))
        } else {
            let width = choices.map(\.name.count).max() ?? 0
            lines.append(("Values", choices.map { Self.line($0, width) }))
        }
        lines.append(("Default", [defaultText]))
        lines.append(("Accepted in", [acceptedText]))
        lines.append(("Effective in", [effectiveText]))
        lines.append(("Changes", [row.change.rawValue]))
        if !needsTexts.isEmpty { lines.append(("Needs", needsTexts)) }
        if let excludes = row.excludes { lines.append(("Excludes", ["\(excludes), unless one of them is 0"])) }
        if !row.aliases.isEmpty { lines.append(("Also written", [row.aliases.joined(separator: ", ")])) }
        if let withdrawnText { lines.append(("Withdrawn", [withdrawnText])) }
        lines.append(("Since", [sinceText]))
        lines.append(("On the wire", [wireText]))
        lines.append(("Source", [row.source]))
        let title = "\(name) (\(driver.rawValue), \(subject.rawValue))"
        return "\(style.paint(title, .heading))\n    \(row.help)\n\n" + lines.map(Self.lines).joined()
    }

    private static func line(_ choice: ValueKind.Choice, _ width: Int) -> String {
        let space = String(repeating: " ", count: width - choice.name.count + 2)
        let since = choice.since.map { " (since Linux \($0))" } ?? ""
        let help = choice.help + since
        return help.isEmpty ? choice.name : choice.name + space + help
    }

    private static func lines(_ title: String, _ texts: [String]) -> PrintableText {
        texts.enumerated().map { place, text in
            let title = place == 0 ? title : ""
            return "    \(title)\(String(repeating: " ", count: 14 - title.count))\(text)\n"
        }.joined()
    }

    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "driver": .string(driver.rawValue), "subject": .string(subject.rawValue), "name": .string(name),
            "aliases": .array(row.aliases.map(JSONValue.string)), "type": .string(type),
            "default": .string(generalDefault),
            "default_by_mode": .object(JSONObject(defaultsByMode.map { ($0.mode.rawValue, .string($0.text)) })),
            "accepted_in": .array(row.accepted.modes(of: driver).map { .string($0.rawValue) }),
            "effective_in": .array(row.effective.modes(of: driver).map { .string($0.rawValue) }),
            "changes": .string(row.change.word), "needs": .array(needsTexts.map(JSONValue.string)),
            "since": .string(row.since), "help": .string(row.help), "source": .string(row.source),
            "wire_type": .string(row.wire.rawValue),
        ]
        if row.attribute != 0 { members["attribute"] = .integer(Int64(row.attribute)) }
        if let excludes = row.excludes { members["excludes"] = .string(excludes) }
        if let withdrawn = row.withdrawn {
            members["withdrawn"] = [
                "value": .string(row.format(withdrawn.value)), "refused_by": .string(withdrawn.refusedBy),
            ]
        }
        switch row.kind {
        case .integer(let range):
            members["minimum"] = .string(String(range.lowerBound))
            members["maximum"] = .string(String(range.upperBound))
        case .duration(let unit, let range):
            members["minimum"] = .string(unit.text(range.lowerBound))
            members["maximum"] = .string(unit.text(range.upperBound))
            members["unit"] = .string(unit.rawValue)
        case .choice(let choices): members["values"] = .array(choices.map(\.json))
        case .targets(_, let maximum): members["maximum_count"] = .integer(Int64(maximum))
        case .names(let choices): members["values"] = .array(choices.map(\.json))
        case .text(let maximum): members["maximum_bytes"] = .integer(Int64(maximum))
        case .boolean, .port, .ethernetAddress, .watches: break
        }
        return .object(members)
    }
}

extension ValueKind.Choice {
    fileprivate var json: JSONValue {
        var members: JSONObject = ["name": .string(name), "number": .integer(number)]
        if !help.isEmpty { members["help"] = .string(help) }
        if let since { members["since"] = .string(since) }
        return .object(members)
    }
}

extension ChangeRule {
    /// The rule as a word for programs.
    fileprivate var word: String {
        switch self {
        case .anyTime: "any_time"
        case .whileDown: "while_down"
        case .withoutPorts: "without_ports"
        case .whileDownWithoutPorts: "while_down_without_ports"
        case .byNewDaemon: "by_new_daemon"
        case .byRejoining: "by_rejoining"
        case .never: "never"
        }
    }
}
