package import ArgumentParser

/// A command of ours: it gets what it needs handed in, returns its exit status and throws what went wrong.
package protocol AggctlCommand: AsyncParsableCommand, Sendable {
    var global: GlobalOptions { get }
    func run(in context: CommandContext) async throws -> ExitStatus
}

/// What a running command works with.
package struct CommandContext: Sendable {
    /// Where results and remarks go.
    package let reporter: Reporter
    private let surroundings: Surroundings
    private let netns: String?

    init(reporter: Reporter, surroundings: Surroundings, netns: String?) {
        self.reporter = reporter
        self.surroundings = surroundings
        self.netns = netns
    }

    /// Opens the namespace of `--netns` with the drivers in it.
    package func session() async throws -> Session { try await surroundings.openSession(netns) }
}
