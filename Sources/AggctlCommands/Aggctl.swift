package import ArgumentParser

/// The root command; every verb is a file in a folder named for its noun.
package struct Aggctl: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "aggctl",
        abstract: "Decide, build, watch and prove Linux link aggregation.",
        version: "0.1.0",
        subcommands: [
            RecommendCommand.self,
            CreateCommand.self,
            DeleteCommand.self,
            SetCommand.self,
            PortCommand.self,
            PlanCommand.self,
            ApplyCommand.self,
            CheckCommand.self,
            RollbackCommand.self,
            DrillCommand.self,
            StatusCommand.self,
            OptionsCommand.self,
            Lab.self,
            LabGuestCommand.self,
        ])

    package init() {}
}
