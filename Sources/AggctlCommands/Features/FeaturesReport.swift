internal import Aggregation

/// What `aggctl features` says.
struct FeaturesReport: CommandResult {
    let features: [FeatureSummary]
    /// Everything about a few instead of a line about each.
    let isDetailed: Bool

    var json: JSONValue { ["schema": 1, "features": .array(features.map(\.json))] }

    func text(_ style: Style) -> PrintableText {
        isDetailed ? features.map { $0.details(style) }.joined(separator: "\n") : table(style)
    }

    private func table(_ style: Style) -> PrintableText {
        let drivers = features.first?.drivers ?? []
        let columns = [TextTable.Column("ROW", .right), .init("FEATURE")]
        var table = TextTable(
            columns + drivers.map { .init($0.rawValue.uppercased()) }
                + [.init("2023 SAID"), .init("TODAY"), .init("WHAT IT IS")])
        for summary in features {
            let feature = summary.feature
            table.add(
                [.init(String(feature.row)), .init(feature.name)] + drivers.map { .init(summary.shortAnswer($0)) }
                    + [
                        .init(feature.claim.map { claim in drivers.map(claim.text).joined(separator: "/") }),
                        .init(feature.claim?.verdict.rawValue, feature.claim?.verdict.role), .init(feature.title),
                    ])
        }
        return table.render(style)
            + "\n2023 SAID: what a comparison published then says; TODAY: whether that is right. aggctl features ROW "
            + "tells all of a row.\nModes: \(PrintableText(Mode.shortNames)).\n"
    }
}

extension Feature.Claim.Verdict {
    fileprivate var role: Style.Role? {
        switch self {
        case .right: nil
        case .partly: .warning
        case .wrong: .bad
        }
    }
}

extension FeatureSummary {
    private static let indent = 4
    private static let titleWidth = 12

    /// Everything about the row, a line for each fact.
    fileprivate func details(_ style: Style) -> PrintableText {
        var text: PrintableText = "\(style.paint("\(feature.row) \(feature.name)", .heading))\n"
        text += Self.line("What it is", feature.title)
        if let claim = feature.claim {
            let said = drivers.map { "\($0.rawValue) \(claim.text($0))" }.joined(separator: ", ")
            text += Self.line("In 2023", "\(said): \(claim.verdict.rawValue) today")
            if let reason = claim.reason { text += Self.line("", reason) }
        }
        for driver in drivers {
            for cell in cells(driver) { text += details(cell, style) }
        }
        return text
    }

    private func details(_ cell: Feature.Cell, _ style: Style) -> PrintableText {
        let answer = "\(cell.driver.rawValue): \(answer(cell).rawValue)\(modesText(cell))"
        var text: PrintableText = "\n\(PrintableText.spaces(Self.indent))\(style.paint(answer, .heading))\n"
        if let remark = remark(cell) { text += Self.line("", remark) }
        text += Self.line("", cell.text)
        if let since = Self.sinceText(cell) { text += Self.line("Since", since) }
        if let until = cell.until { text += Self.line("Until", until.description) }
        for (place, condition) in cell.conditions.enumerated() {
            text += Self.line(place == 0 ? "Needs" : "", condition)
        }
        if let onSwitch = cell.switchSetup { text += Self.line("Switch", onSwitch) }
        if let risk = cell.risk { text += Self.line("Risk", risk) }
        if let trial = cell.trial { text += Self.line("To try", trial) }
        return text + Self.line("Source", Self.sourceText(cell))
    }

    private static func line(_ title: String, _ text: String) -> PrintableText {
        "\(PrintableText.spaces(indent))\(title)\(PrintableText.spaces(titleWidth - title.count))\(text)\n"
    }

    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "row": .integer(feature.row), "name": .string(feature.name), "title": .string(feature.title),
            "cells": .array(drivers.flatMap(cells).map(json)),
        ]
        if let claim = feature.claim {
            var said: JSONObject = [
                "bonding": .string(claim.bonding), "teaming": .string(claim.teaming),
                "verdict": .string(claim.verdict.rawValue),
            ]
            if let reason = claim.reason { said["reason"] = .string(reason) }
            members["claim"] = .object(said)
        }
        return .object(members)
    }

    private func json(_ cell: Feature.Cell) -> JSONValue {
        let modes = cell.modes ?? Mode.modes(of: cell.driver)
        var members: JSONObject = [
            "driver": .string(cell.driver.rawValue), "modes": .array(modes.map { .string($0.rawValue) }),
            "answer": .string(answer(cell).rawValue), "text": .string(cell.text),
            "conditions": .array(cell.conditions.map(JSONValue.string)), "source": .string(cell.source),
            "evidence": .array(cell.evidence.map { .string($0.rawValue) }),
        ]
        if let since = cell.since { members["since"] = .string(since) }
        if let until = cell.until { members["until"] = .string(until.description) }
        if let onSwitch = cell.switchSetup { members["switch"] = .string(onSwitch) }
        if let risk = cell.risk { members["risk"] = .string(risk) }
        if let trial = cell.trial { members["try"] = .string(trial) }
        if let remark = remark(cell) { members["remark"] = .string(remark) }
        return .object(members)
    }
}
