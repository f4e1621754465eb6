package import Aggregation
internal import Glibc

/// What a command touches of the world around it; tests put their own in.
package struct Surroundings: Sendable {
    package var output: any OutputSink
    package var errors: any OutputSink
    package var input: any InputSource
    /// The environment.
    package var variables: [String: String]
    /// Folders whose files take the place of built-in profiles; later ones win.
    package var profileFolders: [String]
    /// Where changes under way and ports that were up are remembered.
    package var stateDirectory: String

    /// Lasts as long as the system runs, which is as long as what is in it means anything.
    package static let defaultStateDirectory = "/run/aggctl"
    /// Opens the namespace of this name, nil for our own, with the drivers in it.
    package var openSession: @Sendable (_ netns: String?) async throws -> Session

    /// Reads the facts of the host, with what the kernel says of these options.
    package var readFacts: FactsReading
    package typealias FactsReading =
        @Sendable (
            _ open: @Sendable () async throws -> Session, _ options: [String]
        ) async throws -> HostFacts

    package init(
        output: any OutputSink, errors: any OutputSink, input: any InputSource = StandardInput(),
        variables: [String: String] = [:],
        profileFolders: [String] = [], stateDirectory: String = Surroundings.defaultStateDirectory,
        openSession: @escaping @Sendable (_ netns: String?) async throws -> Session,
        readFacts: FactsReading? = nil
    ) {
        self.output = output
        self.errors = errors
        self.input = input
        self.variables = variables
        self.profileFolders = profileFolders
        self.stateDirectory = stateDirectory
        self.openSession = openSession
        self.readFacts =
            readFacts ?? { open, options in
                try await HostFactsReader.read(await open(), stateDirectory: stateDirectory, options: options)
            }
    }

    /// Those of this process.
    package static func process() -> Surroundings {
        var variables: [String: String] = [:]
        for name in ["NO_COLOR", "TERM"] {
            if let value = getenv(name) { variables[name] = String(cString: value) }
        }
        var folders = ["/etc/aggctl/profiles"]
        if let home = getenv("HOME") { folders.append(String(cString: home) + "/.config/aggctl/profiles") }
        return Surroundings(
            output: StandardStream.output, errors: StandardStream.error, variables: variables, profileFolders: folders
        ) {
            try await Session.open(netns: $0, stateDirectory: Self.defaultStateDirectory)
        }
    }
}
