import Aggregation
import Glibc

/// What happens when the link of a port goes away.
extension TrialBook {
    static let failover: [Trial] =
        DriverKind.allCases.flatMap { driver in
            [
                takesOver(driver), priorities(driver), staysPut(driver), watchesLink(driver), address(driver),
                announces(driver), rejoins(driver), waits(driver), counts(driver),
            ] + Mode.modes(of: driver).map { goesOn($0, driver) }
        } + [
            daemonFree, onBus, ownWatch, eitherWatch, bothMonitors,
        ]

    private static func active(_ scene: TrialScene, among ports: [String]) async throws -> Bool {
        guard let active = try await scene.facts().activePort else { return false }
        return ports.contains(active)
    }

    /// Waits until all ports work, then tells which is active.
    static func settled(_ scene: TrialScene, ports: Int) async throws -> String {
        _ = try await scene.eventually {
            guard try await scene.facts().activePort != nil else { return false }
            for number in 0..<ports where try await scene.link("p\(number)").port?.monitor != .up { return false }
            return true
        }
        return try await scene.facts().activePort ?? "none"
    }

    private static func takesOver(_ driver: DriverKind) -> Trial {
        Trial(
            "one-active-port", driver, .activeBackup, "another port takes over when the active one loses its link"
        ) { scene, isControl in
            try await scene.cable(2)
            try await scene.make(.activeBackup, monitor(driver), ports: 2)
            let first = try await settled(scene, ports: 2)
            let other = first == "p0" ? "p1" : "p0"
            try await scene.pull(isControl ? other : first)
            let moved = try await scene.eventually(within: .seconds(isControl ? 2 : 10)) {
                try await active(scene, among: [other])
            }
            return .init(moved, "active before: \(first), after: \(try await scene.facts().activePort ?? "none")")
        }
    }

    /// Without a second link nothing can go on.
    private static func goesOn(_ mode: Mode, _ driver: DriverKind) -> Trial {
        Trial("redundancy", driver, mode, "what is sent after a port lost its link arrives") { scene, isControl in
            try await scene.cable(2)
            if mode == .lacp { try await scene.makePartner(ports: 2) }
            try await scene.make(mode, monitor(driver), ports: 2)
            try await scene.ready(ports: 2)
            if mode == .lacp { _ = try await isBundled(scene) }
            let first = try await scene.facts().activePort ?? "p0"
            let other = first == "p0" ? "p1" : "p0"
            let ear = try await scene.listen(for: 0x0800, at: other)
            try await scene.pull(first)
            if isControl { try await scene.pull(other) }
            _ = try await scene.eventually { try await scene.link(first).port?.monitor == .down }
            try await scene.send(datagrams, toStations: stations)
            let arrived = try await scene.heard(by: [ear], atLeast: datagrams)[0].count
            return .init(
                arrived == datagrams, "of \(datagrams) datagrams after \(first) lost its link \(arrived) arrived")
        }
    }

    /// The port that joined last would be the last to be taken without priorities.
    private static func priorities(_ driver: DriverKind) -> Trial {
        Trial("port-priorities", driver, .activeBackup, "prio decides which of two ports takes over") {
            scene, isControl in
            try await scene.cable(3)
            let priorities = isControl ? ["30", "20", "10"] : ["30", "10", "20"]
            let options = priorities.enumerated().map { ("p\($0.offset)", ["prio=\($0.element)"]) }
            try await scene.make(
                .activeBackup, monitor(driver), ports: 3,
                portOptions: Dictionary(options, uniquingKeysWith: { first, _ in first }))
            // What is active already is not made so once more: teamd would take it out of use for that and put it back.
            if try await settled(scene, ports: 3) != "p0" {
                try await scene.driver.perform(.activate(port: "p0", aggregate: scene.name, driver: driver))
            }
            try await scene.pull("p0")
            _ = try await scene.eventually { try await active(scene, among: ["p1", "p2"]) }
            let after = try await scene.facts().activePort ?? "none"
            return .init(after == "p2", "with prio \(priorities.joined(separator: ", ")) p0 is followed by \(after)")
        }
    }

