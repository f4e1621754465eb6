/// What happens when ports lose their link, and when they are back.
extension DecisionObservation {
    /// Milliseconds that an outage may last beyond what was asked for: a kernel in user mode on a machine that others use
    /// runs its timers late. To them comes what the sender itself was late.
    private static let margin = 250.0
    /// Milliseconds that the sender may be late before nothing is proved.
    private static let patience = 400.0

    private static let deaf = Control(
        side: .unmanaged, mode: "active-backup", settings: "options: { miimon: 0ms }",
        requirements: ["redundancy", "detection=100ms"])

    /// The port by which most flows leave.
    private static func busiest(_ scene: DecisionScene) async throws -> Int {
        let counts = try await scene.spread(flows: 12, each: 2)
        return counts.indices.max { counts[$0] < counts[$1] } ?? 0
    }

    /// Takes a link away and waits until all flows go on.
    private static func failOver(_ scene: DecisionScene, _ port: Int, _ prober: FlowProber) async throws -> Bool {
        try scene.setLink(port, up: false)
        return try await prober.goesOn(within: .seconds(15))
    }

    static let failures: [DecisionObservation] = [
        .init(key: "redundancy", title: "all flows go on after a port has lost its link", control: deaf) { scene in
            try await scene.ready()
            let port = try await busiest(scene)
            return try await scene.probing { prober in
                let goesOn = try await failOver(scene, port, prober)
                return .init(goesOn, "eth\(port) lost its link, and all flows \(goesOn ? "went on" : "did not go on")")
            }
        },
        .init(key: "detection", title: "an outage is no longer than asked for", control: deaf) { scene in
            guard let limit = scene.decided.time("detection") else { throw Missing(what: "the time") }
            try await scene.ready()
            let port = try await busiest(scene)
            return try await scene.probing { prober in
                _ = try await prober.goesOn(within: .seconds(5))
                let start = FlowProber.now
                try scene.setLink(port, up: false)
                try await Task.sleep(for: .milliseconds(limit + 1000))
                let outage = await prober.end(since: start)
                return .init(
                    outage.time <= Double(limit) + margin + outage.lateness,
                    "eth\(port) lost its link: \(Int(outage.time)) ms of \(limit) and \(Int(margin)) without an answer, "
                        + "the sender at most \(Int(outage.lateness)) ms late",
                    isConclusive: outage.lateness < patience)
            }
        },
        .init(
            key: "min-ports", title: "the carrier goes with fewer ports than asked for, and not before",
            control: .init(
                side: .lacp, mode: "lacp",
                settings: "link-monitor: { interval: 100ms }\nlacp: { min-ports: 1, rate: fast }",
                requirements: ["min-ports=2"])
        ) { scene in
            guard let least = scene.decided.value("min-ports").flatMap({ Int($0) }) else {
                throw Missing(what: "number")
            }
            try await scene.ready()
            var left = scene.ports
            while left > least {
                left -= 1
                try scene.setLink(left, up: false)
                _ = try await scene.until(.seconds(10)) { try !scene.portsUp().contains(left) }
            }
            try await Task.sleep(for: .milliseconds(500))
            let stays = try scene.hasCarrier
            try scene.setLink(left - 1, up: false)
            let goes = try await scene.until(.seconds(5)) { try !scene.hasCarrier }
            return .init(
                stays && goes,
                "with \(left) ports the carrier is \(stays ? "up" : "down"), with one less \(goes ? "down" : "up")")
        },
        .init(
            key: "announcements", title: "neighbours are told more than once when another port takes over",
            control: .init(
                side: .unmanaged, mode: "active-backup",
                settings: "link-monitor: { interval: 100ms }\noptions: { num_grat_arp: 0 }",
                requirements: ["announcements=5"])
        ) { scene in
            try await scene.ready()
            let port = try await busiest(scene)
            // Up to 6.12 bonding sends one less than asked for, and one is lost when somebody else has the lock of links.
            let arp = "arp flower arp_sip \(FarSide.host) arp_tip \(FarSide.host)"
            let counts = try await scene.counting(arp, at: scene.switchPorts, in: scene.far) {
                try scene.setLink(port, up: false)
                // One is sent with each look of the monitor.
                try await Task.sleep(for: .milliseconds(scene.decided.asksTargets ? 9000 : 2500))
            }
            return .init(counts.reduce(0, +) >= 2, "\(counts.reduce(0, +)) announcements of 5 arrived")
        },
    ]

