import Glibc
import Netlink
import Testing

/// The ways to daemons, and what becomes of them: how long that takes is measured, and the system bus is the only one.
@Suite(.serialized) struct TeamControlSerialTests {
    private static func bus() throws -> pid_t {
        let found = SmallFile.names(in: "/proc").compactMap { pid_t($0) }.first {
            SmallFile.text("/proc/\($0)/comm") == "dbus-daemon\n"
        }
        return try #require(found)
    }

    /// A bus that hangs is waited for as long as a daemon would be, and the daemons are asked without it.
    @Test func aBusThatHangsHoldsNobodyUp() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0", "eth1")
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --no-wait")
            let bus = try Self.bus()
            kill(bus, SIGSTOP)
            defer { kill(bus, SIGCONT) }
            // Another process would have to connect anew, as this does. The shortest of some times is what it takes: a busy
            // machine adds to each.
            var (shortest, status) = (Duration.seconds(3600), Program.Outcome(code: -1, output: "", errors: ""))
            for _ in 0..<5 where shortest >= .seconds(5) {
                let fresh = try await TeamScene(scene.ns, team: "x")
                let began = ContinuousClock.now
                status = await TeamScene(fresh, team: scene.team).aggctl("status TEAM")
                shortest = min(shortest, ContinuousClock.now - began)
            }
            #expect(shortest < .seconds(5))
            #expect(status.code == 0 && status.output.contains("active-backup"), "\(status)")
            #expect(!status.output.contains("does not answer"), "\(status)")
        }
    }

    /// All are asked at once and the time for the answers is theirs together.
    @Test func daemonsThatHangDoNotAddUp() async throws {
        try await withTeam(named: "h@") { scene in
            let teams = [
                scene, try await TeamScene(scene.ns, team: "i@"), try await TeamScene(scene.ns, team: "j@"),
            ]
            try await scene.ns.dummies("eth0", "eth1", "eth2")
            for (number, team) in teams.enumerated() {
                try await team.require("create TEAM --driver teaming --mode broadcast --ports eth\(number) --down")
            }
            for team in teams { kill(try #require(team.process), SIGSTOP) }
            var (shortest, status) = (Duration.seconds(3600), Program.Outcome(code: -1, output: "", errors: ""))
            for _ in 0..<5 where shortest >= .seconds(4.5) {
                let began = ContinuousClock.now
                status = await scene.aggctl("status")
                shortest = min(shortest, ContinuousClock.now - began)
            }
            #expect(shortest < .seconds(4.5))
            #expect(status.output.ranges(of: "does not answer").count == 3, "\(status)")
        }
    }

    /// Both ways to a daemon tell the same.
    @Test func busAndSocketTellTheSame() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0", "eth1")
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --no-wait --set notify_peers.count=2"
            )
            try await scene.require("port set TEAM eth1 prio=9")
            let overBus = await scene.aggctl("status TEAM --json")
            let bus = try Self.bus()
            kill(bus, SIGSTOP)
            defer { kill(bus, SIGCONT) }
            let fresh = TeamScene(try await TeamScene(scene.ns, team: "x"), team: scene.team)
            let overSocket = await fresh.aggctl("status TEAM --json")
            #expect(overBus.code == 0)
            #expect(overBus.output == overSocket.output)
            try await fresh.require("port set TEAM eth1 prio=3")
            #expect(try scene.kernelOption("priority", port: "eth1") == "3")
        }
    }
}
