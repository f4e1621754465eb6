internal import ArgumentParser

/// What arguments come to.
package enum Invocation: Sendable {
    /// Help, the version, or words that are wrong: answered already, with this exit code.
    case answered(Int32)
    /// A command; it gives the exit code of the contract.
    case command(@Sendable () async -> Int32)
}

/// From arguments to an exit code.
extension Aggctl {
    /// Runs the command that the arguments name.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code of the contract.
    package static func run(arguments: [String], in surroundings: Surroundings = .process()) async -> Int32 {
        switch begin(arguments: arguments, in: surroundings) {
        case .answered(let code): code
        case .command(let run): await run()
        }
    }

    /// Understands the arguments. What needs no waiting for is answered here, so that no thread is started for it.
    package static func begin(arguments: [String], in surroundings: Surroundings = .process()) -> Invocation {
        // Until the arguments are understood, only their spelling tells how an error is wanted.
        let own = arguments.prefix { $0 != "--" }
        let reporter = Reporter(json: own.contains("--json"), color: .auto, in: surroundings)
        let columns = surroundings.output.columns
        do {
            try CommandWords(own).check()
            let command = try parseAsRoot(arguments)
            if let command = command as? any AggctlCommand {
                try NamespaceName.check(command)
                let options = command.global.output
                let reporter = Reporter(json: options.json, color: options.color, in: surroundings)
                let context = CommandContext(
                    reporter: reporter, commandLine: (["aggctl"] + arguments).joined(separator: " "),
                    surroundings: surroundings, netns: command.global.netns)
                return .command { await ending(reporter, columns) { try await command.run(in: context) } }
            }
            if let command = command as? any AsyncParsableCommand {
                // Not Sendable, but nobody else has it and it runs once.
                nonisolated(unsafe) var command = command
                return .command {
                    await ending(reporter, columns) {
                        try await command.run()
                        return .done
                    }
                }
            }
            var plain = command
            try plain.run()
            return .answered(reporter.finish(.done).rawValue)
        } catch {
            return .answered(reporter.finish(report(error, reporter, columns: columns)).rawValue)
        }
    }

    private static func ending(
        _ reporter: Reporter, _ columns: Int?, _ body: () async throws -> ExitStatus
    ) async -> Int32 {
        let status: ExitStatus
        do { status = try await body() } catch { status = report(error, reporter, columns: columns) }
        return reporter.finish(status).rawValue
    }

    private static func report(_ error: any Error, _ reporter: Reporter, columns: Int?) -> ExitStatus {
        // Help, the version and completion scripts come as errors that mean success.
        if !(error is ExitCode), exitCode(for: error) == .success {
            let text = fullMessage(for: error, columns: columns)
            reporter.write(text: PrintableText(own: text.hasSuffix("\n") ? text : text + "\n"))
            return .done
        }
        let failure = CommandFailure(error, columns: columns)
        reporter.write(failure)
        return failure.status
    }
}
