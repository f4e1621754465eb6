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

            With --watch it is shown again whenever something has changed, until Ctrl-C: on a terminal in place, else one \
            below the other, and with --json one object a line. What the kernel announces is seen at once, and what it does \
            not, like states of LACP, within a second.

            "settling" is an aggregate that came up just now: its link monitor and LACP may still bring what is missing, \
            for the time shown, and nothing is diagnosed meanwhile.

            With --check the exit code tells: 0 healthy, 2 degraded, settling or not known, 6 down or misconfigured; the \
            worst of all that are shown.

            EXAMPLES:
              aggctl status
              aggctl status bond0 --check
              aggctl status team0 --watch
              aggctl status --json --netns blue
            """,
        aliases: ["show", "list"])

    @Argument(help: "The aggregates to show; all when none is named.")
    var names: [String] = []

    @Flag(name: .long, help: "Let the exit code tell how they are.")
    var check = false

    @Flag(help: "Show it again whenever something has changed, until Ctrl-C.")
    var watch = false

    @OptionGroup
    var global: GlobalOptions

    init() {}

    func validate() throws {
        if watch, check {
            throw ValidationError("--check tells by the exit code, which --watch does not come to: give one of them.")
        }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let reading = StatusReading(session: try await context.session(), stateDirectory: context.stateDirectory)
        if watch {
            try await StatusWatch(names: names, reading: reading, reporter: context.reporter).run()
            return .done
        }
        let host = try await reading.read()
        let report = StatusReport(
            aggregates: try AggregateSelection(names).choose(from: host))
        context.reporter.write(report)
        return check ? report.exitStatus : .done
    }
}
