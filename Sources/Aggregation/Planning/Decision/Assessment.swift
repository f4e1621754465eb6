/// How one candidate stands to what is wanted, requirement by requirement.
package struct Assessment: Sendable, Hashable {
    package let candidate: Candidate
    /// In the order of the requirements.
    package let verdicts: [Verdict]
    /// What somebody has to see to, each once: what requirements depend on, and a switch that nobody spoke of.
    package let conditions: [String]
    /// Those of them that a version alone does not settle.
    package let tasks: [String]
    /// It needs no program that keeps running.
    package let isDaemonFree: Bool
    /// The place of its mode among those preferred when nothing else decides.
    package let place: Int64

    package init(_ candidate: Candidate, _ requirements: RequirementSet, _ matrix: FeatureMatrix) {
        self.candidate = candidate
        verdicts = requirements.all.map { Verdict($0, candidate, matrix) }
        var conditions = verdicts.filter { $0.outcome != .notMet && $0.requirement.strength != .mustNot }
            .flatMap(\.conditions)
        let profile = matrix.profile(candidate.mode)
        if let profile, profile.switchNeed != .nothing, !requirements.all.contains(where: \.key.settlesSwitch),
            !(profile.switchNeed == .lacp && matrix.host.leadToOnePartner)
        {
            conditions.append("the switch offers \(profile.switchNeed == .lacp ? "LACP" : "a static group")")
        }
        conditions += matrix.host.conditions(candidate)
        var seen: Set<String> = []
        self.conditions = conditions.filter { seen.insert($0).inserted }
        let versions = Set(verdicts.flatMap(\.grounds).compactMap(\.cell.versionCondition))
        tasks = self.conditions.filter { !versions.contains($0) }
        isDaemonFree = matrix.cell("daemon-free", candidate)?.answer == .yes
        place = profile?.place ?? .max
    }

    /// The musts, and the must-nots, that it does not meet.
    package var failures: [Verdict] { verdicts.filter { $0.requirement.strength != .should && $0.outcome == .notMet } }
    package var unmetWishes: [Verdict] {
        verdicts.filter { $0.requirement.strength == .should && $0.outcome == .notMet }
    }
    package var partlyMet: [Verdict] {
        verdicts.filter { $0.outcome == .metWithCondition && $0.answer == .partly }
    }
    package var meetsEveryMust: Bool { failures.isEmpty }

    /// What became of one requirement, and on what grounds.
    package struct Verdict: Sendable, Hashable {
        package enum Outcome: String, Sendable, Hashable {
            case met
            case metWithCondition = "met-with-condition"
            case notMet = "not-met"
        }

        package let requirement: Requirement
        package let outcome: Outcome
        /// The least of the answers of its rows.
        package let answer: Answer
        /// The cells that decided, with the names of their rows.
        package let grounds: [Ground]
        package let conditions: [String]

        package struct Ground: Sendable, Hashable {
            package let feature: String
            package let cell: Feature.Cell
        }

        init(_ requirement: Requirement, _ candidate: Candidate, _ matrix: FeatureMatrix) {
            self.requirement = requirement
            grounds = requirement.features.compactMap { name in
                matrix.cell(name, candidate).map { Ground(feature: name, cell: requirement.judged($0)) }
            }
            // A row that is not in the matrix promises nothing.
            let complete = !grounds.isEmpty && grounds.count == requirement.features.count
            answer = complete ? grounds.map(\.cell.answer).max { $0.rank < $1.rank } ?? .unproven : .unproven
            conditions = grounds.flatMap(\.cell.allConditions)
            outcome = Self.outcome(answer, hasConditions: !conditions.isEmpty, requirement.strength)
        }

        private static func outcome(_ answer: Answer, hasConditions: Bool, _ strength: Requirement.Strength) -> Outcome
        {
            if strength == .mustNot { return answer == .no ? .met : .notMet }
            return switch answer {
            case .yes: hasConditions ? .metWithCondition : .met
            case .partly: .metWithCondition
            case .no, .unproven: .notMet
            }
        }

        /// The ground that weighs most: the one with the least answer.
        package var decisive: Ground? { grounds.first { $0.cell.answer == answer } ?? grounds.first }
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
