import AggctlCommands
import Declaration
import FoundationEssentials
import Testing

/// `aggctl recommend` beside its decisions: words on the command line, files, the user's own profiles.
@Suite struct RecommendTests {
    @Test(arguments: [
        ("unknown", ["--require", "redundency"]),
        ("nothing-required", []),
        ("several-wrong", ["--require", "lcap", "--prefer", "switch=mgla", "--avoid", "switch=two"]),
        ("no-value", ["--require", "switch"]),
        ("needless-value", ["--require", "lacp=fast"]),
        ("no-time", ["--require", "detection"]),
        ("time-out-of-range", ["--require", "detection=5ms"]),
        ("number-out-of-range", ["--require", "min-ports=0", "--require", "min-ports=two"]),
        ("no-address", ["--require", "ipv6-monitoring"]),
        ("bad-address", ["--require", "ipv6-monitoring=2001:db8::1,::1"]),
        ("one-port", ["--require", "lacp", "--ports", "eth0"]),
        ("port-twice", ["--require", "lacp", "--ports", "eth0,eth0"]),
        ("port-is-aggregate", ["--require", "lacp", "--kernel", "6.1", "--ports", "bond0,eth0"]),
        ("bad-name", ["--require", "lacp", "--name", "a/b"]),
        ("two-to-output", ["--require", "lacp", "--output", "-", "--json"]),
        ("no-version", ["--require", "lacp", "--kernel", "new"]),
        ("unknown-profile", ["--profile", "hypervizor"]),
        ("unknown-switch", ["--require", "lacp", "--switch", "cisco"]),
        ("no-profile-file", ["--profile", "/none/mine.yaml"]),
        ("switch-twice", ["--require", "switch=two", "--switch", "sonic"]),
        ("bad-system", ["--require", "lacp-system=01:00:5e:00:53:01"]),
        (
            "bad-release",
            [
                "--require", "distribution=rhel-9@soon", "--require", "distribution=rhel9@2030-01", "--require",
                "distribution=@2030-01", "--require", "distribution=rhel-9@2030-13",
            ]
        ),
        ("list-and-more", ["--list", "--require", "lacp"]),
    ]) func refuses(_ name: String, _ arguments: [String]) async throws {
        let run = await CommandRun(["recommend"] + arguments)
        #expect(run.output.isEmpty)
        try Golden.expect(run.transcript, is: "recommend/\(name).txt")
    }

    @Test func listsTheVocabulary() async throws {
        try Golden.expect(await CommandRun(["recommend", "--list"]).transcript, is: "recommend/list.txt")
        let json = await CommandRun(["recommend", "--list", "--json"])
        try Golden.expect(json.transcript, is: "recommend/list.json.txt")
        #expect(try JSONSchema(named: "recommend.schema.json").faults(in: try JSONValue.parse(json.output)) == [])
    }

    @Test func explainsEveryCandidate() async throws {
        let run = await CommandRun([
            "recommend", "--require", "redundancy", "--prefer", "throughput", "--require", "switch=lacp", "--explain",
            "--sources",
        ])
        try Golden.expect(run.transcript, is: "recommend/explain.txt")
    }

    /// What everybody sees first, and what each flag adds.
    @Test(arguments: [
        ("screen-lacp", "--require redundancy --require switch=lacp --prefer throughput"),
        ("screen-reservations", "--require redundancy --require throughput --require switch=two"),
        ("screen-none", "--require dbus --require maintained --ports eth0,eth1"),
        ("screen-switch", "--profile hypervisor --switch nextu-3424gl3-10g --ports eth0,eth1"),
        ("screen-driver", "--require redundancy --prefer rebalancing --driver teaming"),
        ("screen-no-driver", "--require dbus --driver bonding"),
    ]) func showsOneScreen(_ name: String, _ words: String) async throws {
        let run = await CommandRun(["recommend"] + words.split(separator: " ").map(String.init))
        try Golden.expect(run.transcript, is: "recommend/\(name).txt")
    }

    @Test func showsSourcesWhenItIsAsked() async throws {
        let words = ["recommend", "--require", "redundancy"]
        let short = await CommandRun(words).output
        let why = await CommandRun(words + ["--explain"]).output
        let sources = await CommandRun(words + ["--sources"]).output
        let all = await CommandRun(words + ["--explain", "--sources"]).output
        #expect(!short.contains("source:") && !short.contains("version: 1"))
        #expect(!why.contains("source:") && why.contains("version: 1") && why.contains("Questions:"))
        #expect(sources.contains("source:") && sources.contains("version: 1") && !sources.contains("Questions:"))
        #expect(all.contains("source:") && all.contains("Questions:"))
    }

    @Test func saysTheSameInJSON() async throws {
        let run = await CommandRun(["recommend", "--require", "lacp", "--json"])
        try Golden.expect(run.transcript, is: "recommend/lacp.json.txt")
    }

    @Test func namesItsPlaceholders() async throws {
        let run = await CommandRun(["recommend", "--require", "redundancy", "--name", "uplink", "--output", "-"])
        try Golden.expect(run.output, is: "recommend/placeholders.yaml")
    }

