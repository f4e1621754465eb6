internal import Aggregation
internal import FoundationEssentials
internal import Netlink

/// The stretches of one drill, from the first probe to the report.
struct DrillSession: Sendable {
    let drill: Drill
    let subject: DrillSubject
    let found: FlowCalibration.Result
    /// Nil when nothing is taken away.
    let pulled: FarEnd.Port?
    let sender: ProbeSender
    let counters: NetlinkSocket
    let events: NetlinkEvents

    private typealias Growth = [String: FlowPlacement.Growth]

    /// A flow counts as back when it was answered within this time.
    private static let backWithin = Duration.milliseconds(100)
    /// How long the ports' counters are compared to see who took over.
    private static let comparison = Duration.milliseconds(300)
    private static let comparedRounds = 20
    /// How long to wait for the last answers when some are out.
    private static let lastAnswers = Duration.seconds(1)
    /// More losses than one in a hundred before the fault make the drill worthless.
    private static let bearableLoss = 0.01

    func run() async throws -> DrillReport {
        let watch = PortWatch(
            driver: drill.driver, aggregate: subject.index, start: try await drill.driver.observe(.links))
        let following = Task { await watch.follow(events) }
        defer { following.cancel() }

        // Ready before the first probe: starting a process stops all others for a moment.
        var fault: CarrierFault?
        if let pulled { fault = try await CarrierFault.prepare(on: pulled) }
        let started = Date()
        let start = DrillClock.now
        try sender.start()
        let calm = try await baseline()

        let (times, tookOver, isBack) = try await faultAndAfter(fault, start, calm)
        return await report(
            started: started, times: times, calm: calm, tookOver: tookOver, isBack: isBack, changes: watch.changes)
    }

    // MARK: - Stretches

    /// What the ports carried while nothing happened.
    private struct Calm {
        var growth: Growth
        var rounds: Int
    }

    private func baseline() async throws -> Calm {
        drill.progress("probing with \(sender.flows.count) flows every \(Milliseconds(sender.interval))")
        // The first round's answers are on their way before anything is counted.
        try await Task.sleep(for: .milliseconds(20))
        let (before, firstRound) = (try await read(), sender.roundsSent)
        try await Task.sleep(for: drill.request.baseline)
        let (after, lastRound) = (try await read(), sender.roundsSent)
        let calm = Calm(
            growth: FlowCalibration.growth(from: before, to: after, of: subject), rounds: lastRound - firstRound)
        guard drill.request.fault != .none else { return calm }
        try requireAnswers()
        if let pulled, let growth = calm.growth[pulled.port] {
            // One flow alone makes a packet a round.
            guard max(growth.sent, growth.received) * 2 >= UInt64(max(1, calm.rounds)) else {
                throw DrillError.noFlowOnPort(port: pulled.port, aggregate: subject.name, mode: subject.mode)
            }
        }
        return calm
    }

    private func requireAnswers() throws(DrillError) {
        let old = DrillClock.now - ProbeRecord.answerLimit
        var (sent, lost) = (0, 0)
        for record in sender.records {
            // Answers to the newest may still be on their way.
            for sequence in record.sent.indices where record.sent[sequence] < old {
                sent += 1
                if !record.isAnswered(sequence) { lost += 1 }
            }
        }
        if Double(lost) > Double(sent) * Self.bearableLoss { throw .lossyBefore(lost: lost, sent: sent) }
    }

    /// Takes the carrier away and gives it back, whatever happens in between.
    private func faultAndAfter(
        _ fault: CarrierFault?, _ start: Int64, _ calm: Calm
    ) async throws -> (DrillTimes, [String], Bool) {
        var times = DrillTimes(start: start, fault: DrillClock.now, restored: 0, end: 0)
        let tookOver: [String]
        if let fault {
            let (port, farEnd) = (fault.farEnd.port, fault.farEnd)
            drill.progress("taking the carrier of \(port) away (\(farEnd.device) in \(farEnd.namespace.label) down)")
            do {
                times.fault = DrillClock.now
                try await fault.inject()
                tookOver = try await hold(calm)
            } catch {
                try await fault.lift()
                throw error
            }
            drill.progress("giving the carrier of \(port) back")
            times.restored = DrillClock.now
            try await fault.lift()
        } else {
            drill.progress("taking nothing away")
            tookOver = try await hold(calm)
            times.restored = DrillClock.now
        }
        let isBack = try await settle()
        sender.stopSending()
        times.end = DrillClock.now
        try await Task.sleep(for: .nanoseconds(ProbeRecord.answerLimit))
        // Whoever answers may be held up: what comes late is told from what never comes.
        let patience = ContinuousClock.now + Self.lastAnswers
        while !sender.isAllAnswered, ContinuousClock.now < patience { try await Task.sleep(for: .milliseconds(20)) }
        sender.end()
        return (times, tookOver, isBack)
    }

