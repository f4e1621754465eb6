internal import Aggregation
internal import ArgumentParser
internal import Declaration
internal import Operations

/// A file of aggregates.
struct FileArgument: ParsableArguments {
    @Argument(help: ArgumentHelp("The file of aggregates, - for standard input.", valueName: "file"))
    var file: String

    func read(_ context: CommandContext) throws -> [DesiredAggregate] {
        try DeclarationFile.parse(bytes: try context.read(file), fileName: file == "-" ? "standard input" : file)
    }
}

/// `aggctl plan`.
struct PlanCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Show the steps from what is to what a file asks for.",
        discussion: """
            Nothing is changed. Steps that would be felt say by what, and what apply would refuse is listed with the \
            flag that allows it. The exit code is that of apply --dry-run with the same flags: 0 nothing differs, \
            2 something does, 5 apply would refuse.

            EXAMPLES
              aggctl plan bonds.yaml
              aggctl plan bonds.yaml --take-addresses
              aggctl plan --json - < bonds.yaml
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var safety: SafetyFlags
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        try await Self.show(try file.read(context), safety.allowances, context)
    }

    /// The plan of a file, for `plan` and `apply --dry-run` alike.
    static func show(
        _ desired: [DesiredAggregate], _ allow: Allowances, _ context: CommandContext
    ) async throws -> ExitStatus {
        let workflow = ChangeWorkflow(
            session: try await ChangeSession.open(context, rehearsal: true), reporter: context.reporter, allow: allow)
        let prepared = try await workflow.prepare(desired, isRehearsal: true)
        context.reporter.write(ChangeResult(planOf: prepared))
        if !prepared.plan.refusals.isEmpty { return .refused }
        guard prepared.plan.isEmpty, !prepared.plan.fallsShort else { return .differs }
        // What is hidden may differ: nobody can say that there is nothing to do.
        let compared = prepared.wishes.flatMap { SettingComparison.compare($0, in: prepared.host) }
        return compared.contains { $0.outcome == .hidden } ? .notPermitted : .done
    }
}

/// `aggctl apply`.
struct ApplyCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Make the host what a file asks for.",
        discussion: """
            All aggregates of the file are one change: checked together before the first write, read back at the end, \
            and taken back together when anything fails. A second run has nothing to do. A port that is missing is \
            reported and does not stop the others; exit code 2 then. It waits until the aggregates that it made or changed \
            are usable; exit code 75 when they are not in time. --dry-run ends as plan does.

            EXAMPLES
              aggctl apply bonds.yaml
              aggctl apply bonds.yaml --dry-run
              aggctl apply bonds.yaml --allow-interruption
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let desired = try file.read(context)
        let waiting = try wait.asked(by: "apply")
        if safety.dryRun { return try await PlanCommand.show(desired, safety.allowances, context) }
        return try await ChangeCommand.run(
            desired, safety, try await ChangeSession.open(context, rehearsal: false), context, waiting: waiting)
    }
}
