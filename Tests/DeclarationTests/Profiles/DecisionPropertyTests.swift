import Aggregation
import Declaration
import FoundationEssentials
import TestSupport
import Testing

/// What holds of decisions whatever is required, tried with every subset of the requirements about traffic and switches
/// that speaks of one switch at most, with every pair of switches, and with small sets of all there are.
@Suite struct DecisionPropertyTests {
    private static let core: [RequirementKey] = [
        .redundancy, .throughput, .singleFlow, .lacp, .switch, .noSwitchSetup, .trafficWithoutPartner,
        .perPortMonitoring, .ipv6Monitoring, .daemonFree,
    ]
    /// Each of those once, the switch with each of its values.
    static let vocabulary = requirements(core)

    static func requirements(_ keys: [RequirementKey]) -> [Requirement] {
        keys.flatMap { key -> [Requirement] in
            switch key.definition.value {
            case .none: [Requirement(key)]
            case .choice(let choices): choices.map { Requirement(key, .choice($0.name)) }
            case .release(let choices):
                choices.map { Requirement(key, .choice($0.name)) }
                    + (Month(text: "2032-01").map { [Requirement(key, .release("rhel-9", until: $0))] } ?? [])
                    + (Month(text: "2033-01").map { [Requirement(key, .release("rhel-9", until: $0))] } ?? [])
            case .number: [Requirement(key, .number(2))]
            case .duration: [Requirement(key, .duration(200))]
            case .hardwareAddress: [Requirement(key, .hardwareAddress(LinkLayerAddress([2, 0, 0x5e, 0, 0x53, 1])))]
            case .targets: [Requirement(key, .targets(IPAddress(text: "2001:db8::1").map { [$0] } ?? []))]
            }
        }
    }

    /// The same sets in every run; another number in AGGCTL_SEED tries others, and a failure tells its number.
    private static let seed = ProcessInfo.processInfo.environment["AGGCTL_SEED"].flatMap { UInt64($0) } ?? 1

    /// Who meets a requirement alone: written down once and read through, so that no code that is tested here says it.
    private static let whoMeets: [String: String] = [
        "redundancy": everybody,
        "throughput":
            "bonding balance-alb, bonding balance-rr, bonding balance-tlb, bonding balance-xor"
            + ", bonding lacp, teaming balance-rr, teaming balance-xor, teaming lacp, teaming random",
        "single-flow": "bonding balance-rr, teaming balance-rr, teaming random",
        "lacp": "bonding lacp, teaming lacp",
        "switch=unmanaged":
            "bonding active-backup, bonding balance-alb, bonding balance-tlb, teaming active-backup",
        "switch=static":
            "bonding active-backup, bonding balance-alb, bonding balance-rr, bonding balance-tlb"
            + ", bonding balance-xor, bonding broadcast, teaming active-backup, teaming balance-rr"
            + ", teaming balance-xor, teaming broadcast, teaming random",
        "switch=lacp": everybody,
        "switch=managed": everybody,
        "switch=esi": "bonding active-backup, bonding lacp, teaming active-backup, teaming lacp",
        "switch=host":
            "bonding active-backup, bonding balance-rr, bonding balance-xor, bonding broadcast, bonding lacp"
            + ", teaming active-backup, teaming balance-rr, teaming balance-xor, teaming broadcast"
            + ", teaming lacp, teaming random",
        "switch=mlag":
            "bonding active-backup, bonding balance-alb, bonding balance-rr, bonding balance-tlb"
            + ", bonding balance-xor, bonding lacp, teaming active-backup, teaming balance-rr"
            + ", teaming balance-xor, teaming lacp, teaming random",
        "switch=two":
            "bonding active-backup, bonding balance-alb, bonding balance-tlb, bonding broadcast, bonding lacp"
            + ", teaming active-backup, teaming broadcast",
        "no-switch-setup": "bonding active-backup, bonding balance-alb, bonding balance-tlb, teaming active-backup",
        "traffic-without-partner":
            "bonding active-backup, bonding balance-alb, bonding balance-rr, bonding balance-tlb"
            + ", bonding balance-xor, bonding broadcast, bonding lacp, teaming active-backup"
            + ", teaming balance-rr, teaming balance-xor, teaming broadcast, teaming random",
        "per-port-monitoring":
            "teaming active-backup, teaming balance-rr, teaming balance-xor, teaming broadcast"
            + ", teaming random",
        "ipv6-monitoring=2001:db8::1":
            "bonding active-backup, bonding balance-rr, bonding balance-xor, bonding broadcast"
            + ", teaming active-backup, teaming balance-rr, teaming broadcast, teaming random",
        "daemon-free":
            "bonding active-backup, bonding balance-alb, bonding balance-rr, bonding balance-tlb"
            + ", bonding balance-xor, bonding broadcast, bonding lacp",
    ]
    private static let everybody =
        "bonding active-backup, bonding balance-alb, bonding balance-rr, bonding balance-tlb, bonding balance-xor, "
        + "bonding broadcast, bonding lacp, teaming active-backup, teaming balance-rr, teaming balance-xor, "
        + "teaming broadcast, teaming lacp, teaming random"

