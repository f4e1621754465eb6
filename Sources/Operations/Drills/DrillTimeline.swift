internal import Aggregation

/// What happened in a drill, in order, for people.
package enum DrillTimeline {
    /// - Parameter changes: what the driver said of the ports.
    package static func moments(of report: DrillReport, changes: [PortWatch.Change]) -> [DrillReport.Moment] {
        var moments: [DrillReport.Moment] = []
        if let port = report.pulledPort {
            moments.append(.init(time: report.times.fault, text: "carrier of \(port) taken away"))
            moments.append(.init(time: report.times.restored, text: "carrier of \(port) given back"))
        }
        for change in changes where change.time >= report.times.start {
            moments.append(.init(time: change.time, text: "\(change.port): \(change.from.text) -> \(change.to.text)"))
        }
        for phase in DrillPhase.allCases {
            let outages = report.flows.flatMap { $0.outages[phase] ?? [] }
            guard let first = outages.map(\.firstLost).min() else { continue }
            moments.append(.init(time: first, text: "first probe lost"))
            let ends = outages.map(\.nextAnswered)
            if let last = ends.compactMap({ $0 }).max(), !ends.contains(nil) {
                moments.append(.init(time: last, text: "all flows answered again"))
            }
        }
        // Equal times keep the order above: the fault comes before what it did.
        return moments.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(
            \.element)
    }
}

/// What a reader of the report should know beside the figures.
package enum DrillFindings {
    /// - Parameter empty: directions of ports that no flow could be found for.
    package static func all(of report: DrillReport, empty: [FlowChoice.Lane]) -> [String] {
        var findings: [String] = []
        let subject = report.subject
        if subject.mode == .activeBackup {
            let ports = report.ports.filter { $0.flowsSent > 0 }.map(\.name)
            findings.append("all flows use \(ports.joined(separator: ", ")), the active port, as active-backup means")
        } else if !empty.isEmpty {
            findings += empty.map { unused($0, subject) }
        }
        if report.pulledPort != nil, report.verdict == .noFailover {
            findings.append("flows did not come back while the port was away: there was no failover")
        }
        if report.verdict == .inconclusive {
            findings.append(
                "probes were not sent or not answered in time at the moment that matters: run the drill again, on a less "
                    + "busy machine")
        }
        if !report.isPortBack, let port = report.pulledPort {
            findings.append("\(port) was not usable again when the drill ended")
        }
        let blind = (report.lateness.maximum ?? 0) + 2 * report.interval
        if let objective = report.objective, objective < blind {
            findings.append(
                "the objective is finer than this drill could see: sending was up to \(Milliseconds(report.lateness.maximum ?? 0)) late"
            )
        } else if let late = report.lateness.percentile(0.99), late > report.interval {
            findings.append(
                "one round of probes in a hundred was sent more than \(Milliseconds(late)) late: shorter outages may have been missed"
            )
        }
        return findings
    }

    private static func unused(_ lane: FlowChoice.Lane, _ subject: DrillSubject) -> String {
        switch lane.direction {
        case .sent:
            let policy = subject.hashPolicy.map { " with transmit hash policy \($0)" } ?? ""
            return "no flow that was tried goes out by \(lane.port)\(policy)"
        case .received:
            return "no flow that was tried comes back by \(lane.port): the far end decides that"
        }
    }
}

/// A time for people: `37.9 ms`.
package struct Milliseconds: CustomStringConvertible, Sendable {
    private let nanoseconds: Int64

    package init(_ nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package var description: String {
        let tenths = (abs(nanoseconds) + 50_000) / 100_000
        let sign = nanoseconds < 0 && tenths > 0 ? "-" : ""
        return "\(sign)\(tenths / 10)\(tenths % 10 == 0 ? "" : ".\(tenths % 10)") ms"
    }
}
