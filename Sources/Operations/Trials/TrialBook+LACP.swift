import Aggregation

/// What a partner sees, and what happens without one.
extension TrialBook {
    static let lacp: [Trial] =
        DriverKind.allCases.flatMap { driver in
            [
                negotiates(driver), withoutPartner(driver), twoPartners(driver), leastPorts(driver), spreads(driver),
                selects(driver),
            ] + partnerSees(driver)
        } + [leastPortsElsewhere, keyOfItsOwn]

    private static func options(_ driver: DriverKind, _ bonding: [String], _ teaming: [String]) -> [String] {
        monitor(driver) + (driver == .bonding ? bonding : teaming)
    }

    private static func isForwarding(_ scene: TrialScene, _ ports: [String]) async throws -> Bool {
        for port in ports where try await scene.link(port).port?.partnerState?.isForwarding != true { return false }
        return true
    }

    /// Waits until both ports work together with the other side.
    static func isBundled(_ scene: TrialScene, within limit: Duration = .seconds(20)) async throws -> Bool {
        try await scene.eventually(within: limit) { try await isForwarding(scene, ["p0", "p1"]) }
    }

    private static func negotiates(_ driver: DriverKind) -> Trial {
        Trial("lacp", driver, .lacp, "two ports are bundled with a partner") { scene, isControl in
            try await scene.cable(2)
            if !isControl { try await scene.makePartner(ports: 2) }
            try await scene.make(.lacp, options(driver, ["lacp_rate=fast"], ["runner.fast_rate=on"]), ports: 2)
            let isBundled = try await isBundled(scene, within: .seconds(isControl ? 3 : 20))
            let letters = try await scene.link("p0").port?.partnerState?.letters ?? "unknown"
            return .init(isBundled, "the state of the partner of p0 is \(letters)")
        }
    }

    /// Two switches are two partners, unless they say that they are one (MLAG).
    private static func twoPartners(_ driver: DriverKind) -> Trial {
        Trial(
            "switch-two", driver, .lacp, "ports that lead to two partners are used together", holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.cable(2)
            if isControl { try await scene.makePartner(ports: 2) } else { try await scene.makePartners(ports: 2) }
            try await scene.make(.lacp, options(driver, ["lacp_rate=fast"], ["runner.fast_rate=on"]), ports: 2)
            let areHeard = try await scene.eventually(within: .seconds(20)) {
                for port in ["p0", "p1"] {
                    guard let partner = try await scene.link(port).port?.partner, !partner.system.isZero else {
                        return false
                    }
                }
                return true
            }
            guard areHeard else { throw TrialScene.missing("partner of a port") }
            let isBundled = try await isBundled(scene, within: .seconds(isControl ? 20 : 3))
            let letters = try await [scene.link("p0"), scene.link("p1")].map {
                $0.port?.partnerState?.letters ?? "unknown"
            }
            return .init(isBundled, "the states of the partners are \(letters[0]) and \(letters[1])")
        }
    }

    /// The far ends are up and say nothing.
    private static func withoutPartner(_ driver: DriverKind) -> Trial {
        Trial("traffic-without-partner", driver, .lacp, "the carrier is up without a partner") { scene, isControl in
            try await scene.cable(2)
            // A bond is made to wait by asking for two ports in one aggregator; a team is given a partner.
            if isControl, driver == .teaming { try await scene.makePartner(ports: 2) }
            try await scene.make(
                .lacp, options(driver, isControl ? ["min_links=2"] : [], ["runner.fast_rate=on"]), ports: 2)
            let expected = (driver == .bonding) != isControl
            let isUp = try await scene.eventually(within: .seconds(expected ? 20 : 3)) {
                try await scene.link(scene.name).hasCarrier
            }
            return .init(isUp, "the carrier is \(isUp ? "up" : "down")")
        }
    }