    private static func subset(_ bits: Int) -> [Requirement] {
        vocabulary.indices.filter { bits >> $0 & 1 == 1 }.map { vocabulary[$0] }
    }

    /// The subsets by their bits; every part of one is among them too.
    private static let family: [Int] = {
        let switches = vocabulary.indices.filter { vocabulary[$0].key == .switch }.reduce(0) { $0 | 1 << $1 }
        return (0..<1 << vocabulary.count).filter { bits in
            let count = (bits & switches).nonzeroBitCount
            return count <= 1 || count == 2 && bits & ~switches == 0
        }
    }()

    /// The candidates that meet all of each subset.
    private static let accepted = Result {
        let matrix = try ProfileFixtures.matrix()
        let pairs = family.map { bits in
            let requirements = RequirementSet(subset(bits))
            return (bits, Set(matrix.candidates.filter { Assessment($0, requirements, matrix).meetsEveryMust }))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func aFurtherMustNeverAdmitsAnybody() throws {
        let accepted = try Self.accepted.get()
        var compared = 0
        for (bits, before) in accepted {
            for index in Self.vocabulary.indices where bits >> index & 1 == 0 {
                guard let after = accepted[bits | 1 << index] else { continue }
                #expect(after.isSubset(of: before))
                compared += 1
            }
        }
        #expect(compared > 10_000)
        #expect(accepted[0]?.count == 13)
        #expect(accepted.values.contains([]))
    }

    @Test func eachAloneIsMetByWhomTheTableSays() throws {
        let accepted = try Self.accepted.get()
        for (place, requirement) in Self.vocabulary.enumerated() {
            let found = (accepted[1 << place] ?? []).map(\.description).sorted().joined(separator: ", ")
            #expect(found == Self.whoMeets[requirement.text], "\(requirement.text)")
        }
    }

    /// Whoever meets each of some musts meets all of them: no set is judged otherwise than its members.
    @Test func aSetIsMetByWhoMeetsEachOfIt() throws {
        let accepted = try Self.accepted.get()
        let everybody = Set(Self.everybody.split(separator: ", ").map(String.init))
        for (bits, found) in accepted {
            let expected = Self.subset(bits).reduce(everybody) { rest, requirement in
                rest.intersection((Self.whoMeets[requirement.text] ?? "").split(separator: ", ").map(String.init))
            }
            #expect(Set(found.map(\.description)) == expected, "\(Self.subset(bits))")
        }
    }

    /// Give-ups and conflicts against a search through all subsets of the subset. Every fifteenth set: all of them take a
    /// minute.
    @Test func smallestSetsEqualASearch() throws {
        let matrix = try ProfileFixtures.matrix()
        let accepted = try Self.accepted.get()
        var checked = 0
        let first = Int(Self.seed % 15)
        for bits in Self.family where bits % 15 == first && accepted[bits] == [] {
            let decision = Decision(RequirementSet(Self.subset(bits)), matrix)
            var giveUps: [Int] = []
            var conflicts: [Int] = []
            var part = bits
            while true {
                if accepted[bits & ~part] != [] { giveUps.append(part) }
                if accepted[part] == [] { conflicts.append(part) }
                if part == 0 { break }
                part = (part - 1) & bits
            }
            let asked = Set(decision.giveUps.map { Self.bits($0.requirements) })
            let blamed = Set(decision.conflicts.map { Self.bits($0.requirements) })
            #expect(asked == Self.smallest(giveUps), "\(Self.subset(bits))")
            #expect(blamed == Self.smallest(conflicts), "\(Self.subset(bits))")
            for conflict in decision.conflicts {
                // Each of them alone is in the way of somebody.
                #expect(Set(conflict.explanations.map(\.failed)) == Set(conflict.requirements))
            }
            checked += 1
        }
        #expect(checked > 50)
    }

    /// The same for sets of a few of everything that can be required.
    @Test(arguments: [nil, 2, 3]) func smallSetsOfAllRequirementsDoTheSame(_ ports: Int?) throws {
        let matrix = try ProfileFixtures.matrix().with(ports: ports)
        let all = Self.requirements(RequirementKey.allCases)
        var random = SeededNumbers(Self.seed)
        for _ in 0..<400 {
            let chosen = Array(all.shuffled(using: &random).prefix(Int.random(in: 1...5, using: &random)))
            func isMet(_ bits: Int) -> Bool {
                let set = RequirementSet(chosen.indices.filter { bits >> $0 & 1 == 1 }.map { chosen[$0] })
                return matrix.candidates.contains { Assessment($0, set, matrix).meetsEveryMust }
            }
            let everything = (1 << chosen.count) - 1
            let decision = Decision(RequirementSet(chosen), matrix)
            #expect((decision.recommended == nil) == !isMet(everything), "\(chosen), seed \(Self.seed)")
            guard decision.recommended == nil else { continue }
            let asked = Set(
                decision.giveUps.map { giveUp in
                    chosen.indices.filter { giveUp.requirements.contains(chosen[$0]) }.reduce(0) { $0 | 1 << $1 }
                })
            let giveUps = (1...everything).filter { isMet(everything & ~$0) }
            #expect(asked == Self.smallest(giveUps), "\(chosen), seed \(Self.seed)")
        }
    }

    /// The same with what is judged together: of every must and must-not, on two ports.
    @Test func narrowsAlsoTogether() throws {
        let matrix = try ProfileFixtures.matrix().with(ports: 2)
        var all = Self.requirements(RequirementKey.allCases)
        all += all.filter { $0.value == .none }.map { Requirement($0.key, .none, .mustNot) }
        let extra = ["min-ports=3", "lacp-key=3", "settle=1s", "detection=10ms", "mac-policy=active"]
        all += try extra.map { try Requirement(text: $0) }
        var random = SeededNumbers(Self.seed)
        func accepted(_ musts: [Requirement]) -> Set<Candidate> {
            let set = RequirementSet(musts)
            return Set(matrix.candidates.filter { Assessment($0, set, matrix).meetsEveryMust })
        }
        var together = 0
        for _ in 0..<600 {
            let chosen = Array(all.shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random)))
            let after = accepted(chosen)
            for place in chosen.indices {
                var fewer = chosen
                fewer.remove(at: place)
                #expect(after.isSubset(of: accepted(fewer)), "\(chosen), seed \(Self.seed)")
            }
            let each = chosen.map { accepted([$0]) }.reduce(Set(matrix.candidates)) { $0.intersection($1) }
            if after != each { together += 1 }
        }
        #expect(together > 3)
    }

