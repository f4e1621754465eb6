/// Which way to aggregate, why, what it costs, and what to do when there is none. A pure function of requirements and
/// matrix: the same input gives the same answer.
package struct Decision: Sendable {
    package let requirements: RequirementSet
    /// Every candidate: those that meet every must in order of preference, then the others as the matrix has them.
    package let assessments: [Assessment]
    package let matrix: FeatureMatrix
    /// Empty while something meets every must.
    package let giveUps: [Concession.GiveUp]
    /// Which musts exclude each other, and why.
    package let conflicts: [Concession.Conflict]

    package init(_ requirements: RequirementSet, _ matrix: FeatureMatrix) {
        self.requirements = requirements
        self.matrix = matrix
        let all = matrix.candidates.map { Assessment($0, requirements, matrix) }
        // The order is total, because mode and driver differ between any two.
        let acceptable = all.filter(\.meetsEveryMust).sorted(by: Preference.isBefore)
        assessments = acceptable + all.filter { !$0.meetsEveryMust }
        guard acceptable.isEmpty else {
            giveUps = []
            conflicts = []
            return
        }
        let failures = all.map { $0.failures.map(\.requirements) }
        giveUps = Concession.smallestSets(failures).compactMap { set in
            let rest = requirements.removing(set)
            let best = matrix.candidates.map { Assessment($0, rest, matrix) }.filter(\.meetsEveryMust)
                .min(by: Preference.isBefore)
            return best.map { Concession.GiveUp(requirements: RequirementSet(set).all, buys: $0.candidate) }
        }
        conflicts = all.isEmpty ? [] : Concession.smallestConflicts(failures).map { Concession.conflict($0, all) }
    }

    /// Those that meet every must, best first.
    package var acceptable: [Assessment] { assessments.filter(\.meetsEveryMust) }

    package var recommended: Assessment? { acceptable.first }
    package var runnerUp: Assessment? { acceptable.dropFirst().first }

    /// The best of a driver, whether or not it is the best of all.
    package func best(_ driver: DriverKind) -> Assessment? { acceptable.first { $0.candidate.driver == driver } }

    /// The candidate of a driver that comes nearest when none of it meets every must.
    package func nearest(_ driver: DriverKind) -> Assessment? {
        assessments.filter { $0.candidate.driver == driver }.min { first, second in
            let (left, right) = (first.failures.count, second.failures.count)
            return left == right ? Preference.isBefore(first, second) : left < right
        }
    }

    /// What has to be set on the switch for a candidate: as the requirement that speaks of the switch says, else as the
    /// mode says; and what other requirements ask of it.
    package func switchSetup(_ assessment: Assessment) -> (text: String, source: String)? {
        let met = assessment.verdicts.filter { $0.outcome != .notMet && $0.requirement.strength != .mustNot }
        func said(_ verdicts: [Assessment.Verdict]) -> [(String, String)] {
            verdicts.flatMap(\.grounds).compactMap { ground in ground.cell.switchSetup.map { ($0, ground.cell.source) }
            }
        }
        let mode = matrix.profile(assessment.candidate.mode).map { ($0.switchSetup, $0.switchSource) }
        let first = said(met.filter(\.requirement.settlesSwitch)).first ?? mode
        let all = [first].compactMap { $0 } + said(met.filter { !$0.requirement.settlesSwitch })
        guard !all.isEmpty else { return nil }
        return (all.map(\.0).joined(separator: " "), all.map(\.1).joined(separator: "; "))
    }

    /// How requirements were read that can be read in two ways.
    package var notes: [String] {
        let leads = requirements.all.filter { $0.key == .switch && $0.strength != .mustNot }.map(\.text)
        guard leads.count > 1 else { return [] }
        return ["\(leads.joined(separator: " and ")): it has to work with each of them"]
    }

    /// What may go wrong, each once, from every row of the matrix that has something to say about the candidate.
    package func risks(_ candidate: Candidate) -> [Risk] {
        var seen: Set<String> = []
        let others = rowsBesidesThePoint(candidate)
        return matrix.features.compactMap { feature in
            guard !others.contains(feature.name), let cell = feature.cell(candidate), let text = cell.risk,
                seen.insert(text).inserted
            else { return nil }
            return Risk(text: text, feature: feature.name, source: cell.source)
        }
    }

    package struct Risk: Sendable, Hashable {
        package let text: String
        package let feature: String
        package let source: String
    }

    /// What the plan does not use cannot go wrong, nor what is about another switch or distribution than there is.
    private func rowsBesidesThePoint(_ candidate: Candidate) -> Set<String> {
        let monitors: [RequirementKey] = [.arpMonitoring, .ipv6Monitoring, .perPortMonitoring]
        let used = monitors.filter { key in
            requirements.wants(key) && matrix.cell(key.rawValue, candidate)?.answer != .no
        }
        // A plan has every answer of ARP validated.
        var rows = Set(monitors.filter { !used.contains($0) || $0 == .arpMonitoring }.map(\.rawValue))
        rows.formUnion(rowsOfOthers(.distribution))
        // A switch that is left open may be any; of that it may be two, everybody is told.
        rows.formUnion(rowsOfOthers(.switch).filter { requirements.wants(.switch) || $0 != Self.separateSwitches })
        // What nobody asked for is not done with it, and what the ports are has a rule of its own.
        for key in RequirementKey.allCases where key.isUse && !requirements.wants(key) {
            rows.formUnion(key.definition.allFeatures)
        }
        rows.formUnion(["network-root", "unknown-speed", "virtual-functions"])
        // What may happen there is that links alone are watched.
        if !used.isEmpty { rows.insert(Self.separateSwitches) }
        return rows
    }

    /// Of what was not chosen.
    private func rowsOfOthers(_ key: RequirementKey) -> Set<String> {
        let chosen = requirements.all.filter { $0.key == key && $0.strength != .mustNot }.flatMap(\.features)
        return Set(key.definition.choices.map(\.feature)).subtracting(chosen)
    }

    private static let separateSwitches = "switch-two"
}
