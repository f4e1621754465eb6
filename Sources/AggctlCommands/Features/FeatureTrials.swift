package import Aggregation
internal import Netlink
package import Operations
internal import Teaming

/// `aggctl features --verify`: rows of the matrix, tried on the running kernel.
package enum FeatureTrials {
    /// Opens the trials' namespaces with both drivers.
    package static func run(_ matrix: FeatureMatrix, kernel: KernelVersion?, stateDirectory: String) -> TrialRun {
        TrialRun(matrix, kernel: kernel) { namespace in
            try HostDriver(in: namespace, stateDirectory: stateDirectory)
        }
    }

    /// The matrix without a user's own rows.
    package static func builtInMatrix() throws -> FeatureMatrix { try ProfileFolders.library([]).matrix }

    /// Nil when its version cannot be read.
    package static var runningKernel: KernelVersion? { KernelVersion(text: LabKernel.release()) }

    /// Tries all that can be tried of some rows.
    static func verify(
        _ features: [Feature], _ drivers: [DriverKind], _ matrix: FeatureMatrix, _ context: CommandContext
    ) async throws -> VerificationReport {
        guard Caller.hasNetAdmin else {
            throw Problem(
                .notPermitted, subject: "features", option: "verify", rule: "trying needs namespaces of its own",
                remedy: "run it as root, or without that in a throwaway kernel: "
                    + "aggctl lab run -- aggctl features --verify")
        }
        let release = LabKernel.release()
        let absent = drivers.filter { KernelModules.has($0.moduleName) == false }
        guard absent.count < drivers.count else { throw missing(absent, release) }
        await endLeftovers(context.stateDirectory)
        let run = run(matrix, kernel: runningKernel, stateDirectory: context.stateDirectory)
        let trials = features.flatMap { TrialBook.trials(of: $0, drivers) }
        let results = try await run(trials) { number, trial in
            context.reporter.progress("\(number) of \(trials.count): \(trial.driver.rawValue), \(trial.question)")
        }
        let rows = features.map { feature in (feature, results.filter { $0.trial.feature == feature.name }) }
        return VerificationReport(release: release, rows: rows)
    }

    /// Ends the daemons that a verification left behind which was killed: they keep its namespaces alive.
    private static func endLeftovers(_ stateDirectory: String) async {
        let daemons = TeamDaemons(in: .current, stateDirectory: stateDirectory)
        let left = daemons.running().daemons.filter { daemon in
            guard !daemon.isHere, daemons.remembered(daemon.team) != nil,
                let maker = TrialScene.maker(of: daemon.team)
            else { return false }
            return !isRunning(maker)
        }
        await daemons.stop(left, within: .seconds(5))
        for daemon in left { daemons.forget(daemon.team) }
    }

    /// A process that has ended and that nobody has asked how has no command line.
    private static func isRunning(_ process: Int32) -> Bool {
        SmallFile.read("/proc/\(process)/cmdline")?.isEmpty == false
    }

    fileprivate static func missing(_ drivers: [DriverKind], _ release: String) -> Problem {
        let names = drivers.map(\.moduleName).joined(separator: " and no ")
        return Problem(
            .unavailable, subject: "features", option: "verify", rule: "Linux \(release) has no \(names) driver",
            remedy: "install the modules of the kernel, or try it in a throwaway kernel: "
                + "aggctl lab run -- aggctl features --verify")
    }
}

extension DriverKind {
    /// What the kernel calls its module.
    fileprivate var moduleName: String { self == .bonding ? "bonding" : "team" }
}

/// What came of trying.
struct VerificationReport: CommandResult {
    /// The kernel that was asked.
    let release: String
    let rows: [(feature: Feature, results: [TrialResult])]

    private func count(_ outcome: TrialResult.Outcome) -> Int {
        rows.flatMap(\.results).count { $0.outcome == outcome }
    }
    private var untriable: [Feature] { rows.filter(\.results.isEmpty).map(\.feature) }

    /// Nothing could be tried of all that can be: then nothing was verified.
    var failure: Problem? {
        let all = rows.flatMap(\.results)
        guard let first = all.first, all.allSatisfy({ $0.outcome == .untried }) else { return nil }
        return Problem(
            .unavailable, subject: "features", option: "verify",
            rule: "none of \(all.count) trials could be held on Linux \(release): \(first.seen)",
            remedy: "try it in a throwaway kernel: aggctl lab run -- aggctl features --verify")
    }

    var exitStatus: ExitStatus { count(.contradicted) > 0 ? .differs : .done }

    func text(_ style: Style) -> PrintableText {
        var table = TextTable([
            .init("ROW", .right), .init("FEATURE"), .init("DRIVER"), .init("MODE"), .init("MATRIX"), .init("ASKED"),
            .init("SEEN"), .init("WITHOUT THE CAUSE"),
        ])
        for (feature, results) in rows {
            for result in results {
                let trial = result.trial
                table.add([
                    .init(String(feature.row)), .init(feature.name), .init(trial.driver.rawValue),
                    .init(trial.mode.rawValue), .init(result.outcome.rawValue, result.outcome.role),
                    .init("whether \(trial.question)"),
                    .init((result.holds.map { $0 ? "yes: " : "no: " } ?? "") + result.seen),
                    .init(result.control ?? "-"),
                ])
            }
        }
        let tried = Set(rows.filter { $0.results.contains { $0.outcome != .untried } }.map(\.feature.row)).count
        var text: PrintableText = table.isEmpty ? .empty : table.render(style) + "\n"
        text += "Linux \(release): \(count(.confirmed)) confirmed, \(count(.contradicted)) contradicted, "
        text += "\(count(.untried)) could not be tried; \(tried) of \(rows.count) rows were tried.\n"
        if !untriable.isEmpty { text += "Cannot be tried here: \(untriable.map(\.name).joined(separator: ", ")).\n" }
        return text
    }

    var json: JSONValue {
        let features = rows.map { feature, results -> JSONValue in
            [
                "row": .integer(feature.row), "name": .string(feature.name), "title": .string(feature.title),
                "trials": .array(results.map(\.json)),
            ]
        }
        return ["schema": 1, "kernel": .string(release), "features": .array(features)]
    }
}

extension TrialResult.Outcome {
    fileprivate var role: Style.Role {
        switch self {
        case .confirmed: .good
        case .contradicted: .bad
        case .untried: .warning
        }
    }
}

extension TrialResult {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "driver": .string(trial.driver.rawValue), "mode": .string(trial.mode.rawValue),
            "question": .string(trial.question), "outcome": .string(outcome.rawValue), "seen": .string(seen),
        ]
        if let holds { members["answer"] = .bool(holds) }
        if let control { members["control"] = .string(control) }
        return .object(members)
    }
}
