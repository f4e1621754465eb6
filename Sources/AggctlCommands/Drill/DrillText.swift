internal import Aggregation
internal import Operations

/// A drill as people read it: the answer first, then what it rests on.
struct DrillText {
    let report: DrillReport
    let style: Style

    var text: PrintableText {
        var text = headline + "\n" + facts
        text += "\n" + ports.render(style, indent: 4)
        text += "\n" + flows.render(style, indent: 4)
        if !report.moments.isEmpty { text += "\n" + timeline.render(style, indent: 4) }
        if !report.findings.isEmpty {
            text += "\n" + report.findings.map { "    note: \($0)\n" as PrintableText }.joined()
        }
        return text
    }

    private var headline: PrintableText {
        let name = style.paint(report.subject.name, .heading)
        let outage =
            report.outage == 0
            ? "no outage (longest time between answered probes \(time(report.longestGap)))"
            : "outage \(Milliseconds(report.outage))"
        let verdict: PrintableText =
            switch report.verdict {
            case .measured: PrintableText(outage)
            case .met: "\(style.paint("objective met", .good)): \(outage), at most \(objective) wanted"
            case .missed: "\(style.paint("objective missed", .bad)): \(outage), at most \(objective) wanted"
            case .noFailover: "\(style.paint("no failover", .bad)): \(outage)"
            case .inconclusive: "\(style.paint("inconclusive", .warning)): measured \(outage)"
            }
        return "\(name)  \(report.subject.driver.rawValue) \(report.subject.mode.rawValue)  \(verdict)"
    }

    private var objective: String { report.objective.map { "\(Milliseconds($0))" } ?? "-" }

    private var facts: PrintableText {
        var lines: [(String, String)] = []
        if let port = report.pulledPort {
            lines.append(("fault", "carrier of \(port) taken away at \(report.farEnd ?? "its far end")"))
            lines.append(("took over", report.tookOver.isEmpty ? "no port" : report.tookOver.joined(separator: ", ")))
        } else {
            lines.append(("fault", "none"))
        }
        if let worst = report.worst {
            lines.append(
                (
                    "outage",
                    "\(Milliseconds(report.outage)) at most, \(Milliseconds(worst.certain)) at least, in the worst flow; "
                        + DrillPhase.allCases.map { "\(name($0)) \(Milliseconds(report.outage($0)))" }.joined(
                            separator: ", ")
                ))
        }
        lines.append(
            (
                "probes",
                "\(report.sent) sent, \(report.answered) answered, \(report.lost) lost, \(report.duplicated) answered twice"
            ))
        let late = report.lateness
        lines.append(
            (
                "sending",
                "every \(Milliseconds(report.interval)); late by \(time(late.percentile(0.99))) at p99, "
                    + "\(time(late.maximum)) at most; \(late.skipped) rounds left out"
            ))
        return lines.map { name, text -> PrintableText in
            "    \(name):\(PrintableText.spaces(max(1, 11 - name.count)))\(text)\n"
        }.joined()
    }

    private func time(_ nanoseconds: Int64?) -> String { nanoseconds.map { "\(Milliseconds($0))" } ?? "-" }

    private func name(_ phase: DrillPhase) -> String {
        switch phase {
        case .before: "before the fault"
        case .during: "under the fault"
        case .after: "after it"
        }
    }

    private var ports: TextTable {
        var table = TextTable([
            .init("PORT"), .init("FLOWS OUT", .right), .init("FLOWS IN", .right), .init("PACKETS OUT", .right),
            .init("PACKETS IN", .right), .init("NOTE"),
        ])
        for port in report.ports {
            let note =
                port.name == report.pulledPort ? "taken away" : report.tookOver.contains(port.name) ? "took over" : ""
            table.add([
                .init(port.name), "\(port.flowsSent)", "\(port.flowsReceived)", "\(port.packetsSent)",
                "\(port.packetsReceived)", note.isEmpty ? .blank : .init(note),
            ])
        }
        return table
    }

    private var flows: TextTable {
        var table = TextTable([
            .init("FLOW", .right), .init("PORTS"), .init("TARGET"), .init("OUT"), .init("IN"), .init("SENT", .right),
            .init("LOST", .right), .init("OUTAGE", .right), .init("SLOWEST ANSWER", .right),
        ])
        for (number, flow) in report.flows.enumerated() {
            table.add([
                "\(number)", "\(flow.flow.sourcePort)-\(flow.flow.targetPort)", "\(flow.flow.path.target)",
                .init(flow.placement.sending.sorted().joined(separator: ",")),
                .init(flow.placement.receiving.sorted().joined(separator: ",")), "\(flow.sent)", "\(flow.lost)",
                .init("\(Milliseconds(flow.outage))", flow.outage > 0 ? .warning : nil),
                .init(time(flow.slowestAnswer)),
            ])
        }
        return table
    }

    /// Times count from the fault, or where there was none from the first probe.
    private var timeline: TextTable {
        var table = TextTable([.init("TIME", .right), .init("WHAT HAPPENED")])
        for moment in report.moments {
            table.add([.init("\(Milliseconds(moment.time - report.times.fault))"), .init(moment.text)])
        }
        return table
    }
}
