import Glibc

/// Which cases are looked at: by default so many of one seed, or what `make verify-decisions` was asked for.
struct DecisionOrder: Sendable {
    let seed: UInt64
    let numbers: [Int]
    /// Nobody asked for others.
    let isDefault: Bool

    static let asked = DecisionOrder()

    private init() {
        func number(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }
        let (count, one) = (number("AGGCTL_DECISION_CASES"), number("AGGCTL_DECISION_CASE"))
        let seed = number("AGGCTL_DECISION_SEED")
        self.seed = UInt64(clamping: seed ?? 1)
        numbers = one.map { [$0] } ?? Array(0..<(count ?? 40))
        isDefault = one == nil && count == nil && seed == nil
    }
}

/// Holds what `recommend` says to what is seen.
enum DecisionTrials {
    /// How many cases are looked at side by side: most of their time passes with waiting.
    static let width = 4

    struct Finding: Sendable {
        let subject: String
        let observation: String
        let sight: DecisionObservation.Sight

        var isAsSaid: Bool { sight.holds && sight.isConclusive }
        var text: String { "\(subject): \(sight.holds ? "seen" : "NOT SEEN"): \(sight.seen)" }
    }

    /// Draws a case, has it decided, and looks at everything that it says is met.
    static func findings(_ number: Int, seed: UInt64) async throws -> (DecisionCase, [Finding]) {
        let (drawn, decided, side) = try await draw(number, seed: seed)
        let all = observations(decided, side)
        let harmless = all.filter(\.isHarmless)
        let groups = (harmless.isEmpty ? [] : [harmless]) + all.filter { !$0.isHarmless }.map { [$0] }
        var findings: [Finding] = []
        for group in groups {
            let sights = try await again(unless: { $0.allSatisfy { $0.holds && $0.isConclusive } }) {
                try await conclusive {
                    try await DecisionObservation.see(group, decided, side: side, ports: drawn.ports)
                }
            }
            for (observation, sight) in zip(group, sights) {
                findings.append(
                    Finding(
                        subject: "\(drawn): \(decided.driver) \(decided.mode): \(observation.key)",
                        observation: observation.title, sight: sight))
            }
        }
        return (drawn, findings)
    }

    /// What is met and can be looked at: nothing where ports may count as failed that work, as a monitor that is met in part
    /// says of itself.
    private static func observations(_ decided: Decided, _ side: FarSide) -> [DecisionObservation] {
        guard !decided.mayLosePorts else { return [] }
        return DecisionObservation.all.filter { decided.met.contains($0.key) && $0.applies(decided, side) }
    }

    /// A set of requirements that nobody meets, or of which nothing can be looked at, makes room for the next.
    private static func draw(_ number: Int, seed: UInt64) async throws -> (DecisionCase, Decided, FarSide) {
        for attempt in 0..<50 {
            let drawn = DecisionCase(seed: seed, number: number, attempt: attempt)
            let answer = try await DecisionScene.withHost(to: drawn.side, ports: drawn.ports) { host, _ in
                await host.ns.aggctl("\(drawn.line) --json")
            }
            guard answer.code != 2 else { continue }
            guard answer.code == 0 else { throw Missing(what: "answer to \(drawn.line): \(answer)") }
            let decided = try Decided(try JSON.parse(answer.output), requirements: drawn.musts + drawn.wishes)
            let side = drawn.side.setUp(for: FarSide.Need(mode: decided.mode))
            guard !observations(decided, side).isEmpty else { continue }
            return (drawn, decided, side)
        }
        throw Missing(what: "set of requirements that anybody meets, for case \(number) of seed \(seed)")
    }

    /// Looks twice before it says no: a machine that stalls loses a probe once, and a claim that is false is false again.
    static func again<Result>(
        unless isFine: (Result) -> Bool, _ look: () async throws -> Result
    ) async throws -> Result {
        if let first = try? await look(), isFine(first) { return first }
        return try await look()
    }

    /// Looks again when whoever measured was held up.
    static func conclusive(
        _ look: () async throws -> [DecisionObservation.Sight]
    ) async throws -> [DecisionObservation.Sight] {
        for _ in 0..<3 {
            let sights = try await look()
            if sights.allSatisfy(\.isConclusive) { return sights }
        }
        return try await look()
    }

    /// Does the same for many, some at a time, in their order.
    static func several<Item: Sendable>(
        _ items: [Item], _ body: @escaping @Sendable (Item) async -> Void
    ) async {
        await withTaskGroup(of: Void.self) { group in
            for (place, item) in items.enumerated() {
                if place >= width { await group.next() }
                group.addTask { await body(item) }
            }
        }
    }
}