    private static func bits(_ requirements: [Requirement]) -> Int {
        requirements.reduce(0) { bits, requirement in
            bits | vocabulary.indices.filter { vocabulary[$0] == requirement }.reduce(0) { $0 | 1 << $1 }
        }
    }

    private static func smallest(_ sets: [Int]) -> Set<Int> {
        let bySize = sets.sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }
        var smallest: [Int] = []
        for set in bySize where !smallest.contains(where: { $0 & set == $0 }) { smallest.append(set) }
        return Set(smallest)
    }

    @Test func neitherOrderNorRepetitionMatters() throws {
        let matrix = try ProfileFixtures.matrix()
        var random = SeededNumbers(Self.seed)
        for bits in stride(from: 1, to: 1 << Self.vocabulary.count, by: 777) {
            let requirements = Self.subset(bits)
            let straight = Decision(RequirementSet(requirements), matrix)
            let shuffled = Decision(
                RequirementSet((requirements + requirements.prefix(2)).shuffled(using: &random)), matrix)
            #expect(straight.assessments == shuffled.assessments)
            #expect(straight.giveUps == shuffled.giveUps)
            #expect(straight.conflicts == shuffled.conflicts)
        }
    }

    /// A wish that the answer meets wholly already changes nothing when it becomes a must. One that it meets in part may:
    /// a must that is met wholly comes before wishes.
    @Test func aMetWishMayBecomeAMust() throws {
        let matrix = try ProfileFixtures.matrix()
        for bits in stride(from: 1, to: 1 << Self.vocabulary.count, by: 777) {
            let wishes = Self.subset(bits).map { Requirement($0.key, $0.value, .should) }
            let decision = Decision(RequirementSet(wishes), matrix)
            let winner = try #require(decision.recommended)
            for verdict in winner.verdicts where verdict.outcome != .notMet && verdict.answer == .yes {
                let hardened = wishes.map {
                    $0 == verdict.requirement ? Requirement($0.key, $0.value, .must) : $0
                }
                let again = Decision(RequirementSet(hardened), matrix)
                #expect(again.recommended?.candidate == winner.candidate, "\(hardened)")
            }
        }
    }

    /// Every plan there is can be written, read back as it was, and resolved without a problem.
    @Test func everyPlanHolds() throws {
        let matrix = try ProfileFixtures.matrix()
        let name = try InterfaceName("bond0")
        let ports = [try InterfaceName("eth0"), try InterfaceName("eth1")]
        var host = HostState()
        host.links = [Link(index: 2, name: "eth0"), Link(index: 3, name: "eth1")]
        var checked: Set<String> = []
        for (bits, accepted) in try Self.accepted.get() {
            let requirements = RequirementSet(Self.subset(bits))
            for candidate in accepted {
                let assessment = Assessment(candidate, requirements, matrix)
                let plan = PlanProposal(assessment, matrix, name: name, ports: ports)
                let text = DeclarationFile.render([plan.desired])
                guard checked.insert(text).inserted else { continue }
                let read = try #require(try DeclarationFile.parse(text: text, fileName: "plan.yaml").first)
                #expect(DeclarationFile.render([read]) == text)
                let resolution = Translation.resolve(read, in: host)
                #expect(resolution.problems.isEmpty, "\(text)\(resolution.problems)")
                #expect(resolution.aggregate.driver == candidate.driver)
                #expect(plan.options.allSatisfy { !$0.reason.isEmpty })
            }
        }
        #expect(checked.count >= 20)
    }

    /// Facts that the stale tables get wrong decide here as they are today.
    @Test func decidesByTodaysFacts() throws {
        let matrix = try ProfileFixtures.matrix()
        func decide(_ texts: String...) throws -> Candidate? {
            Decision(RequirementSet(try texts.map { try Requirement(text: $0) }), matrix).recommended?.candidate
        }
        #expect(
            try decide("redundancy", "ipv6-monitoring=2001:db8::1") == Candidate(driver: .bonding, mode: .activeBackup))
        #expect(try decide("redundancy", "per-port-monitoring") == Candidate(driver: .teaming, mode: .activeBackup))
        #expect(try decide("throughput", "switch=unmanaged") == Candidate(driver: .bonding, mode: .balanceTLB))
        #expect(try decide("lacp", "traffic-without-partner") == Candidate(driver: .bonding, mode: .lacp))
        #expect(try decide("lacp", "ipv6-monitoring=2001:db8::1") == nil)
    }
}
