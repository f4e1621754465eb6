import AggctlCommands
import Aggregation
import Glibc
import Testing

/// Every argument that names a file to write, with every kind of thing in its place.
@Suite struct OutputFileTests {
    private static let writing = ["recommend", "--require", "lacp", "--output"]
    private static let codes: [FileThing: Int32] = [
        .missing: 0, .missingFolder: 66, .empty: 0, .folder: 66, .fifo: 66, .socket: 66, .null: 0, .zero: 0, .full: 1,
        .watchdog: 66, .dangling: 0, .circle: 66, .link: 0, .throughAFile: 66, .longName: 66, .longPath: 66, .sparse: 0,
        .noName: 64, .slash: 66, .notUTF8: 64,
    ]

    /// Whatever stood there is still of its kind, and nothing else is left behind.
    @Test(arguments: FileThing.allCases, [true, false]) func writes(_ thing: FileThing, _ force: Bool) async throws {
        let folder = try TemporaryFolder()
        let path = try thing.make(in: folder, content: "old")
        let names = try folder.names()
        let before = kind(path)
        let run = await CommandRun(Self.writing + [path] + (force ? ["--force"] : []))
        let isFile = [.empty, .link, .sparse].contains(thing)
        #expect(run.code == (isFile && !force ? 5 : Self.codes[thing]), "\(run.transcript)")
        if let before { #expect(kind(path) == before) }
        let added = try folder.names().filter { !names.contains($0) }
        #expect(added == (thing == .missing ? ["missing"] : thing == .dangling ? ["nowhere"] : []))
        if run.code == 0 {
            #expect(run.output.contains("USE "))
        } else {
            #expect(run.errors.contains("  hint: "), "\(run.errors)")
            // What can be known is known before anything is decided.
            #expect(run.output.isEmpty || thing == .full)
        }
    }

    /// A drill's report: told before the fault what is wrong with it. Without a far end no drill is held.
    @Test(arguments: FileThing.allCases) func reports(_ thing: FileThing) async throws {
        let folder = try TemporaryFolder()
        let path = try thing.make(in: folder, content: "old")
        let names = try folder.names()
        let run = await CommandRun(["drill", "bond0", "--report", path], state: HostState())
        let code = try #require(Self.codes[thing])
        #expect(run.code == (code <= 1 ? 69 : code), "\(run.transcript)")
        #expect(try folder.names() == names)
    }

    /// The kind of what is there itself, links not followed.
    private func kind(_ path: String) -> mode_t? {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    @Test func keepsOwnerAndMode() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/plan.yaml"
        try folder.write("plan.yaml", "old")
        chmod(path, 0o4640)
        let owner: uid_t = geteuid() == 0 ? 65534 : geteuid()
        chown(path, owner, gid_t.max)
        chmod(path, 0o640)
        let run = await CommandRun(Self.writing + [path, "--force"])
        #expect(run.code == 0)
        var status = stat()
        stat(path, &status)
        #expect(status.st_uid == owner)
        #expect(status.st_mode & 0o7777 == 0o640)
        #expect(try folder.text("plan.yaml").contains("mode: lacp"))
        #expect(try folder.names() == ["plan.yaml"])
    }

    /// All names of a file go on to mean one file.
    @Test func keepsLinks() async throws {
        let folder = try TemporaryFolder()
        let old = String(repeating: "old ", count: 4000)
        try folder.write("real", old)
        link(folder.path + "/real", folder.path + "/second")
        symlink("second", folder.path + "/third")
        let run = await CommandRun(Self.writing + [folder.path + "/third", "--force"])
        #expect(run.code == 0)
        let text = try folder.text("real")
        #expect(text.hasSuffix("\n") && text.contains("mode: lacp") && !text.contains("old"))
        #expect(try folder.text("second") == text)
        #expect(kind(folder.path + "/third") == S_IFLNK)
        var status = stat()
        stat(folder.path + "/real", &status)
        #expect(status.st_nlink == 2)
    }

    /// A new file is nobody's to write but its owner's.
    @Test func aNewFileHasTheUsualMode() async throws {
        let folder = try TemporaryFolder()
        #expect(await CommandRun(Self.writing + [folder.path + "/new"]).code == 0)
        var status = stat()
        stat(folder.path + "/new", &status)
        #expect(status.st_mode & 0o7133 == 0)
    }

    /// A reader of a FIFO gets the plan, and the FIFO stays one.
    @Test func writesThroughAFIFO() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fifo"
        mkfifo(path, 0o600)
        let reader = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        defer { close(reader) }
        let run = await CommandRun(Self.writing + [path])
        #expect(run.code == 0, "\(run.transcript)")
        var bytes = [UInt8](repeating: 0, count: 65536)
        let count = read(reader, &bytes, bytes.count)
        #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).contains("mode: lacp"))
        #expect(kind(path) == S_IFIFO)
        // And then its end.
        #expect(read(reader, &bytes, bytes.count) == 0)
    }

    /// A reader that takes nothing is no reason to wait for ever: here the plan is more than what is left in the FIFO.
    @Test func aStuckReaderIsGivenUp() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/fifo"
        mkfifo(path, 0o600)
        let both = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
        defer { close(both) }
        let noise = [UInt8](repeating: 0, count: 65536)
        _ = write(both, noise, noise.count)
        let start = ContinuousClock.now
        let run = await CommandRun(Self.writing + [path])
        #expect(run.code == 75, "\(run.transcript)")
        #expect(ContinuousClock.now - start < .seconds(30))
    }

    @Test(arguments: ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]) func standardOutput(_ path: String) async throws {
        let run = await CommandRun(Self.writing + [path])
        #expect(run.code == 0)
        #expect(run.output.hasPrefix("# Written by: aggctl recommend"))
        #expect(await CommandRun(Self.writing + [path, "--json"]).code == 64)
    }

    @Test(arguments: ["/dev/fd/999", "/dev/fd/-1", "/dev/fd/99999999999999999999", "/dev/fd/x"])
    func descriptorsThatAreNotThere(_ path: String) async throws {
        let run = await CommandRun(Self.writing + [path, "--force"])
        #expect([64, 66, 77].contains(run.code), "\(run.transcript)")
    }

    /// The interview finds out at once that the file cannot be written, and asks again.
    @Test func theInterviewChecksTheFile() async throws {
        let folder = try TemporaryFolder()
        let good = folder.path + "/plan.yaml"
        let run = await CommandRun(
            ["recommend"], isTerminal: true, variables: ["NO_COLOR": "1"],
            typed: ["none", "-9223372036854775808", "none", "", "both", "", folder.path + "/none/x", folder.path, good])
        #expect(run.code == 0, "\(run.transcript)")
        #expect(run.errors.contains("there is no directory \(folder.path)/none"))
        #expect(run.errors.contains("it is a directory, not a file"))
        #expect(run.output.contains("USE "))
        #expect(try folder.names() == ["plan.yaml"])
    }
}
