import Aggregation

/// What becomes of frames that a bridge on top sends for others.
extension TrialBook {
    static let guests: [Trial] = DriverKind.allCases.flatMap { driver in
        let modes: [Mode] =
            driver == .bonding
            ? [.activeBackup, .balanceXOR, .broadcast, .balanceTLB, .balanceALB]
            : [.activeBackup, .balanceXOR, .broadcast]
        return modes.map { leavesAlone($0, driver) }
    }

    /// Tenths of a second after which balance-tlb and balance-alb have looked at the load of their ports
    /// (BOND_TLB_REBALANCE_INTERVAL in include/net/bond_alb.h).
    static let rebalancing = 120

    /// A mode that treats them the other way.
    private static func opposite(_ mode: Mode) -> Mode {
        [.broadcast, .balanceTLB, .balanceALB].contains(mode) ? .activeBackup : .broadcast
    }

    private static func leavesAlone(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial(
            "bridge", driver, mode, "frames of a guest leave with its address, and each once", holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.cable(2)
            try await scene.make(isControl ? opposite(mode) : mode, monitor(driver), ports: 2)
            try await scene.ready(ports: 2)
            let (device, guest) = try await scene.makeGuest()
            // Ports have no load before, and all goes out by one.
            if [.balanceTLB, .balanceALB].contains(mode), !isControl {
                try await scene.send(datagrams, toStations: stations, by: device, rounds: rebalancing)
            }
            let ears = [
                try await scene.listen(for: 0x0800, at: "p0"), try await scene.listen(for: 0x0800, at: "p1"),
            ]
            try await scene.send(datagrams, toStations: stations, by: device)
            let seen = try await scene.heard(by: ears, atLeast: datagrams).joined()
            let own = seen.count { $0.source == guest }
            return .init(
                own == seen.count && seen.count == datagrams,
                "of \(datagrams) frames \(seen.count) arrived, \(own) with the address of the guest")
        }
    }
}
