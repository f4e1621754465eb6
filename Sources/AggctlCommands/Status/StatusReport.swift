internal import Aggregation

/// What `aggctl status` says.
struct StatusReport: ListResult {
    static let listName = "aggregates"
    let aggregates: [AggregateStatus]

    var elements: some Sequence<JSONValue> { aggregates.lazy.map(\.json) }

    func text(_ style: Style) -> PrintableText {
        guard !aggregates.isEmpty else { return "no aggregates\n" }
        return aggregates.map { StatusText(status: $0, style: style).text }.joined(separator: "\n")
    }

    /// The code of the worst of them.
    var exitStatus: ExitStatus {
        switch aggregates.map(\.verdict).max() ?? .healthy {
        case .healthy: .done
        case .settling, .unknown, .degraded: .degraded
        case .misconfigured, .down: .down
        }
    }
}
