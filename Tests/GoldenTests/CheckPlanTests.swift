import AggctlCommands
import Aggregation
import FoundationEssentials
import Testing

/// `check` ends with 0 exactly where `plan` does, on the same host with the same file: whole commands, over generated
/// hosts and files.
@Suite struct CheckPlanTests {
    @Test(arguments: 0..<6) func codesAgree(_ pack: Int) async throws {
        var codes: [Int32: Int] = [:]
        for number in 0..<30 {
            var random = Picks(state: UInt64(pack * 100 + number) &* 0x9E37_79B9_7F4A_7C15 | 1)
            let teaming = random.oneIn(3)
            let observed = Self.observed(&random, teaming: teaming)
            let host = try ObservedFile.read(observed, name: "observed.yaml")
            let file = FileManager.default.temporaryDirectory.appending(path: "check-plan-\(pack)-\(number).yaml").path
            let wish = Self.wish(&random, teaming: teaming)
            try Data(wish.utf8).write(to: URL(filePath: file))
            defer { try? FileManager.default.removeItem(atPath: file) }
            let plan = await CommandRun(["plan", file], state: host)
            let check = await CommandRun(["check", file], state: host)
            #expect(
                (plan.code == 0) == (check.code == 0), "\(observed)\n\(wish)\n\(plan.transcript)\(check.transcript)")
            // What apply would do without being asked for anything is neither.
            if plan.code == 0 {
                #expect(await CommandRun(["apply", file, "--dry-run"], state: host).code == 0)
            }
            codes[check.code, default: 0] += 1
        }
        #expect(codes[0, default: 0] >= 3, "\(codes)")
        #expect(codes[2, default: 0] >= 5, "\(codes)")
    }

    /// Each a way in which the two once disagreed.
    @Test(arguments: [
        // A name that belongs to something else is neither absent nor as wanted.
        ("links: [{name: bond0, kind: vlan}]", "{name: bond0, state: absent}", Int32(2)),
        ("links: [{name: bond0, mode: active-backup}]", "{name: bond0, driver: teaming, mode: active-backup}", 2),
        // A primary that is not there is held and not in force.
        (
            "links: [{name: eth0}, {name: bond0, mode: active-backup, ports: [eth0]}]",
            "{name: bond0, ports: [eth0, eth1], primary: eth1}", 2
        ),
        (
            "links: [{name: eth0}, {name: bond0, mode: active-backup, ports: [eth0], options: {primary: eth0}}]",
            "{name: bond0, ports: [eth0], primary: eth0}", 0
        ),
        // Whichever port an election would choose.
        (
            "links: [{name: eth0}, {name: bond0, mode: active-backup, ports: [eth0]}]",
            "{name: bond0, options: {active_slave: none}}", 2
        ),
        // A port that cannot carry what the aggregate promises.
        (
            "links: [{name: eth0, mtu: 1400}, {name: bond0, mode: active-backup, ports: [eth0]}]",
            "{name: bond0, mtu: 1500}", 2
        ),
        (
            "links: [{name: eth0, mtu: 1500}, {name: bond0, mode: active-backup, ports: [eth0]}]",
            "{name: bond0, mtu: 1500}", 0
        ),
        // A team without its daemon.
        (
            "links: [{name: eth0}, {name: team0, driver: teaming, mode: active-backup, ports: [eth0], daemon: absent}]",
            "{name: team0, driver: teaming, ports: [eth0]}", 2
        ),
    ]) func oneByOne(_ observed: String, _ wish: String, _ code: Int32) async throws {
        let host = try ObservedFile.read(observed + "\n", name: "observed.yaml")
        let file = FileManager.default.temporaryDirectory.appending(
            path: "check-\(UInt32.random(in: .min ... .max)).yaml"
        ).path
        try Data("{version: 1, aggregates: [\(wish)]}\n".utf8).write(to: URL(filePath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let plan = await CommandRun(["plan", file], state: host)
        let check = await CommandRun(["check", file], state: host)
        #expect(check.code == code, "\(check.transcript)")
        #expect((plan.code == 0) == (code == 0), "\(plan.transcript)")
    }

    // MARK: - Generating

    private static func observed(_ random: inout Picks, teaming: Bool) -> String {
        let mode = random.pick(["active-backup", "balance-xor", "balance-rr", "broadcast"])
        let ports = random.pick(["[eth0, eth1]", "[eth0]", "[eth1, eth0]"])
        var bond = "{name: agg0, mode: \(mode), ports: \(ports), mtu: \(random.pick([1500, 9000]))"
        if teaming { bond += ", driver: teaming, daemon: \(random.oneIn(8) ? "absent" : "running")" }
        if !teaming, random.oneIn(3) { bond += ", options: {num_grat_arp: 3, miimon: 100ms}" }
        if random.oneIn(6) { bond += ", up: no" }
        let mtu = random.oneIn(8) ? 1400 : 9000
        return """
            links:
              - {name: eth0, mtu: \(mtu)}
              - {name: eth1, mtu: 9000}
              - {name: eth2}
              - \(random.oneIn(10) ? "{name: agg0, kind: vlan}" : bond + "}")
            addresses: [\(random.oneIn(2) ? "" : "{device: agg0, prefix: 192.0.2.2/24}")]

            """
    }

    private static func wish(_ random: inout Picks, teaming: Bool) -> String {
        if random.oneIn(12) { return "{version: 1, aggregates: [{name: agg0, state: absent, driver: bonding}]}\n" }
        var parts = ["name: agg0", "driver: \(random.oneIn(15) ? "bonding" : teaming ? "teaming" : "bonding")"]
        if random.oneIn(6) { parts.append("mode: \(random.pick(["active-backup", "balance-xor"]))") }
        if random.oneIn(2) {
            parts.append("ports: \(random.pick(["[eth0, eth1]", "[eth1, eth0]", "[eth0]", "[eth0, eth9]"]))")
        }
        if random.oneIn(5) { parts.append("mtu: \(random.pick([1500, 9000]))") }
        if random.oneIn(4) { parts.append("addresses: \(random.pick(["[192.0.2.2/24]", "[]"]))") }
        if random.oneIn(6) { parts.append("state: down") }
        if !teaming, random.oneIn(4) { parts.append("options: {num_grat_arp: \(random.pick([1, 3]))}") }
        return "{version: 1, aggregates: [{\(parts.joined(separator: ", "))}]}\n"
    }
}

/// The same numbers for the same seed (xorshift64*).
private struct Picks: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return state &* 0x2545_F491_4F6C_DD1D
    }

    mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }

    mutating func pick<Element>(_ list: [Element]) -> Element { list[Int.random(in: list.indices, using: &self)] }
}