    private static func leastPorts(_ driver: DriverKind) -> Trial {
        Trial("min-ports", driver, .lacp, "the carrier goes when fewer ports are left than are asked for") {
            scene, isControl in
            try await scene.cable(2)
            try await scene.makePartner(ports: 2)
            let least = isControl ? 1 : 2
            try await scene.make(
                .lacp,
                options(
                    driver, ["lacp_rate=fast", "min_links=\(least)"],
                    ["runner.fast_rate=on", "runner.min_ports=\(least)"]),
                ports: 2)
            let wasUp = try await scene.eventually(within: .seconds(20)) {
                guard try await isForwarding(scene, ["p0", "p1"]) else { return false }
                return try await scene.link(scene.name).hasCarrier
            }
            try await scene.pull("p1")
            let isDown = try await scene.eventually(within: .seconds(isControl ? 3 : 10)) {
                try await !scene.link(scene.name).hasCarrier
            }
            return .init(
                wasUp && isDown,
                "the carrier was \(wasUp ? "up" : "down") with two ports and is \(isDown ? "down" : "up") with one")
        }
    }

    private static func spreads(_ driver: DriverKind) -> Trial {
        Trial("lacp-hash", driver, .lacp, "flows between two addresses go out by both ports of a bundle") {
            scene, isControl in
            let hash = isControl ? ("layer2", "eth") : ("layer3+4", "l3,l4")
            try await scene.cable(2)
            try await scene.makePartner(ports: 2)
            try await scene.make(
                .lacp,
                options(
                    driver, ["lacp_rate=fast", "xmit_hash_policy=\(hash.0)"],
                    ["runner.fast_rate=on", "runner.tx_hash=\(hash.1)"]),
                ports: 2)
            _ = try await isBundled(scene)
            let frames = try await sent(scene, flows: 40)
            return .init(frames.allSatisfy { $0 >= sentCount / 10 }, told(frames))
        }
    }

    /// One port leads to a partner and two to another; the control leads two to the first.
    private static func selects(_ driver: DriverKind) -> Trial {
        Trial("lacp-aggregator-selection", driver, .lacp, "of two groups the one with more ports is used") {
            scene, isControl in
            try await scene.cable(3)
            try await scene.makePartners([isControl ? 0..<2 : 0..<1, isControl ? 2..<3 : 1..<3])
            try await scene.make(
                .lacp,
                options(
                    driver, ["lacp_rate=fast", "ad_select=count"],
                    ["runner.fast_rate=on", "runner.agg_select_policy=count"]),
                ports: 3)
            let isUsed = try await scene.eventually(within: .seconds(isControl ? 8 : 20)) {
                try await isForwarding(scene, ["p1", "p2"])
            }
            let first = try await isForwarding(scene, ["p0"])
            return .init(
                isUsed && !first,
                "the group of p1 and p2 is \(isUsed ? "" : "not ")used, and that of p0 is \(first ? "" : "not ")used")
        }
    }

    /// Two bonds have two.
    private static let keyOfItsOwn = Trial(
        "lacp-port-key", .bonding, .lacp, "the partner sees different keys of two ports of one bond"
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.makePartner(ports: 2)
        let bonds =
            isControl ? [("\(scene.name)a", ["p0"]), ("\(scene.name)b", ["p1"])] : [(scene.name, ["p0", "p1"])]
        for (place, bond) in bonds.enumerated() {
            try await scene.make(
                bond.0, .lacp, monitor(.bonding) + ["lacp_rate=fast", "ad_user_port_key=\(17 + place)"], ports: bond.1)
        }
        var keys: [UInt16] = []
        _ = try await scene.eventually(within: .seconds(20)) {
            keys = []
            for port in ["p0", "p1"] {
                guard let partner = try await scene.farPort(port)?.partner, !partner.system.isZero else { return false }
                keys.append(partner.key)
            }
            return true
        }
        return .init(Set(keys).count == 2, "it sees \(keys.map(String.init).joined(separator: " and "))")
    }

