/// How one candidate stands to what is wanted, requirement by requirement and all of them together.
package struct Assessment: Sendable, Hashable {
    package let candidate: Candidate
    /// In the order of the requirements.
    package let verdicts: [Verdict]
    /// What requirements come to together, or with the host.
    package let findings: [JointRule.Finding]
    /// Why it is out: each a set of musts that it does not meet together; one alone most of the time.
    package let failures: [Failure]
    /// What somebody has to see to, each once: what requirements depend on, and a switch that nobody spoke of.
    package let conditions: [String]
    /// Those of them that a version alone does not settle.
    package let tasks: [String]
    /// It needs no program that keeps running.
    package let isDaemonFree: Bool
    /// It is kept up by somebody.
    package let isMaintained: Bool
    /// The place of its mode among those preferred when nothing else decides.
    package let place: Int64

    package init(_ candidate: Candidate, _ requirements: RequirementSet, _ matrix: FeatureMatrix) {
        self.candidate = candidate
        let joint = JointJudgement(candidate, requirements.all.map { Verdict($0, candidate, matrix) }, matrix)
        verdicts = joint.verdicts
        findings = joint.findings
        failures = joint.failures
        conditions = Self.conditions(verdicts, findings, candidate, requirements, matrix)
        let versions = Set(verdicts.flatMap(\.grounds).compactMap(\.cell.versionCondition))
        tasks = conditions.filter { !versions.contains($0) }
        isDaemonFree = matrix.cell("daemon-free", candidate)?.answer == .yes
        isMaintained = matrix.cell("upkeep", candidate)?.answer == .yes
        place = matrix.profile(candidate.mode)?.place ?? .max
    }

    private static func conditions(
        _ verdicts: [Verdict], _ findings: [JointRule.Finding], _ candidate: Candidate,
        _ requirements: RequirementSet, _ matrix: FeatureMatrix
    ) -> [String] {
        var conditions = verdicts.filter { $0.outcome != .notMet && $0.requirement.strength != .mustNot }
            .flatMap(\.conditions)
        let need = matrix.profile(candidate.mode)?.switchNeed ?? .nothing
        if need != .nothing, !requirements.all.contains(where: \.settlesSwitch),
            !(need == .lacp && matrix.host.leadToOnePartner)
        {
            conditions.append("the switch offers \(need == .lacp ? "LACP" : "a static group")")
        }
        for case .asks(let text) in findings.map(\.effect) { conditions.append(text) }
        conditions += matrix.host.conditions(candidate)
        var seen: Set<String> = []
        return conditions.filter { seen.insert($0).inserted }
    }

    package var unmetWishes: [Verdict] {
        verdicts.filter { $0.requirement.strength == .should && $0.outcome == .notMet }
    }
    package var unmetMusts: [Verdict] {
        verdicts.filter { $0.requirement.strength != .should && $0.outcome == .notMet }
    }
    package var partlyMet: [Verdict] {
        verdicts.filter { $0.outcome == .metWithCondition && $0.answer == .partly }
    }
    /// Musts that it meets only in part.
    package var reservations: [Verdict] { partlyMet.filter { $0.requirement.strength == .must } }
    /// What the host leaves in part only, whatever is wanted.
    package var hostReservations: [JointRule.Finding] { findings.filter { $0.reserves && $0.requirements.isEmpty } }
    package var hasReservations: Bool { !reservations.isEmpty || !hostReservations.isEmpty }
    package var meetsEveryMust: Bool { failures.isEmpty }
    /// What is wanted and had: what a plan serves.
    package var met: RequirementSet {
        RequirementSet(
            verdicts.filter { $0.outcome != .notMet && $0.requirement.strength != .mustNot }.map(\.requirement))
    }

    /// Musts that it does not meet together, and why.
    package struct Failure: Sendable, Hashable {
        package let requirements: Set<Requirement>
        package let ground: Verdict.Ground?
    }

    /// What became of one requirement, and on what grounds.
    package struct Verdict: Sendable, Hashable {
        package enum Outcome: String, Sendable, Hashable {
            case met
            case metWithCondition = "met-with-condition"
            case notMet = "not-met"
        }

        package let requirement: Requirement
        package var outcome: Outcome
        /// The least of the answers of its rows.
        package var answer: Answer
        /// The cells that decided, with the names of their rows, and the joint rules that spoke.
        package var grounds: [Ground]
        package let conditions: [String]

        package struct Ground: Sendable, Hashable {
            package let feature: String
            package let cell: Feature.Cell
        }

        init(_ requirement: Requirement, _ candidate: Candidate, _ matrix: FeatureMatrix) {
            self.requirement = requirement
            guard !requirement.isAvoidedSetting else {
                // A plan that leaves it out is all that is asked for.
                (outcome, answer, grounds, conditions) = (.met, .no, [], [])
                return
            }
            grounds = requirement.features.compactMap { name in
                matrix.cell(name, candidate).map { Ground(feature: name, cell: requirement.judged($0)) }
            }
            // A row that is not in the matrix promises nothing.
            let complete = !grounds.isEmpty && grounds.count == requirement.features.count
            answer = complete ? grounds.map(\.cell.answer).max { $0.rank < $1.rank } ?? .unproven : .unproven
            conditions = grounds.flatMap(\.cell.allConditions)
            outcome = Self.outcome(answer, hasConditions: !conditions.isEmpty, requirement)
        }

        private static func outcome(_ answer: Answer, hasConditions: Bool, _ requirement: Requirement) -> Outcome {
            if requirement.strength == .mustNot { return answer == .no ? .met : .notMet }
            return switch answer {
            case .yes: hasConditions ? .metWithCondition : .met
            case .partly: requirement.key.isWhole ? .notMet : .metWithCondition
            case .no, .unproven: .notMet
            }
        }

        /// The same where something else speaks against it.
        func lessened(by ground: Ground) -> Verdict {
            var verdict = self
            verdict.grounds.append(ground)
            verdict.answer = max(answer, ground.cell.answer) { $0.rank < $1.rank }
            verdict.outcome = Self.outcome(verdict.answer, hasConditions: true, requirement)
            return verdict
        }

        private func max(_ first: Answer, _ second: Answer, _ isLess: (Answer, Answer) -> Bool) -> Answer {
            isLess(first, second) ? second : first
        }

        /// The ground that weighs most: the one with the least answer.
        package var decisive: Ground? { grounds.first { $0.cell.answer == answer } ?? grounds.first }
    }
}

