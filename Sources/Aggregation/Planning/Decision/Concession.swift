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

        /// The same, with what is said of several musts at once told once.
        package var explanationsTogether: [(explanation: Explanation, failed: [Requirement])] {
            var all: [(explanation: Explanation, failed: [Requirement])] = []
            for one in explanations {
                let place = all.firstIndex { other, _ in
                    other.ground == one.ground && other.candidates == one.candidates && one.ground != nil
                }
                if let place { all[place].failed.append(one.failed) } else { all.append((one, [one.failed])) }
            }
            return all
        }
    }

    package struct Explanation: Sendable, Hashable {
        package let failed: Requirement
        package let candidates: [Candidate]
        package let ground: Assessment.Verdict.Ground?
    }

    /// Every set that helps and of which no part would.
    ///
    /// - Parameter failures: for each candidate the sets of musts that it does not meet together. A set helps just when
    ///   it takes something from each of them for some candidate.
    package static func smallestSets(_ failures: [[Set<Requirement>]]) -> [Set<Requirement>] {
        smallest(Set(failures.map { Set($0) }).reduce(into: []) { $0.formUnion(smallestHits(Array($1))) })
            .sorted(by: isBefore)
    }

    /// Every set of musts that no candidate meets, and no part of which is such a set.
    ///
    /// - Parameter failures: as above.
    package static func smallestConflicts(_ failures: [[Set<Requirement>]]) -> [Set<Requirement>] {
        // Grown one candidate at a time: what a candidate meets is widened by each of the sets that it does not.
        var sets: Set<Set<Requirement>> = [[]]
        for failed in Set(failures.map { Set($0) }) {
            let hit = sets.filter { set in failed.contains { $0.isSubset(of: set) } }
            let widened = sets.subtracting(hit).flatMap { set in failed.map { set.union($0) } }
            sets = smallest(hit.union(widened))
        }
        return sets.sorted(by: isBefore)
    }

    /// Every set that takes something from each of some sets, and no part of which does.
    static func smallestHits(_ sets: [Set<Requirement>]) -> Set<Set<Requirement>> {
        var hits: Set<Set<Requirement>> = [[]]
        for set in sets {
            let done = hits.filter { !$0.isDisjoint(with: set) }
            let widened = hits.subtracting(done).flatMap { hit in set.map { hit.union([$0]) } }
            hits = smallest(done.union(widened))
        }
        return hits
    }

    /// Those that hold no other.
    private static func smallest(_ sets: Set<Set<Requirement>>) -> Set<Set<Requirement>> {
        sets.filter { set in !sets.contains { $0.isStrictSubset(of: set) } }
    }

    /// Small sets first, then by the order of the vocabulary.
    static func isBefore(_ first: Set<Requirement>, _ second: Set<Requirement>) -> Bool {
        if first.count != second.count { return first.count < second.count }
        let (left, right) = (RequirementSet(first).all, RequirementSet(second).all)
        guard let index = left.indices.first(where: { left[$0] != right[$0] }) else { return false }
        return RequirementSet([left[index], right[index]]).all.first == left[index]
    }

    /// For each must of a conflict those who meet all the others, and why they do not meet this one too.
    static func conflict(_ requirements: Set<Requirement>, _ assessments: [Assessment]) -> Conflict {
        let ordered = RequirementSet(requirements).all
        let explanations = ordered.flatMap { requirement -> [Explanation] in
            let near = assessments.compactMap { assessment -> (Candidate, Assessment.Failure)? in
                let failed = assessment.failures.filter { $0.requirements.isSubset(of: requirements) }
                guard let first = failed.first, failed.allSatisfy({ $0.requirements.contains(requirement) }) else {
                    return nil
                }
                return (assessment.candidate, first)
            }
            return grouped(near, failing: requirement)
        }
        return Conflict(requirements: ordered, explanations: explanations)
    }

    /// Candidates that fail for the same reason are told together.
    private static func grouped(
        _ near: [(Candidate, Assessment.Failure)], failing requirement: Requirement
    ) -> [Explanation] {
        var grounds: [Assessment.Verdict.Ground?] = []
        for (_, failure) in near where !grounds.contains(where: { $0?.cell.text == failure.ground?.cell.text }) {
            grounds.append(failure.ground)
        }
        return grounds.map { ground in
            let same = near.filter { $0.1.ground?.cell.text == ground?.cell.text }.map(\.0)
            return Explanation(failed: requirement, candidates: same, ground: ground)
        }
    }
}