    private static let leastPortsElsewhere = Trial(
        "min-ports", .bonding, .activeBackup, "the carrier goes when fewer ports are left than min_links"
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.make(.activeBackup, ["miimon=100ms", "min_links=2"], ports: 2)
        _ = try await scene.eventually { try await scene.link(scene.name).hasCarrier }
        try await scene.pull("p1")
        if isControl { try await scene.pull("p0") }
        let isDown = try await scene.eventually(within: .seconds(isControl ? 10 : 2)) {
            try await !scene.link(scene.name).hasCarrier
        }
        return .init(isDown, "the carrier is \(isDown ? "down" : "up")")
    }

    // MARK: Partner

    /// Settings that show in our LACPDUs, as a kernel bond at the other end reads them.
    private static func partnerSees(_ driver: DriverKind) -> [Trial] {
        let isBond = driver == .bonding
        var trials = [
            told(
                "lacp-fast-rate", driver, "the partner is asked for a LACPDU every second",
                isBond ? "lacp_rate=fast" : "runner.fast_rate=on"
            ) { port in
                let letters = port.partnerState?.letters ?? "unknown"
                return .init(
                    port.partnerState?.contains(.shortTimeout) == true, "our state at the partner is \(letters)")
            },
            told(
                "lacp-passive", driver, "the partner sees that we wait for it",
                isBond ? "lacp_active=off" : "runner.active=off"
            ) { port in
                let letters = port.partnerState?.letters ?? "unknown"
                return .init(port.partnerState?.contains(.activity) == false, "our state at the partner is \(letters)")
            },
            told(
                "lacp-system-id", driver, "the partner sees the system priority",
                isBond ? "ad_actor_sys_prio=4321" : "runner.sys_prio=4321"
            ) { .init($0.partner?.systemPriority == 4321, "it sees \($0.partner?.systemPriority ?? 0)") },
            told(
                "lacp-port-priority", driver, "the partner sees the priority of a port", nil,
                port: isBond ? "actor_port_prio=77" : "lacp_prio=77"
            ) { .init($0.partner?.portPriority == 77, "it sees \($0.partner?.portPriority ?? 0)") },
            // Bonding has bits for speed and duplex below it (ad_update_actor_keys).
            told(
                "lacp-key", driver, "the partner sees the key", isBond ? "ad_user_port_key=17" : nil,
                port: isBond ? nil : "lacp_key=17"
            ) { .init($0.partner?.key == (isBond ? 17 << 6 | 15 : 17), "it sees \($0.partner?.key ?? 0)") },
        ]
        guard !isBond else { return trials }
        trials.append(
            told("lacp-port-key", driver, "the partner sees the key of a port", nil, port: "lacp_key=7") {
                .init($0.partner?.key == 7, "it sees \($0.partner?.key ?? 0)")
            })
        return trials
    }

    private static func told(
        _ feature: String, _ driver: DriverKind, _ question: String, _ option: String?, port: String? = nil,
        _ judge: @escaping @Sendable (PortFacts) -> Trial.Sight
    ) -> Trial {
        Trial(feature, driver, .lacp, question) { scene, isControl in
            try await scene.cable(1)
            try await scene.makePartner(ports: 1)
            let isAsked = !isControl
            try await scene.make(
                .lacp, options(driver, [], []) + (isAsked ? [option].compactMap { $0 } : []), ports: 1,
                portOptions: isAsked ? port.map { ["p0": [$0]] } ?? [:] : [:])
            // The partner has heard of us.
            _ = try await scene.eventually(within: .seconds(20)) {
                guard let far = try await scene.farPort("p0"), let state = far.partnerState else { return false }
                return state.contains(.synchronization) && far.partner != nil
            }
            guard let far = try await scene.farPort("p0") else { return .init(false, "the partner knows nothing") }
            return judge(far)
        }
    }
}
