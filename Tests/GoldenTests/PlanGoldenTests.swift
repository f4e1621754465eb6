import FoundationEssentials
import Testing

/// Plans as folders: `observed.yaml` and `desired.yaml` give `plan.txt`. A new case is three files and no code.
@Suite struct PlanGoldenTests {
    private static let folder = "Tests/GoldenTests/Plans"

    static let cases: [String] =
        (try? FileManager.default.contentsOfDirectory(atPath: Golden.project.appending(path: folder).path).sorted()) ?? []

    @Test func thereAreCases() { #expect(Self.cases.count >= 12) }

    @Test(arguments: cases) func plan(_ name: String) async throws {
        let folder = "\(Self.folder)/\(name)"
        let host = try ObservedFile.read(try Golden.text(of: "\(folder)/observed.yaml"), name: "observed.yaml")
        let file = Golden.project.appending(path: "\(folder)/desired.yaml").path
        let run = await CommandRun(["plan", file], state: host)
        // The path differs from checkout to checkout.
        try Golden.expect(run.transcript.replacingPath(file, by: "desired.yaml"), isFile: "\(folder)/plan.txt")
    }
}

extension String {
    fileprivate func replacingPath(_ path: String, by name: String) -> String {
        self.split(separator: path, omittingEmptySubsequences: false).joined(separator: name)
    }
}
