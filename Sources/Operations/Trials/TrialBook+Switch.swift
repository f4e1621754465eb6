import Aggregation

/// What a switch sees of the modes. Over a plain bridge everything arrives whatever is set there, so it is asked at which
/// ports an address is seen and how often a frame comes in.
extension TrialBook {
    static let switches: [Trial] =
        DriverKind.allCases.flatMap { driver in
            let modes: [Mode] =
                driver == .bonding
                ? [.activeBackup, .balanceTLB, .balanceALB, .balanceRR, .broadcast]
                : [.activeBackup, .balanceRR, .random, .balanceXOR, .broadcast]
            return modes.map { alone($0, driver) }
                + ([.balanceRR, .balanceXOR, .broadcast] + (driver == .teaming ? [.random] : [])).map {
                    grouped($0, driver)
                }
                + [.balanceRR, .balanceXOR, .activeBackup].map { receives($0, driver) }
        } + [answers]

    private static let stations = 8
    private static let datagrams = 96

    private static func monitor(_ driver: DriverKind) -> [String] { driver == .bonding ? ["miimon=100ms"] : [] }

    private static func ready(_ scene: TrialScene) async throws {
        _ = try await scene.eventually {
            guard try await scene.link(scene.name).hasCarrier else { return false }
            for port in ["p0", "p1"] where try await scene.link(port).port?.monitor != .up { return false }
            return true
        }
    }

    /// The ports of the switch are in no group.
    private static func alone(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial(
            "switch-unmanaged", driver, mode, "a switch sees each address at one port and each frame once",
            holdsWhenPartly: false
        ) { scene, isControl in
            let needsGroup: Set<Mode> = [.balanceRR, .random, .balanceXOR, .broadcast]
            let other: Mode = needsGroup.contains(mode) ? .activeBackup : .balanceRR
            try await scene.cable(2)
            try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            try await ready(scene)
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

    /// The ports of the switch are one static group.
    private static func grouped(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial(
            "switch-static", driver, mode, "each frame comes in once from a static group", holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.cable(2)
            try await scene.makeGroup(ports: 2)
            let other: Mode = mode == .broadcast ? .balanceRR : .broadcast
            try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            try await ready(scene)
            let ear = try await scene.listen(for: 0x0800, on: TrialScene.farName)
            try await scene.send(datagrams, toStations: stations)
            let count = try await scene.heard(by: [ear], atLeast: datagrams)[0].count
            return .init(count == datagrams, "of \(datagrams) frames \(count) arrived")
        }
    }

    /// The switch spreads what it sends over its group.
    private static func receives(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial("receive-balancing", driver, mode, "what a switch sends by both ports of a group is taken in") {
            scene, isControl in
            let other: Mode = mode == .activeBackup ? .balanceRR : .activeBackup
            try await scene.cable(2)
            try await scene.makeGroup(ports: 2)
            try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            try await ready(scene)
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
        try await scene.make(isControl ? .balanceTLB : .balanceALB, ["miimon=100ms"], ports: 2)
        try await ready(scene)
        let told = try await scene.answers(to: clients)
        return .init(
            Set(told).count > 1, "\(told.count) of \(clients.count) clients were told \(Set(told).count) addresses")
    }
}
