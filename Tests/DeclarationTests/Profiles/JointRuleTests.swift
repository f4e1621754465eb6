import Aggregation
import Declaration
import Testing

/// What requirements come to together, with the ports, the kernel and the tool.
@Suite struct JointRuleTests {
    private static let address = "2001:db8::1"

    private static func set(_ texts: String) throws -> RequirementSet {
        RequirementSet(
            try texts.split(separator: " ").map { word in
                switch word.first {
                case "?": try Requirement(text: String(word.dropFirst()), strength: .should)
                case "!": try Requirement(text: String(word.dropFirst()), strength: .mustNot)
                default: try Requirement(text: String(word))
                }
            })
    }

    private static func decide(_ texts: String, on host: HostFacts = HostFacts(), ports: Int? = 2) throws -> Decision {
        Decision(try set(texts), try ProfileFixtures.matrix().on(host).with(ports: ports))
    }

    /// Nothing meets these, and each is in the way of the others. A question mark is a wish, an exclamation mark a
    /// must-not.
    @Test(arguments: [
        "redundancy min-ports=2", "min-ports=3", "traffic-without-partner min-ports=2",
        "receive-balancing-without-switch ipv6-only", "latency rebalancing", "detection=10ms arp-monitoring=192.0.2.1",
        "detection=10ms ipv6-monitoring=2001:db8::1", "maintained dbus", "arp-monitoring=192.0.2.1 ipv6-only",
        "lacp-key=1 lacp-key=2", "mac-policy=active mac-policy=follow", "settle=30s arp-monitoring=192.0.2.1",
        "tool=networkd ipv6-monitoring=2001:db8::1", "tool=networkd lacp-passive", "tool=netplan lacp-key=7",
        "infiniband bridge", "infiniband vlans", "lacp-rate=fast !lacp-rate=fast", "lacp !lacp",
        "ptp switch=lacp lacp", "settle=1s settle=2s", "port-security bridge", "port-security mac-policy=follow",
        "port-security lacp", "cloud lacp", "tool=ifupdown lacp-passive", "tool=ifupdown lacp-key=7",
    ]) func excludes(_ texts: String) throws {
        let decision = try Self.decide(texts)
        #expect(decision.recommended == nil)
        #expect(!decision.conflicts.isEmpty)
        #expect(decision.conflicts.allSatisfy { Set($0.explanations.map(\.failed)) == Set($0.requirements) })
        #expect(!decision.giveUps.isEmpty)
        for giveUp in decision.giveUps {
            let rest = decision.requirements.removing(Set(giveUp.requirements))
            #expect(Decision(rest, decision.matrix).recommended?.candidate == giveUp.buys)
        }
    }

    /// These go together, by whom and with which reservations.
    @Test(arguments: [
        ("redundancy min-ports=1", "bonding lacp", ""), ("min-ports=2", "bonding lacp", ""),
        ("traffic-without-partner min-ports=1", "bonding lacp", ""),
        ("detection=250ms arp-monitoring=192.0.2.1", "bonding active-backup", ""),
        ("lacp-key=1 ?lacp-key=2", "bonding lacp", ""),
        ("?arp-monitoring=192.0.2.1 ipv6-only", "bonding active-backup", ""),
        ("latency ?rebalancing throughput", "bonding lacp", ""),
        ("redundancy switch=two daemon-free ?throughput", "bonding active-backup", ""),
        ("lacp switch=two redundancy", "bonding lacp", "switch=two"),
        ("throughput switch=unmanaged", "bonding balance-tlb", "throughput"),
        ("throughput switch=two", "bonding balance-tlb", "throughput switch=two"),
        ("bridge switch=unmanaged ?throughput redundancy", "bonding active-backup", ""),
        ("ptp throughput switch=unmanaged", "bonding balance-tlb", "throughput"),
        ("redundancy ?receive-balancing-without-switch ipv6-only", "bonding active-backup", ""),
        ("?rebalancing throughput", "bonding lacp", ""), ("tool=networkd priorities", "bonding active-backup", ""),
        ("redundancy !mac-policy=follow", "bonding active-backup", ""),
        ("port-security mac-policy=active", "bonding active-backup", ""),
        ("redundancy cloud", "bonding active-backup", "cloud"),
        ("redundancy virtual-functions", "bonding active-backup", ""),
    ]) func goesTogether(_ texts: String, _ winner: String, _ reservations: String) throws {
        let recommended = try #require(try Self.decide(texts).recommended)
        #expect(recommended.candidate.description == winner)
        #expect(recommended.reservations.map(\.requirement.text).joined(separator: " ") == reservations)
    }

