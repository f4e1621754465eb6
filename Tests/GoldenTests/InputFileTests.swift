import AggctlCommands
import Aggregation
import Glibc
import Testing

/// Every argument that names a file to read, with every kind of thing in its place: nothing traps, nothing is waited
/// for in silence, and each has its exit code, a reason and a hint.
@Suite struct InputFileTests {
    /// The command with a file in it, and what such a file says.
    struct Argument: Sendable, CustomTestStringConvertible {
        let words: [String]
        let content: String
        /// The exit code with a file that is right.
        let code: Int32

        var testDescription: String { words.joined(separator: " ") }

        func command(_ path: String) -> [String] { words.map { $0 == "FILE" ? path : $0 } }
    }

    private static let bonds = "version: 1\naggregates:\n  - { name: bond7, state: absent }\n"
    static let arguments: [Argument] = [
        Argument(words: ["plan", "FILE"], content: bonds, code: 0),
        Argument(words: ["check", "FILE"], content: bonds, code: 0),
        Argument(words: ["apply", "FILE", "--dry-run"], content: bonds, code: 0),
        Argument(
            words: ["recommend", "--require", "lacp", "--facts", "FILE"],
            content: "schema: 1\nfacts: { kernel: \"6.1\" }\n", code: 0),
        Argument(
            words: ["recommend", "--profile", "FILE"],
            content: "workload: link\ntitle: Mine\nreason: So it is.\nmust: [redundancy]\n", code: 0),
    ]

    private static let codes: [FileThing: Int32] = [
        .missing: 66, .missingFolder: 66, .empty: 65, .folder: 66, .fifo: 66, .socket: 66, .null: 65, .zero: 65,
        .full: 65, .watchdog: 66, .dangling: 66, .circle: 66, .throughAFile: 66, .longName: 66, .longPath: 66,
        .sparse: 65, .noName: 64, .slash: 66, .notUTF8: 64,
    ]

    @Test(arguments: arguments, FileThing.allCases)
    func reads(_ argument: Argument, _ thing: FileThing) async throws {
        // An empty name of a profile is no path, and none of --list.
        let folder = try TemporaryFolder()
        let path = try thing.make(in: folder, content: argument.content)
        let start = ContinuousClock.now
        let run = await CommandRun(argument.command(path), state: HostState())
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(run.code == Self.codes[thing] ?? argument.code, "\(run.transcript)")
        guard run.code != 0 else { return }
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("aggctl: "), "\(run.errors)")
        #expect(run.errors.contains("  hint: "), "\(run.errors)")
        #expect(run.errors.utf8.count < 3000)
    }

    /// With `--json` standard error holds one document and nothing else.
    @Test(arguments: arguments, [FileThing.missing, .folder, .zero, .circle, .longPath, .noName])
    func errorsAreJSONAlone(_ argument: Argument, _ thing: FileThing) async throws {
        let folder = try TemporaryFolder()
        let path = try thing.make(in: folder, content: argument.content)
        let run = await CommandRun(argument.command(path) + ["--json"], state: HostState())
        let error = try #require(try JSONValue.parse(run.errors).members?["error"]?.members)
        #expect(error["exit"] == .integer(Int64(run.code)))
        #expect(run.output.isEmpty)
    }

    /// A FIFO is read when somebody writes into it, even later; and who waits says so.
    @Test func aFIFOIsRead() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fifo"
        mkfifo(path, 0o600)
        try folder.write("content", Self.bonds)
        let script = "sleep 1.3; cat \(folder.path)/content > \(path)"
        // A process of its own: the threads of this one may all be waiting.
        var words = ["sh", "-c", script].map { (word: String) in strdup(word) } + [nil]
        var writer = pid_t()
        #expect(posix_spawn(&writer, "/bin/sh", nil, nil, &words, environ) == 0)
        let run = await CommandRun(["plan", path], state: HostState())
        if run.code != 0 { kill(writer, SIGKILL) }
        waitpid(writer, nil, 0)
        for word in words { free(word) }
        #expect(run.code == 0, "\(run.transcript)")
        #expect(run.errors.contains("waiting for data from a FIFO"))
    }

    /// A profile folder's files are files as well.
    @Test func profileFolders() async throws {
        let folder = try TemporaryFolder()
        try folder.write("modes/active-backup.yaml/x", "")
        let run = await CommandRun(["recommend", "--require", "redundancy"], profileFolders: [folder.path])
        #expect(run.code == 66)
        #expect(run.errors.contains("active-backup.yaml: it is a directory"))
    }

    /// Neither ending is better than the other, and what is left aside is named.
    @Test func profilesOfBothEndings() async throws {
        let text = "workload: mine\ntitle: Mine\nreason: So it is.\nmust: [redundancy]\n"
        for name in ["mine.yml", "mine.yaml", "mine.YML"] {
            let folder = try TemporaryFolder()
            try folder.write("workloads/\(name)", text)
            let run = await CommandRun(["recommend", "--profile", "mine", "--sources"], profileFolders: [folder.path])
            #expect(run.code == 0, "\(name): \(run.errors)")
            #expect(run.output.contains("Profile: mine: Mine"))
        }
        let folder = try TemporaryFolder()
        try folder.write("workloads/mine.json", text)
        try folder.write("workloads/mine.yaml~", text)
        try folder.write("stray.yaml", text)
        let aside = await CommandRun(["recommend", "--require", "lacp"], profileFolders: [folder.path])
        #expect(aside.code == 0)
        #expect(aside.errors.contains("workloads/mine.json: ignored"))
        #expect(aside.errors.contains("stray.yaml: ignored"))
        #expect(!aside.errors.contains("yaml~"))

        try folder.write("workloads/mine.yml", text)
        try folder.write("workloads/mine.yaml", text)
        let twice = await CommandRun(["recommend", "--require", "lacp"], profileFolders: [folder.path])
        #expect(twice.code == 65)
        #expect(twice.errors.contains("it is the same profile as"))
    }
}
