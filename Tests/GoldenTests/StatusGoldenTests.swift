import AggctlCommands
import Aggregation
import Testing

/// How `aggctl status` judges and shows a host: text, JSON and exit code.
@Suite struct StatusGoldenTests {
    /// A host and the code that `--check` answers with.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int32
        let state: HostState

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "active-backup-healthy", code: 0, state: HostFixtures.activeBackup()),
        Case(
            name: "active-backup-degraded", code: 2,
            state: HostFixtures.activeBackup().changing("eth1") { $0.loseCarrier() }),
        Case(
            name: "active-port-without-carrier", code: 6,
            state: HostFixtures.activeBackup().changing("eth0") { $0.hasCarrier = false }),
        Case(
            name: "going-up", code: 2,
            state: HostFixtures.activeBackup()
                .changing("bond0") { $0.aggregate?.options["updelay"] = .number(400) }
                .changing("eth1") { $0.port?.monitor = .goingUp }),
        Case(
            name: "down", code: 6,
            state: HostFixtures.activeBackup()
                .changing("eth0") { $0.loseCarrier() }
                .changing("eth1") {
                    $0.flags.remove(.up)
                    $0.loseCarrier()
                }
                .changing("bond0") {
                    $0.hasCarrier = false
                    $0.aggregate?.activePort = nil
                }),
        Case(
            name: "administratively-down", code: 6,
            state: HostFixtures.activeBackup().changing("bond0") {
                $0.flags.remove(.up)
                $0.hasCarrier = false
            }),
        Case(
            name: "no-monitor", code: 6,
            state: HostFixtures.activeBackup()
                .changing("bond0") { $0.aggregate?.options["miimon"] = .number(0) }
                .changing("eth0") { $0.hasCarrier = false }),
        Case(name: "no-ports", code: 6, state: HostFixtures.bond(.activeBackup, ports: [])),
        Case(name: "one-port", code: 0, state: HostFixtures.bond(.activeBackup, ports: [HostFixtures.port("eth0", 1)])),
        Case(
            name: "arp-targets-silent", code: 2,
            state: HostFixtures.activeBackup()
                .changing("bond0") {
                    $0.aggregate?.options["miimon"] = .number(0)
                    $0.aggregate?.options["arp_interval"] = .number(1000)
                    $0.aggregate?.options["arp_ip_target"] = .targets([IPAddress(text: "192.0.2.1")].compactMap { $0 })
                }
                .changing("eth1") { $0.port?.monitor = .down }),
        Case(name: "lacp-healthy", code: 0, state: HostFixtures.lacp()),
        Case(name: "lacp-other-aggregator", code: 2, state: otherAggregator(ports: 3)),
        Case(name: "lacp-every-port-alone", code: 6, state: otherAggregator(ports: 2)),
        Case(
            name: "lacp-stale-state", code: 2,
            state: HostFixtures.lacp().changing("eth1") { $0.loseCarrier() }),
        Case(
            name: "lacp-expired", code: 2,
            state: HostFixtures.lacp().changing("eth1") {
                $0.port?.isBackup = true
                $0.port?.actorState = LACPPortState(rawValue: 143)
            }),
        Case(
            name: "lacp-planes-disagree", code: 2,
            state: HostFixtures.lacp().changing("eth1") { $0.port?.isBackup = true }),
        Case(name: "lacp-hidden-partner", code: 0, state: hiddenPartner),
        Case(name: "lacp-no-partner", code: 2, state: noPartner),
        Case(name: "lacp-settling", code: 2, state: fresh),
        Case(name: "lacp-partner-silent", code: 2, state: silentPartner),
        Case(name: "tlb-in-a-bridge", code: 0, state: bridged(.balanceTLB)),
        Case(
            name: "xor-vlan-srcmac-in-a-bridge", code: 0,
            state: bridged(.balanceXOR).changing("bond0") {
                $0.aggregate?.options["xmit_hash_policy"] = .number(5)
            }),
        Case(name: "lacp-unknown-speed", code: 6, state: unknownSpeed),
        Case(
            name: "lacp-min-links", code: 6,
            state: HostFixtures.lacp().changing("lag1") {
                $0.aggregate?.options["min_links"] = .number(3)
                $0.hasCarrier = false
            }),
        Case(name: "team-not-read", code: 2, state: unreadTeam),
        Case(name: "team-healthy", code: 0, state: HostFixtures.team(.activeBackup, supervised: false)),
        Case(name: "team-lacp", code: 0, state: HostFixtures.team(.lacp)),
        Case(name: "team-daemon-gone", code: 2, state: HostFixtures.team(.activeBackup, daemon: .absent)),
        Case(
            name: "team-daemon-gone-port-down", code: 6,
            state: HostFixtures.team(.activeBackup, daemon: .absent).changing("eth0") { $0.loseCarrier() }),
        Case(name: "team-lacp-daemon-gone", code: 6, state: HostFixtures.team(.lacp, daemon: .absent)),
        Case(name: "team-daemon-silent", code: 2, state: HostFixtures.team(.balanceXOR, daemon: .silent)),
        Case(
            name: "team-two-daemons", code: 6,
            state: HostFixtures.team(.broadcast).changing("team0") { $0.aggregate?.daemon?.rivals = [77, 78] }),
        Case(
            name: "team-planes-disagree", code: 2,
            state: HostFixtures.team(.balanceXOR).changing("eth1") { $0.port?.isBackup = true }),
        Case(name: "nothing", code: 0, state: HostState()),
        Case(name: "hostile-name", code: 0, state: hostileName),
        Case(name: "two", code: 2, state: two),
    ]

    @Test(arguments: cases) func text(_ example: Case) async throws {
        let run = await CommandRun(["status", "--check"], state: example.state)
        #expect(run.code == example.code)
        #expect(run.errors.isEmpty)
        #expect(!run.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
        try Golden.expect(run.transcript, is: "status/\(example.name).txt")
    }

    @Test(arguments: cases) func json(_ example: Case) async throws {
        let run = await CommandRun(["status", "--json"], state: example.state)
        #expect(run.code == 0, "without --check a status that was read is a success")
        let faults = try JSONSchema(named: "status.schema.json").faults(in: try JSONValue.parse(run.output))
        #expect(faults == [])
        try Golden.expect(run.transcript, is: "status/\(example.name).json.txt")
    }

    /// The last port hangs on another group of the same switch.
    private static func otherAggregator(ports: Int32) -> HostState {
        let state = HostFixtures.bond(
            .lacp, named: "lag1", ports: (1...ports).map { HostFixtures.lacpPort("eth\($0)", $0) })
        return state.changing("eth\(ports)") {
            $0.port?.aggregatorID = 2
            $0.port?.isBackup = true
            $0.port?.actorState = LACPPortState(rawValue: 0x07)
            $0.port?.partner?.key = 16
        }
    }

    /// What the kernel lets a reader without CAP_NET_ADMIN see.
    private static var hiddenPartner: HostState {
        var state = HostFixtures.lacp()
        state.isPrivileged = false
        state.change("lag1") {
            $0.aggregate?.activeAggregator?.partnerSystem = nil
            $0.aggregate?.hidden = ["ad_actor_system"]
        }
        for port in ["eth0", "eth1"] { state.change(port) { $0.port?.partner = nil } }
        return state
    }

    /// A switch that speaks no LACP: every port alone, one of them forwards.
    private static var noPartner: HostState {
        var state = HostFixtures.lacp()
        state.change("lag1") { $0.aggregate?.activeAggregator?.partnerSystem = .zero }
        for (number, port) in ["eth0", "eth1"].enumerated() {
            state.change(port) {
                $0.port?.aggregatorID = UInt16(number + 1)
                $0.port?.isBackup = number == 1
                $0.port?.actorState = LACPPortState(rawValue: 0x4d)
                $0.port?.partnerState = LACPPortState(rawValue: 0x01)
                $0.port?.partner = PortFacts.Partner(
                    systemPriority: 65535, system: .zero, key: 1, portPriority: 255, portNumber: 1)
                $0.port?.receivedLACPDUs = 0
            }
        }
        return state
    }

    /// The first three seconds: nobody was heard yet, and one port forwards already.
    private static var fresh: HostState {
        var state = noPartner
        for port in ["eth0", "eth1"] {
            state.change(port) {
                $0.port?.actorState = LACPPortState(rawValue: 199)
                $0.port?.partnerState = LACPPortState(rawValue: 2)
                $0.port?.sentLACPDUs = 1
            }
        }
        return state
    }

    /// One of two partners has fallen silent, and its port has an aggregator of its own.
    private static var silentPartner: HostState {
        HostFixtures.lacp().changing("eth1") {
            $0.port?.aggregatorID = 2
            $0.port?.isBackup = true
            $0.port?.actorState = LACPPortState(rawValue: 71)
            $0.port?.partnerState = LACPPortState(rawValue: 0)
            $0.port?.partner = PortFacts.Partner(
                systemPriority: 65535, system: .zero, key: 1, portPriority: 255, portNumber: 1)
        }
    }

    private static func bridged(_ mode: Mode) -> HostState {
        var bridge = Link(index: 60, name: "br0")
        bridge.kind = "bridge"
        var state = HostFixtures.bond(mode, ports: [HostFixtures.port("eth0", 1), HostFixtures.port("eth1", 2)])
        state.links.append(bridge)
        return state.changing("bond0") { $0.master = 60 }
    }

    /// Ports that cannot tell their speed, as dummy devices.
    private static var unknownSpeed: HostState {
        var state = noPartner
        for port in ["eth0", "eth1"] {
            state.change(port) {
                $0.speed = nil
                $0.duplex = nil
                $0.kind = "dummy"
                $0.parentBus = nil
            }
        }
        return state
    }

    private static var unreadTeam: HostState {
        var team = Link(index: 5, name: "team0")
        team.kind = "team"
        team.flags = [.up]
        var state = HostState()
        state.links = [team]
        return state
    }

    /// The kernel allows an escape sequence in a name.
    private static var hostileName: HostState {
        let name = "\u{1b}[31mred"
        let ports = [HostFixtures.port("端口", 1), HostFixtures.port("eth1", 2)]
        return HostFixtures.bond(.balanceXOR, named: name, ports: ports)
    }

    private static var two: HostState {
        var state = HostFixtures.lacp().changing("eth1") { $0.loseCarrier() }
        let other = HostFixtures.bond(
            .broadcast, named: "bond9", index: 20,
            ports: [HostFixtures.port("eth2", 3, of: 20), HostFixtures.port("eth3", 4, of: 20)]
        ).changing("eth3") { $0.speed = 1000 }
        state.links += other.links
        return state
    }
}