    /// The better port comes back: the control goes back to it.
    private static func staysPut(_ driver: DriverKind) -> Trial {
        Trial("stickiness", driver, .activeBackup, "traffic stays on the port that took over when a better one is back")
        {
            scene, isControl in
            let sticky = driver == .bonding ? ["primary_reselect=failure"] : []
            let ownSticky = driver == .teaming && !isControl ? ["sticky=on"] : []
            try await scene.cable(2)
            try await scene.make(
                .activeBackup, monitor(driver) + (isControl ? [] : sticky), ports: 2,
                portOptions: ["p0": ["prio=30"] + ownSticky, "p1": ["prio=10"] + ownSticky])
            if try await settled(scene, ports: 2) != "p0" {
                try await scene.driver.perform(.activate(port: "p0", aggregate: scene.name, driver: driver))
            }
            try await scene.pull("p0")
            _ = try await scene.eventually { try await active(scene, among: ["p1"]) }
            try await scene.giveBack("p0")
            _ = try await scene.eventually { try await scene.link("p0").port?.monitor == .up }
            let wentBack = try await scene.eventually(within: .seconds(isControl ? 10 : 2)) {
                try await active(scene, among: ["p0"])
            }
            return .init(!wentBack, "p1 took over, and with p0 back it is \(wentBack ? "p0" : "p1")")
        }
    }

    private static func watchesLink(_ driver: DriverKind) -> Trial {
        Trial("link-monitoring", driver, .activeBackup, "a port whose link went away is known to be down") {
            scene, isControl in
            try await scene.cable(2)
            try await scene.make(.activeBackup, driver == .bonding && isControl ? [] : monitor(driver), ports: 2)
            _ = try await settled(scene, ports: 2)
            if !(driver == .teaming && isControl) { try await scene.pull("p1") }
            let isKnown = try await scene.eventually(within: .seconds(isControl ? 2 : 10)) {
                try await scene.link("p1").port?.monitor == .down
            }
            let state = try await scene.link("p1").port?.monitor.text ?? "unknown"
            return .init(isKnown, "the state of the port is \(state)")
        }
    }

    private static func address(_ driver: DriverKind) -> Trial {
        Trial("address-policy", driver, .activeBackup, "the aggregate takes the address of the port that takes over") {
            scene, isControl in
            let policy = driver == .bonding ? "fail_over_mac=active" : "runner.hwaddr_policy=by_active"
            try await scene.cable(2)
            try await scene.make(.activeBackup, monitor(driver) + (isControl ? [] : [policy]), ports: 2)
            let first = try await settled(scene, ports: 2)
            let before = try await scene.link(scene.name).address
            try await scene.pull(first)
            _ = try await scene.eventually { try await active(scene, among: ["p0", "p1"].filter { $0 != first }) }
            let changed = try await scene.eventually(within: .seconds(isControl ? 1 : 5)) {
                try await scene.link(scene.name).address != before
            }
            return .init(changed, "its address \(changed ? "changed" : "stayed") when another port took over")
        }
    }

    private static let daemonFree = Trial(
        "daemon-free", .teaming, .activeBackup, "another port takes over when teamd has been killed"
    ) { scene, isControl in
        try await scene.cable(2)
        try await scene.make(.activeBackup, ports: 2)
        let first = try await settled(scene, ports: 2)
        if !isControl, let process = try await scene.facts().daemon?.process {
            kill(process, SIGKILL)
            _ = try await scene.eventually { try await scene.facts().daemon?.state != .running }
        }
        try await scene.pull(first)
        let moved = try await scene.eventually(within: .seconds(isControl ? 10 : 3)) {
            try await active(scene, among: ["p0", "p1"].filter { $0 != first })
        }
        let carrier = try await scene.link(scene.name).hasCarrier
        return .init(
            moved,
            "active before: \(first), after: \(try await scene.facts().activePort ?? "none"), carrier \(carrier ? "up" : "down")"
        )
    }

    /// Without teamd nobody answers.
    private static let onBus = Trial("dbus", .teaming, .activeBackup, "teamd answers over the bus") {
        scene, isControl in
        try await scene.make(.activeBackup)
        var daemon = try await scene.facts().daemon
        if isControl, let process = daemon?.process {
            kill(process, SIGKILL)
            _ = try await scene.eventually { try await scene.facts().daemon?.state != .running }
            daemon = try await scene.facts().daemon
        } else if daemon?.state == .running, daemon?.isOnBus == false {
            throw DriverError(
                .unavailable, operation: "ask \(scene.name)", subject: scene.name,
                text: "teamd answers by its socket only, as it does where there is no bus")
        }
        return .init(daemon?.isOnBus == true, "teamd is \(daemon?.state.rawValue ?? "unknown")")
    }

