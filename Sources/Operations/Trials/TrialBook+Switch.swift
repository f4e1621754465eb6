import Aggregation

/// What a switch sees of the modes. Over a plain bridge everything arrives whatever is set there, so it is asked at which
/// ports an address is seen and how often a frame comes in.
extension TrialBook {
    static let switches: [Trial] =
        DriverKind.allCases.flatMap(trials) + [
            answers,
            receives(
                .activeBackup, .teaming, feature: "separate-directions",
                "a port that sends nothing takes in what arrives", holdsWhenPartly: false),
        ]

    private static func trials(_ driver: DriverKind) -> [Trial] {
        let fromOnePort: [Mode] = driver == .bonding ? [.activeBackup, .balanceTLB, .balanceALB] : [.activeBackup]
        let fromAll: [Mode] = driver == .bonding ? [.balanceRR, .broadcast] : [.balanceRR, .random, .broadcast]
        // What a bond with this mode does to addresses depends on its hash.
        let addresses: [Mode] = fromOnePort + fromAll + (driver == .teaming ? [.balanceXOR] : [])
        let floods: [Mode] = fromOnePort + fromAll + [.balanceXOR]
        let groups: [Mode] = fromAll + [.balanceXOR]
        let receiving: [Mode] = [.balanceRR, .balanceXOR, .activeBackup]
        var trials = addresses.map { keepsAddresses($0, driver) }
        trials += floods.flatMap { [isFlooded($0, driver, switches: 1), isFlooded($0, driver, switches: 2)] }
        trials += groups.map { grouped($0, driver) }
        trials += receiving.map { receives($0, driver) }
        return trials
    }

    /// A mode that a switch sees the other way.
    private static func opposite(_ mode: Mode) -> Mode {
        [.activeBackup, .balanceTLB, .balanceALB].contains(mode) ? .balanceRR : .activeBackup
    }

    static let stations = 8
    static let datagrams = 96

    /// The ports of the switch are in no group.
    private static func keepsAddresses(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial(
            "switch-unmanaged", driver, mode, "a switch sees each address at one port and each frame once",
            holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.cable(2)
            try await scene.make(isControl ? opposite(mode) : mode, monitor(driver), ports: 2)
            try await scene.ready(ports: 2)
            let ears = [
                try await scene.listen(for: 0x0800, at: "p0"), try await scene.listen(for: 0x0800, at: "p1"),
            ]
            try await scene.send(datagrams, toStations: stations)
            let seen = try await scene.heard(by: ears, atLeast: datagrams)
            let addresses = seen.map { Set($0.map(\.source)) }
            let moving = addresses[0].intersection(addresses[1]).count
            let count = seen.joined().count
            return .init(
                moving == 0 && count == datagrams,
                "\(moving) addresses were seen at both ports, and of \(datagrams) frames \(count) arrived")
        }
    }

    /// What is for all goes out of every port of a switch that belongs to no group, back to who sent it as well. With the
    /// hash vlan+srcmac the addresses of a host stay at one port each, which is not enough.
    private static func isFlooded(_ mode: Mode, _ driver: DriverKind, switches: Int) -> Trial {
        Trial(
            switches == 1 ? "switch-unmanaged" : "switch-two", driver, mode,
            "what a switch floods comes in once, and nothing of ours comes back",
            // With two switches these two lack something else: each depends on both.
            holdsWhenPartly: switches == 2 && [.balanceTLB, .balanceALB].contains(mode)
        ) { scene, isControl in
            let hash = mode == .balanceXOR && driver == .bonding && !isControl ? ["xmit_hash_policy=vlan+srcmac"] : []
            try await scene.cable(2)
            let client = try await scene.makeClients(1, ports: 2, switches: switches)[0]
            try await scene.make(isControl ? opposite(mode) : mode, monitor(driver) + hash, ports: 2)
            try await scene.ready(ports: 2)
            let (flooded, returned) = try await scene.flood(datagrams, from: client)
            return .init(
                flooded == datagrams && returned == 0,
                "of \(datagrams) frames that it flooded \(flooded) came in, and \(returned) of \(datagrams) of ours")
        }
    }

    /// The ports of the switch are one static group.
    private static func grouped(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial(
            "switch-static", driver, mode, "each frame comes in once from a static group", holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.cable(2)
            try await scene.makeGroup(ports: 2)
            let other: Mode = mode == .broadcast ? .balanceRR : .broadcast
            try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            try await scene.ready(ports: 2)
            let ear = try await scene.listen(for: 0x0800, on: TrialScene.farName)
            try await scene.send(datagrams, toStations: stations)
            let count = try await scene.heard(by: [ear], atLeast: datagrams)[0].count
            return .init(count == datagrams, "of \(datagrams) frames \(count) arrived")
        }
    }

    /// The switch spreads what it sends over its group.
    private static func receives(
        _ mode: Mode, _ driver: DriverKind, feature: String = "receive-balancing",
        _ question: String = "what a switch sends by both ports of a group is taken in", holdsWhenPartly: Bool = true
    ) -> Trial {
        Trial(feature, driver, mode, question, holdsWhenPartly: holdsWhenPartly) { scene, isControl in
            let other: Mode = mode == .activeBackup ? .balanceRR : .activeBackup
            try await scene.cable(2)
            try await scene.makeGroup(ports: 2)
            try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            try await scene.ready(ports: 2)
            let count = try await scene.received(flows: datagrams)
            return .init(count == datagrams, "of \(datagrams) datagrams \(count) were received")
        }
    }

    /// Who asks for the address of the host is told that of one port or of another.
    private static let answers = Trial(
        "receive-balancing-without-switch", .bonding, .balanceALB, "clients are told the addresses of different ports"
    ) { scene, isControl in
        try await scene.cable(2)
        let clients = try await scene.makeClients(4, ports: 2)
        try await scene.make(isControl ? .balanceTLB : .balanceALB, monitor(.bonding), ports: 2)
        try await scene.ready(ports: 2)
        let told = try await scene.answers(to: clients)
        return .init(
            Set(told).count > 1, "\(told.count) of \(clients.count) clients were told \(Set(told).count) addresses")
    }
}
