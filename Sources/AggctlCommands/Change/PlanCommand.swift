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
            Nothing is changed. Steps that would be felt say by what. Exit code 0 means that nothing differs, 2 that \
            something does.

            EXAMPLES
              aggctl plan bonds.yaml
              aggctl plan --json - < bonds.yaml
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let desired = try file.read(context)
        // A plan shows what it would interrupt; only carrying it out needs leave for that.
        let workflow = ChangeWorkflow(
            session: try await ChangeSession.open(context, rehearsal: true), reporter: context.reporter,
            allow: [.interruption, .cutoff, .takeAddresses])
        let prepared = try await workflow.prepare(desired)
        context.reporter.write(ChangeResult(planOf: prepared))
        return prepared.plan.isEmpty && !prepared.lacksPorts ? .done : .differs
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
            reported and does not stop the others; exit code 2 then.

            EXAMPLES
              aggctl apply bonds.yaml
              aggctl apply bonds.yaml --dry-run
              aggctl apply bonds.yaml --allow-interruption
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let desired = try file.read(context)
        return try await ChangeCommand.run(
            desired, safety, try await ChangeSession.open(context, rehearsal: safety.dryRun), context)
    }
}

/// `aggctl check`.
struct CheckCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the host with a file.",
        discussion: """
            Exit code 0 means that nothing differs, 2 that something does, 77 that nothing seems to but the kernel hides \
            some of it from a caller without CAP_NET_ADMIN.

            EXAMPLES
              aggctl check bonds.yaml
              aggctl check bonds.yaml --json
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let desired = try file.read(context)
        let workflow = ChangeWorkflow(
            session: try await ChangeSession.open(context, rehearsal: true), reporter: context.reporter)
        let (host, wishes, _) = try await workflow.resolve(desired)
        let differences = wishes.flatMap { Difference.between($0, host) }
        let unverified = wishes.flatMap { SettingComparison.compare($0, in: host) }.filter { $0.outcome == .hidden }
        context.reporter.write(
            CheckResult(names: wishes.map(\.name), differences: differences, unverified: unverified))
        if !differences.isEmpty { return .differs }
        return unverified.isEmpty ? .done : .notPermitted
    }
}

/// What `check` found.
struct CheckResult: CommandResult {
    let names: [String]
    let differences: [Difference]
    /// What the kernel hides from this caller: neither equal nor different.
    let unverified: [SettingComparison]

    var json: JSONValue {
        [
            "schema": 1,
            "unverified": .array(
                unverified.map { ["aggregate": .string($0.aggregate), "key": .string($0.setting.name)] }),
            "differences": .array(
                differences.map { difference in
                    var object: JSONObject = [
                        "aggregate": .string(difference.aggregate), "key": .string(difference.key),
                        "wanted": JSONValue(difference.wanted), "observed": JSONValue(difference.observed),
                    ]
                    if let port = difference.port { object["port"] = .string(port) }
                    return .object(object)
                }),
        ]
    }

    func text(_ style: Style) -> String {
        names.map { name in
            let own = differences.filter { $0.aggregate == name }
            let hidden = unverified.filter { $0.aggregate == name }
            var text = "\(style.paint(name, .heading)): "
            if !own.isEmpty {
                text += "\(style.paint("differs", .warning))\n"
            } else if !hidden.isEmpty {
                text += "\(style.paint("not verified", .warning))\n"
            } else {
                text += "\(style.paint("as wanted", .good))\n"
            }
            for difference in own {
                let subject = difference.port.map { "port \($0): " } ?? ""
                text += "  \(subject)\(difference.key) is \(difference.observed ?? "not there"), "
                text += "wanted \(difference.wanted ?? "none")\n"
            }
            for comparison in hidden { text += "  \(comparison.text ?? comparison.setting.name)\n" }
            return text
        }.joined()
    }
}
