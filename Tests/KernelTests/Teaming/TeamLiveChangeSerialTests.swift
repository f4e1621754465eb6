import Aggregation
import Netlink
import Operations
import Testing

/// Changes of a living team under traffic: no probe is lost where the plan announces no interruption.
@Suite(.serialized) struct TeamLiveChangeSerialTests {
    private static let interval: Duration = .milliseconds(10)

    struct Case: CustomTestStringConvertible, Sendable {
        let mode: String
        let change: String
        /// Rounds of probes that may be lost, because the plan says so.
        var announced = 0
        var testDescription: String { "\(mode): \(change)" }
    }

    /// Each needs no flag.
    static let cases = [
        Case(mode: "active-backup", change: "set TEAM notify_peers.count=4", announced: 5),
        Case(mode: "active-backup", change: "port set TEAM eth1 prio=9", announced: 5),
        Case(mode: "active-backup", change: "port add TEAM eth2"),
        Case(mode: "active-backup", change: "port activate TEAM eth1", announced: 5),
        Case(mode: "balance-xor", change: "set TEAM hash=[l3,l4]"),
        Case(mode: "balance-xor", change: "set TEAM mcast_rejoin.count=2"),
        Case(mode: "broadcast", change: "set TEAM notify_peers.interval=20ms notify_peers.count=3"),
        Case(mode: "balance-rr", change: "set TEAM mcast_rejoin.count=1"),
    ]

    /// On a busy machine the daemon is held up in the middle of a change, and more is lost than the change costs: the best of
    /// some tries is what it costs. A change that always loses more is found all the same.
    @Test(arguments: cases) func losesNoProbe(_ item: Case) async throws {
        var excess = Int.max
        for _ in 0..<4 where excess > 0 { excess = min(excess, try await Self.excess(item)) }
        #expect(excess <= 0, "probes lost beyond those announced")
    }

    /// Probes that were lost for good beyond what the plan announces.
    private static func excess(_ item: Case) async throws -> Int {
        try await withTeam { scene in
            try await withNamespace { far in
                try await prepare(scene, far, mode: item.mode)
                let plan = await scene.aggctl("\(item.change) --dry-run")
                #expect(plan.code == 0 && plan.output.contains("some milliseconds") == (item.announced > 0), "\(plan)")
                let records = try await probe(from: scene, to: far) {
                    try await scene.require(item.change)
                }
                let sent = records.reduce(0) { $0 + $1.sent.count }
                // Not those that are late: somebody was busy.
                let lost = records.reduce(0) { sum, record in sum + record.sent.indices.count(where: record.isMissing) }
                #expect(sent > 100)
                return lost - item.announced * records.count
            }
        }
    }

    /// A team of two ports whose far ends are those of one switch, and a third port that is free.
    private static func prepare(_ scene: TeamScene, _ far: KernelFixture, mode: String) async throws {
        try await scene.ns.cables([("eth0", "far0"), ("eth1", "far1"), ("eth2", "far2")], to: far)
        try Scenes.skipDuplicateDetection(scene.ns)
        // A switch, which learns where the port in use is; the other modes need a static group, or answers to one port
        // would be flooded to the other.
        let kind = mode == "active-backup" ? "bridge" : "bond mode balance-xor xmit_hash_policy layer3+4 miimon 50"
        _ = try far.ip(
            [],
            [
                "link add br0 type \(kind)",
                "link set far0 master br0", "link set far1 master br0", "link set br0 up",
                "link set far0 up", "link set far1 up", "link set far2 up",
                "address add 192.0.2.1/24 dev br0",
            ])
        try await scene.require(
            "create TEAM --driver teaming --mode \(mode) --ports eth0,eth1 --address 192.0.2.2/24")
    }

    /// Sends a probe every ten milliseconds while something is done, and for half a second before and after.
    private static func probe(
        from scene: TeamScene, to far: KernelFixture, while change: () async throws -> Void
    ) async throws -> [ProbeRecord] {
        let target = try #require(IPAddress(text: "192.0.2.1"))
        let source = try #require(IPAddress(text: "192.0.2.2"))
        let responder = try EchoResponder(on: [target], portsPerTarget: 2, run: 7, in: far.namespace)
        defer { responder.end() }
        let sender = try ProbeSender(run: 7, interval: interval, in: scene.ns.namespace)
        defer { sender.end() }
        try sender.addFlows(
            on: ProbePath(target: target, source: source, device: scene.team), sockets: 2,
            to: responder.ports[target] ?? [])
        try await eventually("an answer") { try await sender.burst(flow: 0, count: 1, within: .milliseconds(200)) > 0 }
        try sender.start()
        try await Task.sleep(for: .milliseconds(500))
        try await change()
        try await Task.sleep(for: .milliseconds(500))
        sender.stopSending()
        try await Task.sleep(for: .milliseconds(300))
        try? await eventually(within: .seconds(2), "the last answers") { sender.isAllAnswered }
        return sender.records
    }
}
