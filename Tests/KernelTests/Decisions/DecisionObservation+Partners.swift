/// Who answers, and what the switch was told by LACP.
extension DecisionObservation {
    private static func path(_ key: String, _ kind: String, target: String, nobody: String) -> [DecisionObservation] {
        let carrier = Control(
            side: .unmanaged, mode: "active-backup", settings: "link-monitor: { interval: 100ms }",
            requirements: ["\(key)=\(target)"])
        return [
            .init(
                key: key, title: "ports stay in use while the target answers",
                control: .init(
                    side: .unmanaged, mode: "active-backup",
                    settings: "path-monitor: { kind: \(kind), targets: [\"\(nobody)\"], interval: 200ms, missed: 2 }",
                    requirements: ["\(key)=\(nobody)"])
            ) { scene in
                let isControl = scene.decided.value(key) == nobody
                try await scene.ready(within: .seconds(isControl ? 6 : 60))
                let start = ContinuousClock.now
                var lost: Set<Int> = []
                while ContinuousClock.now - start < giveUpTime(scene) {
                    lost.formUnion(Set(0..<scene.ports).subtracting(try scene.portsUp()))
                    try await Task.sleep(for: .milliseconds(100))
                }
                return .init(lost.isEmpty, "ports that were lost meanwhile: \(lost.sorted())")
            },
            .init(key: key, title: "ports are lost when the target falls silent", control: carrier) { scene in
                try await scene.ready()
                // A port of a team that is not in use takes any ARP for an answer, also what the one in use asks: one is
                // given up after the other, and the carrier may stay.
                let first = scene.decided.driver == "teaming" ? try scene.activePort() : nil
                try scene.fallSilent()
                let isLost = try await scene.until(giveUpTime(scene) + .seconds(5)) {
                    if let first { try !scene.portsUp().contains(first) } else { try !scene.hasCarrier }
                }
                let subject = first.map { "eth\($0), which was in use," } ?? "the carrier of the aggregate"
                return .init(isLost, "\(subject) is \(isLost ? "down" : "up")")
            },
            .init(
                key: key, title: "another port takes over when nothing gets through the one in use",
                applies: { decided, side in decided.mode == "active-backup" && side != .silent }, control: carrier
            ) { scene in
                try await scene.ready()
                guard let port = try scene.activePort() else { throw DecisionScene.NotUp(reason: "no port is active") }
                return try await scene.probing { prober in
                    try scene.setForwarding(port, false)
                    let goesOn = try await prober.goesOn(within: giveUpTime(scene) + .seconds(5))
                    return .init(
                        goesOn,
                        "eth\(port) has its link and nothing gets through: flows \(goesOn ? "go on" : "do not go on")")
                }
            },
        ]
    }

    /// After so long a port is given up by the defaults of a plan, and half of it again.
    private static func giveUpTime(_ scene: DecisionScene) -> Duration {
        .milliseconds((scene.decided.time("detection") ?? 5000) * 3 / 2)
    }

    static let monitors: [DecisionObservation] =
        path("arp-monitoring", "arp", target: FarSide.target, nobody: "\(FarSide.network).99")
        + path("ipv6-monitoring", "ns", target: FarSide.target6, nobody: "2001:db8:100::99")

    // MARK: LACP

    private static let spoken: @Sendable (Decided, FarSide) -> Bool = { decided, side in
        side.speaksLACP && decided.mode == "lacp"
    }

    private static func lacp(_ settings: String, _ requirements: String...) -> Control {
        Control(
            side: .lacp, mode: "lacp", settings: "link-monitor: { interval: 100ms }\n\(settings)",
            requirements: requirements)
    }

    static let negotiated: [DecisionObservation] = [
        .init(
            key: "lacp", title: "the switch distributes over all ports of one partner", applies: spoken,
            isHarmless: true,
            control: .init(
                side: .lacp, mode: "balance-xor", settings: "link-monitor: { interval: 100ms }", requirements: ["lacp"])
        ) { scene in
            let wanted = scene.side.inUse(of: scene.ports)
            _ = try await scene.until(.seconds(scene.decided.mode == "lacp" ? 60 : 4)) {
                try scene.distributing().count >= wanted
            }
            let ports = try scene.distributing()
            return .init(ports.count >= wanted, "the host distributes over \(ports.count) of \(scene.ports) ports")
        },
        .init(
            key: "lacp-rate", title: "the partner is asked for LACPDUs that often", applies: spoken, isHarmless: true,
            control: lacp("lacp: { rate: slow }", "lacp-rate=fast")
        ) { scene in
            try await scene.ready()
            // LACP_Timeout, 1 for short (802.1AX, 6.4.2.3).
            let isFast = try scene.partnerState(0) & 0x02 != 0
            return .init(
                isFast == (scene.decided.value("lacp-rate") == "fast"),
                "the switch is asked for \(isFast ? "fast" : "slow")")
        },
        .init(
            key: "lacp-passive", title: "the host does not begin", applies: spoken, isHarmless: true,
            control: lacp("lacp: { active: true }", "lacp-passive")
        ) { scene in
            try await scene.ready()
            let isActive = try scene.partnerState(0) & 0x01 != 0
            return .init(!isActive, "the host says it is \(isActive ? "active" : "passive")")
        },
        .init(
            key: "lacp-key", title: "the switch sees that key", applies: spoken, isHarmless: true,
            control: lacp("lacp: { rate: fast }", "lacp-key=17")
        ) { scene in
            try await scene.ready()
            let key = Int(try scene.partner()?["partner_key"]?.plain ?? "") ?? 0
            let wanted = Int(scene.decided.value("lacp-key") ?? "") ?? -1
            // Bonding puts speed and duplex below it (bond_3ad.c, __get_agg_selection…: six bits).
            return .init(key == wanted || key >> 6 == wanted, "the key is \(key), \(key >> 6) without speed and duplex")
        },
        .init(
            key: "lacp-system", title: "the switch sees that system", applies: spoken, isHarmless: true,
            control: lacp("lacp: { rate: fast }", "lacp-system=02:00:5e:00:53:77")
        ) { scene in
            try await scene.ready()
            let system = try scene.partner()?["partner_mac"]?.plain ?? "none"
            return .init(system == scene.decided.value("lacp-system"), "the system is \(system)")
        },
        .init(
            key: "traffic-without-partner", title: "traffic flows over a switch that does not speak LACP yet",
            side: .silent, control: lacp("lacp: { min-ports: 2 }", "traffic-without-partner")
        ) { scene in
            let flows = try await scene.probing { try await $0.goesOn(within: .seconds(12)) }
            return .init(flows, "all flows are \(flows ? "" : "not ")answered")
        },
    ]
}
