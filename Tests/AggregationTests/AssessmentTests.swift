import Aggregation
import Testing

/// How an answer of the matrix counts for and against a candidate: every strength against every answer.
@Suite struct AssessmentTests {
    private static let candidate = Candidate(driver: .bonding, mode: .balanceXOR)

    private static func matrix(
        _ answer: Answer?, _ row: String = "custom-hash", conditions: [String] = [], until: String? = nil
    ) -> FeatureMatrix {
        let cell = answer.map {
            Feature.Cell(
                driver: .bonding, answer: $0, text: "", until: until.flatMap(Month.init(text:)),
                conditions: conditions, source: "", evidence: [.code])
        }
        let mode = ModeProfile(
            mode: .balanceXOR, place: 1, summary: "", reason: "", drivers: [.bonding], switchNeed: .nothing,
            switchSetup: "", switchSource: "", switchEvidence: [])
        let features = cell.map { [Feature(name: row, title: row, row: 1, cells: [$0])] } ?? []
        return FeatureMatrix(features: features, modes: [mode])
    }

    private static func outcome(
        _ strength: Requirement.Strength, _ answer: Answer?, conditions: [String] = []
    ) -> Assessment.Verdict.Outcome? {
        let requirement = Requirement(.customHash, .none, strength)
        let set = RequirementSet([requirement])
        return Assessment(candidate, set, matrix(answer, requirement.features[0], conditions: conditions)).verdicts
            .first?.outcome
    }

    /// Nobody may rely on what is unproven: not on its being there, and not on its not being there.
    @Test(arguments: [
        (Requirement.Strength.must, Answer.yes, Assessment.Verdict.Outcome.met), (.must, .partly, .metWithCondition),
        (.must, .unproven, .notMet), (.must, .no, .notMet), (.should, .yes, .met),
        (.should, .partly, .metWithCondition), (.should, .unproven, .notMet), (.should, .no, .notMet),
        (.mustNot, .yes, .notMet), (.mustNot, .partly, .notMet), (.mustNot, .unproven, .notMet),
        (.mustNot, .no, .met),
    ])
    func everyStrengthAgainstEveryAnswer(
        strength: Requirement.Strength, answer: Answer, outcome: Assessment.Verdict.Outcome
    ) {
        #expect(Self.outcome(strength, answer) == outcome)
    }

    @Test(arguments: Requirement.Strength.allCases) func aRowThatIsNotThereProvesNothing(
        _ strength: Requirement.Strength
    ) {
        #expect(Self.outcome(strength, nil) == .notMet)
    }

    @Test func aConditionIsNoteworthyOnlyWhereSomethingHasToHold() {
        #expect(Self.outcome(.must, .yes, conditions: ["a card"]) == .metWithCondition)
        #expect(Self.outcome(.should, .yes, conditions: ["a card"]) == .metWithCondition)
        #expect(Self.outcome(.mustNot, .no, conditions: ["a card"]) == .met)
        #expect(Self.outcome(.must, .no, conditions: ["a card"]) == .notMet)
    }

    /// Failures decide, unmet wishes do not.
    @Test func whoFailsIsOut() {
        func assessment(_ strength: Requirement.Strength, _ answer: Answer) -> Assessment {
            let requirement = Requirement(.customHash, .none, strength)
            return Assessment(
                Self.candidate, RequirementSet([requirement]), Self.matrix(answer, requirement.features[0]))
        }
        #expect(!assessment(.mustNot, .unproven).meetsEveryMust)
        #expect(assessment(.mustNot, .unproven).failures.count == 1)
        #expect(assessment(.should, .unproven).meetsEveryMust)
        #expect(assessment(.should, .unproven).unmetWishes.count == 1)
        #expect(assessment(.must, .partly).partlyMet.count == 1)
    }

    /// To the end of the month that it is supported in, and not a month longer.
    @Test(arguments: [("2032-05", true), ("2032-06", true), ("2032-07", false), ("2033-06", false), ("2031-12", true)])
    func supportThatEnds(month: String, isMet: Bool) throws {
        let until = try #require(Month(text: month))
        let requirement = Requirement(.distribution, .release("rhel-9", until: until))
        var features: [Feature] = []
        for (place, name) in requirement.features.enumerated() {
            let cell = Feature.Cell(
                driver: .bonding, answer: .yes, text: "", until: Month(text: "2032-06"), source: "", evidence: [.code])
            features.append(Feature(name: name, title: name, row: Int64(place + 1), cells: [cell]))
        }
        let matrix = FeatureMatrix(features: features, modes: Self.matrix(.yes).modes)
        #expect(Assessment(Self.candidate, RequirementSet([requirement]), matrix).meetsEveryMust == isMet)
    }

    /// A kernel of exactly the version has it.
    @Test(arguments: [("6.0", false), ("6.1", true), ("6.2", true), ("5.99", false), ("7.0", true), ("6.10", true)])
    func whatCameWithAVersion(kernel: String, isMet: Bool) throws {
        var cell = Feature.Cell(driver: .bonding, answer: .yes, text: "", source: "", evidence: [.code])
        cell.since = "6.1"
        let requirement = Requirement(.customHash)
        let matrix = FeatureMatrix(
            features: [Feature(name: requirement.features[0], title: "", row: 1, cells: [cell])],
            modes: Self.matrix(.yes).modes
        ).on(try #require(KernelVersion(text: kernel)))
        #expect(Assessment(Self.candidate, RequirementSet([requirement]), matrix).meetsEveryMust == isMet)
    }
}
