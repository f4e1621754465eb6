import Aggregation

/// By which ports frames go out.
extension TrialBook {
    static let sending: [Trial] =
        DriverKind.allCases.flatMap { driver in
            [
                Trial("broadcast", driver, .broadcast, "one frame goes out by both ports") { scene, isControl in
                    let frames = try await sent(scene, isControl ? .activeBackup : .broadcast, driver, flows: 1)
                    return .init(frames.allSatisfy { $0 >= sentCount }, told(frames))
                },
                Trial("round-robin", driver, .balanceRR, "one flow goes out by both ports") { scene, isControl in
                    let frames = try await sent(scene, isControl ? .activeBackup : .balanceRR, driver, flows: 1)
                    return .init(frames.allSatisfy { $0 >= sentCount / 4 }, told(frames))
                },
                // The control goes by turns.
                Trial("steady-path", driver, .balanceXOR, "one flow goes out by one port") { scene, isControl in
                    let frames = try await sent(scene, isControl ? .balanceRR : .balanceXOR, driver, flows: 1)
                    return .init(
                        frames.contains { $0 < sentCount / 10 } && frames.contains { $0 >= sentCount }, told(frames))
                },
                spread("hash", driver, "many flows go out by both ports, and one by one", controlFlows: 1),
                spread("throughput", driver, "many flows go out by both ports", controlFlows: 1),
                spread(
                    "hash-addresses-and-ports", driver, "flows between two addresses go out by both ports", coarse: true
                ),
            ]
        } + [listed, behindOneGateway]

    /// The control lists fields in which the datagrams do not differ.
    private static let listed = Trial(
        "custom-hash", .teaming, .balanceXOR, "flows are told apart by a field that is listed"
    ) { scene, isControl in
        let frames = try await sent(
            scene, .balanceXOR, .teaming, ["runner.tx_hash=\(isControl ? "vlan,l3" : "l4")"], flows: 40)
        return .init(frames.allSatisfy { $0 >= sentCount / 10 }, told(frames))
    }

    /// The mode gives each value of the hash to the port with the least load.
    static let behindOneGateway = Trial(
        "hash-addresses-and-ports", .bonding, .balanceTLB, "flows by one gateway go out by both ports at once"
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.make(
            .balanceTLB, monitor(.bonding) + ["xmit_hash_policy=\(isControl ? "layer2" : "layer3+4")"], ports: 2)
        try await scene.ready(ports: 2)
        let frames = try await scene.frames(
            flows: 40, datagrams: Int(sentCount), isByGateway: true, rounds: rebalancing)
        let counts = ["p0", "p1"].map { frames[$0] ?? 0 }
        return .init(counts.allSatisfy { $0 >= sentCount / 10 }, told(counts))
    }

    /// How many datagrams go out in a trial.
    static let sentCount: UInt64 = 200

    static func told(_ frames: [UInt64]) -> String {
        "of \(sentCount) datagrams the ports sent \(frames.map(String.init).joined(separator: " and "))"
    }

    /// - Parameters:
    ///   - controlFlows: what the control sends; a hash keeps one flow on one port.
    ///   - coarse: the control looks at Ethernet addresses only.
    private static func spread(
        _ feature: String, _ driver: DriverKind, _ question: String, controlFlows: Int = 40, coarse: Bool = false
    ) -> Trial {
        Trial(feature, driver, .balanceXOR, question) { scene, isControl in
            let fine = driver == .bonding ? "xmit_hash_policy=layer3+4" : "runner.tx_hash=l3,l4"
            let dull = driver == .bonding ? "xmit_hash_policy=layer2" : "runner.tx_hash=eth"
            let frames = try await sent(
                scene, .balanceXOR, driver, [isControl && coarse ? dull : fine], flows: isControl ? controlFlows : 40)
            return .init(frames.allSatisfy { $0 >= sentCount / 10 }, told(frames))
        }
    }

    private static func sent(
        _ scene: TrialScene, _ mode: Mode, _ driver: DriverKind, _ options: [String] = [], flows: Int
    ) async throws -> [UInt64] {
        try await scene.cable(2)
        try await scene.make(mode, monitor(driver) + options, ports: 2)
        try await scene.ready(ports: 2)
        return try await sent(scene, flows: flows)
    }

    /// By port.
    static func sent(_ scene: TrialScene, flows: Int) async throws -> [UInt64] {
        let frames = try await scene.frames(flows: flows, datagrams: Int(sentCount))
        return ["p0", "p1"].map { frames[$0] ?? 0 }
    }
}
