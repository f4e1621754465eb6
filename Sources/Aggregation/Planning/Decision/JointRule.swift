/// What requirements come to together, or with the ports, the kernel or the tool of a host, where each of them alone
/// could be had. The matrix judges one requirement at a time; what it cannot see is a row of ``JointRules``.
package struct JointRule: Sendable {
    /// Stable, as `redundancy-min-ports`.
    package let name: String
    /// One requirement of each is looked at; the same key twice stands for two values of it. None: every decision. What
    /// is had in part only is that of the last.
    package let keys: [RequirementKey]
    /// Places in ``keys`` of what is to be avoided instead of had.
    package let avoided: Set<Int>
    /// The candidates that it speaks of; nil for all.
    package let driver: DriverKind?
    package let modes: ModeSet
    package let source: String
    package let evidence: [Evidence]
    let judge: @Sendable (Case) -> Effect?

    /// What comes of it.
    package enum Effect: Sendable, Hashable {
        /// They cannot be had together: one of them has to be given up.
        case excludes(String)
        /// They can, in part.
        case reserves(String)
        /// They can once somebody has seen to something.
        case asks(String)

        var text: String {
            switch self {
            case .excludes(let text), .reserves(let text), .asks(let text): text
            }
        }
    }

    /// What a rule is asked about.
    struct Case: Sendable {
        let candidate: Candidate
        /// In the order of the rule's keys.
        let asked: [Requirement]
        let matrix: FeatureMatrix

        var host: HostFacts { matrix.host }
        /// How many ports there will be, as far as that is known.
        var portCount: Int? { host.portCount ?? (host.ports.isEmpty ? nil : host.ports.count) }
    }

    init(
        _ name: String, _ keys: [RequirementKey], avoided: Set<Int> = [], driver: DriverKind? = nil,
        modes: ModeSet = .all, source: String, evidence: [Evidence], judge: @escaping @Sendable (Case) -> Effect?
    ) {
        self.name = name
        self.keys = keys
        self.avoided = avoided
        self.driver = driver
        self.modes = modes
        self.source = source
        self.evidence = evidence
        self.judge = judge
    }

    /// One time that a rule applies.
    package struct Finding: Sendable, Hashable {
        package let rule: String
        /// In the order of the vocabulary; none where the host alone is the reason.
        package let requirements: [Requirement]
        package let effect: Effect
        /// What is had in part only because of the others; none where the host alone is the reason.
        let lessened: Requirement?
        package let source: String
        package let evidence: [Evidence]

        package var text: String { effect.text }

        var excludes: Bool { if case .excludes = effect { true } else { false } }
        var reserves: Bool { if case .reserves = effect { true } else { false } }

        /// As the ground of a verdict, beside those of the matrix.
        func ground(_ driver: DriverKind) -> Assessment.Verdict.Ground {
            .init(
                feature: rule,
                cell: Feature.Cell(
                    driver: driver, answer: excludes ? .no : .partly, text: text, source: source, evidence: evidence))
        }
    }

    package func findings(_ candidate: Candidate, _ requirements: [Requirement], _ matrix: FeatureMatrix) -> [Finding] {
        guard driver == nil || driver == candidate.driver, modes.contains(candidate.mode),
            keys.allSatisfy({ key in requirements.contains { $0.key == key } })
        else { return [] }
        return cases(requirements).compactMap { asked in
            let effect = judge(Case(candidate: candidate, asked: asked, matrix: matrix))
            return effect.map {
                Finding(
                    rule: name, requirements: RequirementSet(asked).all, effect: $0, lessened: asked.last,
                    source: source, evidence: evidence)
            }
        }
    }

    /// Every way to take one requirement for each key, none twice.
    private func cases(_ requirements: [Requirement]) -> [[Requirement]] {
        var cases: [[Requirement]] = [[]]
        for (place, key) in keys.enumerated() {
            let own = requirements.filter {
                $0.key == key && ($0.strength == .mustNot) == avoided.contains(place)
            }
            cases = cases.flatMap { begun in
                own.filter { one in
                    !begun.contains(one) && !begun.contains { $0.key == key && comesAfter($0, one, place) }
                }.map { begun + [$0] }
            }
        }
        return cases
    }

    /// Two values of one key are looked at once, not in both orders.
    private func comesAfter(_ first: Requirement, _ second: Requirement, _ place: Int) -> Bool {
        guard avoided.isEmpty else { return false }
        return RequirementSet([first, second]).all.first == second
    }
}
