import AggctlCommands
import Aggregation
import FoundationEssentials
import Operations
import Testing

/// How `aggctl drill` shows what it measured, and what it refuses. The measuring itself needs a kernel.
@Suite struct DrillGoldenTests {
    /// A report made of probes that were never sent.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let fault: DrillFault
        /// Milliseconds in which flows on eth0 lose their probes.
        let lost: Range<Int64>
        let objective: Int64?
        let code: Int32

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "calm", fault: .none, lost: 0..<0, objective: nil, code: 0),
        Case(name: "met", fault: .carrier, lost: 1001..<1041, objective: 200, code: 0),
        Case(name: "missed", fault: .carrier, lost: 1001..<1401, objective: 200, code: 3),
        Case(name: "inconclusive", fault: .carrier, lost: 2990..<3000, objective: 200, code: 1),
        Case(name: "no-failover", fault: .carrier, lost: 1001..<2050, objective: nil, code: 3),
    ]

    @Test(arguments: cases) func text(_ example: Case) throws {
        let result = DrillResult(report: try report(example))
        #expect(result.exitStatus.rawValue == example.code)
        let text = result.text(.plain).description
        #expect(!text.split(separator: "\n").contains { $0.hasSuffix(" ") })
        try Golden.expect(text, is: "drill/\(example.name).txt")
    }

    @Test(arguments: cases) func json(_ example: Case) throws {
        let text = String(
            decoding: JSONWriter.write(DrillResult(report: try report(example)).json, pretty: true), as: UTF8.self)
        #expect(try JSONSchema(named: "drill.schema.json").faults(in: try JSONValue.parse(text)) == [])
        try Golden.expect(text, is: "drill/\(example.name).json.txt")
    }

    @Test(arguments: [
        ("no-far-end", ["drill", "bond0"], Int32(69)),
        ("bad-values", ["drill", "bond0", "--target", "switch", "--objective", "200"], 65),
        ("bad-fault", ["drill", "bond0", "--fault", "fire"], 64),
    ])
    func refusals(name: String, arguments: [String], code: Int32) async throws {
        let run = await CommandRun(arguments, state: HostFixtures.activeBackup())
        #expect(run.code == code)
        try Golden.expect(run.transcript, is: "drill/\(name).txt")
    }

    private func report(_ example: Case) throws -> DrillReport {
        let millisecond: Int64 = 1_000_000
        let target = try #require(IPAddress(text: "198.51.100.1"))
        let source = try #require(IPPrefix(text: "198.51.100.2/24"))
        var host = HostFixtures.activeBackup()
        let bond = try #require(host.link(named: "bond0"))
        host.addresses = [
            .init(
                device: bond.index, prefix: source, scope: 0, flags: 0, origin: 0, validLifetime: nil,
                record: .init(kind: .address, key: "", summary: "", payload: []))
        ]
        let subject = try DrillSubject(named: "bond0", in: host, wanted: [], farTargets: [target])
        let times = DrillTimes(
            start: 0, fault: 1000 * millisecond, restored: 2000 * millisecond, end: 3000 * millisecond,
            underway: 4 * millisecond)
        let pulled = example.fault == .carrier ? "eth0" : nil
        let path = ProbePath(target: target, source: source.address, device: "bond0")
        var lateness = Lateness()
        for round in 0..<1500 { lateness.record(Int64(round) * 1000) }
        let sent = (0..<1500).map { Int64($0) * 2 * millisecond }
        let lost = example.lost.lowerBound * millisecond..<example.lost.upperBound * millisecond
        let flows = (0..<3).map { number in
            DrillReport.FlowReport(
                ProbeFlow(path: path, sourcePort: 40000 + UInt16(number), targetPort: 50000),
                placement: .init(sending: ["eth0"], receiving: ["eth0"]),
                record: ProbeRecord(
                    sent: sent, answered: sent.map { lost.contains($0) ? 0 : $0 + 300_000 + Int64(number) * 100_000 }),
                pulled: pulled, times: times)
        }
        var report = DrillReport(
            subject: subject, fault: example.fault, started: Date(timeIntervalSince1970: 1_700_000_000),
            interval: 2 * millisecond, objective: example.objective.map { $0 * millisecond }, pulledPort: pulled,
            farEnd: pulled.map { _ in "sw0" },
            ports: [
                .init(name: "eth0", flowsSent: 3, flowsReceived: 3, packetsSent: 1500, packetsReceived: 1500),
                .init(name: "eth1", flowsSent: 0, flowsReceived: 0, packetsSent: 0, packetsReceived: 2),
            ], flows: flows, times: times, lateness: lateness)
        if pulled != nil, report.verdict != .noFailover { report.tookOver = ["eth1"] }
        report.moments = DrillTimeline.moments(of: report, changes: [])
        report.findings = DrillFindings.all(of: report, empty: [])
        return report
    }
}
