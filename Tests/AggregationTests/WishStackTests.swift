import Aggregation
import Testing

/// Aggregates of one file that stand on each other: in which order they are built, and what is refused.
@Suite struct WishStackTests {
    private static func bond(_ name: String, _ ports: [String]?, _ change: (inout ResolvedAggregate) -> Void = { _ in })
        -> ResolvedAggregate
    {
        var wish = ResolvedAggregate(name: name, driver: .bonding)
        wish.mode = .activeBackup
        wish.ports = ports?.map { .init(name: $0) }
        change(&wish)
        return wish
    }

    private static func plan(_ wishes: [ResolvedAggregate], _ host: HostState = Fixture.host(ports: 10)) -> Plan {
        Planner(host: host, allow: [.interruption, .cutoff, .takeAddresses]).plan(wishes)
    }

    private static func texts(_ plan: Plan) -> [String] { plan.steps.map { $0.step.summary(.shared) } }

    @Test func anyOrderOfTheFileGivesTheSameSteps() {
        let wishes = [
            Self.bond("top", ["mid", "eth2"]), Self.bond("mid", ["low", "eth1"]), Self.bond("low", ["eth0"]),
        ]
        let expected = Self.texts(Self.plan(wishes))
        for order in [[0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let plan = Self.plan(order.map { wishes[$0] })
            #expect(plan.problems == [])
            #expect(Self.texts(plan) == expected, "\(order)")
        }
        // Down until it is attached, which brings it up.
        #expect(!expected.contains("bring low up") && !expected.contains("bring mid up"))
        #expect(expected.last == "bring top up")
    }

    @Test func oneThatIsToBeDownIsTakenDownAfterItIsAttached() {
        let plan = Self.plan([Self.bond("top", ["low"]), Self.bond("low", ["eth0"]) { $0.state = .down }])
        let steps = Self.texts(plan)
        let attached = steps.firstIndex(of: "attach low to top")
        #expect(attached != nil && steps.firstIndex(of: "bring low down") == attached.map { $0 + 1 }, "\(steps)")
    }

    @Test func aCycleIsNamed() {
        let plan = Self.plan([Self.bond("a", ["b"]), Self.bond("b", ["c", "eth0"]), Self.bond("c", ["a"])])
        #expect(
            plan.problems.map(\.description) == [
                "a: ports: it would be stacked on itself: a on b on c on a; take one of them off the ports of another"
            ])
    }

    /// What one is a port of today is no reason when the same file changes that.
    @Test func aStackCanBeTurnedUpsideDown() {
        var host = Fixture.host(bond: .activeBackup, ports: 1)
        let lower = Link(index: 200, name: "low")
        host.links.append(lower)
        host.links[2].aggregate = host.links[1].aggregate
        host.links[2].aggregate?.ports = []
        host.links[2].master = 100
        host.links[2].port = host.links[0].port
        host.links[1].aggregate?.ports = ["eth0", "low"]
        let plan = Self.plan([Self.bond("low", ["bond0"]), Self.bond("bond0", ["eth0"])], host)
        #expect(plan.problems == [])
        let steps = Self.texts(plan)
        #expect(steps.first == "detach low from bond0" && steps.contains("attach bond0 to low"), "\(steps)")
    }

    @Test func whatAPortCannotHaveIsRefused() {
        let address = LinkLayerAddress([2, 0, 0, 0, 0, 99])
        let low = Self.bond("low", ["eth0"]) {
            $0.mtu = 9000
            $0.macAddress = address
            $0.addresses = [IPPrefix(text: "192.0.2.1/24")].compactMap { $0 }
        }
        let problems = Self.plan([Self.bond("top", ["low"]), low]).problems
        #expect(problems.map(\.option) == ["addresses", "mtu", "mac-address"], "\(problems)")
        #expect(problems.allSatisfy { $0.subject == "low" })

        // The same MTU for both is no contradiction, nor is an address of one's own where ports keep theirs.
        let follows = Self.bond("top", ["low"]) {
            $0.mtu = 9000
            $0.settings = [.init("fail_over_mac", .number(1), origin: "mac-policy")]
        }
        var agreeing = low
        agreeing.addresses = nil
        #expect(Self.plan([follows, agreeing]).problems == [])
    }

    @Test func aPortThatTheFileDeletesIsRefused() {
        let host = Fixture.host(bond: .activeBackup, ports: 1)
        let absent = ResolvedAggregate(name: "bond0", driver: .bonding, state: .absent)
        let problems = Self.plan([Self.bond("top", ["bond0"]), absent], host).problems
        #expect(problems.map(\.rule) == ["the same file deletes it"])
    }

