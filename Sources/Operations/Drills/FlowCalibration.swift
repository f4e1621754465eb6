internal import Aggregation
internal import Netlink

/// Finds out by counters which ports flows use, and picks flows until each port carries some in each direction.
package struct FlowCalibration: Sendable {
    /// Flows with the ways they go.
    package struct Result: Sendable {
        package var placements: [FlowPlacement]
        /// Directions of ports that no flow could be found for.
        package var empty: [FlowChoice.Lane]
    }

    let subject: DrillSubject
    let sender: ProbeSender
    let counters: NetlinkSocket
    /// How many flows are wanted.
    let flows: Int

    /// Ports that answer at each target; with as many sockets here that makes 16 flows.
    package static let portsPerTarget = 4
    /// Probes of one flow sent at once: enough to stand out against other traffic on the port.
    private static let burst = 24
    /// How often new flows are tried for ports that none of the flows so far uses.
    private static let rounds = 4

    /// - Parameters:
    ///   - ports: where the targets answer.
    ///   - patience: how long to wait for the first answer of a target.
    func run(_ ports: [IPAddress: [UInt16]], patience: Duration) async throws -> Result {
        var placements: [FlowPlacement] = []
        var choice = FlowChoice(from: [], ports: subject.usablePorts, count: 0)
        for _ in 0..<Self.rounds {
            let first = sender.flows.count
            try addFlows(ports)
            if first == 0 { try await meet(ports, patience: patience) }
            for flow in first..<sender.flows.count { placements.append(try await place(flow, patience: patience)) }
            choice = FlowChoice(from: placements, ports: subject.usablePorts, count: flows)
            // In active-backup all flows are on the active port, whatever they look like.
            if choice.empty.isEmpty || subject.mode == .activeBackup { break }
        }
        sender.keep(choice.flows)
        return Result(placements: choice.flows.map { placements[$0] }, empty: choice.empty)
    }

    private func addFlows(_ ports: [IPAddress: [UInt16]]) throws(DrillError) {
        let perSocket = subject.paths.count * Self.portsPerTarget
        let sockets = max(1, (flows + perSocket - 1) / perSocket)
        for path in subject.paths {
            try sender.addFlows(on: path, sockets: sockets, to: ports[path.target] ?? [])
        }
    }

    /// Waits for an answer of each target: neighbours have to be found first.
    private func meet(_ ports: [IPAddress: [UInt16]], patience: Duration) async throws {
        for path in subject.paths {
            guard let flow = sender.flows.firstIndex(where: { $0.path == path }) else { continue }
            let deadline = ContinuousClock.now + patience
            var sent = 0
            while true {
                sent += 1
                if try await sender.burst(flow: flow, count: 1, within: .milliseconds(100)) > 0 { break }
                guard ContinuousClock.now < deadline else {
                    throw DrillError.noAnswer(
                        target: path.target, source: path.source, device: path.device, answered: 0, sent: sent)
                }
            }
        }
    }

    /// Sees which way a flow goes. A port that has just come up may not carry everything yet, so there are more tries.
    private func place(_ flow: Int, patience: Duration) async throws -> FlowPlacement {
        let deadline = ContinuousClock.now + patience
        while true {
            let before = try await read()
            let answered = try await sender.burst(flow: flow, count: Self.burst, within: .milliseconds(500))
            let after = try await read()
            // Where half of a burst is lost, the path is not fit to be judged by what is lost later.
            if answered * 2 >= Self.burst {
                return FlowPlacement(growth: Self.growth(from: before, to: after, of: subject), burst: Self.burst)
            }
            guard ContinuousClock.now < deadline else {
                let path = sender.flows[flow].path
                throw DrillError.noAnswer(
                    target: path.target, source: path.source, device: path.device, answered: answered, sent: Self.burst)
            }
        }
    }

    private func read() async throws -> [Int32: Link.Counters] {
        try await counters.linkCounters(subject.ports.map(\.index))
    }

    /// What the counters of the ports grew by, by name.
    static func growth(
        from before: [Int32: Link.Counters], to after: [Int32: Link.Counters], of subject: DrillSubject
    ) -> [String: FlowPlacement.Growth] {
        var growth: [String: FlowPlacement.Growth] = [:]
        for port in subject.ports {
            guard let old = before[port.index], let new = after[port.index] else { continue }
            // Counters of some drivers start anew when the device goes down.
            growth[port.name] = .init(
                sent: new.sentPackets >= old.sentPackets ? new.sentPackets - old.sentPackets : new.sentPackets,
                received: new.receivedPackets >= old.receivedPackets
                    ? new.receivedPackets - old.receivedPackets : new.receivedPackets)
        }
        return growth
    }
}
