import Aggregation

/// Hosts as a kernel would describe them.
enum HostFixtures {
    /// `aa:bb:…`, for texts that are right here.
    static func address(_ last: UInt8, of first: UInt8 = 2) -> LinkLayerAddress {
        LinkLayerAddress([first, 0, 0, 0, 0, last])
    }

    /// A port with carrier that its aggregate uses.
    static func port(_ name: String, _ number: Int32, of master: Int32 = 10) -> Link {
        var link = Link(index: number, name: name)
        link.flags = [.up, .running, .slave]
        link.hasCarrier = true
        link.master = master
        link.speed = 10_000
        link.duplex = .full
        link.parentBus = "pci"
        link.parentDevice = "0000:01:00.\(number)"
        link.permanentAddress = address(UInt8(number))
        link.port = PortFacts(
            options: ["queue_id": .number(0)], isBackup: false, monitor: .up, linkFailures: 0,
            permanentAddress: address(UInt8(number)))
        return link
    }

    /// A port on which LACP is up.
    static func lacpPort(_ name: String, _ number: Int32) -> Link {
        var link = port(name, number)
        let forwarding = LACPPortState(rawValue: 0x3f)
        link.port?.aggregatorID = 1
        link.port?.actorState = forwarding
        link.port?.partnerState = forwarding
        link.port?.actorChurn = .settled
        link.port?.partnerChurn = .settled
        link.port?.partner = PortFacts.Partner(
            systemPriority: 65535, system: address(0xfe, of: 0x52), key: 15, portPriority: 255,
            portNumber: UInt16(number))
        link.port?.receivedLACPDUs = 120
        link.port?.sentLACPDUs = 121
        return link
    }

    static func bond(_ mode: Mode, named name: String = "bond0", index: Int32 = 10, ports: [Link]) -> HostState {
        var facts = AggregateFacts(
            driver: .bonding, mode: mode,
            options: [
                "mode": .number(Int64(mode.bondingNumber)), "miimon": .number(100), "updelay": .number(0),
                "arp_interval": .number(0), "arp_ip_target": .targets([]), "min_links": .number(0),
                "xmit_hash_policy": .number(1), "tlb_dynamic_lb": .number(1),
            ])
        facts.ports = ports.map(\.name)
        if mode.usesOnePort { facts.activePort = ports.first?.name }
        if mode == .lacp {
            facts.activeAggregator = AggregateFacts.ActiveAggregator(
                id: 1, portCount: UInt16(ports.count), actorKey: 15, partnerKey: 15,
                partnerSystem: address(0xfe, of: 0x52))
        }
        var link = Link(index: index, name: name)
        link.kind = "bond"
        link.flags = [.up, .running, .master]
        link.hasCarrier = true
        link.address = ports.first?.permanentAddress
        link.aggregate = facts
        var state = HostState()
        state.links = ports + [link]
        return state
    }

    /// The same ports under teamd.
    static func team(_ mode: Mode, daemon: AggregateFacts.Daemon.State = .running, supervised: Bool = true) -> HostState
    {
        var ports = mode == .lacp ? [lacpPort("eth0", 1), lacpPort("eth1", 2)] : [port("eth0", 1), port("eth1", 2)]
        if mode == .activeBackup { ports[1].port?.isBackup = true }
        return bond(mode, named: "team0", ports: ports).changing("team0") { link in
            link.kind = "team"
            link.aggregate?.driver = .teaming
            link.aggregate?.daemon = .init(daemon, process: daemon == .absent ? nil : 77)
            link.aggregate?.daemon?.isSupervised = supervised
            link.aggregate?.daemon?.optionsAreRemembered = daemon != .running
            link.aggregate?.options = [:]
            for row in TeamingOptions.table.rows where row.accepted.contains(mode) && row.wire == .json {
                link.aggregate?.options[row.name] = row.defaultValue.value(in: mode)
            }
            link.aggregate?.options["runner.name"] = DriverKind.teaming.modeSetting(mode).value
        }
    }

    static func lacp() -> HostState { bond(.lacp, named: "lag1", ports: [lacpPort("eth0", 1), lacpPort("eth1", 2)]) }

    static func activeBackup() -> HostState {
        var state = bond(.activeBackup, ports: [port("eth0", 1), port("eth1", 2)])
        state.change("eth1") { $0.port?.isBackup = true }
        return state
    }
}

extension HostState {
    /// Changes one link by its name.
    mutating func change(_ name: String, _ body: (inout Link) -> Void) {
        for place in links.indices where links[place].name == name { body(&links[place]) }
    }

    func changing(_ name: String, _ body: (inout Link) -> Void) -> HostState {
        var copy = self
        copy.change(name, body)
        return copy
    }
}

extension Link {
    /// What the kernel shows when the other end is pulled.
    mutating func loseCarrier() {
        hasCarrier = false
        flags.remove(.running)
        speed = nil
        duplex = nil
        port?.monitor = .down
        port?.isBackup = true
        port?.linkFailures = 1
    }
}
