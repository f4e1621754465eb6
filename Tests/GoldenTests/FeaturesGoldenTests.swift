import AggctlCommands
import Aggregation
import Declaration
import Testing

/// `aggctl features` and its page.
@Suite struct FeaturesGoldenTests {
    static let lines: [(name: String, arguments: [String])] = [
        ("all", []), ("bonding-5.10", ["--driver", "bonding", "--kernel", "5.10"]),
        ("rows", ["port-priorities", "14", "xdp"]), ("xdp-5.10", ["xdp", "--kernel", "5.10"]),
        ("verify-other-kernel", ["--verify", "--kernel", "6.1"]),
        ("unknown", ["port-priority", "99"]), ("no-version", ["--kernel", "new"]),
    ]

    @Test(arguments: lines.indices) func text(_ place: Int) async throws {
        let (name, arguments) = Self.lines[place]
        let run = await CommandRun(["features"] + arguments)
        try Golden.expect(run.transcript, is: "features/\(name).txt")
    }

    @Test(arguments: [[], ["--kernel", "5.10"], ["lacp", "--driver", "teaming"]]) func json(
        _ arguments: [String]
    ) async throws {
        let run = await CommandRun(["features", "--json"] + arguments)
        #expect(run.code == 0)
        #expect(try JSONSchema(named: "features.schema.json").faults(in: try JSONValue.parse(run.output)) == [])
    }

    @Test func referencePage() async throws {
        let run = await CommandRun(["features", "--reference"])
        try Golden.expect(run.output, isFile: "docs/feature-matrix.md")
    }

    /// The published comparison has 29 rows, and what is left of them was counted.
    @Test func theClaimsOfTheComparisonAreJudged() async throws {
        let run = await CommandRun(["features", "--json"])
        guard case .object(let members) = try JSONValue.parse(run.output), case .array(let rows)? = members["features"]
        else {
            Issue.record("no features")
            return
        }
        #expect(rows.count >= 56)
        var verdicts: [String: Int] = [:]
        for (place, row) in rows.enumerated() {
            guard case .object(let members) = row, case .integer(let number)? = members["row"] else {
                Issue.record("no row: \(row)")
                continue
            }
            #expect(number == Int64(place + 1))
            guard case .object(let claim)? = members["claim"], case .string(let verdict)? = claim["verdict"] else {
                #expect(number > 29)
                continue
            }
            #expect(number <= 29)
            verdicts[verdict, default: 0] += 1
        }
        #expect(verdicts == ["right": 14, "partly": 10, "wrong": 5])
    }
}
