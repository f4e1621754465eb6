internal import ArgumentParser

/// From arguments to an exit code.
extension Aggctl {
    /// Runs the command that the arguments name.
    ///
    /// - Parameter arguments: without the program's own name.
    /// - Returns: the exit code of the contract.
    package static func run(arguments: [String], in surroundings: Surroundings = .process()) async -> Int32 {
        // Until the arguments are understood, only their spelling tells how an error is wanted.
        let own = arguments.prefix { $0 != "--" }
        var reporter = Reporter(json: own.contains("--json"), color: .auto, in: surroundings)
        var status = ExitStatus.done
        do {
            var command = try parseAsRoot(arguments)
            if let command = command as? any AggctlCommand {
                let options = command.global.output
                reporter = Reporter(json: options.json, color: options.color, in: surroundings)
                let context = CommandContext(
                    reporter: reporter, commandLine: (["aggctl"] + arguments).joined(separator: " "),
                    surroundings: surroundings, netns: command.global.netns)
                status = try await command.run(in: context)
            } else if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            status = report(error, reporter, columns: surroundings.output.columns)
        }
        return reporter.finish(status).rawValue
    }

    private static func report(_ error: any Error, _ reporter: Reporter, columns: Int?) -> ExitStatus {
        // Help, the version and completion scripts come as errors that mean success.
        if !(error is ExitCode), exitCode(for: error) == .success {
            let text = fullMessage(for: error, columns: columns)
            reporter.write(text: text.hasSuffix("\n") ? text : text + "\n")
            return .done
        }
        let failure = CommandFailure(error, columns: columns)
        reporter.write(failure)
        return failure.status
    }
}
