package import Operations

/// What a drill measured, for people and for programs.
package struct DrillResult: CommandResult {
    package let report: DrillReport

    package init(report: DrillReport) { self.report = report }

    package var exitStatus: ExitStatus {
        switch report.verdict {
        case .measured, .met: .done
        case .missed, .noFailover: .objectiveMissed
        case .inconclusive: .failed
        }
    }

    package var json: JSONValue { ["schema": 1, "drill": DrillJSON(report: report).value] }

    package func text(_ style: Style) -> PrintableText { DrillText(report: report, style: style).text }
}
