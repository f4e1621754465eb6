internal import Aggregation
internal import ArgumentParser

/// `aggctl delete`.
struct DeleteCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Delete an aggregate and give its ports back.",
        discussion: """
            Refused when the aggregate or anything on it carries addresses, routes, a bridge, a VLAN or your own SSH \
            connection, unless --allow-cutoff is given. Ports that were up before they joined come up again.

            EXAMPLES
              aggctl delete bond0
              aggctl delete bond0 --allow-cutoff
            """)

    @Argument(help: "The name of the aggregate.")
    var name: String

    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        let found = try await ChangeCommand.existing(name, in: session)
        var desired = ChangeCommand.unchanged(found.link, found.facts, name: try InterfaceName(name))
        desired.state = .absent
        return try await ChangeCommand.run([desired], safety, session, context)
    }
}