    /// Ports that are there decide.
    @Test func countsPorts() throws {
        #expect(try Self.decide("redundancy min-ports=2", ports: 3).recommended?.candidate.mode == .lacp)
        let unknown = try #require(try Self.decide("redundancy min-ports=2", ports: nil).recommended)
        #expect(unknown.conditions.contains { $0.hasPrefix("there are at least 3 ports") })
        let three = try #require(try Self.decide("tool=networkd priorities", ports: 3).recommended)
        #expect(three.candidate.mode == .activeBackup)
        #expect(three.reservations.map(\.requirement.key) == [.priorities])
    }

    private static func host(_ count: Int, _ change: (Int, inout HostFacts.Port) -> Void) -> HostFacts {
        var host = HostFacts()
        host.ports = (0..<count).map { place in
            var port = HostFacts.Port(name: "eth\(place)")
            (port.medium, port.hasCarrier) = (.ethernet, true)
            (port.speed, port.duplex) = (10_000, .full)
            change(place, &port)
            return port
        }
        return host
    }

    @Test func virtualFunctionsOfOnePortAreOneCable() throws {
        let one = Self.host(2) { $1.physicalFunction = "0000:01:00.0" }
        #expect(try Self.decide("redundancy", on: one).recommended == nil)
        let two = Self.host(2) { $1.physicalFunction = "0000:01:00.\($0)" }
        #expect(try Self.decide("redundancy", on: two).recommended?.candidate.mode == .activeBackup)
        #expect(try Self.decide("lacp", on: two).recommended?.hostReservations.isEmpty == false)
    }

    @Test func portsWithoutSpeedAreTold() throws {
        let virtual = Self.host(2) { _, port in (port.speed, port.duplex, port.driver) = (nil, nil, "virtio_net") }
        let conditions = try #require(try Self.decide("lacp", on: virtual).recommended).conditions
        #expect(conditions.contains { $0.contains("ethtool -s eth0 speed") })
        let known = try #require(try Self.decide("lacp", on: Self.host(2) { _, _ in }).recommended)
        #expect(!known.conditions.contains { $0.contains("ethtool -s") })
    }

    @Test func rdmaStaysOnOneCard() throws {
        let two = Self.host(2) { $1.path = "pci 0000:0\($0 + 1):00.0" }
        #expect(try Self.decide("rdma", on: two).recommended?.reservations.map(\.requirement.key) == [.rdma])
        let one = Self.host(2) { $1.path = "pci 0000:01:00.\($0)" }
        #expect(try Self.decide("rdma", on: one).recommended?.reservations == [])
    }

