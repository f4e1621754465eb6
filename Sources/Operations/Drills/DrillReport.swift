internal import Aggregation
package import FoundationEssentials

/// What is taken away in a drill.
package enum DrillFault: String, Sendable, Hashable, CaseIterable {
    /// The carrier of one port, at the far end of its cable.
    case carrier
    /// Nothing: shows what the host does by itself.
    case none
}

/// What a drill measured.
package struct DrillReport: Sendable {
    package struct PortReport: Sendable, Hashable {
        package var name: String
        /// Flows whose probes went out by it, and flows whose answers came in by it.
        package var flowsSent: Int
        package var flowsReceived: Int
        /// Packets by the port's counters while probing, before the fault.
        package var packetsSent: UInt64
        package var packetsReceived: UInt64

        package init(
            name: String, flowsSent: Int, flowsReceived: Int, packetsSent: UInt64, packetsReceived: UInt64
        ) {
            self.name = name
            self.flowsSent = flowsSent
            self.flowsReceived = flowsReceived
            self.packetsSent = packetsSent
            self.packetsReceived = packetsReceived
        }
    }

    package struct FlowReport: Sendable, Hashable {
        package var flow: ProbeFlow
        package var placement: FlowPlacement
        /// It used the port that was taken away.
        package var isAffected: Bool
        package var sent: Int
        package var answered: Int
        package var lost: Int
        package var duplicated: Int
        package var refused: Int
        /// Nanoseconds.
        package var slowestAnswer: Int64?
        /// By stretch.
        package var outages: [DrillPhase: [Outage]]
        /// Longest time between the sending of answered probes, by stretch, nanoseconds.
        package var longestGaps: [DrillPhase: Int64]

        /// The worst outage of a stretch, nanoseconds; 0 for none.
        package func outage(_ phase: DrillPhase) -> Int64 { outages[phase]?.map(\.duration).max() ?? 0 }
        package var outage: Int64 { DrillPhase.allCases.map { outage($0) }.max() ?? 0 }
    }

    /// Something that happened, with its time.
    package struct Moment: Sendable, Hashable {
        /// Nanoseconds of CLOCK_MONOTONIC.
        package var time: Int64
        package var text: String
    }

    package enum Verdict: String, Sendable, Hashable {
        /// There was no objective.
        case measured
        case met
        case missed
        /// Flows came back only when the port did, or not at all: there was no failover.
        case noFailover = "no_failover"
        /// Whoever sends or answers probes stood still at the moment that matters: hold it again.
        case inconclusive
    }

    package var subject: DrillSubject
    package var fault: DrillFault
    package var started: Date
    package var interval: Int64
    package var objective: Int64?
    package var pulledPort: String?
    package var farEnd: String?
    /// Ports that carried more while the fault lasted, once the flows were back.
    package var tookOver: [String] = []
    /// The port was usable again at the end.
    package var isPortBack = true
    package var ports: [PortReport]
    package var flows: [FlowReport]
    package var times: DrillTimes
    package var moments: [Moment] = []
    package var lateness: Lateness
    package var findings: [String] = []

    package init(
        subject: DrillSubject, fault: DrillFault, started: Date, interval: Int64, objective: Int64?,
        pulledPort: String?, farEnd: String?, ports: [PortReport], flows: [FlowReport], times: DrillTimes,
        lateness: Lateness
    ) {
        self.subject = subject
        self.fault = fault
        self.started = started
        self.interval = interval
        self.objective = objective
        self.pulledPort = pulledPort
        self.farEnd = farEnd
        self.ports = ports
        self.flows = flows
        self.times = times
        self.lateness = lateness
    }

    /// The worst outage of any flow, nanoseconds; 0 for none.
    package var outage: Int64 { flows.map(\.outage).max() ?? 0 }
    package func outage(_ phase: DrillPhase) -> Int64 { flows.map { $0.outage(phase) }.max() ?? 0 }

    /// The longest time between the sending of answered probes of a flow, nanoseconds: without losses the resolution of
    /// the drill, since nothing shorter could be seen.
    package var longestGap: Int64? { flows.flatMap(\.longestGaps.values).max() }

    /// The outage that ``outage`` is the length of.
    package var worst: Outage? {
        flows.flatMap { $0.outages.values.flatMap { $0 } }.max { $0.duration < $1.duration }
    }

    package var sent: Int { flows.map(\.sent).reduce(0, +) }
    package var answered: Int { flows.map(\.answered).reduce(0, +) }
    package var lost: Int { flows.map(\.lost).reduce(0, +) }
    package var duplicated: Int { flows.map(\.duplicated).reduce(0, +) }
    package var affected: Int { flows.count(where: \.isAffected) }

    /// How long after the fault the last affected flow was answered again; nil when one never was, or none was hit.
    package var recoveryTime: Int64? {
        let ends = flows.flatMap { $0.outages[.during] ?? [] }.map(\.nextAnswered)
        guard !ends.isEmpty, !ends.contains(nil) else { return nil }
        return ends.compactMap { $0 }.max().map { $0 - times.fault }
    }

    package var verdict: Verdict {
        let all = flows.flatMap { $0.outages.values.flatMap { $0 } }
        let suspects = all.filter { (fault != .none && times.endedByRestoration($0)) || !$0.isOver }
        // Not over means: until the end, and not in the last moment alone, which may have had no time for an answer.
        if suspects.contains(where: { $0.isOver ? times.wasAway($0) : $0.isLasting }) { return .noFailover }
        if !suspects.isEmpty { return .inconclusive }
        guard let objective else { return all.contains(where: \.isVague) ? .inconclusive : .measured }
        let tooLong = all.filter { $0.duration > objective }
        if tooLong.isEmpty { return .met }
        return tooLong.contains { !$0.isVague || $0.certain > objective } ? .missed : .inconclusive
    }
}

extension DrillReport.FlowReport {
    /// Judges one flow by what became of its probes.
    package init(
        _ flow: ProbeFlow, placement: FlowPlacement, record: ProbeRecord, pulled: String?, times: DrillTimes
    ) {
        self.flow = flow
        self.placement = placement
        isAffected = pulled.map(placement.uses) ?? false
        sent = record.sent.count
        answered = record.answeredCount
        lost = record.lostCount
        duplicated = record.duplicated
        refused = record.refused
        slowestAnswer = record.slowestAnswer
        outages = Dictionary(grouping: Outage.all(in: record)) { times.phase(of: $0) }
        longestGaps = [:]
        for phase in DrillPhase.allCases {
            longestGaps[phase] = Outage.longestGap(in: record, endingIn: times.span(phase))
        }
    }
}
