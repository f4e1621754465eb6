internal import Aggregation
internal import ArgumentParser

/// `aggctl features`: what bonding and teaming can do, row by row.
struct FeaturesCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "features",
        abstract: "Show what bonding and teaming can do, with sources.",
        discussion: """
            One row is one ability; the answer may depend on the mode. Rows 1 to 29 are those of a comparison that was \
            published in 2023, with what it claimed and what is left of that. With a row's name or number everything \
            about it is shown. `recommend` decides by the same rows.

            --kernel counts as missing what came with a later Linux. Stable kernels carry backports, so that one may \
            have more than its number says.

            --verify tries what can be tried on the running kernel, in namespaces that it takes away again, and says \
            what it saw; with 2 as exit code when that contradicts a row. It takes a minute, and root, or a lab kernel. \
            What needs hardware cannot be tried.

            EXAMPLES
              aggctl features
              aggctl features port-priorities
              aggctl features 14 16
              aggctl features --driver bonding --kernel 5.10 --json
              aggctl lab run -- aggctl features --verify
            """)

    @Argument(help: ArgumentHelp("Rows, by name or number; all when absent.", valueName: "row"))
    var rows: [String] = []

    @Option(help: "Show one driver: bonding or teaming.")
    var driver: DriverArgument?

    @Option(help: ArgumentHelp("Answer for this version of Linux.", valueName: "x.y"))
    var kernel: String?

    @Flag(help: "Try the rows on the running kernel.")
    var verify = false

    @Flag(help: ArgumentHelp("Print the page for the documentation.", visibility: .hidden))
    var reference = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if verify, kernel != nil {
            throw ValidationError("--verify asks the kernel that is running: leave --kernel out")
        }
    }

    /// Rows are tried in namespaces of their own.
    var looksAtNetwork: Bool { false }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let matrix = try context.profiles().matrix
        if reference {
            context.reporter.write(text: PrintableText(page: FeatureReference.markdown(matrix)))
            return .done
        }
        let drivers = driver.map { [$0.kind] } ?? DriverKind.allCases
        let kernel = try kernel.map { try KernelVersion(argument: $0, of: "features") }
        let chosen = try rows.isEmpty ? matrix.rows : choose(from: matrix)
        if verify {
            let report: VerificationReport
            do {
                report = try await Interruption.cancelling {
                    try await FeatureTrials.verify(chosen, drivers, matrix, context)
                }
            } catch is CancellationError {
                throw CommandFailure(
                    .failed, message: "features: verify: interrupted; its namespaces and devices are deleted",
                    hint: "run it again; name rows to try those only")
            }
            context.reporter.write(report)
            if let failure = report.failure { throw failure }
            return report.exitStatus
        }
        let summaries = chosen.map { FeatureSummary(feature: $0, drivers: drivers, kernel: kernel) }
        context.reporter.write(FeaturesReport(features: summaries, isDetailed: !rows.isEmpty))
        return .done
    }

    /// In the order in which they were named; all that do not exist are told together.
    private func choose(from matrix: FeatureMatrix) throws -> [Feature] {
        var problems: [Problem] = []
        let found = rows.compactMap { text -> Feature? in
            if let feature = matrix.feature(text) ?? matrix.features.first(where: { String($0.row) == text }) {
                return feature
            }
            let meant = Spelling.nearest(to: text, among: matrix.features.map(\.name)).map { "did you mean \($0)?" }
            problems.append(
                Problem(
                    .invalid, subject: "features", option: "row", value: text, rule: "there is no such row",
                    remedy: meant ?? "aggctl features lists them all"))
            return nil
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return found
    }
}

extension KernelVersion {
    /// The value of `--kernel`.
    init(argument text: String, of command: String) throws {
        guard let version = KernelVersion(text: text) else {
            throw Problem(
                .usage, subject: command, option: "kernel", value: text, rule: "it is no version of Linux",
                remedy: "write it as 6.1")
        }
        self = version
    }
}
