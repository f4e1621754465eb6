import Aggregation
import Netlink

/// Next hops that are asked: one that answers and is then silent.
extension TrialBook {
    static let paths: [Trial] = DriverKind.allCases.flatMap { driver in
        [
            path("arp-monitoring", driver, bond: "arp_ip_target", watch: "arp_ping", isIPv6: false),
            path("ipv6-monitoring", driver, bond: "ns_ip6_target", watch: "nsna_ping", isIPv6: true),
        ]
    }

    /// - Parameters:
    ///   - option: of bonding.
    ///   - watch: of teamd.
    private static func path(
        _ feature: String, _ driver: DriverKind, bond option: String, watch: String, isIPv6: Bool
    ) -> Trial {
        Trial(feature, driver, .activeBackup, "a port is up while its next hop answers, and down when that is silent") {
            scene, isControl in
            let (own, far) = isIPv6 ? ("2001:db8::1", "2001:db8::2") : ("192.0.2.1", "192.0.2.2")
            let asking =
                driver == .bonding
                ? ["arp_interval=200ms", "\(option)=\(far)"]
                : ["link_watch={name: \(watch), target_host: \(far), interval: 200ms, missed_max: 3}"]
            // Bonding asks on by a port that is lost, which is neither up nor down then (`bond_ab_arp_probe`).
            func isUp(_ wanted: Bool, within limit: Duration) async throws -> Bool {
                try await scene.eventually(within: limit) {
                    try await (scene.link("p0").port?.monitor == .up) == wanted
                }
            }
            try await scene.cable(1)
            let answer = try scene.network("\(far)/64", "\(far)/24")
            try await scene.farSocket.addAddress(answer, to: .name("f0"), duplicateDetection: false)
            try await scene.make(.activeBackup, isControl ? monitor(driver) : asking, ports: 1)
            try await scene.socket.addAddress(
                try scene.network("\(own)/64", "\(own)/24"), to: .name(scene.name), duplicateDetection: false)
            // Longer than a port without answers is let be.
            try await Task.sleep(for: .seconds(2))
            let wasUp = try await isUp(true, within: TrialScene.patience)
            try await scene.farSocket.deleteAddress(answer, from: .name("f0"))
            let isDown = try await isUp(false, within: isControl ? .seconds(3) : TrialScene.patience)
            return .init(
                wasUp && isDown,
                "with answers it was \(wasUp ? "up" : "down"), and with its link and without them it is "
                    + (isDown ? "down" : "up"))
        }
    }
}