    /// Waits until all flows are answered again, and looks who carries them.
    private func hold(_ calm: Calm) async throws -> [String] {
        let request = drill.request
        try await Task.sleep(for: request.hold)
        guard try await flowsAreBack(within: request.longestHold - request.hold) else { return [] }
        let (before, firstRound) = (try await read(), sender.roundsSent)
        try await Task.sleep(for: Self.comparison)
        // A sender that stood still gives nothing to compare.
        let patience = ContinuousClock.now + Self.lastAnswers
        while sender.roundsSent < firstRound + Self.comparedRounds, ContinuousClock.now < patience {
            try await Task.sleep(for: .milliseconds(20))
        }
        let (after, lastRound) = (try await read(), sender.roundsSent)
        let growth = FlowCalibration.growth(from: before, to: after, of: subject)
        let rounds = Double(max(1, lastRound - firstRound))
        let calmRounds = Double(max(1, calm.rounds))
        return subject.ports.map(\.name).filter { port in
            guard port != pulled?.port, let now = growth[port], let then = calm.growth[port] else { return false }
            let more = max(
                Double(now.sent) / rounds - Double(then.sent) / calmRounds,
                Double(now.received) / rounds - Double(then.received) / calmRounds)
            return pulled != nil && more >= 0.5
        }
    }

    private func settle() async throws -> Bool {
        let request = drill.request
        let deadline = ContinuousClock.now + request.longestSettle
        try await Task.sleep(for: request.settle)
        var isBack = true
        if let pulled {
            isBack = try await events.waitUntil(deadline: deadline, recheck: .milliseconds(250)) {
                let host = try await drill.driver.observe(.links)
                guard let link = host.link(index: subject.index), let port = host.link(named: pulled.port) else {
                    return false
                }
                return port.isUsable(in: link)
            }
            // Flows move back to the port only now.
            try await Task.sleep(for: Self.comparison)
        }
        _ = try await flowsAreBack(within: max(.zero, deadline - .now))
        return isBack
    }

    private func flowsAreBack(within limit: Duration) async throws -> Bool {
        let deadline = ContinuousClock.now + limit
        while true {
            let since = DrillClock.now - Self.backWithin.nanoseconds
            if sender.flowsAnswered(since: since).count == sender.flows.count { return true }
            // A sender that stood still proves nothing: it gets the time to show that flows are back.
            guard ContinuousClock.now < deadline || !sender.wasSteady(since: since - ProbeRecord.answerLimit) else {
                return false
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    private func read() async throws -> [Int32: Link.Counters] {
        try await counters.linkCounters(subject.ports.map(\.index))
    }

    // MARK: - Report

    private func report(
        started: Date, times: DrillTimes, calm: Calm, tookOver: [String], isBack: Bool, changes: [PortWatch.Change]
    ) -> DrillReport {
        let records = sender.records
        let lateness = sender.lateness
        var times = times
        // What the round before the fault's end stood still may have met it; elsewhere lateness says nothing about it.
        let last = records.first?.sent.last { $0 < times.restored } ?? times.restored
        times.underway = 2 * sender.interval + times.restored - last
        var report = DrillReport(
            subject: subject, fault: drill.request.fault, started: started, interval: sender.interval,
            objective: drill.request.objective?.nanoseconds, pulledPort: pulled?.port, farEnd: pulled?.device,
            ports: [], flows: [], times: times, lateness: lateness)
        report.tookOver = tookOver
        report.isPortBack = isBack
        report.flows = records.indices.map { flow in
            .init(
                sender.flows[flow], placement: found.placements[flow], record: records[flow], pulled: pulled?.port,
                times: times)
        }
        report.ports = subject.ports.map { port in
            .init(
                name: port.name, flowsSent: found.placements.count { $0.sending.contains(port.name) },
                flowsReceived: found.placements.count { $0.receiving.contains(port.name) },
                packetsSent: calm.growth[port.name]?.sent ?? 0, packetsReceived: calm.growth[port.name]?.received ?? 0)
        }
        report.moments = DrillTimeline.moments(of: report, changes: changes)
        report.findings = DrillFindings.all(of: report, empty: found.empty)
        return report
    }
}
