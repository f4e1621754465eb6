import Aggregation

/// What the other side is told when another port takes over.
extension TrialBook {
    /// Bonding sends one announcement less than asked for where that is more than one (seen on 6.1 and 6.12, not on 7.2).
    /// And one is lost when somebody else has the lock of links just then.
    private static let asked = 5
    private static let least = 2

    /// Announcements: ARP requests of a station for its own address.
    static func announces(_ driver: DriverKind) -> Trial {
        tells(
            "announcements", driver, "neighbours are told more than once when another port takes over",
            option: driver == .bonding ? ["num_grat_arp"] : ["notify_peers.count", "notify_peers.interval"],
            etherType: 0x0806, called: "announcements"
        ) { arp in arp.count >= 28 && arp[14..<18] == arp[24..<28] }
    }

    /// Reports: IGMP is protocol 2 of IPv4.
    static func rejoins(_ driver: DriverKind) -> Trial {
        tells(
            "igmp-rejoin", driver, "a group is joined more than once when another port takes over",
            option: driver == .bonding ? ["resend_igmp"] : ["mcast_rejoin.count", "mcast_rejoin.interval"],
            etherType: 0x0800, called: "reports"
        ) { packet in packet.count >= 20 && packet[9] == 2 }
    }

    /// - Parameters:
    ///   - option: of the number, and of the time between two where there is one.
    ///   - isOne: whether what arrived at the port that took over is what was asked for.
    private static func tells(
        _ feature: String, _ driver: DriverKind, _ question: String, option: [String], etherType: UInt16,
        called name: String, _ isOne: @escaping @Sendable ([UInt8]) -> Bool
    ) -> Trial {
        Trial(feature, driver, .activeBackup, question) { scene, isControl in
            let number = ["\(option[0])=\(isControl ? 0 : asked)"] + option.dropFirst().map { "\($0)=100ms" }
            try await scene.cable(2)
            try await scene.make(.activeBackup, monitor(driver) + number, ports: 2)
            let first = try await settled(scene, ports: 2)
            let member = try await scene.joinGroup()
            // What the kernel says of a new address and a new member has gone out by then.
            try await Task.sleep(for: .seconds(3))
            let ear = try await scene.listen(for: etherType, at: first == "p0" ? "p1" : "p0")
            try await scene.pull(first)
            var count = 0
            _ = try await scene.eventually(within: .seconds(3)) {
                while let packet = ear.read() { count += isOne(packet.payload) ? 1 : 0 }
                return count >= asked
            }
            withExtendedLifetime(member) {}
            return .init(
                count >= (isControl ? 1 : least), "\(isControl ? 0 : asked) were asked for, \(count) \(name) arrived")
        }
    }
}
