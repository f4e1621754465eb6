import Synchronization
import Testing

/// What `recommend` calls met is met: plans for drawn requirements, applied, against the switch that they describe.
@Suite struct DecisionSharedTests {
    @Test func whatIsMetIsSeen() async throws {
        let order = DecisionOrder.asked
        let seen = Mutex<[String: Int]>([:])
        await DecisionTrials.several(order.numbers) { number in
            do {
                let (drawn, findings) = try await DecisionTrials.findings(number, seed: order.seed)
                for finding in findings {
                    seen.withLock { $0[finding.observation, default: 0] += 1 }
                    print(finding.text)
                    #expect(
                        finding.isAsSaid,
                        "\(finding.text). Is met, but \(finding.observation)? Again: \(drawn.command)")
                }
            } catch {
                Issue.record("case \(number): \(error). Again: make verify-decisions SEED=\(order.seed) CASE=\(number)")
            }
        }
        let counts = seen.withLock { $0 }
        for (title, count) in counts.sorted(by: { $0.key < $1.key }) { print("seen \(count) times: \(title)") }
        guard order.isDefault else { return }
        #expect(order.numbers.count >= 40)
        // What nobody meets in full, as more bandwidth for one flow, nobody can look at.
        let unseen = Set(DecisionObservation.all.map(\.title)).subtracting(counts.keys)
        #expect(unseen.count <= 3, "no case looks whether \(unseen.sorted())")
    }
}

/// Each look can say no: a plan without the cause of what is looked for shows the opposite.
@Suite struct DecisionControlSharedTests {
    @Test func allSeeTheOpposite() async throws {
        await DecisionTrials.several(DecisionObservation.all) { observation in
            do {
                let sight = try await DecisionTrials.again(unless: { !$0.holds }) {
                    try await DecisionTrials.conclusive { [try await observation.seeControl()] }[0]
                }
                print("without its cause: \(observation.key): \(sight.seen)")
                #expect(!sight.holds, "\(observation.key): \(observation.title): without its cause \(sight.seen)")
                // Where nothing came up, nothing was looked at: only who asks a target must not come up.
                #expect(
                    sight.cameUp || observation.title.contains("while the target answers"),
                    "\(observation.key): \(observation.title): \(sight.seen)")
            } catch {
                Issue.record("\(observation.key): \(observation.title): \(error)")
            }
        }
    }

    /// The same case is drawn from the same numbers, and another one from others.
    @Test func casesAreDrawnFromTheSeed() {
        let first = (0..<60).map { DecisionCase(seed: 7, number: $0, attempt: 0).line }
        #expect(first == (0..<60).map { DecisionCase(seed: 7, number: $0, attempt: 0).line })
        #expect(first != (0..<60).map { DecisionCase(seed: 8, number: $0, attempt: 0).line })
        for key in DecisionCase.keys { #expect(first.contains { $0.contains("--require \(key)") }, "\(key)") }
    }
}
