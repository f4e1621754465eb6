internal import Aggregation
internal import ArgumentParser

/// `aggctl delete`.
struct DeleteCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete aggregates and detach their ports.",
        discussion: """
            Refused when an aggregate or anything on it carries addresses, routes, a bridge, a VLAN or your own SSH \
            connection, unless --allow-cutoff is given. Ports that were up before they joined come up again.

            Several names are one change: all are deleted, or none.

            EXAMPLES
              aggctl delete bond0
              aggctl delete bond0 bond1 --dry-run
              aggctl delete bond0 --allow-cutoff
            """)

    @Argument(help: ArgumentHelp("The names of the aggregates.", valueName: "name"))
    var names: [String]

    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        try safety.requireUse(of: [.interruption, .cutoff], by: "delete")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        var wishes: [DesiredAggregate] = []
        var problems: [Problem] = []
        for name in names {
            do {
                let found = try await ChangeCommand.existing(name, in: session)
                var desired = try ChangeCommand.unchanged(found.link, found.facts)
                desired.state = .absent
                // A name and an alternative name may be one aggregate.
                if !wishes.contains(where: { $0.name == desired.name }) { wishes.append(desired) }
            } catch let problem as Problem { problems.append(problem) }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return try await ChangeCommand.run(wishes, safety, session, context)
    }
}
