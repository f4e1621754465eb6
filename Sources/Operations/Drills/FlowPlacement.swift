/// Which ports a flow uses in each direction, as the ports' counters tell.
package struct FlowPlacement: Sendable, Hashable {
    /// Ports that carried its probes.
    package var sending: Set<String>
    /// Ports that its answers came in by.
    package var receiving: Set<String>

    package init(sending: Set<String>, receiving: Set<String>) {
        self.sending = sending
        self.receiving = receiving
    }

    package func uses(_ port: String) -> Bool { sending.contains(port) || receiving.contains(port) }

    /// What the counters of the ports grew by while one flow sent a burst.
    package struct Growth: Sendable, Hashable {
        package var sent: UInt64
        package var received: UInt64

        package init(sent: UInt64, received: UInt64) {
            self.sent = sent
            self.received = received
        }
    }

    /// Reads a placement from counters.
    ///
    /// A port counts when it took a fair part of the burst: modes that spread packet by packet use several ports, and a few
    /// frames that are not ours (LACPDUs, neighbour discovery) must not count.
    package init(growth: [String: Growth], burst: Int) {
        let share = UInt64(max(3, burst / (2 * max(1, growth.count))))
        sending = Set(growth.filter { $0.value.sent >= share }.keys)
        receiving = Set(growth.filter { $0.value.received >= share }.keys)
    }
}

/// Flows chosen so that each port carries some in each direction.
package struct FlowChoice: Sendable, Hashable {
    /// One direction of one port.
    package struct Lane: Sendable, Hashable, Comparable {
        package enum Direction: String, Sendable, Hashable { case sent, received }

        package var port: String
        package var direction: Direction

        package init(port: String, direction: Direction) {
            self.port = port
            self.direction = direction
        }

        package static func < (left: Lane, right: Lane) -> Bool {
            (left.port, left.direction.rawValue) < (right.port, right.direction.rawValue)
        }
    }

    /// Numbers of the chosen candidates, ascending.
    package var flows: [Int]
    /// Lanes that no candidate uses.
    package var empty: [Lane]

    /// Chooses as many flows as asked for, each time the one that adds most to the emptiest lanes.
    package init(from candidates: [FlowPlacement], ports: [String], count: Int) {
        let lanes = ports.flatMap { [Lane(port: $0, direction: .sent), Lane(port: $0, direction: .received)] }
        var load = Dictionary(lanes.map { ($0, 0) }, uniquingKeysWith: { first, _ in first })
        var left = Array(candidates.indices)
        var chosen: [Int] = []
        while chosen.count < count, !left.isEmpty {
            // A lane's weight falls with what it carries already.
            let best = left.indices.max {
                Self.worth(candidates[left[$0]], load) < Self.worth(candidates[left[$1]], load)
            }
            guard let best else { break }
            let flow = left.remove(at: best)
            chosen.append(flow)
            for lane in Self.lanes(of: candidates[flow]) { load[lane, default: 0] += 1 }
        }
        flows = chosen.sorted()
        empty = lanes.filter { lane in !candidates.contains { Self.lanes(of: $0).contains(lane) } }.sorted()
    }

    private static func lanes(of placement: FlowPlacement) -> [Lane] {
        placement.sending.map { Lane(port: $0, direction: .sent) }
            + placement.receiving.map { Lane(port: $0, direction: .received) }
    }

    private static func worth(_ placement: FlowPlacement, _ load: [Lane: Int]) -> Double {
        let lanes = lanes(of: placement)
        guard !lanes.isEmpty else { return 0 }
        return lanes.map { 1 / Double(1 + (load[$0] ?? 0)) }.reduce(0, +)
    }
}
