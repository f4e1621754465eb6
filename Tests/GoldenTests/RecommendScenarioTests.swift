import AggctlCommands
import Aggregation
import Declaration
import FoundationEssentials
import Testing

/// Every folder of Tests/GoldenTests/Scenarios: `requirements.txt` in, `decision.txt` and `plan.yaml` out.
///
/// A line of `requirements.txt` is `must`, `should` or `must-not` and a requirement, or
/// `profile`, `switch` or `kernel` and a name; or `facts` and a file of the folder. Without one nothing is known of the host
/// but its ports.
@Suite struct RecommendScenarioTests {
    static let folder = "Tests/GoldenTests/Scenarios"

    static let names: [String] = {
        let all = try? FileManager.default.contentsOfDirectory(atPath: Golden.project.appending(path: folder).path)
        return (all ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    @Test func thereAreScenarios() { #expect(Self.names.count >= 60) }

    @Test(arguments: names) func decides(_ name: String) async throws {
        let flags = try Self.flags(name)
        let place = "\(Self.folder)/\(name)"
        let decision = await CommandRun(["recommend", "--sources"] + flags + ["--ports", "eth0,eth1"])
        try Golden.expect(decision.transcript, isFile: "\(place)/decision.txt")

        let plan = await CommandRun(["recommend"] + flags + ["--ports", "eth0,eth1", "--output", "-"])
        guard decision.output.contains("\nPlan: ") else {
            #expect(plan.code == 2 && decision.code == 2)
            let file = Golden.project.appending(path: "\(place)/plan.yaml").path
            #expect(!FileManager.default.fileExists(atPath: file), "there is no plan any more")
            return
        }
        #expect(plan.code == 0)
        #expect(plan.errors.isEmpty)
        try Golden.expect(plan.output, isFile: "\(place)/plan.yaml")
        let wishes = try DeclarationFile.parse(text: plan.output, fileName: "plan.yaml")
        #expect(wishes.count == 1)
        for wish in wishes {
            #expect(Translation.resolve(wish, in: Self.host).problems.isEmpty)
        }
    }

    /// The first screen, with the longest that there is for each word at its beginning.
    @Test(arguments: names) func fitsAScreen(_ name: String) async throws {
        let run = await CommandRun(["recommend", "--ports", "eth0,eth1"] + (try Self.flags(name)))
        let lines = run.output.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 }, "\(run.output)")
        #expect((4...28).contains(lines.count), "\(run.output)")
        #expect(lines.first?.hasPrefix(run.code == 0 ? "USE" : "NONE") == true, "\(run.output)")
        #expect(lines.contains { $0.hasPrefix(run.code == 0 ? "APPLY     aggctl" : "GIVE UP   ") })
    }

    @Test(arguments: names) func isDescribedByTheSchema(_ name: String) async throws {
        let schema = try JSONSchema(named: "recommend.schema.json")
        let run = await CommandRun(["recommend", "--json"] + (try Self.flags(name)))
        #expect(schema.faults(in: try JSONValue.parse(run.output)) == [])
    }

    private static func flags(_ name: String) throws -> [String] {
        let words = [
            "must": "--require", "should": "--prefer", "must-not": "--avoid", "profile": "--profile",
            "switch": "--switch", "kernel": "--kernel", "facts": "--facts",
        ]
        return try Golden.text(of: "\(folder)/\(name)/requirements.txt").split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .flatMap { line -> [String] in
                let parts = line.split(separator: " ").map(String.init)
                let flag = try #require(words[parts[0]])
                let value = try #require(parts.last)
                return [flag, flag == "--facts" ? "\(folder)/\(name)/\(value)" : value]
            }
    }

    /// A host with the two ports of the plans.
    private static let host: HostState = {
        var state = HostState()
        state.links = [Link(index: 2, name: "eth0"), Link(index: 3, name: "eth1")]
        return state
    }()
}
