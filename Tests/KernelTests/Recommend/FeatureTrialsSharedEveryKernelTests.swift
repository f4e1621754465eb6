import AggctlCommands
import Aggregation
import FoundationEssentials
import Operations
import Testing

/// Rows of the feature matrix, tried on every kernel, as many at a time as the command does. What is confirmed was seen, and
/// without its cause the opposite.
@Suite struct FeatureTrialsSharedEveryKernelTests {
    @Test func allAreAsTheMatrixSays() async throws {
        let results = try await FeatureTrials.run()(TrialBook.all)
        #expect(results.count == TrialBook.all.count)
        for result in results {
            #expect(result.outcome == .confirmed, "\(result.trial.title): \(result.seen)")
            #expect(result.control != nil, "\(result.trial.title)")
        }
    }
}

/// `aggctl features --verify` as it is run.
@Suite(.serialized) struct FeatureVerifySharedEveryKernelTests {
    @Test func tellsWhatItSawAndWhatCannotBeTried() async throws {
        try await withNamespace { ns in
            let run = await ns.aggctl("features --verify vlan rdma")
            #expect(run.code == 0, "\(run)")
            #expect(run.output.contains("2 confirmed, 0 contradicted, 0 could not be tried; 1 of 2 rows were tried"))
            #expect(run.output.contains("Cannot be tried here: rdma."), "\(run)")
            let json = try JSON.parse(await ns.aggctl("features --verify vlan --driver bonding --json").output)
            #expect(json["features"]?[0]?["trials"]?[0]?["outcome"] == .string("confirmed"), "\(json)")
            Scenes.rmtree(ns.stateDirectory)
        }
    }

    /// A row of one's own that is wrong is contradicted.
    @Test func aWrongRowIsContradicted() async throws {
        try await withNamespace { ns in
            let folder = "\(ns.stateDirectory)-profiles"
            defer { Scenes.rmtree(folder) }
            try FileManager.default.createDirectory(atPath: "\(folder)/features", withIntermediateDirectories: true)
            let row = """
                feature: vlan
                title: VLANs can be on top
                row: 20
                cells:
                  - driver: bonding
                    answer: no
                    text: It is said that they cannot.
                    source: hearsay
                    evidence: [belief]
                  - driver: teaming
                    answer: yes
                    text: They can.
                    source: hearsay
                    evidence: [belief]

                """
            try Data(row.utf8).write(to: URL(filePath: "\(folder)/features/vlan.yaml"))
            let run = await ns.aggctl("features --verify vlan", profiles: [folder])
            #expect(run.code == 2 && run.output.contains("1 confirmed, 1 contradicted"), "\(run)")
            Scenes.rmtree(ns.stateDirectory)
        }
    }
}

extension FeatureTrials {
    fileprivate static func run() throws -> TrialRun {
        run(try builtInMatrix(), kernel: runningKernel, stateDirectory: "/run/aggctl-trials")
    }
}

extension Trial {
    fileprivate var title: String { "\(feature), \(candidate), whether \(question)" }
}
