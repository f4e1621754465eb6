import Aggregation
import Bonding
import Glibc
import Netlink
import Testing

/// LACP of a team against a kernel bond and against another team, each in a namespace of its own.
@Suite struct TeamLACPEveryKernelTests {
    private static func cable(_ here: KernelFixture, _ there: KernelFixture) async throws {
        try await here.cables([(here: "eth0", there: "p0"), (here: "eth1", there: "p1")], to: there)
        for ns in [here, there] { ns.atEnd { Scenes.rmtree(ns.stateDirectory) } }
    }

    private static func expectNegotiated(_ scene: TeamScene, _ when: String = "at first") async throws {
        try await eventually("LACP to be negotiated \(when)") {
            let host = try await scene.driver.observe(.ports)
            return ["eth0", "eth1"].allSatisfy { name in
                let port = host.link(named: name)?.port
                return port?.actorState?.rawValue == 63 && port?.partnerState?.rawValue == 63
            }
        }
        let host = try await scene.driver.observe([.ports, .speeds])
        let status = try #require(AggregateHealth.statuses(of: host).first { $0.name == scene.team })
        #expect(status.verdict == .healthy, "\(status.findings)")
        #expect(status.portsUp == 2)
        let witness = try scene.dump()
        #expect(witness["ports"]?["eth0"]?["runner"]?["actor_lacpdu_info"]?["state"] == .number(63))
    }

    @Test func withAKernelBond() async throws {
        try await withTeam { scene in
            try await withNamespace { other in
                try await Self.cable(scene.ns, other)
                try await other.require("create bond0 --mode lacp --ports p0,p1 --set lacp_rate=fast --no-wait")
                try await scene.require(
                    "create TEAM --driver teaming --mode lacp --ports eth0,eth1 --set lacp.rate=fast --wait 20s")
                try await Self.expectNegotiated(scene)

                // teamd 1.31 sends no LACPDUs on ports that it takes over, so a repair makes them join again.
                kill(try #require(scene.process), SIGKILL)
                try await eventually("the daemon gone") { try await scene.facts().daemon?.state == .absent }
                #expect(await scene.aggctl("status TEAM --check").code == 6)
                try await scene.require("repair TEAM")
                try await Self.expectNegotiated(scene, "after a repair")

                try await scene.require("set TEAM lacp.system-priority=7 --allow-interruption")
                #expect(try scene.state("runner.sys_prio") == "7")
                try await Self.expectNegotiated(scene, "with a new daemon")
                // It stays so: LACPDUs go on.
                try await Task.sleep(for: .seconds(4))
                try await Self.expectNegotiated(scene)
            }
        }
    }

    @Test func withAnotherTeam() async throws {
        try await withTeam { scene in
            try await withNamespace { other in
                try await Self.cable(scene.ns, other)
                let second = try await TeamScene(other)
                try await second.require(
                    "create TEAM --driver teaming --mode lacp --ports p0,p1 --set lacp.rate=fast --no-wait")
                try await scene.require(
                    "create TEAM --driver teaming --mode lacp --ports eth0,eth1 --set lacp.rate=fast --wait 20s")
                try await Self.expectNegotiated(scene)
            }
        }
    }
}
