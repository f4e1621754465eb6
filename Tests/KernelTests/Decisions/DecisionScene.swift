import Glibc
import Netlink

/// The host of a decision with its plan applied, and what the ports lead to. What is seen here is seen by `ip`, `tc`,
/// `teamdctl` and sockets, not by what is tested.
struct DecisionScene: Sendable {
    let host: TeamScene
    let far: KernelFixture
    let side: FarSide
    let ports: Int
    let decided: Decided

    var name: String { host.team }

    // MARK: Making

    /// The other side, and a host that is cabled to it and has no aggregate yet.
    static func withHost<Value: Sendable>(
        to side: FarSide, ports: Int, _ body: (TeamScene, KernelFixture) async throws -> Value
    ) async throws -> Value {
        try await withNamespace { far in
            try await withTeam { host in
                try await host.ns.cables((0..<ports).map { ("eth\($0)", "sw\($0)") }, to: far)
                _ = try far.ip([], side.commands(ports: ports))
                _ = try far.tc((0..<ports).map { "qdisc add dev sw\($0) clsact" })
                return try await body(host, far)
            }
        }
    }

    /// Applies the plan and gives the aggregate the addresses that stations and monitors want.
    func apply() async throws {
        let file = try host.ns.file(decided.plan.replacing("TEAM", with: name))
        // Where the switch does not do its part yet, nothing is worth waiting for.
        try await host.require("apply \(file) --no-wait")
        _ = try host.ns.ip(
            [],
            [
                "address add \(FarSide.host)/24 brd + dev TEAM", "address add \(FarSide.host6)/64 dev TEAM nodad",
                "route add 203.0.113.0/24 via \(FarSide.gateway)",
            ].map { $0.replacing("TEAM", with: name) })
    }

    /// The plan does not work although nothing is wrong.
    struct NotUp: Error {
        let reason: String
    }

    /// Waits until the plan works as with nothing wrong: every port is up, LACP is agreed, and all flows are answered.
    ///
    /// - Throws: ``NotUp`` when that does not come.
    func ready(within limit: Duration = .seconds(60)) async throws {
        let deadline = ContinuousClock.now + limit
        guard try await until(deadline, { try portsUp() == Set(0..<ports) }) else {
            throw NotUp(reason: "of \(ports) ports only \(try portsUp().sorted()) are up")
        }
        if side.speaksLACP, decided.mode == "lacp" {
            let wanted = side.inUse(of: ports)
            guard try await until(deadline, { try distributing().count >= wanted }) else {
                throw NotUp(reason: "of \(ports) ports the host distributes over \(try distributing())")
            }
        }
        guard try await probing({ try await $0.goesOn(within: max(.seconds(5), deadline - .now)) }) else {
            throw NotUp(reason: "not all flows are answered")
        }
    }

