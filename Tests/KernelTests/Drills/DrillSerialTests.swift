import Aggregation
import Bonding
import Netlink
import Operations
import Testing

/// Drills on real bonds, each over cables and namespaces of its own.
@Suite(.serialized) struct DrillSerialTests {
    private static let target = "198.51.100.1"

    /// What the ports of the host are wired to.
    private enum Side {
        case bridge
        /// An 802.3ad bond with layer3+4, fast.
        case bond
        /// The same behind media converters, which keep their side's carrier when the other's is gone: bridges that let
        /// LACPDUs through.
        case bondBehindConverters
    }

    private func withDrill<Value>(
        _ mode: Mode, _ settings: [OptionSetting] = [], to side: Side, ports: Int = 2, address: Bool = true,
        _ body: (KernelFixture, KernelFixture, FarEnd) async throws -> Value
    ) async throws -> Value {
        try await withNamespace { far in
            try await withNamespace { host in
                guard side == .bondBehindConverters else {
                    let end = try await build(host, far, nil, mode, settings, side, ports, address: address)
                    return try await body(host, far, end)
                }
                // A namespace of its own: a machine answers for its addresses on all its devices.
                return try await withNamespace { middle in
                    let end = try await build(host, far, middle, mode, settings, side, ports, address: address)
                    return try await body(host, far, end)
                }
            }
        }
    }