    @Test func moreThanTheKernelStacksIsRefused() {
        func stack(_ count: Int) -> [ResolvedAggregate] {
            (0..<count).map { Self.bond("b\($0)", [$0 == 0 ? "eth0" : "b\($0 - 1)"]) }.reversed()
        }
        #expect(Self.plan(stack(7)).problems == [])
        let problems = Self.plan(stack(8)).problems
        #expect(problems.count == 1 && problems.first?.subject == "b7", "\(problems)")
        #expect(problems.first?.rule.contains("9 devices") == true)
    }

    /// The upper one goes first, and does not count as something that would be cut off.
    @Test func aStackIsDeletedFromTheTop() {
        var host = Fixture.host(bond: .activeBackup, ports: 1)
        host.links[0].master = 100
        var top = Link(index: 101, name: "top")
        top.aggregate = AggregateFacts(driver: .bonding, mode: .activeBackup, options: [:])
        top.aggregate?.ports = ["bond0"]
        host.links[1].master = 101
        host.links[1].port = host.links[0].port
        host.links[1].flags.insert(.up)
        host.links.append(top)
        let wishes = ["bond0", "top"].map { ResolvedAggregate(name: $0, driver: .bonding, state: .absent) }
        let plan = Planner(host: host).plan(wishes)
        #expect(plan.problems == [])
        let deletions = Self.texts(plan).filter { $0.hasPrefix("delete") }
        #expect(deletions == ["delete top", "delete bond0"])

        // Kept, the lower one comes up again: leaving has taken it down.
        let kept = Planner(host: host).plan([Self.bond("bond0", ["eth0"]), wishes[1]])
        #expect(Self.texts(kept).contains("bring bond0 up"), "\(Self.texts(kept))")
    }

    // MARK: - What changes hands

    @Test func queuesThatAreSwappedGoThroughNone() {
        var host = Fixture.host(bond: .activeBackup, ports: 3)
        Fixture.setPort("eth0", "queue_id", .number(1), on: &host)
        Fixture.setPort("eth1", "queue_id", .number(2), on: &host)
        func wish(_ queues: [Int64]) -> ResolvedAggregate {
            Self.bond("bond0", ["eth0", "eth1", "eth2"]) { wish in
                for (place, queue) in queues.enumerated() {
                    wish.ports?[place].settings = [.init("queue_id", .number(queue), origin: "queue-id")]
                }
            }
        }
        // Swapped, passed on in either direction, given up to a port that comes first.
        for queues: [Int64] in [[2, 1, 0], [3, 1, 2], [0, 1, 2], [2, 3, 1], [0, 0, 1]] {
            let plan = Self.plan([wish(queues)], host)
            var now: [String: Int64] = ["eth0": 1, "eth1": 2, "eth2": 0]
            for case .setPortOptions(let port, _, let settings, _) in plan.steps.map(\.step) {
                guard case .number(let queue)? = settings.first?.value else { continue }
                let others = now.filter { $0.key != port }.values
                #expect(queue == 0 || !others.contains(queue), "\(queues): \(Self.texts(plan))")
                now[port] = queue
            }
            #expect(now == ["eth0": queues[0], "eth1": queues[1], "eth2": queues[2]], "\(Self.texts(plan))")
        }
    }

    @Test func lessIsAskedBeforePortsLeaveAndMoreAfterTheyHaveJoined() {
        let host = Fixture.host(bond: .lacp, ["min_links": .number(2)], ports: 3)
        func wish(_ ports: [String], _ number: Int64) -> ResolvedAggregate {
            Self.bond("bond0", ports) {
                $0.mode = .lacp
                $0.settings = [.init("min_links", .number(number), origin: "lacp.min-ports")]
            }
        }
        let less = Self.texts(Self.plan([wish(["eth0"], 1)], host))
        #expect(less.first == "set on bond0: min_links=1", "\(less)")
        var free = Link(index: 9, name: "eth9")
        free.address = Fixture.address(9)
        var wider = host
        wider.links.append(free)
        let more = Self.texts(Self.plan([wish(["eth0", "eth1", "eth2", "eth9"], 4)], wider))
        #expect(more.prefix(2) == ["attach eth9 to bond0", "set on bond0: min_links=4"], "\(more)")
    }
}