    @Test func keepsAFileThatIsThere() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/plan.yaml"
        let arguments = ["recommend", "--require", "redundancy", "--output", file]
        let first = await CommandRun(arguments)
        #expect(first.code == 0)
        #expect(first.output.contains("USE       bonding active-backup"))
        #expect(first.errors.contains("aggctl apply \(file)"))
        let plan = try folder.text("plan.yaml")
        #expect(plan.contains("mode: active-backup"))

        let again = await CommandRun(["recommend", "--require", "lacp", "--output", file])
        #expect(again.code == 5)
        #expect(again.errors.contains("--force"))
        #expect(try folder.text("plan.yaml") == plan)

        let forced = await CommandRun(["recommend", "--require", "lacp", "--output", file, "--force"])
        #expect(forced.code == 0)
        #expect(try folder.text("plan.yaml").contains("mode: lacp"))
        #expect(try folder.names() == ["plan.yaml"])
    }

    @Test func writesNothingWhereItCannot() async throws {
        let folder = try TemporaryFolder()
        let run = await CommandRun(["recommend", "--require", "lacp", "--output", folder.path + "/none/plan.yaml"])
        #expect(run.code == 66)
        #expect(run.output.isEmpty)
    }

    @Test func writesNoPlanThatNothingMeets() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/plan.yaml"
        let none = await CommandRun([
            "recommend", "--require", "lacp", "--require", "no-switch-setup", "--output", file,
        ])
        #expect(none.code == 2)
        #expect(try folder.names() == [])
    }

    /// A profile of one's own is a file, and its faults carry its place.
    @Test func takesAProfileFromAFile() async throws {
        let folder = try TemporaryFolder()
        let file = folder.path + "/mine.yaml"
        try folder.write(
            "mine.yaml", "workload: mine\ntitle: Mine\nreason: So it is.\nmust: [redundancy, switch=lacp]\n")
        let run = await CommandRun(["recommend", "--profile", file, "--require", "switch=two", "--sources"])
        #expect(run.code == 0)
        #expect(run.output.contains("Profile: mine: Mine"))
        // What is said on the command line takes the place of the same thing in the profile.
        #expect(run.output.contains("Recommended: bonding active-backup"))

        try folder.write("mine.yaml", "workload: mine\ntitle: Mine\nreason: So it is.\nmust: [redundency]\n")
        let wrong = await CommandRun(["recommend", "--profile", file])
        #expect(wrong.code == 65)
        #expect(wrong.errors.contains("\(file):4:8: mine: must.0=redundency: there is no such requirement"))
        #expect(wrong.errors.contains("did you mean redundancy?"))
    }

    /// A later folder wins, file by file, and its faults carry its path.
    @Test func takesTheUsersProfiles() async throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "modes/lacp.yaml",
            try Golden.text(of: "profiles/modes/lacp.yaml").replacing("place: 2", with: "place: 900"))
        let throughput = ["recommend", "--require", "throughput", "--require", "switch=managed"]
        let run = await CommandRun(throughput, profileFolders: [folder.path])
        #expect(run.code == 0)
        #expect(run.output.contains("USE       bonding balance-xor"))

        try folder.write("features/lacp.yaml", "feature: lacp\ntitle: x\nsells: []\n")
        try folder.write("workload/x.yaml", "a: b\n")
        let wrong = await CommandRun(["recommend", "--require", "redundancy"], profileFolders: [folder.path])
        #expect(wrong.code == 65)
        #expect(wrong.output.isEmpty)
        #expect(wrong.errors.contains("\(folder.path)/features/lacp.yaml:3:1: lacp: there is no key \"sells\""))
        #expect(wrong.errors.contains("did you mean cells?"))
        #expect(wrong.errors.contains("there is no such kind of profile"))
    }

    /// No field of a profile is lost on its way into the program.
    @Test func carriesWhatTheFilesSay() throws {
        let files = try ProfileFile.kinds.flatMap { kind in
            let folder = Golden.project.appending(path: "profiles/\(kind)").path
            return try FileManager.default.contentsOfDirectory(atPath: folder).map { name in
                ProfileFile(
                    path: "\(kind)/\(name)", origin: name,
                    bytes: Array(try Golden.text(of: "profiles/\(kind)/\(name)").utf8))
            }
        }
        #expect(files.count > 100)
        #expect(try ProfileReader.library(files) == BuiltInProfiles.library)
    }

    @Test func needsNoProfileFolder() async {
        let run = await CommandRun(
            ["recommend", "--require", "redundancy"], profileFolders: ["/nonexistent/aggctl/profiles"])
        #expect(run.code == 0)
    }
}

/// A folder that goes away with the test.
final class TemporaryFolder {
    let path: String

    init() throws {
        let name = "aggctl-recommend-\(UInt64.random(in: 0...UInt64.max))"
        let url = FileManager.default.temporaryDirectory.appending(path: name)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ name: String, _ text: String) throws {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: path).appending(path: name)), as: UTF8.self)
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}