    private func build(
        _ host: KernelFixture, _ far: KernelFixture, _ converters: KernelFixture?, _ mode: Mode,
        _ settings: [OptionSetting],
        _ side: Side, _ ports: Int, address: Bool
    ) async throws -> FarEnd {
        let numbers = Array(0..<ports)
        if let converters {
            try await host.cables(numbers.map { ("eth\($0)", "near\($0)") }, to: converters)
            try await converters.cables(numbers.map { ("away\($0)", "sw\($0)") }, to: far)
            _ = try converters.ip([], numbers.flatMap(Self.converter))
        } else {
            try await host.cables(numbers.map { ("eth\($0)", "sw\($0)") }, to: far)
        }
        let device =
            switch side {
            case .bridge: "link add sw type bridge"
            case .bond, .bondBehindConverters:
                "link add sw type bond mode 802.3ad miimon 100 xmit_hash_policy layer3+4 lacp_rate fast"
            }
        _ = try far.ip(
            [],
            [device]
                + numbers.flatMap { ["link set sw\($0) down", "link set sw\($0) master sw", "link set sw\($0) up"] }
                + ["link set sw up", "address add \(Self.target)/24 dev sw"])
        try await host.driver.perform(
            .create(aggregate: "bond0", driver: .bonding, mode: mode, settings: settings, index: nil))
        for number in numbers { try await host.driver.perform(.attach(port: "eth\(number)", aggregate: "bond0")) }
        try await host.driver.perform(.bring(device: "bond0", up: true))
        if address, let prefix = IPPrefix(text: "198.51.100.2/24") {
            try await host.driver.perform(.addAddress(device: "bond0", prefix: prefix))
        }
        return FarEnd(
            ports: numbers.map { FarEnd.Port(port: "eth\($0)", device: "sw\($0)", namespace: far.namespace) },
            targets: [try #require(IPAddress(text: Self.target))], namespace: far.namespace)
    }

    private static func converter(_ number: Int) -> [String] {
        let bridge = "conv\(number)"
        let sides = ["near\(number)", "away\(number)"]
        return ["link add \(bridge) type bridge"]
            + sides.flatMap {
                [
                    "link set \($0) master \(bridge)", "link set \($0) type bridge_slave group_fwd_mask 4",
                    "link set \($0) up",
                ]
            } + ["link set \(bridge) up"]
    }

    private func drill(
        _ host: KernelFixture, _ end: FarEnd, _ change: (inout Drill.Request) -> Void = { _ in }
    ) -> Drill {
        var request = Drill.Request(aggregate: "bond0")
        change(&request)
        return Drill(request, driver: host.driver, namespace: host.namespace, farEnd: end)
    }

    /// Whether a device is up, by a witness that is not ours.
    private func isUp(_ device: String, in fixture: KernelFixture) throws -> Bool {
        let link = try JSON.parse(fixture.ip(["-j"], ["link show \(device)"]))[0]
        return link?["flags"]?.elements.contains(.string("UP")) == true
    }

    private func areUp(_ devices: String..., in fixture: KernelFixture) throws -> Bool {
        try devices.allSatisfy { try isUp($0, in: fixture) }
    }

    private static let miimon = OptionSetting("miimon", .number(100))
    /// Fails over no sooner than 200 ms after the carrier went: at miimon 100 alone it may be at once, by chance, and then
    /// nothing is lost.
    private static let slow = [miimon, .init("downdelay", .number(200))]
    private static let layer34: [OptionSetting] =
        [.init("xmit_hash_policy", .number(1)), .init("lacp_rate", .number(1))] + slow

    // MARK: - Active-backup

    @Test func withoutAFaultThereIsNoOutage() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { host, far, end in
            func calm() async throws -> DrillReport {
                let report = try await conclusive { try await drill(host, end) { $0.fault = .none }.run() }
                #expect(!report.flows.contains { flow in DrillPhase.allCases.contains(where: flow.lostProbes) })
                return report
            }
            var report = try await calm()
            // Somebody may be held up for longer than an answer may take; nothing is ever lost.
            for _ in 0..<5 where report.lost > 0 { report = try await calm() }
            #expect(report.flows.count == 16)
            #expect(report.outage == 0)
            #expect(report.lost == 0)
            #expect(report.sent > 16 * 100)
            #expect(report.verdict == .measured)
            #expect(report.pulledPort == nil && report.tookOver.isEmpty)
            // Nothing lost, so a gap is only what the sender was late.
            let gap = report.flows.flatMap(\.longestGaps.values).max() ?? 0
            #expect(gap <= report.interval + 2 * (report.lateness.maximum ?? 0))
            #expect(try areUp("sw0", "sw1", in: far))
        }
    }

    @Test func pullingTheActivePortShowsAnOutage() async throws {
        try await withDrill(.activeBackup, Self.slow, to: .bridge) { host, far, end in
            var drills: UInt32 = 0
            let report = try await conclusive {
                drills += 1
                try await host.driver.perform(.activate(port: "eth0", aggregate: "bond0", driver: .bonding))
                return try await drill(host, end) { $0.objective = .seconds(8) }.run()
            }
            #expect(report.pulledPort == "eth0")
            #expect(report.tookOver == ["eth1"])
            #expect(report.outage(.during) >= 150_000_000)
            #expect(report.outage <= 8_000_000_000)
            #expect(report.worst.map { $0.certain <= report.outage } == true)
            #expect(report.lost > 0)
            #expect(report.verdict == .met, "\(report.reasons)")
            #expect(report.affected == 16)
            #expect(report.ports.map(\.flowsSent) == [16, 0])
            #expect(report.ports.map(\.flowsReceived) == [16, 0])
            #expect(report.isPortBack)
            #expect(report.moments.contains { $0.text.contains("eth0: ") && $0.text.hasSuffix("-> down") })
            #expect(try areUp("sw0", "sw1", in: far))
            #expect(try await host.facts("bond0").activePort == "eth1")
            // The kernel's own count of what happened.
            #expect((1...drills).contains(try await host.port("eth0").linkFailures))
        }
    }

    @Test func anObjectiveThatNothingMeetsIsMissed() async throws {
        try await withDrill(.activeBackup, Self.slow, to: .bridge) { host, _, end in
            let report = try await conclusive {
                try await drill(host, end) { $0.objective = .milliseconds(1) }.run()
            }
            #expect(report.verdict == .missed)
        }
    }

    @Test func withoutALinkMonitorThereIsNoFailover() async throws {
        let miimon = OptionSetting("miimon", .number(0))
        try await withDrill(.activeBackup, [miimon], to: .bridge) { host, far, end in
            let report = try await conclusive {
                try await drill(host, end) {
                    $0.longestHold = .seconds(2)
                    $0.longestSettle = .seconds(3)
                }.run()
            }
            #expect(report.verdict == .noFailover, "\(report.reasons)")
            #expect(report.tookOver.isEmpty)
            #expect(report.outage >= 1_900_000_000)
            #expect(try isUp("sw0", in: far))
        }
    }

    @Test func aPortWithoutFlowsIsNoDrill() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { host, far, end in
            await #expect(
                throws: DrillError.noFlowOnPort(port: "eth1", aggregate: "bond0", mode: .activeBackup)
            ) {
                try await drill(host, end) { $0.port = "eth1" }.run()
            }
            let failures = try await host.port("eth1").linkFailures
            #expect(failures == 0)
            #expect(try isUp("sw1", in: far))
        }
    }

    // MARK: - LACP

    /// The kernel takes a port without carrier out of use at once, so little or nothing is lost, and only by flows that were
    /// there. When the port comes back the two ends are not ready at the same moment, and any flow may lose probes.
    @Test func lacpSpreadsFlowsOverItsPorts() async throws {
        try await withDrill(.lacp, Self.layer34, to: .bond) { host, far, end in
            let report = try await conclusive { try await drill(host, end).run() }
            for port in report.ports {
                #expect(port.flowsSent > 0 && port.flowsReceived > 0, "\(port)")
                // By the counters of the port itself, a second of probing.
                #expect(port.packetsSent > 50 && port.packetsReceived > 50, "\(port)")
            }
            #expect(report.subject.hashPolicy == "layer3+4")
            let pulled = try #require(report.pulledPort)
            #expect(report.affected > 0 && report.affected < 16)
            for flow in report.flows where !flow.isAffected {
                #expect(!flow.lostProbes(.during), "\(flow.placement) \(report.reasons)")
            }
            #expect(report.outage < 8_000_000_000, "\(report.reasons)")
            #expect(report.tookOver == ["eth0", "eth1"].filter { $0 != pulled })
            #expect(report.isPortBack)
            #expect(try areUp("sw0", "sw1", in: far))
        }
    }

    /// No carrier tells that the link is gone: only LACP does, three seconds later.
    @Test func onlyFlowsOnTheSilentPortAreHit() async throws {
        try await withDrill(.lacp, Self.layer34, to: .bondBehindConverters) { host, far, end in
            let report = try await conclusive { try await drill(host, end) { $0.objective = .seconds(1) }.run() }
            #expect(report.affected > 0 && report.affected < 16)
            for flow in report.flows {
                if flow.isAffected {
                    #expect(flow.outage(.during) >= 1_500_000_000, "\(flow.placement)")
                } else {
                    #expect(!flow.lostProbes(.during), "\(flow.placement) \(report.reasons)")
                }
            }
            #expect(report.outage(.during) < 8_000_000_000)
            #expect(report.verdict == .missed)
            #expect(try areUp("sw0", "sw1", in: far))
        }
    }

    @Test func aHashThatCannotTellFlowsApartIsSaid() async throws {
        let layer2: [OptionSetting] = [
            .init("xmit_hash_policy", .number(0)), .init("lacp_rate", .number(1)), Self.miimon,
        ]
        try await withDrill(.lacp, layer2, to: .bond) { host, _, end in
            let report = try await conclusive { try await drill(host, end) { $0.fault = .none }.run() }
            #expect(report.ports.map(\.flowsSent).sorted() == [0, 16])
            #expect(report.findings.contains { $0.contains("goes out by") && $0.contains("layer2") })
        }
    }

    // MARK: - Refusals and interruptions

    @Test func onePortIsRefused() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge, ports: 1) { host, far, end in
            await #expect(throws: DrillError.self) { try await drill(host, end).run() }
            let isStillUp = try isUp("sw0", in: far)
            #expect(isStillUp)
        }
    }

    @Test func noAddressIsRefused() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge, address: false) { host, _, end in
            let error = await #expect(throws: DrillError.self) { try await drill(host, end).run() }
            #expect(error?.remedy?.contains("ip address add") == true)
        }
    }

    @Test func aSilentTargetIsFoundBeforeTheFault() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { host, far, end in
            // Frames get through to nowhere: the far end's ports leave their bridge.
            _ = try far.ip([], ["link set sw0 nomaster", "link set sw1 nomaster"])
            let error = await #expect(throws: DrillError.self) { try await drill(host, end).run() }
            guard case .noAnswer = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect(try areUp("sw0", "sw1", in: far))
        }
    }

    @Test func anInterruptedDrillGivesTheCarrierBack() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { host, far, end in
            let drill = drill(host, end) { $0.hold = .seconds(60) }
            let running = Task { try await drill.run() }
            try await eventually("fault") { try await !far.socket.linkFlags("sw0").contains(.up) }
            #expect(try !isUp("sw0", in: far))
            running.cancel()
            await #expect(throws: CancellationError.self) { try await running.value }
            #expect(try isUp("sw0", in: far))
            #expect(try isUp("sw1", in: far))
        }
    }

    /// What happens when the program is killed: nobody says a word to the guard any more.
    @Test func theGuardLiftsWhatIsForgotten() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { host, far, end in
            do {
                let fault = try await CarrierFault.prepare(on: end.ports[0])
                try await fault.inject()
                #expect(try !isUp("sw0", in: far))
            }
            try await eventually("end of the fault") { try await far.socket.linkFlags("sw0").contains(.up) }
        }
    }

    /// The guard reads the kernel's answer: it does not say yes to what was refused.
    @Test func aFaultThatCannotBeLiftedIsSaid() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { _, far, end in
            let fault = try await CarrierFault.prepare(on: end.ports[0])
            try await fault.inject()
            _ = try far.ip([], ["link del sw0"])
            await #expect(throws: DrillError.self) { try await fault.lift() }
        }
    }

    @Test func aFarEndThatIsDownAlreadyIsNotTaken() async throws {
        try await withDrill(.activeBackup, [Self.miimon], to: .bridge) { _, far, end in
            _ = try far.ip([], ["link set sw0 down"])
            await #expect(throws: DrillError.self) { _ = try await CarrierFault.prepare(on: end.ports[0]) }
            #expect(try !isUp("sw0", in: far))
        }
    }
}
