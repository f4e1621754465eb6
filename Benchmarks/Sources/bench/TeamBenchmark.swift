import Glibc

/// Creation and status of teams, against `teamd` and `teamdctl`, inside the lab kernel.
struct TeamBenchmark {
    let program: String

    private static let rounds = 11
    private static let many = 64
    private static let createLimit = 1.2
    private static let statusLimit = 1.0
    private static let statusOfManyLimit = 0.5

    func run(report: (Measurement) throws -> Void) throws {
        _ = try Child.run(["modprobe", "-a", "team", "dummy"])
        for port in ["d0", "d1"] { _ = try Child.run(["ip", "link", "add", port, "type", "dummy"]) }
        try report(try creation())
        try report(try status())
        try report(try statusOfMany())
    }

    private func creation() throws -> Measurement {
        var ours: [Double] = []
        var theirs: [Double] = []
        for round in 0..<Self.rounds {
            for isOurs in round.isMultiple(of: 2) ? [true, false] : [false, true] {
                let start = try Child.run([isOurs ? program : "teamd", "--version"]).wall.milliseconds
                let began = ContinuousClock.now
                if isOurs {
                    _ = try Child.run([
                        program, "create", "bench0", "--driver", "teaming", "--mode", "active-backup", "--ports",
                        "d0,d1",
                        "--no-wait",
                    ])
                } else {
                    try startTeam("bench0", ports: ["d0", "d1"])
                    try waitForPort("d0")
                    try waitForPort("d1")
                    // Ours brings it up besides.
                    _ = try Child.run(["ip", "link", "set", "bench0", "up"])
                }
                let took = (ContinuousClock.now - began).milliseconds - start
                if isOurs { ours.append(took) } else { theirs.append(took) }
                _ = try Child.run([program, "delete", "bench0"])
            }
            say("creation of a team, round \(round + 1) of \(Self.rounds)")
        }
        return Measurement(
            "create a team of 2 ports", unit: "ms", ours: ours.median, peer: theirs.median, limit: Self.createLimit,
            note: "teamd -d, both ports there, ip link set up")
    }

    private func status() throws -> Measurement {
        try startTeam("bench0", ports: ["d0", "d1"])
        defer { _ = try? Child.run([program, "delete", "bench0"]) }
        return try compare("status of a team", ["bench0"], rounds: 41, limit: Self.statusLimit)
    }

    private func statusOfMany() throws -> Measurement {
        let names = (0..<Self.many).map { "bench\($0)" }
        for name in names {
            try startTeam(name, ports: [])
            say("\(name) of \(Self.many) started")
        }
        defer { for name in names { _ = try? Child.run([program, "delete", name]) } }
        return try compare("status of \(Self.many) teams", names, rounds: 11, limit: Self.statusOfManyLimit)
    }

    /// One status of all against one teamdctl for each.
    private func compare(_ name: String, _ teams: [String], rounds: Int, limit: Double) throws -> Measurement {
        var ours: [Double] = []
        var theirs: [Double] = []
        for _ in 0..<rounds {
            let start = try Child.run([program, "--version"]).wall.milliseconds
            ours.append(try Child.run([program, "status", "--json"]).wall.milliseconds - start)
            let theirStart = try Child.run(["teamdctl", "-h"]).wall.milliseconds
            let took = try teams.reduce(0) { sum, team in
                sum + (try Child.run(["teamdctl", team, "state", "dump"]).wall.milliseconds)
            }
            theirs.append(took - theirStart * Double(teams.count))
        }
        return Measurement(
            name, unit: "ms", ours: ours.median, peer: theirs.median, limit: limit, note: "teamdctl NAME state dump")
    }

    private func startTeam(_ name: String, ports: [String]) throws {
        for port in ports { _ = try Child.run(["ip", "link", "set", port, "down"]) }
        let list = ports.map { "\"\($0)\": {}" }.joined(separator: ", ")
        _ = try Child.run([
            "teamd", "-d", "-D", "-t", name, "-c", "{\"runner\": {\"name\": \"activebackup\"}, \"ports\": {\(list)}}",
        ])
    }

    private func waitForPort(_ port: String) throws {
        let deadline = ContinuousClock.now + .seconds(5)
        while access("/sys/class/net/\(port)/master", F_OK) != 0 {
            guard ContinuousClock.now < deadline else { throw Unmeasured("\(port) did not join") }
            usleep(200)
        }
    }
}
