internal import Aggregation
internal import Operations

/// Reads a host for its status.
struct StatusReading: Sendable {
    let session: Session
    let stateDirectory: String

    /// What a status is made of.
    struct Host: Sendable {
        var state: HostState
        /// How many ports each aggregate should have, where somebody has said so.
        var expected: [String: Int]
        /// Milliseconds since each aggregate began anew through us.
        var ages: [String: Int64]
    }

    /// - Parameter counts: with numbers that change all the time.
    func read(counts: Bool = true) async throws -> Host {
        var state = try await session.driver.observe(counts ? [.ports, .speeds, .lacpCounters] : [.ports, .speeds])
        if state.links.contains(where: { $0.aggregate?.driver == .teaming }) {
            // The address that a port of a team had before it joined, which nobody else knows.
            try session.portMemory(in: stateDirectory).recall(on: &state)
        }
        if !counts {
            for place in state.links.indices where state.links[place].port?.share != nil {
                state.links[place].port?.share?.bytes = nil
            }
        }
        return Host(
            state: state, expected: try session.expectedPorts(in: stateDirectory).recall(on: state),
            ages: try session.changeAges(in: stateDirectory).recall(on: state))
    }
}
