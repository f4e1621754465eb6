import Aggregation
import Netlink
import Operations
import Testing

/// One file in neutral words, applied with each driver: what comes of it does the same.
@Suite(.serialized) struct NeutralFileSerialTests {
    private static let target = "198.51.100.1"

    /// An aggregate made from a neutral file, with a far end that answers.
    private func withAggregate(
        _ driver: DriverKind, _ text: String, to device: String, _ body: (TeamScene, FarEnd) async throws -> Void
    ) async throws {
        try await withNamespace { far in
            try await withTeam { scene in
                try await scene.ns.cables([("eth0", "sw0"), ("eth1", "sw1")], to: far)
                _ = try far.ip(
                    [],
                    [
                        device, "link set sw0 down", "link set sw1 down", "link set sw0 master sw",
                        "link set sw1 master sw", "link set sw0 up", "link set sw1 up", "link set sw up",
                        "address add \(Self.target)/24 dev sw",
                    ])
                let path = try scene.ns.file(
                    """
                    version: 1
                    aggregates:
                      - name: \(scene.team)
                        driver: \(driver.rawValue)
                        ports: [eth0, eth1]
                        addresses: [198.51.100.2/24]
                        mtu: 1400
                    \(text.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
                    """)
                try await scene.require("apply \(path)")
                #expect(await scene.aggctl("check \(path)").code == 0)
                let end = FarEnd(
                    ports: [0, 1].map { .init(port: "eth\($0)", device: "sw\($0)", namespace: far.namespace) },
                    targets: [try #require(IPAddress(text: Self.target))], namespace: far.namespace)
                try await body(scene, end)
                #expect(await scene.aggctl("check \(path)").code == 0)
                try await scene.require("delete TEAM --allow-cutoff")
                let host = try await scene.driver.observe(.links)
                #expect(host.link(named: scene.team) == nil)
                #expect(host.link(named: "eth0")?.mtu == 1500)
            }
        }
    }

    private func drill(_ scene: TeamScene, _ end: FarEnd) async throws -> DrillReport {
        var request = Drill.Request(aggregate: scene.team)
        request.objective = .seconds(8)
        return try await conclusive {
            try await Drill(request, driver: scene.driver, namespace: scene.ns.namespace, farEnd: end).run()
        }
    }

    @Test(arguments: DriverKind.allCases) func activeBackupFailsOver(_ driver: DriverKind) async throws {
        let text = "mode: active-backup\nlink-monitor: { interval: 100ms }\nmac-policy: same"
        try await withAggregate(driver, text, to: "link add sw type bridge") { scene, end in
            let report = try await drill(scene, end)
            #expect(report.verdict == .met, "\(report.reasons)")
            #expect(report.pulledPort == "eth0")
            #expect(report.tookOver == ["eth1"])
            #expect(report.isPortBack)
            #expect(report.outage <= 8_000_000_000)
            let host = try await scene.driver.observe(.links)
            #expect(host.link(named: "eth0")?.address == host.link(named: "eth1")?.address)
        }
    }

    @Test(arguments: DriverKind.allCases) func lacpSpreadsAndFailsOver(_ driver: DriverKind) async throws {
        let text = "mode: lacp\nlacp: { rate: fast }\nhash: [l3, l4]"
        let bond = "link add sw type bond mode 802.3ad miimon 100 xmit_hash_policy layer3+4 lacp_rate fast"
        try await withAggregate(driver, text, to: bond) { scene, end in
            try await eventually("LACP to be negotiated") {
                let host = try await scene.driver.observe(.ports)
                return ["eth0", "eth1"].allSatisfy { host.link(named: $0)?.port?.partnerState?.isForwarding == true }
            }
            let report = try await drill(scene, end)
            #expect(report.verdict == .met || report.verdict == .measured, "\(report.reasons)")
            #expect(report.pulledPort != nil)
            #expect(report.ports.reduce(0) { $0 + $1.flowsSent } == 16)
            #expect(report.isPortBack)
            #expect(report.outage <= 8_000_000_000)
        }
    }

    @Test(arguments: DriverKind.allCases) func balancingLosesNothingButWhatThePortCarried(
        _ driver: DriverKind
    ) async throws {
        let text = "mode: balance-xor\nlink-monitor: { interval: 100ms }\nhash: [l3, l4]"
        let bond = "link add sw type bond mode balance-xor miimon 100 xmit_hash_policy layer3+4"
        try await withAggregate(driver, text, to: bond) { scene, end in
            let report = try await drill(scene, end)
            #expect(report.verdict == .met, "\(report.reasons)")
            #expect(report.isPortBack)
            #expect(report.outage <= 8_000_000_000)
        }
    }

    /// Both ports work while one is used: teamd would give up a port that does not ask, were only answers to count there.
    @Test(arguments: DriverKind.allCases) func aPathMonitorFailsOver(_ driver: DriverKind) async throws {
        let monitor = "path-monitor: { kind: arp, targets: [\(Self.target)], interval: 200ms, missed: 3 }"
        let text = "mode: active-backup\n\(monitor)\napproximate: true"
        try await withAggregate(driver, text, to: "link add sw type bridge") { scene, end in
            func isWorking() async throws -> Bool {
                let host = try await scene.driver.observe(.ports)
                return ["eth0", "eth1"].allSatisfy { host.link(named: $0)?.port?.monitor == .up }
            }
            try await eventually("both ports to hear answers") { try await isWorking() }
            let report = try await drill(scene, end)
            #expect(report.verdict == .met, "\(report.reasons)")
            #expect(report.tookOver.count == 1 && report.tookOver.first != report.pulledPort)
            #expect(report.isPortBack)
            #expect(report.outage <= 8_000_000_000)
            #expect(try await isWorking(), "neither is given up while the other is used")
        }
    }
}
