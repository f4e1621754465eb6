import Operations

extension DrillReport {
    /// What a verdict rests on, for the message of a test that expected another one.
    var reasons: String {
        func ms(_ time: Int64?) -> String { time.map { String(Double(($0 - times.fault) / 10_000) / 100) } ?? "never" }
        let head =
            "\(verdict), pulled \(pulledPort ?? "none"), took over \(tookOver), back \(isPortBack), "
            + "restored \(ms(times.restored)) end \(ms(times.end)) underway \(Milliseconds(times.underway)), "
            + "late p99 \(Milliseconds(lateness.percentile(0.99) ?? 0)) max \(Milliseconds(lateness.maximum ?? 0))"
        let outages = flows.enumerated().flatMap { number, flow in
            flow.outages.flatMap { phase, list in
                list.map {
                    "flow \(number)\(flow.isAffected ? "*" : "") \(phase): \(ms($0.lastAnswered)) [\(ms($0.firstLost)) "
                        + "\(ms($0.lastLost))] \(ms($0.nextAnswered)), \($0.lost) lost"
                }
            }
        }
        let events = moments.map { "\(ms($0.time)) \($0.text)" }
        return ([head] + outages.sorted() + events).joined(separator: "\n")
    }
}

extension DrillReport.FlowReport {
    /// Probes of a stretch were lost for good, and not only answered late: somebody was busy then.
    func lostProbes(_ phase: DrillPhase) -> Bool { (outages[phase] ?? []).contains { $0.lastMissing != nil } }
}

/// Holds a drill until it proves something: where sending or answering stood still at the wrong moment it says that it
/// does not, and on a busy machine that happens.
func conclusive(_ drill: () async throws -> DrillReport) async throws -> DrillReport {
    for _ in 0..<5 {
        do {
            let report = try await drill()
            if report.verdict != .inconclusive { return report }
        } catch DrillError.lossyBefore {
            // Answers were late before anything was done.
        }
    }
    return try await drill()
}
