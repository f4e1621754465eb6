import Aggregation
import Bonding
import Testing

/// Ports that join, leave, and are told things.
@Suite struct BondPortTests {
    @Test func portsJoinAndLeave() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1", "eth2")
            let own = try #require(await ns.link("eth1").address)
            try await ns.perform(
                .create(
                    aggregate: "bond7", driver: .bonding, mode: .activeBackup,
                    settings: [OptionSetting("miimon", .number(100))], index: nil),
                .attach(port: "eth2", aggregate: "bond7"), .attach(port: "eth1", aggregate: "bond7"),
                .bring(device: "bond7", up: true))
            // In the order in which they joined, not in that of their indexes.
            #expect(try await ns.facts("bond7", .ports).ports == ["eth2", "eth1"])
            let port = try await ns.port("eth1")
            #expect(port.permanentAddress == own)
            #expect(try await ns.link("eth1").address != own)
            let show = try JSON.parse(ns.ip(["-d", "-j"], ["link show master bond7"]))
            #expect(Set(show.elements.compactMap { $0["ifname"]?.plain }) == ["eth1", "eth2"])

            try await ns.perform(
                .setOptions(aggregate: "bond7", settings: [OptionSetting("primary", .port("eth1"))]),
                .activate(port: "eth1", aggregate: "bond7"))
            #expect(try await ns.facts("bond7").activePort == "eth1")
            #expect(try await ns.facts("bond7").options["primary"] == .port("eth1"))
            #expect(try await !ns.port("eth1").isBackup)
            #expect(try await ns.port("eth2").isBackup)

            try await ns.perform(.detach(port: "eth1", aggregate: "bond7"))
            #expect(try await ns.link("eth1").address == own)
            #expect(try await ns.link("eth1").port == nil)
            #expect(try await ns.facts("bond7", .ports).ports == ["eth2"])
            let refusal = await #expect(throws: DriverError.self) {
                try await ns.perform(.detach(port: "eth0", aggregate: "bond7"))
            }
            #expect(refusal?.category == .notFound)
        }
    }

    @Test func aPortHasToBeDownToJoin() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
                .bring(device: "eth0", up: true))
            let refusal = await #expect(throws: DriverError.self) {
                try await ns.perform(.attach(port: "eth0", aggregate: "bond7"))
            }
            #expect(refusal?.category == .refused)
            #expect(refusal?.remedy?.contains("down") == true)
            let missing = await #expect(throws: DriverError.self) {
                try await ns.perform(.attach(port: "eth9", aggregate: "bond7"))
            }
            #expect(missing?.category == .notFound)
        }
    }

    @Test func portOptionsAreHeardBackFromIP() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
                .attach(port: "eth0", aggregate: "bond7"),
                .setPortOptions(
                    port: "eth0", aggregate: "bond7",
                    settings: [OptionSetting("queue_id", .number(3)), OptionSetting("prio", .number(-5))]))
            let port = try await ns.port("eth0")
            #expect(port.options["queue_id"] == .number(3))
            #expect(port.options["prio"] == .number(-5))
            let data = try JSON.parse(ns.ip(["-d", "-j"], ["link show eth0"]))[0]?["linkinfo"]?["info_slave_data"]
            #expect(data?["queue_id"] == .number(3))
            #expect(data?["prio"] == .number(-5))
        }
    }

    @Test func twoBondsAgreeOnOneAggregator() async throws {
        try await withNamespace { here in
            try await withNamespace { there in
                try await here.cables([("a0", "b0"), ("a1", "b1")], to: there)
                let settings = [OptionSetting("lacp_rate", .number(1)), OptionSetting("miimon", .number(100))]
                for (ns, ports) in [(here, ["a0", "a1"]), (there, ["b0", "b1"])] {
                    try await ns.perform(
                        .create(aggregate: "agg", driver: .bonding, mode: .lacp, settings: settings, index: nil))
                    for port in ports { try await ns.perform(.attach(port: port, aggregate: "agg")) }
                    try await ns.perform(.bring(device: "agg", up: true))
                }
                let all: LACPPortState = [
                    .activity, .shortTimeout, .aggregation, .synchronization, .collecting, .distributing,
                ]
                for (ns, ports) in [(here, ["a0", "a1"]), (there, ["b0", "b1"])] {
                    try await eventually("state 63 of \(ports)") {
                        let state = try await ns.driver.observe(.links)
                        return ports.allSatisfy { name in
                            let port = state.link(named: name)?.port
                            return port?.actorState == all && port?.partnerState == all
                        }
                    }
                }
                let state = try await here.driver.observe([.ports, .lacpCounters, .speeds])
                let other = try await there.link("agg")
                let aggregator = try #require(state.link(named: "agg")?.aggregate?.activeAggregator)
                #expect(aggregator.portCount == 2)
                #expect(aggregator.partnerSystem == other.address)
                for name in ["a0", "a1"] {
                    let link = try #require(state.link(named: name))
                    #expect(link.port?.partner?.system == other.address)
                    #expect(link.port?.partner?.systemPriority == 65535)
                    #expect(link.port?.aggregatorID == aggregator.id)
                    #expect(link.speed == 10000)
                    #expect(link.duplex == .full)
                    let received = try #require(link.port?.receivedLACPDUs)
                    let sent = try #require(link.port?.sentLACPDUs)
                    #expect(received > 0 && sent > 0)
                }
                try compareWithProc(state, in: here)
            }
        }
    }

    /// What the driver made of the file, against the file as `cat` shows it.
    private func compareWithProc(_ state: HostState, in ns: KernelFixture) throws {
        let text = try Witness.run(["ip", "netns", "exec", ns.name, "cat", "/proc/net/bonding/agg"])
        let proc = BondProc(text: text)
        #expect(proc.ports.map(\.name) == state.link(named: "agg")?.aggregate?.ports)
        #expect(proc.activeAggregatorID == state.link(named: "agg")?.aggregate?.activeAggregator?.id)
        for port in proc.ports {
            let facts = state.link(named: port.name)?.port
            #expect(port.partner == facts?.partner)
            #expect(port.actorState == facts?.actorState)
            #expect(port.partnerState == facts?.partnerState)
            #expect(port.permanentAddress == facts?.permanentAddress)
        }
    }
}