    /// A plan never writes what the kernel or the tool does not know.
    @Test(arguments: ["5.4", "5.10", "5.16", "5.17", "5.19", "6.0", "6.18"]) func holdsOptionsToTheKernel(
        _ kernel: String
    ) throws {
        let version = try #require(KernelVersion(text: kernel))
        let matrix = try ProfileFixtures.matrix().on(version).with(ports: 2)
        let ports = [try InterfaceName("eth0"), try InterfaceName("eth1")]
        var written = 0
        for texts in [
            "redundancy priorities", "redundancy arp-monitoring=192.0.2.1", "lacp lacp-passive", "lacp min-ports=1",
            "redundancy priorities arp-monitoring=192.0.2.1 tool=netplan", "lacp switch=two",
            "throughput switch=unmanaged",
            "redundancy ipv6-monitoring=\(Self.address)",
        ] {
            let decision = Decision(try Self.set(texts), matrix)
            for assessment in decision.acceptable where assessment.candidate.driver == .bonding {
                let plan = PlanProposal(assessment, matrix, name: try InterfaceName("bond0"), ports: ports)
                let resolved = Translation.resolve(plan.desired, in: HostState()).aggregate
                let names = resolved.settings.map(\.name) + (resolved.ports ?? []).flatMap(\.settings).map(\.name)
                for name in names { #expect(matrix.host.takes(name), "\(name) on \(kernel): \(texts)") }
                written += names.count
            }
        }
        #expect(written > 10)
    }

    /// Where the ports lead to two switches, traffic does not go back to one that has just started and forwards late.
    @Test(
        arguments: [
            ("two", [30_000]), ("mlag", [30_000]), ("esi", [30_000]), ("unmanaged", [nil]), ("lacp", [nil]),
        ] as [(String, [Int64?])])
    func waitsForASwitchThatStarts(_ kind: String, _ expected: [Int64?]) throws {
        for (texts, delays) in [("priorities switch=\(kind)", expected), ("redundancy switch=\(kind)", [nil])] {
            let matrix = try ProfileFixtures.matrix().with(ports: 3)
            let assessment = try #require(
                Decision(try Self.set(texts), matrix).acceptable.first { $0.candidate.mode == .activeBackup })
            let ports = try ["eth0", "eth1", "eth2"].map { try InterfaceName($0) }
            let plan = PlanProposal(assessment, matrix, name: try InterfaceName("bond0"), ports: ports)
            guard case .value(.carrier(_, let delay, _))? = plan.desired.linkMonitor else {
                Issue.record("no link monitor: \(texts)")
                continue
            }
            #expect([delay] == delays, "\(texts)")
        }
    }

    /// No row is idle.
    @Test func everyRuleSpeaks() throws {
        var hosts = [HostFacts(), Self.host(2) { $1.physicalFunction = "0000:01:00.0" }]
        hosts.append(
            Self.host(3) { place, port in
                (port.speed, port.driver, port.path) = (nil, "virtio_net", "pci 0000:0\(place + 1):00.0")
            })
        hosts[2].kernel = "5.10"
        var all = DecisionPropertyTests.requirements(RequirementKey.allCases)
        all += try [
            "min-ports=3", "lacp-key=3", "settle=1s", "announcements=3", "lacp-system=02:00:5e:00:53:02",
            "detection=10ms",
        ].map { try Requirement(text: $0) }
        all += all.filter(\.key.isSetting).map { Requirement($0.key, $0.value, .mustNot) }
        var silent = Set(JointRules.all.map(\.name))
        for host in hosts {
            let matrix = try ProfileFixtures.matrix().on(host).with(ports: host.ports.isEmpty ? nil : host.ports.count)
            let two = matrix.with(ports: 2)
            for matrix in [matrix, two] {
                for candidate in matrix.candidates {
                    for rule in JointRules.all where silent.contains(rule.name) {
                        if !rule.findings(candidate, all, matrix).isEmpty { silent.remove(rule.name) }
                    }
                }
            }
        }
        #expect(silent.sorted() == [])
        #expect(JointRules.all.count == Set(JointRules.all.map(\.name)).count)
    }

    /// Everything at once is answered; the limit is for what hangs.
    @Test(.timeLimit(.minutes(30))) func everythingAtOnce() throws {
        let all = DecisionPropertyTests.requirements(RequirementKey.allCases)
        let decision = Decision(RequirementSet(all), try ProfileFixtures.matrix().with(ports: 2))
        #expect(decision.recommended == nil && !decision.giveUps.isEmpty)
        let many = Self.host(64) { _, port in port.speed = nil }
        #expect(try Self.decide("redundancy", on: many, ports: 64).recommended != nil)
    }
}
