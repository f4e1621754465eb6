internal import Aggregation
internal import ArgumentParser
internal import Declaration

/// `aggctl set`: one change, all or nothing.
struct SetCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change options of an aggregate.",
        discussion: """
            All settings of one call are one change: they are checked together, written in the kernel's order, read \
            back, and taken back together when one of them is refused. KEY=default goes back to the mode's default; \
            KEY+=VALUE and KEY-=VALUE edit lists.

            EXAMPLES
              aggctl set bond0 miimon=50ms updelay=200ms
              aggctl set bond0 lacp.rate=fast --allow-interruption
              aggctl set bond0 arp_ip_target+=192.0.2.7
              aggctl set bond0 primary=default
            """)

    @Argument(help: "The name of the aggregate.")
    var name: String

    @Argument(help: ArgumentHelp("Settings: keys of the file or options of the driver.", valueName: "key=value"))
    var settings: [String]

    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        try safety.requireUse(of: [.interruption, .cutoff], by: "set")
        let waiting = try wait.asked(by: "set")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        var found = try await ChangeCommand.existing(name, in: session)
        var desired = try ChangeCommand.unchanged(found.link, found.facts)
        let parts = CommandSettings.keysBuiltUpon(in: settings)
        if parts.contains("addresses") { found.host = try await session.driver.observe([.ports, .addresses]) }
        ObservedWishes.fill(parts, into: &desired, from: found.link, on: found.host)
        try CommandSettings.apply(settings, to: &desired)
        return try await ChangeCommand.run([desired], safety, session, context, waiting: waiting)
    }
}
