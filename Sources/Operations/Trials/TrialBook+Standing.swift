import Aggregation
import Netlink

/// What an aggregate stands on, and what stands on it.
extension TrialBook {
    static let standing: [Trial] =
        DriverKind.allCases.flatMap { driver in
            [
                Trial("stacking", driver, .activeBackup, "an aggregate is a port of another") { scene, isControl in
                    let upper = scene.name + "u"
                    try await scene.make(.activeBackup, isUp: false)
                    try await scene.make(upper, .activeBackup, isUp: false)
                    // Below itself it cannot be.
                    let lower = isControl ? upper : scene.name
                    return try await attempt("attach \(isControl ? "it to itself" : "it to another")") {
                        try await scene.driver.perform(.attach(port: lower, aggregate: upper, driver: driver))
                    }
                },
                Trial("vlan", driver, .activeBackup, "a VLAN is on top") { scene, isControl in
                    try await scene.make(.activeBackup)
                    return try await requested("VLAN \(isControl ? 5000 : 5)") {
                        try await scene.socket.createVLAN("v0", on: .name(scene.name), id: isControl ? 5000 : 5)
                    }
                },
                Trial("namespaces", driver, .activeBackup, "it moves into another namespace", holdsWhenPartly: false) {
                    scene, isControl in
                    try await scene.cable(1)
                    try await scene.make(.activeBackup, isUp: false)
                    return try await requested("move of \(isControl ? "a veth" : "the aggregate")") {
                        try await scene.socket.move(.name(isControl ? "p0" : scene.name), to: scene.there)
                    }
                },
                Trial("multi-queue", driver, .activeBackup, "a new one has 16 queues to send by") { scene, isControl in
                    try await scene.make(.activeBackup)
                    let device = isControl ? "lo" : scene.name
                    let queues = try await scene.socket.transmitQueues(device) ?? 0
                    return .init(queues == 16, "\(isControl ? device : "it") has \(queues)")
                },
            ]
        } + [
            runsXDP(.bonding, .balanceXOR), runsXDP(.bonding, .activeBackup), runsXDP(.bonding, .balanceTLB),
            runsXDP(.teaming, .activeBackup),
        ]

    /// The control uses a mode that is known to answer the other way; where the driver has none, a port without it.
    private static func runsXDP(_ driver: DriverKind, _ mode: Mode) -> Trial {
        Trial("xdp", driver, mode, "the aggregate runs an XDP program itself") { scene, isControl in
            let other: Mode = mode == .balanceTLB ? .activeBackup : .balanceTLB
            try await scene.cable(2)
            if isControl, driver == .teaming {
                try await scene.socket.setUp(.name("p0"))
            } else {
                try await scene.make(isControl ? other : mode, monitor(driver), ports: 2)
            }
            let device = isControl && driver == .teaming ? "p0" : scene.name
            return try await requested("program in the driver of \(device)") {
                try await scene.attachXDP(to: device)
            }
        }
    }

    private static func requested(_ what: String, _ body: () async throws -> Void) async throws -> Trial.Sight {
        do {
            try await body()
            return .init(true, "\(what): done")
        } catch let error as NetlinkError {
            return .init(false, "\(what): \(error.kernelMessage ?? "\(error.errno)")")
        }
    }
}
