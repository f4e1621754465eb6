/// Whose address is seen at the switch when another port takes over.
extension DecisionObservation {
    /// A bond as nobody asked anything of it: its address goes with the traffic.
    private static func moving(_ requirement: String) -> Control {
        .init(
            side: .unmanaged, mode: "active-backup", settings: "link-monitor: { interval: 100ms }",
            requirements: [requirement])
    }

    /// How many of 64 frames have the address, by port of the switch.
    private static func frames(_ scene: DecisionScene, from address: String) async throws -> [Int] {
        try await scene.spread(flows: 16, each: 4, match: "ip flower src_mac \(address) ip_proto udp dst_port 9")
    }

    /// Takes the link of the port in use away, and sends 64 frames by the one that took over.
    ///
    /// - Returns: that port, and how many of the frames have the address that the other one had.
    private static func takeOver(_ scene: DecisionScene) async throws -> (port: Int, moved: Int) {
        try await scene.ready()
        guard let first = try scene.activePort(), let address = try scene.aggregate["address"]?.plain else {
            throw DecisionScene.NotUp(reason: "no port is active")
        }
        guard try await frames(scene, from: address)[first] == 64 else {
            throw DecisionScene.NotUp(reason: "the switch does not see the address of the aggregate")
        }
        try scene.setLink(first, up: false)
        _ = try await scene.until(.seconds(15)) { try scene.activePort() ?? first != first }
        guard let port = try scene.activePort() else { throw DecisionScene.NotUp(reason: "no port took over") }
        // Whoever sends next asks for its neighbours anew.
        _ = try await scene.probing { try await $0.goesOn(within: .seconds(5)) }
        return (port, try await frames(scene, from: address)[port])
    }

    private static let hasActivePort: @Sendable (Decided, FarSide) -> Bool = { decided, _ in
        decided.mode == "active-backup"
    }

    static let addresses: [DecisionObservation] = [
        .init(
            key: "mac-policy", title: "the address after a failover is whose was asked for", applies: hasActivePort,
            control: moving("mac-policy=active")
        ) { scene in
            let (port, moved) = try await takeOver(scene)
            let isWanted = scene.decided.value("mac-policy") == "follow" ? moved == 64 : moved == 0
            return .init(isWanted, "of 64 frames by eth\(port) \(moved) have the address that the other port had")
        },
        .init(
            key: "port-security", title: "no address moves to another port of the switch", applies: hasActivePort,
            control: moving("port-security")
        ) { scene in
            let (port, moved) = try await takeOver(scene)
            let sent = try await scene.spread(flows: 16, each: 4)[port]
            return .init(
                moved == 0 && sent == 64,
                "of \(sent) frames by eth\(port) \(moved) have the address that the other port had")
        },
    ]
}
