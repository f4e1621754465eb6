/// What to do when nothing meets every must: the smallest sets to give up, and which musts exclude each other.
package enum Concession {
    /// Musts that could be given up, and what that would buy.
    package struct GiveUp: Sendable, Hashable {
        package let requirements: [Requirement]
        /// The candidate that would then be recommended.
        package let buys: Candidate
    }

    /// Musts of which each could be had without the others, but not all together.
    package struct Conflict: Sendable, Hashable {
        package let requirements: [Requirement]
        /// For each of them: who meets all the others, and why it fails this one.
        package let explanations: [Explanation]
    }

    package struct Explanation: Sendable, Hashable {
        package let failed: Requirement
        package let candidates: [Candidate]
        package let ground: Assessment.Verdict.Ground?
    }

    /// Every set that helps and of which no part would.
    ///
    /// A set helps just when it holds all that some candidate fails, so the least of the candidates' failures are they.
    package static func smallestSets(_ failures: [Set<Requirement>]) -> [Set<Requirement>] {
        let distinct = Set(failures)
        return distinct.filter { set in !distinct.contains { $0.isStrictSubset(of: set) } }.sorted(by: isBefore)
    }

    /// Every set of musts of which each candidate fails one, and no part of which is such a set.
    package static func smallestConflicts(_ failures: [Set<Requirement>]) -> [Set<Requirement>] {
        // Grown one candidate at a time: what a candidate passes is widened by each of the musts that it fails.
        var sets: Set<Set<Requirement>> = [[]]
        for failed in Set(failures) {
            let hit = sets.filter { !$0.isDisjoint(with: failed) }
            let widened = sets.subtracting(hit).flatMap { set in failed.map { set.union([$0]) } }
            let all = hit.union(widened)
            sets = all.filter { set in !all.contains { $0.isStrictSubset(of: set) } }
        }
        return sets.sorted(by: isBefore)
    }

    /// Small sets first, then by the order of the vocabulary.
    private static func isBefore(_ first: Set<Requirement>, _ second: Set<Requirement>) -> Bool {
        if first.count != second.count { return first.count < second.count }
        let (left, right) = (RequirementSet(first).all, RequirementSet(second).all)
        guard let index = left.indices.first(where: { left[$0] != right[$0] }) else { return false }
        return RequirementSet([left[index], right[index]]).all.first == left[index]
    }

    static func conflict(_ requirements: Set<Requirement>, _ assessments: [Assessment]) -> Conflict {
        let ordered = RequirementSet(requirements).all
        let explanations = ordered.flatMap { requirement -> [Explanation] in
            let near = assessments.compactMap { assessment -> (Candidate, Assessment.Verdict)? in
                let failed = assessment.failures.filter { requirements.contains($0.requirement) }
                guard failed.count == 1, failed[0].requirement == requirement else { return nil }
                return (assessment.candidate, failed[0])
            }
            return grouped(near, failing: requirement)
        }
        return Conflict(requirements: ordered, explanations: explanations)
    }

    /// Candidates that fail for the same reason are told together.
    private static func grouped(
        _ near: [(Candidate, Assessment.Verdict)], failing requirement: Requirement
    ) -> [Explanation] {
        var grounds: [Assessment.Verdict.Ground?] = []
        for (_, verdict) in near where !grounds.contains(where: { $0?.cell.text == verdict.decisive?.cell.text }) {
            grounds.append(verdict.decisive)
        }
        return grounds.map { ground in
            let same = near.filter { $0.1.decisive?.cell.text == ground?.cell.text }.map(\.0)
            return Explanation(failed: requirement, candidates: same, ground: ground)
        }
    }
}