/// What joint rules make of verdicts that were found one by one.
private struct JointJudgement {
    private(set) var verdicts: [Assessment.Verdict]
    private(set) var findings: [JointRule.Finding]
    private(set) var failures: [Assessment.Failure]

    init(_ candidate: Candidate, _ alone: [Assessment.Verdict], _ matrix: FeatureMatrix) {
        verdicts = alone
        // What is not had anyway is in nobody's way.
        let had = alone.filter { $0.outcome != .notMet }.map(\.requirement)
        findings = JointRules.all.flatMap { $0.findings(candidate, had, matrix) }
        failures = alone.filter { $0.outcome == .notMet && $0.requirement.strength != .should }.map {
            Assessment.Failure(requirements: [$0.requirement], ground: $0.decisive)
        }
        let dropped = Self.wishesToDrop(findings)
        for finding in findings where finding.excludes {
            let wishes = finding.requirements.filter { $0.strength == .should }
            let ground = finding.ground(candidate.driver)
            if wishes.isEmpty {
                failures.append(Assessment.Failure(requirements: Set(finding.requirements), ground: ground))
                lessen(Set(finding.requirements), by: ground)
            } else {
                lessen(dropped.intersection(wishes), by: ground)
            }
        }
        // What speaks of a wish that is not met says nothing any more.
        findings.removeAll { $0.excludes || !dropped.isDisjoint(with: $0.requirements) }
        for finding in findings where finding.reserves {
            guard let lessened = finding.lessened else { continue }
            lessen([lessened], by: finding.ground(candidate.driver))
        }
        // A must that takes no partly is out by a reservation as by a row.
        for verdict in verdicts where verdict.outcome == .notMet && verdict.requirement.strength != .should {
            guard !failures.contains(where: { $0.requirements.contains(verdict.requirement) }) else { continue }
            failures.append(Assessment.Failure(requirements: [verdict.requirement], ground: verdict.decisive))
        }
    }

    private mutating func lessen(_ requirements: Set<Requirement>, by ground: Assessment.Verdict.Ground) {
        for place in verdicts.indices where requirements.contains(verdicts[place].requirement) {
            verdicts[place] = verdicts[place].lessened(by: ground)
        }
    }

    /// The fewest wishes without which the others go together with the musts; of equal sets the one that comes last.
    private static func wishesToDrop(_ findings: [JointRule.Finding]) -> Set<Requirement> {
        let sets = findings.filter(\.excludes).map { Set($0.requirements.filter { $0.strength == .should }) }
            .filter { !$0.isEmpty }
        return Concession.smallestHits(sets).min { $0.count < $1.count || ($0.count == $1.count && isAfter($0, $1)) }
            ?? []
    }

    private static func isAfter(_ first: Set<Requirement>, _ second: Set<Requirement>) -> Bool {
        Concession.isBefore(second, first)
    }
}

extension Requirement {
    /// A cell as it is for who requires this.
    fileprivate func judged(_ cell: Feature.Cell) -> Feature.Cell {
        if case .release(_, let month) = value { cell.lasting(until: month) } else { cell }
    }
}

extension Answer {
    /// From what helps most to what helps least.
    fileprivate var rank: Int {
        switch self {
        case .yes: 0
        case .partly: 1
        case .unproven: 2
        case .no: 3
        }
    }
}
