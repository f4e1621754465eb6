internal import Aggregation
internal import FoundationEssentials
internal import Operations

/// A drill as programs read it: docs/schemas/drill.schema.json.
struct DrillJSON {
    let report: DrillReport

    var value: JSONValue {
        var members: JSONObject = [
            "aggregate": .string(report.subject.name),
            "driver": .string(report.subject.driver.rawValue),
            "mode": .string(report.subject.mode.rawValue),
            "fault": .string(report.fault.rawValue),
            "verdict": .string(report.verdict.rawValue),
            "started": .string(report.started.formatted(.iso8601)),
            "interval_ms": Self.milliseconds(report.interval),
            "targets": .array(report.subject.paths.map { .string("\($0.target)") }),
            "outage_ms": Self.milliseconds(report.outage),
            "outage_at_least_ms": Self.milliseconds(report.worst?.certain ?? 0),
            "longest_gap_ms": Self.milliseconds(report.longestGap),
            "outages_ms": .object(byPhase { Self.milliseconds(report.outage($0)) }),
            "probes": [
                "sent": .init(report.sent), "answered": .init(report.answered), "lost": .init(report.lost),
                "duplicated": .init(report.duplicated),
            ],
            "sending": [
                "late_p99_ms": Self.milliseconds(report.lateness.percentile(0.99)),
                "late_max_ms": Self.milliseconds(report.lateness.maximum),
                "rounds_left_out": .init(report.lateness.skipped),
            ],
            "ports": .array(report.ports.map(port)),
            "flows": .array(report.flows.enumerated().map { flow($0.offset, $0.element) }),
            "timeline": .array(
                report.moments.map {
                    ["at_ms": Self.milliseconds($0.time - report.times.fault), "what": .string($0.text)]
                }),
            "findings": .array(report.findings.map { .string($0) }),
        ]
        if let policy = report.subject.hashPolicy { members["hash_policy"] = .string(policy) }
        if let objective = report.objective { members["objective_ms"] = Self.milliseconds(objective) }
        if let port = report.pulledPort {
            members["port"] = .string(port)
            members["far_end"] = JSONValue(report.farEnd)
            members["took_over"] = .array(report.tookOver.map { .string($0) })
            members["port_is_back"] = .bool(report.isPortBack)
            members["affected_flows"] = .init(report.affected)
            // Does not apply where nothing was lost; unknown where flows never came back.
            if report.outage(.during) > 0 { members["recovery_ms"] = Self.milliseconds(report.recoveryTime) }
        }
        return .object(members)
    }

    private func port(_ port: DrillReport.PortReport) -> JSONValue {
        [
            "name": .string(port.name), "flows_sent": .init(port.flowsSent),
            "flows_received": .init(port.flowsReceived),
            "packets_sent": .init(port.packetsSent), "packets_received": .init(port.packetsReceived),
        ]
    }

    private func flow(_ number: Int, _ flow: DrillReport.FlowReport) -> JSONValue {
        [
            "flow": .init(number), "source": .string("\(flow.flow.path.source)"),
            "source_port": .init(flow.flow.sourcePort),
            "target": .string("\(flow.flow.path.target)"), "target_port": .init(flow.flow.targetPort),
            "sent_by": .array(flow.placement.sending.sorted().map { .string($0) }),
            "received_by": .array(flow.placement.receiving.sorted().map { .string($0) }),
            "affected": .bool(flow.isAffected), "sent": .init(flow.sent), "answered": .init(flow.answered),
            "lost": .init(flow.lost), "duplicated": .init(flow.duplicated), "refused": .init(flow.refused),
            "outage_ms": Self.milliseconds(flow.outage),
            "outages_ms": .object(byPhase { Self.milliseconds(flow.outage($0)) }),
            "longest_gaps_ms": .object(byPhase { Self.milliseconds(flow.longestGaps[$0]) }),
            "slowest_answer_ms": Self.milliseconds(flow.slowestAnswer),
        ]
    }

    private func byPhase(_ value: (DrillPhase) -> JSONValue) -> JSONObject {
        JSONObject(DrillPhase.allCases.map { ($0.rawValue, value($0)) })
    }

    /// To the microsecond, which is finer than anything here is measured.
    private static func milliseconds(_ nanoseconds: Int64?) -> JSONValue {
        guard let nanoseconds else { return .null }
        return .number((Double(nanoseconds) / 1000).rounded() / 1000)
    }
}