    /// Waits for a condition.
    func until(_ deadline: ContinuousClock.Instant, _ condition: () async throws -> Bool) async throws -> Bool {
        while try await !condition() {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
        return true
    }

    func until(_ limit: Duration, _ condition: () async throws -> Bool) async throws -> Bool {
        try await until(ContinuousClock.now + limit, condition)
    }

    // MARK: Seeing

    /// `ip -d -j link` of a device.
    static func link(_ device: String, in place: KernelFixture) throws -> JSON {
        guard let link = try JSON.parse(place.ip(["-d", "-j"], ["link show \(device)"]))[0] else {
            throw Missing(what: device)
        }
        return link
    }

    var aggregate: JSON { get throws { try Self.link(name, in: host.ns) } }

    var hasCarrier: Bool { get throws { try aggregate["flags"]?.elements.contains(.string("LOWER_UP")) == true } }

    /// The ports that the driver takes for usable: of a team those whose link watches are up, after every delay.
    func portsUp() throws -> Set<Int> {
        let dump = decided.driver == "teaming" ? try host.dump()["ports"] : nil
        return Set(
            try (0..<ports).filter { number in
                if let dump { return dump["eth\(number)"]?["link_watches"]?["up"] == .bool(true) }
                let data = try Self.link("eth\(number)", in: host.ns)["linkinfo"]?["info_slave_data"]
                return data?["mii_status"]?.plain == "UP"
            })
    }

    /// The port that carries everything; nil in modes that have none.
    func activePort() throws -> Int? {
        let text =
            decided.driver == "teaming"
            ? try? host.state("runner.active_port") : try aggregate["linkinfo"]?["info_data"]?["active_slave"]?.plain
        return text.flatMap { $0.hasPrefix("eth") ? Int($0.dropFirst(3)) : nil }
    }

    /// What a port of the switch has of its LACP partner, the host (802.1AX, 6.4.2.3).
    func partnerState(_ port: Int) throws -> Int64 {
        let data = try Self.link("sw\(port)", in: far)["linkinfo"]?["info_slave_data"]
        return Int64(data?["ad_partner_oper_port_state"]?.plain ?? "") ?? 0
    }

    /// The ports over which the host says by LACP that it collects and distributes.
    func distributing() throws -> [Int] {
        try (0..<ports).filter { try partnerState($0) & 0x30 == 0x30 }
    }

    /// What the switch knows of the host by LACP: the aggregator of the first port.
    func partner() throws -> JSON? {
        let group = try Self.link("sw0", in: far)["master"]?.plain ?? "core"
        return try Self.link(group, in: far)["linkinfo"]?["info_data"]?["ad_info"]
    }

    // MARK: Faults

    func setLink(_ port: Int, up: Bool) throws {
        _ = try far.ip([], ["link set sw\(port) \(up ? "up" : "down")"])
    }

    /// The port has its link and nothing gets through.
    func setForwarding(_ port: Int, _ forwards: Bool) throws {
        let directions = ["ingress", "egress"]
        _ = try far.tc(
            directions.map {
                forwards
                    ? "filter del dev sw\(port) \($0) pref 1"
                    : "filter add dev sw\(port) \($0) pref 1 matchall action drop"
            })
    }

    func fallSilent() throws { _ = try far.ip([], FarSide.silence) }

    /// Sends probes as long as something is done.
    func probing<Value: Sendable>(_ body: (FlowProber) async throws -> Value) async throws -> Value {
        let prober = try await FlowProber(from: host.ns.namespace, to: far.namespace)
        do {
            let value = try await body(prober)
            await prober.stop()
            return value
        } catch {
            await prober.stop()
            throw error
        }
    }

    // MARK: Counting

    /// Counts what matches at the ingress of devices while something is sent.
    ///
    /// - Parameter match: of tc-flower, after the protocol.
    func counting(
        _ match: String, at devices: [String], in place: KernelFixture, while body: () async throws -> Void
    ) async throws -> [Int] {
        _ = try place.tc(devices.map { "filter add dev \($0) ingress pref 10 protocol \(match) action pass" })
        try await body()
        try await Task.sleep(for: .milliseconds(150))
        let counts = try devices.map { device in
            try JSON.parse(
                Witness.run([
                    "tc", "-n", place.name, "-s", "-j", "filter", "show", "dev", device, "ingress", "pref", "10",
                ])
            ).elements.compactMap { $0["options"]?["actions"]?[0]?["stats"]?["packets"]?.plain }.compactMap { Int($0) }
                .reduce(0, +)
        }
        _ = try place.tc(devices.map { "filter del dev \($0) ingress pref 10" })
        return counts
    }

    var switchPorts: [String] { (0..<ports).map { "sw\($0)" } }
    static let datagrams = "ip flower ip_proto udp dst_port 9"

    /// Sends datagrams of several flows to stations behind one gateway, and counts them at the ports of the switch.
    func spread(flows: Int, each count: Int, match: String = datagrams) async throws -> [Int] {
        try await counting(match, at: switchPorts, in: far) {
            try await Self.send(flows: flows, each: count, from: host.ns)
        }
    }

    static func send(flows: Int, each count: Int, from place: KernelFixture) async throws {
        for flow in 0..<flows {
            let socket = try await TestSocket(nil, in: place.namespace)
            for number in 0..<count { socket.send(UInt32(number), to: "203.0.113.\(flow % 200 + 1)", 9) }
        }
    }
}

extension KernelFixture {
    /// Runs `tc` inside the namespace with a batch of commands.
    func tc(_ commands: [String]) throws -> String {
        try Witness.run(["tc", "-n", name, "-batch", "-"], input: commands.joined(separator: "\n") + "\n")
    }
}
