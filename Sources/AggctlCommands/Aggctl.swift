package import ArgumentParser

/// The root command; every verb is a file in a folder named for its noun.
package struct Aggctl: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "aggctl",
        abstract: "Decide, build, watch and prove Linux link aggregation.",
        discussion: """
            Every change is checked before the first write, read back after the last one, and taken back when anything \
            fails. What would cut the host off is refused, and the message names the flag that overrides it.

            EXAMPLES
              aggctl recommend --require redundancy --ports eth0,eth1
              aggctl create bond0 --mode active-backup --ports eth0,eth1
              aggctl status --check
              aggctl lab run --topology pair -- bash

            EXIT CODES
              0    done; healthy; nothing differs
              1    failed; the message says what was undone
              2    differs; degraded; nothing meets every must; applied with a port missing
              3    drill objective missed
              4    applied, then rolled back
              5    refused by a safety rule
              6    down or misconfigured (status --check)
              64   wrong words on the command line
              65   wrong content
              66   no such aggregate, port or file
              69   driver, daemon or kernel feature missing
              75   timed out
              77   not permitted
            """,
        version: "0.1.0",
        subcommands: [
            RecommendCommand.self,
            FeaturesCommand.self,
            FactsCommand.self,
            CreateCommand.self,
            DeleteCommand.self,
            SetCommand.self,
            PortCommand.self,
            PlanCommand.self,
            ApplyCommand.self,
            CheckCommand.self,
            ChangesCommand.self,
            RollbackCommand.self,
            RepairCommand.self,
            DrillCommand.self,
            StatusCommand.self,
            OptionsCommand.self,
            Lab.self,
            VersionCommand.self,
            LabGuestCommand.self,
            TakeoverCommand.self,
        ])

    package init() {}
}

/// `aggctl version`, where others have it.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Show the version.")

    func run() throws { throw CleanExit.message(Aggctl.configuration.version) }
}