    private static let ownWatch = Trial(
        "per-port-monitoring", .teaming, .activeBackup, "a watch of its own takes one port out, and no other"
    ) { scene, isControl in
        try await scene.cable(2)
        let text = "link_watch={name: arp_ping, target_host: 192.0.2.99, interval: 100ms, missed_max: 3}"
        try await scene.make(.activeBackup, ports: 2, portOptions: isControl ? [:] : ["p0": [text]])
        func state(_ port: String) async throws -> PortFacts.MonitorState? {
            let link = try await scene.link(port)
            return link.port?.monitor
        }
        let isApart = try await scene.eventually(within: .seconds(isControl ? 2 : 10)) {
            guard try await state("p0") == .down else { return false }
            return try await state("p1") == .up
        }
        return .init(
            isApart,
            "p0 is \(try await state("p0")?.text ?? "unknown"), p1 is \(try await state("p1")?.text ?? "unknown")")
    }

    private static let eitherWatch = Trial(
        "several-monitors", .teaming, .activeBackup, "a port is in use as long as one of two watches is up"
    ) { scene, isControl in
        let asking = "{name: arp_ping, target_host: 192.0.2.99, interval: 100ms, missed_max: 3}"
        try await scene.cable(1)
        try await scene.make(
            .activeBackup, ["link_watch=[\(isControl ? "" : "{name: ethtool}, ")\(asking)]"], ports: 1)
        let isDown = try await scene.eventually(within: .seconds(isControl ? 10 : 2)) {
            try await scene.link("p0").port?.monitor == .down
        }
        return .init(!isDown, "nobody answers, the link is up, and the port counts as \(isDown ? "down" : "up")")
    }

    /// The kernel refuses both for a bond; the control leaves one out.
    private static let bothMonitors = Trial(
        "several-monitors", .bonding, .activeBackup, "the link and a next hop are watched together",
        holdsWhenPartly: false
    ) { scene, isControl in
        let path = ["arp_interval=100ms", "arp_ip_target=192.0.2.99"]
        return try await attempt("miimon \(isControl ? "off" : "on") with arp_interval on") {
            try await scene.make(.activeBackup, (isControl ? [] : monitor(.bonding)) + path)
        }
    }

    /// Longer than linkwatch needs to tell of a link.
    private static func waits(_ driver: DriverKind) -> Trial {
        Trial("delays", driver, .activeBackup, "a port whose link is back is used after the delay, and not before") {
            scene, isControl in
            let delay =
                driver == .bonding ? ["updelay=4s"] : ["link_watch={name: ethtool, delay_up: 4000ms}"]
            try await scene.cable(2)
            try await scene.make(.activeBackup, monitor(driver) + (isControl ? [] : delay), ports: 2)
            _ = try await settled(scene, ports: 2)
            try await scene.pull("p1")
            _ = try await scene.eventually { try await scene.link("p1").port?.monitor == .down }
            try await scene.giveBack("p1")
            let isEarly = try await scene.eventually(within: .seconds(2)) {
                try await scene.link("p1").port?.monitor == .up
            }
            let isUsed = try await scene.eventually { try await scene.link("p1").port?.monitor == .up }
            return .init(
                isUsed && !isEarly,
                "it was \(isEarly ? "up" : "not up") within 2 s, and after that it was \(isUsed ? "up" : "down")")
        }
    }

    private static func counts(_ driver: DriverKind) -> Trial {
        Trial("statistics", driver, .activeBackup, "a link that went away is counted for its port") {
            scene, isControl in
            try await scene.cable(2)
            try await scene.make(.activeBackup, monitor(driver), ports: 2)
            _ = try await settled(scene, ports: 2)
            if !isControl { try await scene.pull("p1") }
            let isCounted = try await scene.eventually(within: .seconds(isControl ? 2 : 10)) {
                try await scene.link("p1").port?.linkFailures == 1
            }
            return .init(isCounted, "failures of p1: \(try await scene.link("p1").port?.linkFailures ?? 0)")
        }
    }
}