    private static let preferred = "ports: [{ name: eth0, priority: 3 }, { name: eth1, priority: 2 }]"

    static let returns: [DecisionObservation] = [
        .init(
            key: "priorities", title: "the first port is used first, and the second after it",
            applies: { decided, _ in decided.mode == "active-backup" },
            control: .init(
                side: .unmanaged, ports: 3, mode: "active-backup",
                settings: "link-monitor: { interval: 100ms }\n"
                    + "ports: [{ name: eth0, priority: 3 }, { name: eth1, priority: 1 }, { name: eth2, priority: 2 }]",
                requirements: ["priorities"])
        ) { scene in
            try await scene.ready()
            let first = try await scene.until(.seconds(10)) { try scene.activePort() == 0 }
            try scene.setLink(0, up: false)
            _ = try await scene.until(.seconds(10)) { try scene.activePort() ?? 0 != 0 }
            let second = try scene.activePort()
            return .init(
                first && second == 1,
                "eth0 is \(first ? "" : "not ")used first, then \(second.map { "eth\($0)" } ?? "none")")
        },
        .init(
            key: "priorities", title: "nothing is lost when the preferred switch comes back and forwards late",
            applies: { decided, side in side == .two && decided.mode == "active-backup" && !decided.asksTargets },
            control: .init(
                side: .two, mode: "active-backup", settings: "link-monitor: { interval: 100ms }\n\(preferred)",
                requirements: ["priorities"])
        ) { scene in
            try await scene.ready()
            return try await scene.probing { prober in
                guard try await failOver(scene, 0, prober) else { return .init(false, "no other port took over") }
                let start = FlowProber.now
                try scene.setForwarding(0, false)
                try scene.setLink(0, up: true)
                try await Task.sleep(for: .seconds(2))
                try scene.setForwarding(0, true)
                try await Task.sleep(for: .milliseconds(300))
                let outage = await prober.end(since: start)
                return .init(
                    outage.time <= margin + outage.lateness,
                    "\(Int(outage.time)) ms without an answer when eth0 was back 2 s before it forwards",
                    isConclusive: outage.lateness < patience)
            }
        },
        .init(
            key: "stickiness", title: "traffic stays where it went when the port before is back",
            applies: { decided, _ in decided.mode == "active-backup" },
            control: .init(
                side: .unmanaged, mode: "active-backup", settings: "link-monitor: { interval: 100ms }\n\(preferred)",
                requirements: ["stickiness"])
        ) { scene in
            try await scene.ready()
            guard let before = try scene.activePort() else { throw DecisionScene.NotUp(reason: "no port is active") }
            try scene.setLink(before, up: false)
            _ = try await scene.until(.seconds(15)) { try scene.activePort() ?? before != before }
            try scene.setLink(before, up: true)
            _ = try await scene.until(.seconds(15)) { try scene.portsUp().contains(before) }
            try await Task.sleep(for: .seconds(1))
            let after = try scene.activePort()
            return .init(
                after != nil && after != before,
                "eth\(before) was used, failed and is back: used is \(after.map { "eth\($0)" } ?? "none")")
        },
        .init(
            key: "settle", title: "a port that is back is not used before the time is over",
            control: .init(
                side: .unmanaged, mode: "active-backup", settings: "link-monitor: { interval: 100ms }",
                requirements: ["settle=1s"])
        ) { scene in
            guard let time = scene.decided.time("settle") else { throw Missing(what: "the time") }
            try await scene.ready()
            try scene.setLink(0, up: false)
            _ = try await scene.until(.seconds(10)) { try !scene.portsUp().contains(0) }
            let start = FlowProber.now
            try scene.setLink(0, up: true)
            let isBack = try await scene.until(.seconds(20)) { try scene.portsUp().contains(0) }
            let passed = Int64(FlowProber.now - start)
            // A tick of the monitor less is none too few.
            return .init(isBack && passed >= time - 150, "eth0 was taken for usable after \(passed) ms of \(time)")
        },
    ]
}
