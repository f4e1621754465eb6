import Aggregation
import Glibc

/// What teamd does, and what there is without it.
extension TrialBook {
    static let daemons: [Trial] = [
        logicInUserSpace, moduleOfItsOwn, liveChange, processEach, scale,
        moves("transmit-balancing", .balanceXOR), moves("lacp-rebalancing", .lacp),
    ]

    private static let logicInUserSpace = Trial(
        "logic-in-user-space", .teaming, .activeBackup, "nothing takes over once teamd has been killed"
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.make(.activeBackup, ports: 2)
        let first = try await settled(scene, ports: 2)
        if !isControl { try await killDaemon(scene) }
        try await scene.pull(first)
        let moved = try await scene.eventually(within: .seconds(isControl ? 10 : 3)) {
            try await scene.facts().activePort.map { $0 != first } ?? false
        }
        return .init(!moved, "active before: \(first), after: \(try await scene.facts().activePort ?? "none")")
    }

    static func killDaemon(_ scene: TrialScene) async throws {
        guard let process = try await scene.facts().daemon?.process else { return }
        kill(process, SIGKILL)
        _ = try await scene.eventually { try await scene.facts().daemon?.state != .running }
    }

    /// The runner lacp has none: it uses that of loadbalance.
    private static let moduleOfItsOwn = Trial(
        "modular-design", .teaming, .broadcast, "the kernel has a module for the runner"
    ) { scene, isControl in
        try await scene.make(isControl ? .lacp : .broadcast)
        let module = "team_mode_\(isControl ? "lacp" : "broadcast")"
        let isThere = access("/sys/module/\(module)", F_OK) == 0
        return .init(isThere, "\(module) is \(isThere ? "" : "not ")loaded")
    }

    /// The active port is one of the few things that a running teamd changes.
    private static let liveChange = Trial(
        "runtime-control", .teaming, .lacp, "runner.fast_rate is changed by the teamd that runs",
        holdsWhenPartly: false
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.make(isControl ? .activeBackup : .lacp, ports: 2)
        let before = try await scene.facts().daemon?.process
        if isControl {
            let other = try await settled(scene, ports: 2) == "p0" ? "p1" : "p0"
            try await scene.driver.perform(.activate(port: other, aggregate: scene.name, driver: .teaming))
        } else {
            let settings = try TrialScene.settings(["runner.fast_rate=on"], OptionTables.shared.aggregate(.teaming))
            try await scene.driver.perform(
                .setOptions(aggregate: scene.name, settings: settings, driver: .teaming))
        }
        let after = try await scene.facts().daemon?.process
        return .init(
            before == after && after != nil, "it took \(before == after ? "the same process" : "another process")")
    }

    private static let processEach = Trial(
        "scale", .teaming, .activeBackup, "several teams share a process", holdsWhenPartly: false
    ) { scene, isControl in
        let names = [scene.name] + (isControl ? [] : (1..<8).map { "\(scene.name)\($0)" })
        for name in names { try await scene.make(name, .activeBackup) }
        var processes = Set<pid_t>()
        // Without others a team is asked twice.
        for name in isControl ? names + names : names {
            guard let process = try await scene.link(name).aggregate?.daemon?.process else { continue }
            processes.insert(process)
        }
        let count = isControl ? 2 : names.count
        return .init(
            processes.count < count, "\(count) answers for \(names.count) teams came from \(processes.count) processes")
    }

    private static let scale = Trial("scale", .bonding, .activeBackup, "a hundred bonds are there at once") {
        scene, isControl in
        for number in 0..<(isControl ? 10 : 100) {
            try await scene.make("\(scene.name)\(number)", .activeBackup, isUp: false)
        }
        let count = try await scene.driver.observe(.links).links.count { $0.aggregate != nil }
        return .init(count == 100, "there are \(count)")
    }

    /// Which flows share a port the balancer does not know beforehand: those that do are found out, and sent by alone.
    private static func moves(_ feature: String, _ mode: Mode) -> Trial {
        Trial(feature, .teaming, mode, "flows that share a port are moved to one that is idle") { scene, isControl in
            let balancer = ["runner.tx_balancer.name=basic", "runner.tx_balancer.balancing_interval=500ms"]
            try await scene.cable(2)
            if mode == .lacp { try await scene.makePartner(ports: 2) }
            try await scene.make(
                mode,
                ["runner.tx_hash=l3,l4"] + (mode == .lacp ? ["runner.fast_rate=on"] : [])
                    + (isControl ? [] : balancer), ports: 2)
            try await scene.ready(ports: 2)
            if mode == .lacp { _ = try await isBundled(scene) }
            let sums = try await scene.crowd(flows: 16)
            return .init(
                sums.other >= sums.first / 4,
                "of flows that had gone out by one port, it sent \(sums.first) datagrams and the other \(sums.other)")
        }
    }
}
