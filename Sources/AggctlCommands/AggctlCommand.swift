internal import Aggregation
package import ArgumentParser
internal import System

/// A command of ours: it gets what it needs handed in, returns its exit status and throws what went wrong.
package protocol AggctlCommand: AsyncParsableCommand, Sendable {
    var global: GlobalOptions { get }
    /// Whether what was asked for has anything to do with a network: else `--netns` would do nothing.
    var looksAtNetwork: Bool { get }
    func run(in context: CommandContext) async throws -> ExitStatus
}

extension AggctlCommand {
    package var looksAtNetwork: Bool { true }
}

/// What a running command works with.
package struct CommandContext: Sendable {
    /// Where results and remarks go.
    package let reporter: Reporter
    /// What was typed, for the journal.
    package let commandLine: String
    private let surroundings: Surroundings
    /// The namespace that was asked for.
    let netns: String?

    init(reporter: Reporter, commandLine: String, surroundings: Surroundings, netns: String?) {
        self.reporter = reporter
        self.commandLine = commandLine
        self.surroundings = surroundings
        self.netns = netns
    }

    /// Where the program keeps what has to outlive it.
    package var stateDirectory: String { surroundings.stateDirectory }

    /// Opens the namespace of `--netns` with the drivers in it.
    package func session() async throws -> Session {
        Heap.populate()
        let session = try await surroundings.openSession(netns)
        reporter.mention(UnfinishedChanges(of: session, in: stateDirectory) { tell($0) })
        return session
    }

    /// Says that nothing of what the program keeps is used, and why.
    func tell(_ distrust: Distrust) {
        reporter.note("\(distrust): nothing that is kept there is used; \(distrust.remedy)")
    }

    /// Somebody is there to be asked, and sees the question.
    var canAsk: Bool { surroundings.input.isTerminal && surroundings.errors.isTerminal && !reporter.isJSON }

    /// Shows a question and takes the answer; nil when there will be none.
    func ask(_ question: PrintableText) -> String? {
        say(question)
        return surroundings.input.line()
    }

    /// Shows something beside the result.
    func say(_ text: PrintableText) { reporter.say(text) }

    /// What is known of this host.
    ///
    /// - Parameter options: of bonding, which the kernel is to be asked for.
    func facts(_ options: [String]) async throws -> HostFacts {
        try await surroundings.readFacts({ try await session() }, options)
    }

    /// Reads a file that the user named; people are told when it has to be waited for.
    func read(_ path: String) throws(Problem) -> [UInt8] { try InputFile.read(path) { reporter.note($0) } }

    /// Reads the profiles, the user's own ones included; people are told what is left aside.
    func profiles() throws -> ProfileLibrary {
        try ProfileFolders.library(surroundings.profileFolders) { reporter.note($0) }
    }
}
