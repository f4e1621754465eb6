package import Aggregation

/// The page of the matrix, derived from its profiles.
package enum FeatureReference {
    package static func markdown(_ matrix: FeatureMatrix) -> String {
        let rows = matrix.rows.map { FeatureSummary(feature: $0, drivers: DriverKind.allCases, kernel: nil) }
        return """
            # Feature matrix

            Derived from `profiles/features`; `aggctl features` shows the same, and `aggctl recommend` decides by it. Rows \
            1 to 29 are those of a comparison that was published in 2023, in its order, with what it claimed and what is \
            left of that. An answer that depends on the mode is told mode by mode below the table. *Since* is the first \
            Linux or libteam that has it; stable kernels carry backports. *code* was read in the source named, *observed* \
            seen on a running kernel, *document* read in what is named.

            | row | feature | bonding | teaming | 2023 | today |
            | --: | --- | --- | --- | --- | --- |
            \(rows.map(line).joined(separator: "\n"))

            \(rows.map(section).joined(separator: "\n"))
            """
    }

    private static func line(_ row: FeatureSummary) -> String {
        let claim = row.feature.claim
        let cells = [
            "\(row.feature.row)", "[\(row.feature.title)](#\(row.feature.row)-\(row.feature.name))",
            row.shortAnswer(.bonding), row.shortAnswer(.teaming),
            claim.map { "\($0.bonding) / \($0.teaming)" } ?? "", claim?.verdict.rawValue ?? "",
        ]
        return "| " + cells.joined(separator: " | ") + " |"
    }

    private static func section(_ row: FeatureSummary) -> String {
        var text = "## \(row.feature.row) \(row.feature.name)\n\n\(row.feature.title).\n\n"
        if let claim = row.feature.claim {
            text += "In 2023: bonding \(claim.bonding), teaming \(claim.teaming); \(claim.verdict.rawValue) today."
            text += (claim.reason.map { " \($0)" } ?? "") + "\n\n"
        }
        for cell in row.drivers.flatMap(row.cells) { text += item(cell, row) }
        return text
    }

    private static func item(_ cell: Feature.Cell, _ row: FeatureSummary) -> String {
        var parts = ["**\(cell.driver.rawValue): \(cell.answer.rawValue)**\(row.modesText(cell)). \(cell.text)"]
        if let since = FeatureSummary.sinceText(cell) { parts.append("Since \(since).") }
        if let until = cell.until { parts.append("Supported until \(until).") }
        if !cell.lacks.isEmpty { parts.append("Cannot set: \(cell.lacks.joined(separator: ", ")).") }
        if !cell.conditions.isEmpty { parts.append("Needs: \(cell.conditions.joined(separator: "; ")).") }
        if let onSwitch = cell.switchSetup { parts.append("Switch: \(onSwitch)") }
        if let risk = cell.risk { parts.append("Risk: \(risk)") }
        if let trial = cell.trial { parts.append("To try: \(trial)") }
        return "- " + parts.joined(separator: " ") + " *\(FeatureSummary.sourceText(cell))*\n"
    }
}
