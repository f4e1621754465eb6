import Aggregation
import Operations
import TestSupport
import Testing

/// Files whose aggregates stand on each other and take ports and addresses from each other, as a property over many of
/// them: one run does it, a second has nothing to do, and whatever step fails the host is as it was.
@Suite struct StackedFileTests {
    static let seeds: [UInt64] = Array(1...150)

    @Test(arguments: seeds) func oneRunDoesItAndASecondNothing(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed)
        let (start, wishes) = try await Self.scene(&random)
        let after = try await Self.apply(wishes, to: start)
        for wish in wishes {
            #expect(Difference.between(wish, after) == [], "seed \(seed), \(wish.name)")
        }
        let again = Planner(host: after).plan(wishes)
        #expect(again.problems == [] && again.isEmpty, "seed \(seed): \(again.steps.map(\.text)), \(again.problems)")
    }

    @Test(arguments: seeds.prefix(24)) func whateverStepFailsTheHostIsAsItWas(_ seed: UInt64) async throws {
        var random = SeededNumbers(seed)
        let (start, wishes) = try await Self.scene(&random)
        let plan = Planner(host: start, allow: Self.everything).plan(wishes)
        for refused in 1...(plan.steps.count + 1) {
            let driver = FakeHost(start, refusing: refused)
            do {
                try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
                break
            } catch {
                #expect(error.undo.isComplete, "seed \(seed), step \(refused): \(error.undo)")
                let now = await driver.state
                let (present, past) = (Set(Self.facts(now)), Set(Self.facts(start)))
                let differences =
                    past.subtracting(present).map { "- \($0)" } + present.subtracting(past).map { "+ \($0)" }
                #expect(differences == [], "seed \(seed), step \(refused) of \(plan.steps.map(\.text))")
            }
        }
    }

    /// The generator makes what it is for: stacks, ports that change hands, addresses that do.
    @Test func theFilesAreWorthIt() async throws {
        var (stacks, moves, addresses) = (0, 0, 0)
        for seed in Self.seeds {
            var random = SeededNumbers(seed)
            let (start, wishes) = try await Self.scene(&random)
            let companions = Set(wishes.map(\.name))
            stacks += wishes.filter { $0.ports?.contains { companions.contains($0.name) } == true }.count
            for wish in wishes {
                for port in wish.ports ?? [] {
                    let master = start.link(named: port.name)?.master.flatMap(start.link(index:))?.name
                    if let master, master != wish.name { moves += 1 }
                }
                for prefix in wish.addresses ?? [] {
                    let owner = start.addresses.first { $0.prefix == prefix }?.device
                    if let owner, start.link(index: owner)?.name != wish.name { addresses += 1 }
                }
            }
        }
        #expect(stacks > 60 && moves > 60 && addresses > 60, "\(stacks) \(moves) \(addresses)")
    }

    // MARK: - Scenes

    private static let everything: Allowances = [.takeAddresses, .interruption, .cutoff]

    /// A host to which one file was applied, and another file that names all of its aggregates.
    private static func scene(_ random: inout SeededNumbers) async throws -> (HostState, [ResolvedAggregate]) {
        let first = wishes(&random, on: nil)
        let start = try await apply(first, to: bare())
        return (start, wishes(&random, on: start))
    }

    private static func apply(_ wishes: [ResolvedAggregate], to start: HostState) async throws -> HostState {
        let driver = FakeHost(start)
        let plan = Planner(host: start, allow: everything).plan(wishes)
        try #require(plan.problems == [], "\(plan.problems)")
        try await ChangeRunner(driver: driver, journal: nil).run(plan, from: start) { _ in [] }
        return await driver.state
    }

    private static func bare() -> HostState {
        var host = HostState()
        for number in 0..<6 {
            var link = Link(index: Int32(2 + number), name: "eth\(number)")
            link.kind = "veth"
            link.address = LinkLayerAddress([2, 0, 0, 0, 0, UInt8(number)])
            link.hasCarrier = true
            host.links.append(link)
        }
        return host
    }

    /// Two bonds and two teams in any order, each over any free devices, those of a lower rank among them.
    private static func wishes(_ random: inout SeededNumbers, on host: HostState?) -> [ResolvedAggregate] {
        let ranked = ["a0", "a1", "a2", "a3"].shuffled(using: &random)
        let absent = ranked.filter { _ in random.next() % 5 == 0 }
        var free = (0..<6).map { "eth\($0)" }
        var prefixes = ["192.0.2.1/24", "192.0.2.2/24", "2001:db8::1/64", "2001:db8:1::1/64"]
        var wishes: [ResolvedAggregate] = []
        for name in ranked {
            let driver: DriverKind = name < "a2" ? .bonding : .teaming
            if absent.contains(name) {
                wishes.append(.init(name: name, driver: driver, state: .absent))
                continue
            }
            var wish = ResolvedAggregate(name: name, driver: driver, state: random.next() % 6 == 0 ? .down : .present)
            wish.mode = .activeBackup
            free.shuffle(using: &random)
            let count = Int(random.next() % 3)
            wish.ports = free.suffix(count).enumerated().map { place, port in
                let queue = (Int64(place) + Int64(random.next() % 3)) % 3
                let settings =
                    driver == .bonding
                    ? [ResolvedAggregate.Setting("queue_id", .number(queue), origin: "queue-id")] : []
                return .init(name: port, settings: place == 0 || queue != 1 ? settings : [])
            }
            wish.ports = unique(wish.ports ?? [])
            free.removeLast(min(count, free.count))
            free.append(name)
            wishes.append(wish)
        }
        for place in wishes.indices where free.contains(wishes[place].name) && wishes[place].state != .absent {
            prefixes.shuffle(using: &random)
            let count = Int(random.next() % 3)
            wishes[place].addresses = prefixes.suffix(count).compactMap(IPPrefix.init(text:))
            prefixes.removeLast(min(count, prefixes.count))
        }
        return wishes.shuffled(using: &random)
    }

    /// All ports have a queue of their own, or none has one.
    private static func unique(_ ports: [ResolvedAggregate.ResolvedPort]) -> [ResolvedAggregate.ResolvedPort] {
        var used: Set<OptionValue> = []
        return ports.map { port in
            var port = port
            port.settings = port.settings.map { setting in
                guard setting.value != .number(0), !used.insert(setting.value).inserted else { return setting }
                return .init(setting.name, .number(0), origin: setting.origin)
            }
            return port
        }
    }

    /// All that can be put back, in an order that means nothing.
    private static func facts(_ host: HostState) -> [String] {
        let names = Dictionary(host.links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
        let links = host.links.map { link in
            let options = link.port?.options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } ?? []
            return "\(link.name) \(link.index) up=\(link.isUp) master=\(link.master.flatMap { names[$0] } ?? "-") "
                + "ports=\(link.aggregate?.ports ?? []) mtu=\(link.mtu) options=\(options) "
                + "mode=\(link.aggregate?.mode.rawValue ?? "-") own=\(link.port?.permanentAddress?.description ?? "-")"
        }
        return (links + host.addresses.map { "\(names[$0.device] ?? "?") \($0.prefix)" }).sorted()
    }
}

extension PlannedStep {
    fileprivate var text: String { step.summary(.shared) }
}
