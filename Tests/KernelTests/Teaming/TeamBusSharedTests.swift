import Aggregation
import Glibc
import Netlink
import Testing

/// A bus that dies, and one that refuses: neither ends the program, and the socket serves instead.
/// One after the other, for they share what the program keeps below /run.
@Suite(.serialized) struct TeamBusSharedTests {
    /// Starts a teamd by hand that is on a bus of this test.
    private static func start(_ scene: TeamScene, on bus: PrivateBus) async throws {
        try await scene.ns.dummies("eth0", "eth1")
        let configuration = #"{"runner": {"name": "activebackup"}, "ports": {"eth0": {}, "eth1": {}}}"#
        _ = try Witness.run(
            ["env"] + bus.environment + ["ip", "netns", "exec", scene.ns.name, "teamd", "-d", "-D", "-t", scene.team]
                + ["-c", configuration])
        try await eventually("both ports") { try await scene.facts().ports.count == 2 }
    }

    private static func aggctl(_ line: String, _ scene: TeamScene, _ bus: PrivateBus) throws -> ChildProcess {
        try ChildProcess(
            [Program.path] + line.split(separator: " ").map(String.init) + ["--netns", scene.ns.name],
            environment: bus.environment)
    }

    @Test func aBusThatDiesInMidCallIsToldAndNothingIsHalfMade() async throws {
        try await withTeam { scene in
            let bus = try await PrivateBus(scene.ns)
            try await Self.start(scene, on: bus)
            let daemon = try #require(scene.process)
            // It takes the question and gives no answer.
            kill(daemon, SIGSTOP)
            let asking = try Self.aggctl("port activate \(scene.team) eth1", scene, bus)
            try await Task.sleep(for: .milliseconds(500))
            bus.end()
            let outcome = asking.wait()
            kill(daemon, SIGCONT)
            #expect([1, 69, 75].contains(outcome.code), "\(outcome)")
            #expect(outcome.output.contains("bus") || outcome.output.contains("does not answer"), "\(outcome)")
            #expect(try scene.kernelOption("mode") == "activebackup")
            #expect(try await scene.facts().ports.count == 2)
        }
    }

    /// Whom teamd's own socket lets in needs no bus.
    @Test func aBusThatRefusesIsGoneRound() async throws {
        try await withTeam { scene in
            let bus = try await PrivateBus(
                scene.ns, policy: #"<deny send_interface="org.libteam.teamd" send_type="method_call"/>"#)
            try await Self.start(scene, on: bus)
            #expect(throws: Witness.Failure.self) {
                try Witness.run(
                    ["env"] + bus.environment + ["teamdctl", "-D", scene.team, "state", "dump"])
            }
            let status = try Self.aggctl("status \(scene.team)", scene, bus).wait()
            #expect(status.code == 0 && status.output.contains("active port eth"), "\(status)")
            let change = try Self.aggctl("port set \(scene.team) eth1 prio=7", scene, bus).wait()
            #expect(change.code == 0, "\(change)")
            #expect(try scene.kernelOption("priority", port: "eth1") == "7")
        }
    }

    @Test func withoutABusAtAllTeamsAreMadeAllTheSame() async throws {
        try await withTeam { scene in
            let bus = try await PrivateBus(scene.ns)
            bus.end()
            try await scene.ns.dummies("eth0")
            let creation = try Self.aggctl(
                "create \(scene.team) --driver teaming --mode broadcast --ports eth0 --no-wait", scene, bus
            ).wait()
            #expect(creation.code == 0, "\(creation)")
            let deletion = try Self.aggctl("delete \(scene.team)", scene, bus).wait()
            #expect(deletion.code == 0, "\(deletion)")
        }
    }
}
