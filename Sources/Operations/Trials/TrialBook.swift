package import Aggregation

/// Every trial there is.
package enum TrialBook {
    package static let all: [Trial] =
        options + failover + paths + lacp + sending + standing + switches + daemons + guests

    /// Those of a row; hardware, distributions and the like nobody can try here.
    package static func trials(of feature: Feature, _ drivers: [DriverKind]) -> [Trial] {
        all.filter { $0.feature == feature.name && drivers.contains($0.driver) }
    }

    /// A bond looks at links only when it is told to, teamd anyway.
    static func monitor(_ driver: DriverKind) -> [String] { driver == .bonding ? ["miimon=100ms"] : [] }
}

// MARK: - Options

extension TrialBook {
    static let options: [Trial] = [
        takes("ipv6-monitoring", .activeBackup, "ns_ip6_target=2001:db8::1", with: "arp_interval=100ms"),
        takes("arp-monitoring", .activeBackup, "arp_ip_target=192.0.2.9", with: "arp_interval=100ms"),
        takes("arp-monitoring", .lacp, "arp_interval=100ms", control: .balanceXOR),
        takes("delays", .balanceXOR, "updelay=200ms", with: "miimon=100ms"),
        takes("transmit-balancing", .balanceTLB, "tlb_dynamic_lb=off"),
        takes("transmit-balancing", .balanceXOR, "tlb_dynamic_lb=off", control: .balanceTLB),
        takes("lacp-rebalancing", .lacp, "tlb_dynamic_lb=off", control: .balanceTLB),
        takes("lacp-aggregator-selection", .lacp, "ad_select=count"),
        takes("separate-directions", .lacp, "coupled_control=off"),
        takesOnPort("queue-mapping", .bonding, .activeBackup, "queue_id=3"),
        takesOnPort("queue-mapping", .teaming, .activeBackup, "queue_id=3"),
        Trial("custom-hash", .bonding, .balanceXOR, "the kernel takes a hash that is not in its list") {
            scene, isControl in
            let number: Int64 = isControl ? 1 : 99
            return try await attempt("xmit_hash_policy number \(number)") {
                try await scene.make(.balanceXOR)
                try await scene.driver.perform(
                    .setOptions(
                        aggregate: scene.name, settings: [OptionSetting("xmit_hash_policy", .number(number))],
                        driver: .bonding))
            }
        },
        Trial(
            "runtime-control", .bonding, .lacp, "lacp_rate can be changed while the bond is up", holdsWhenPartly: false
        ) { scene, isControl in
            try await scene.make(.lacp, isUp: !isControl)
            return try await attempt("lacp_rate fast") {
                let settings = try TrialScene.settings(["lacp_rate=fast"], OptionTables.shared.aggregate(.bonding))
                try await scene.driver.perform(
                    .setOptions(aggregate: scene.name, settings: settings, driver: .bonding))
            }
        },
    ]

    /// The kernel takes an option of bonding and gives it back. The control leaves it out, or uses a mode that is known
    /// to take it when this one does not.
    private static func takes(
        _ feature: String, _ mode: Mode, _ option: String, with other: String? = nil, control: Mode? = nil
    ) -> Trial {
        Trial(feature, .bonding, mode, "the kernel takes \(option) in \(mode.rawValue) and gives it back") {
            scene, isControl in
            let others = other.map { [$0] } ?? []
            do throws(DriverError) {
                try await make(
                    scene, isControl ? control ?? mode : mode, others + (isControl && control == nil ? [] : [option]))
            } catch {
                guard error.category != .unavailable else { throw error }
                return .init(false, "it was refused: \(error.text)")
            }
            let (name, asked) = TrialScene.parts(of: option)
            let value = try await scene.value(name)
            return .init(value == asked, "\(name) is \(value ?? "unknown to this kernel")")
        }
    }

    private static func takesOnPort(_ feature: String, _ driver: DriverKind, _ mode: Mode, _ option: String) -> Trial {
        Trial(feature, driver, mode, "a port takes \(option), and the kernel gives it back") { scene, isControl in
            try await scene.cable(1)
            try await scene.make(mode, ports: 1, portOptions: isControl ? [:] : ["p0": [option]])
            let (name, asked) = TrialScene.parts(of: option)
            let found = try await scene.link("p0").port?.options[name]
            let value = found.flatMap { OptionTables.shared.port(driver)[name]?.format($0) }
            return .init(value == asked, "\(name) of p0 is \(value ?? "unknown to this kernel")")
        }
    }

    private static func make(
        _ scene: TrialScene, _ mode: Mode, _ options: [String]
    ) async throws(DriverError) {
        do { try await scene.make(mode, options) } catch let error as DriverError { throw error } catch {
            throw DriverError(.refused, operation: "create", subject: scene.name, text: "\(error)")
        }
    }

    /// Whether something that may be refused was done.
    static func attempt(_ what: String, _ body: () async throws -> Void) async throws -> Trial.Sight {
        do {
            try await body()
            return .init(true, "\(what): done")
        } catch let error as DriverError where error.category != .unavailable {
            return .init(false, "\(what): \(error.text)")
        }
    }
}
