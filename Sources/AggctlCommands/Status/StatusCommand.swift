internal import Aggregation
internal import ArgumentParser
internal import Operations

/// `aggctl status`: how aggregates are, in words.
struct StatusCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show how aggregates and their ports are.",
        discussion: """
            One line for each aggregate, a table of its ports, and what is wrong in plain words. LACP states are eight \
            letters, "-" where a bit is clear: A activity, T short timeout, G aggregation, S synchronization, C collecting, \
            D distributing, F defaulted, E expired. A "*" after a port's name: what was negotiated and what the kernel \
            does with frames are not the same.

            With --check the exit code tells: 0 healthy, 2 degraded or not known, 6 down or misconfigured; the worst of \
            all that are shown.

            EXAMPLES:
              aggctl status
              aggctl status bond0 --check
              aggctl status --json --netns blue
            """)

    @Argument(help: "The aggregates to show; all when none is named.")
    var names: [String] = []

    @Flag(name: .long, help: "Let the exit code tell how they are.")
    var check = false

    @OptionGroup
    var global: GlobalOptions

    init() {}

    func run(in context: CommandContext) async throws -> ExitStatus {
        let session = try await context.session()
        var state = try await session.driver.observe([.ports, .speeds, .lacpCounters])
        if state.links.contains(where: { $0.aggregate?.driver == .teaming }) {
            // The address that a port of a team had before it joined, which nobody else knows.
            try session.portMemory(in: context.stateDirectory).recall(on: &state)
        }
        let expected = try session.expectedPorts(in: context.stateDirectory).recall(on: state)
        let report = StatusReport(aggregates: try AggregateSelection(names).choose(from: state, expected: expected))
        context.reporter.write(report)
        return check ? report.exitStatus : .done
    }
}
