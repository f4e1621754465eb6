import AggctlCommands
import Aggregation
import FoundationEssentials
import Testing

/// Plans as folders: `observed.yaml` and `desired.yaml` give `plan.txt`. A new case is three files and no code.
@Suite struct PlanGoldenTests {
    private static let folder = "Tests/GoldenTests/Plans"

    static let cases: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: Golden.project.appending(path: folder).path).sorted())
        ?? []

    @Test func wordsThatExcludeEachOtherAreRefused() async {
        let run = await CommandRun(
            ["create", "bond0", "--mode", "lacp", "--ports", "eth0,eth1", "--wait", "5s", "--no-wait"])
        #expect(run.code == 64)
        #expect(run.errors.contains("--no-wait exclude each other"))
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 12) }

    @Test(arguments: cases) func plan(_ name: String) async throws {
        let (host, file) = try Self.inputs(name)
        var text = await CommandRun(["plan", file], state: host).transcript
        text += await CommandRun(["check", file], state: host).transcript
        // The path differs from checkout to checkout.
        try Golden.expect(text.replacingPath(file, by: "desired.yaml"), isFile: "\(Self.folder)/\(name)/plan.txt")
    }

    @Test(arguments: cases) func jsonKeepsToItsSchemas(_ name: String) async throws {
        let (host, file) = try Self.inputs(name)
        for (command, schema) in [("plan", "change.schema.json"), ("check", "check.schema.json")] {
            let run = await CommandRun([command, file, "--json"], state: host)
            let isFailure = run.output.isEmpty
            let document = isFailure ? run.errors.split(separator: "\n").last.map(String.init) ?? "" : run.output
            let faults = try JSONSchema(named: isFailure ? "error.schema.json" : schema)
                .faults(in: try JSONValue.parse(document))
            #expect(faults == [], "\(command) \(name)")
            // A plan that would be refused is shown all the same.
            #expect(isFailure == ![0, 2, 5].contains(run.code))
        }
    }

    private static func inputs(_ name: String) throws -> (host: HostState, file: String) {
        let folder = "\(Self.folder)/\(name)"
        let host = try ObservedFile.read(try Golden.text(of: "\(folder)/observed.yaml"), name: "observed.yaml")
        return (host, Golden.project.appending(path: "\(folder)/desired.yaml").path)
    }
}

extension String {
    fileprivate func replacingPath(_ path: String, by name: String) -> String {
        self.split(separator: path, omittingEmptySubsequences: false).joined(separator: name)
    }
}
