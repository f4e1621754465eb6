internal import Aggregation
internal import Operations

/// What a drill measured, for people and for programs.
struct DrillResult: CommandResult {
    let report: DrillReport

    var exitStatus: ExitStatus {
        switch report.verdict {
        case .measured, .met: .done
        case .missed, .noFailover: .objectiveMissed
        }
    }

    var json: JSONValue { ["schema": 1, "drill": DrillJSON(report: report).value] }

    func text(_ style: Style) -> String { DrillText(report: report, style: style).text }
}
