import Aggregation
import Netlink

/// What an aggregate stands on, and what stands on it.
extension TrialBook {
    static let standing: [Trial] = DriverKind.allCases.flatMap { driver in
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
