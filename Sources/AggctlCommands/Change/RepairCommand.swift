internal import Aggregation
internal import ArgumentParser

/// `aggctl repair`: a team that has lost its daemon gets another.
struct RepairCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Take a team over again after its daemon died or stopped answering.",
        discussion: """
            A new teamd is started on the living device with the configuration that the last one had, so ports, \
            addresses and routes stay. A teamd that is there and does not answer is killed first. A team whose teamd \
            answers is left alone.

            EXAMPLES
              aggctl repair team0
              aggctl repair team0 --dry-run
            """)

    @Argument(help: "The name of the team.")
    var name: String

    @Flag(help: "Say what would be done, and do nothing.")
    var dryRun = false

    @OptionGroup var wait: WaitOptions
    @Flag(help: "Change devices that another network manager configures.")
    var ignoreManager = false

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try wait.asked(by: "repair")
        let session = try await ChangeSession.open(context, rehearsal: dryRun)
        try session.unfinished.requireNone(of: [name])
        let found = try await ChangeCommand.existing(name, in: session)
        guard let daemon = found.facts.daemon else {
            throw Problem(
                .invalid, subject: name, rule: "it is a bond, which the kernel runs without a daemon",
                remedy: "look at it with aggctl status \(name)")
        }
        if let rule = daemon.unseenRule {
            throw Problem(
                .notPermitted, subject: found.link.name, rule: rule, remedy: AggregateFacts.Daemon.unseenRemedy)
        }
        // Known before the first write, as every refusal.
        guard daemon.state == .running || daemon.canBeRepaired else {
            throw Problem(
                .notFound, subject: found.link.name,
                rule: "whether its last teamd ran lacp or loadbalance is not known: this program did not start it, and "
                    + "the kernel has one mode for both",
                remedy: AggregateFacts.Daemon.startByHand(found.link.name))
        }
        let workflow = ChangeWorkflow(
            session: session, reporter: context.reporter, allow: ignoreManager ? .ignoreManager : [])
        let prepared = try await workflow.prepareRepair(of: found.link, daemon)
        guard !dryRun else {
            context.reporter.write(ChangeResult(planOf: prepared))
            return .done
        }
        context.reporter.write(try await workflow.carryOut(prepared))
        try await waiting.run(after: prepared, in: session)
        return .done
    }
}
