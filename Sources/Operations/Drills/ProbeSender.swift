package import Aggregation
internal import CSystemShims
internal import Glibc
package import Netlink
internal import Synchronization
internal import SystemPackage

/// How probes get from the aggregate to a target.
package struct ProbePath: Sendable, Hashable {
    package var target: IPAddress
    /// The address that probes come from.
    package var source: IPAddress
    /// The device that has the source address: the aggregate or one stacked on it.
    package var device: String

    package init(target: IPAddress, source: IPAddress, device: String) {
        self.target = target
        self.source = source
        self.device = device
    }
}

/// One flow of probes: what hash policies can tell apart.
package struct ProbeFlow: Sendable, Hashable {
    package var path: ProbePath
    package var sourcePort: UInt16
    package var targetPort: UInt16

    package init(path: ProbePath, sourcePort: UInt16, targetPort: UInt16) {
        self.path = path
        self.sourcePort = sourcePort
        self.targetPort = targetPort
    }
}

/// Sends numbered probes at fixed moments and takes the answers.
///
/// Flows are all pairs of some sockets here and some ports there, because a system call costs more than a datagram: 16
/// flows need four calls a round, not sixteen. Answers are taken when the next round is due, so their times are up to an
/// interval late; nothing that is reported as an outage depends on them (see ``Outage``).
// Sendable: sockets and batches are used by the task that prepares the drill until `start`, then only by the thread.
package final class ProbeSender: @unchecked Sendable {
    /// A socket with the flows that start at it.
    private struct Origin {
        var socket: UDPSocket
        var flows: [Int]
    }

    private struct Log {
        var records: [ProbeRecord] = []
        /// When the newest probe that was answered was sent, by flow; 0 for none.
        var newest: [Int64] = []
        var lateness = Lateness()
        var burstAnswers = 0
    }

    package private(set) var flows: [ProbeFlow] = []
    /// Nanoseconds from one round to the next.
    package let interval: Int64
    private let run: UInt64
    private let namespace: NetworkNamespace
    private var origins: [Origin] = []
    private let outgoing: DatagramBatch
    private let incoming: DatagramBatch
    private let log = Mutex(Log())
    private let isSending = Atomic(true)
    private var thread: DrillThread?

    private static let batchSize = 64
    /// The sequence number of probes that only show where their flow goes.
    private static let burstSequence = UInt32.max

    package init(run: UInt64, interval: Duration, in namespace: NetworkNamespace) throws(DrillError) {
        self.run = run
        self.interval = interval.nanoseconds
        self.namespace = namespace
        do {
            outgoing = try DatagramBatch(capacity: Self.batchSize, size: Probe.length)
            incoming = try DatagramBatch(capacity: Self.batchSize, size: Probe.length + 1)
        } catch {
            throw .thread(reason: "\(error)")
        }
    }

    deinit { thread?.end() }

    // MARK: - Before the start

    /// Adds flows: from each of some new sockets to every port of the target.
    ///
    /// - Parameter ports: at most ``batchSize`` of them.
    package func addFlows(on path: ProbePath, sockets: Int, to ports: [UInt16]) throws(DrillError) {
        for _ in 0..<sockets {
            let socket = try UDPSocket.open(on: path.source, device: path.device, in: namespace)
            let first = flows.count
            for port in ports.prefix(Self.batchSize) {
                flows.append(ProbeFlow(path: path, sourcePort: socket.port, targetPort: port))
            }
            origins.append(Origin(socket: socket, flows: Array(first..<flows.count)))
        }
        log.withLock { log in
            log.records = Array(repeating: ProbeRecord(), count: flows.count)
            log.newest = Array(repeating: 0, count: flows.count)
        }
    }

    /// Sends a burst of one flow, to see by the counters of the ports which way it goes.
    ///
    /// - Returns: how many were answered within the time.
    package func burst(flow: Int, count: Int, within limit: Duration) async throws -> Int {
        log.withLock { $0.burstAnswers = 0 }
        guard let origin = origins.first(where: { $0.flows.contains(flow) }) else { return 0 }
        let probes = 0..<min(count, Self.batchSize)
        for place in probes { write(flow, Self.burstSequence, at: place, time: 0) }
        outgoing.send(probes, to: origin.socket.descriptor) { _ in }
        let deadline = ContinuousClock.now + limit
        while true {
            collect()
            let answers = log.withLock { $0.burstAnswers }
            if answers >= probes.count || ContinuousClock.now >= deadline { return answers }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    /// Keeps only some of the flows, under new numbers in this order.
    package func keep(_ chosen: [Int]) {
        let numbers = Dictionary(chosen.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        flows = chosen.map { flows[$0] }
        origins = origins.compactMap { origin in
            let kept = origin.flows.compactMap { numbers[$0] }.sorted()
            return kept.isEmpty ? nil : Origin(socket: origin.socket, flows: kept)
        }
        log.withLock { log in
            log.records = Array(repeating: ProbeRecord(), count: chosen.count)
            log.newest = Array(repeating: 0, count: chosen.count)
        }
    }

    // MARK: - Probing

    /// Starts the rounds.
    package func start() throws(DrillError) {
        // Not counted: the thread ends before the sender goes, in `deinit` at the latest.
        thread = try DrillThread { [unowned(unsafe) self] isStopped in self.rounds(isStopped) }
    }

    /// Sends no more, while answers are still taken.
    package func stopSending() { isSending.store(false, ordering: .relaxed) }

    /// Ends the rounds and waits for that.
    package func end() { thread?.end() }

    /// What became of the probes so far, by flow.
    package var records: [ProbeRecord] { log.withLock { $0.records } }
    package var lateness: Lateness { log.withLock { $0.lateness } }
    /// Rounds sent so far: each flow sent as many probes.
    package var roundsSent: Int { log.withLock { $0.records.first?.sent.count ?? 0 } }

    /// Flows of which a probe that was sent at or after a moment has been answered.
    package func flowsAnswered(since moment: Int64) -> Set<Int> {
        log.withLock { log in Set(log.newest.indices.filter { log.newest[$0] >= moment }) }
    }

    /// The newest probe of every flow has been answered, in time or late.
    package var isAllAnswered: Bool {
        log.withLock { log in
            log.records.allSatisfy { record in record.sent.indices.last.map { !record.isMissing($0) } ?? true }
        }
    }

    /// Since a moment no two rounds were further apart than what counts as standing still.
    package func wasSteady(since moment: Int64) -> Bool {
        log.withLock { log in
            var later = DrillClock.now
            for sent in (log.records.first?.sent ?? []).reversed() {
                if later - sent > Outage.standstill { return false }
                if sent <= moment { return true }
                later = sent
            }
            return false
        }
    }

    private func rounds(_ isStopped: () -> Bool) {
        var due = DrillClock.now + interval
        var looked = DrillClock.now
        while !isStopped() {
            DrillClock.sleep(until: due)
            let now = DrillClock.now
            // An answer that waited for a thread that stood still is not late.
            collect(at: now - looked > Outage.standstill ? looked : now)
            looked = now
            guard isSending.load(ordering: .relaxed) else {
                due = now + interval
                continue
            }
            sendRound(at: now, due: due)
            due += interval
            // What is overdue by now is left out: a burst would measure something else.
            while due <= now {
                log.withLock { $0.lateness.skip(now - due) }
                due += interval
            }
        }
        collect()
    }

    private func sendRound(at now: Int64, due: Int64) {
        for origin in origins {
            log.withLock { log in
                for (place, flow) in origin.flows.enumerated() {
                    write(flow, UInt32(truncatingIfNeeded: log.records[flow].sent.count), at: place, time: now)
                    log.records[flow].sent.append(now)
                    log.records[flow].answered.append(0)
                }
            }
            outgoing.send(0..<origin.flows.count, to: origin.socket.descriptor) { place in
                log.withLock { $0.records[origin.flows[place]].refused += 1 }
            }
        }
        log.withLock { $0.lateness.record(now - due) }
    }

    private func write(_ flow: Int, _ sequence: UInt32, at place: Int, time: Int64) {
        let probe = Probe(run: run, flow: UInt32(flow), sequence: sequence, sent: time)
        probe.write(to: outgoing.room(place))
        let destination = SocketAddress(flows[flow].path.target, port: flows[flow].targetPort)
        outgoing.set(place, length: Probe.length, destination: destination)
    }

    private func collect(at time: Int64? = nil) {
        for origin in origins {
            while true {
                let count = incoming.receive(from: origin.socket.descriptor)
                if count > 0 { take(count, at: time ?? DrillClock.now) }
                if count < incoming.capacity { break }
            }
        }
    }

    private func take(_ count: Int, at time: Int64) {
        log.withLock { log in
            for index in 0..<count {
                guard let probe = Probe(incoming.received(index)), probe.run == run,
                    log.records.indices.contains(Int(probe.flow))
                else { continue }
                if probe.sequence == Self.burstSequence {
                    log.burstAnswers += 1
                    continue
                }
                let flow = Int(probe.flow)
                log.records[flow].answer(Int(probe.sequence), at: time)
                log.newest[flow] = max(log.newest[flow], probe.sent)
            }
        }
    }
}

extension Duration {
    var nanoseconds: Int64 { components.seconds * 1_000_000_000 + components.attoseconds / 1_000_000_000 }
}
