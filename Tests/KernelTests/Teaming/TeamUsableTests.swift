import Aggregation
import Testing

/// A team is usable when a command that made it is done, and is not called so when it is not.
@Suite struct TeamUsableTests {
    @Test func applyWaitsForTheTeam() async throws {
        try await withTeam { scene in
            try await withNamespace { far in
                try await SettlingEveryKernelTests.cable(scene.ns, far, lacp: false)
                let path = try scene.ns.file(
                    """
                    {version: 1, aggregates: [{name: \(scene.team), driver: teaming, mode: active-backup,
                      ports: [eth0, eth1]}]}
                    """)
                for _ in 0..<2 {
                    try await scene.require("apply \(path)")
                    let status = await scene.aggctl("status TEAM --check")
                    #expect(status.code == 0, "\(status)")
                    #expect(
                        try JSON.parse(try scene.ns.ip(["-j"], ["link show \(scene.team)"]))[0]?["flags"]?
                            .elements.contains(.string("LOWER_UP")) == true)
                    try await scene.require("delete TEAM")
                }
            }
        }
    }

    @Test func anActivePortWithoutCarrierCarriesNothing() async throws {
        try await withTeam { scene in
            try await withNamespace { far in
                try await SettlingEveryKernelTests.cable(scene.ns, far, lacp: false)
                try await scene.require(
                    "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --address 198.51.100.2/24")
                _ = try far.ip([], ["link set p1 down"])
                try await eventually("a port without carrier") {
                    await scene.aggctl("status TEAM --check").code == 2
                }
                _ = try Witness.run([
                    "ip", "netns", "exec", scene.ns.name, "teamdctl", scene.team, "state", "item", "set",
                    "runner.active_port", "eth1",
                ])
                let status = await scene.aggctl("status TEAM --check")
                #expect(try scene.state("runner.active_port") == "eth1")
                #expect(status.code == 6, "\(status)")
                #expect(status.output.contains("the active port eth1 carries nothing"), "\(status)")
            }
        }
    }

    @Test func aWatchThatGetsNoAnswerIsTheReason() async throws {
        try await withTeam { scene in
            try await withNamespace { far in
                try await SettlingEveryKernelTests.cable(scene.ns, far, lacp: false)
                try await scene.require(
                    "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --address 198.51.100.2/24 --no-wait --set link_watch={name:~arp_ping,~target_host:~198.51.100.9,~source_host:~198.51.100.2,~interval:~100ms,~validate_active:~on,~validate_inactive:~on,~send_always:~on}"
                )
                try await eventually("the note") {
                    let outcome = await scene.aggctl("status TEAM --json")
                    let ports = try JSON.parse(outcome.output)["aggregates"]?[0]?["ports"]?.elements ?? []
                    return !ports.isEmpty
                        && ports.allSatisfy {
                            $0["note"]?.plain == "has carrier, but 198.51.100.9 does not answer"
                        }
                }
                let links = try JSON.parse(try scene.ns.ip(["-j"], ["link show master \(scene.team)"])).elements
                #expect(links.allSatisfy { $0["flags"]?.elements.contains(.string("LOWER_UP")) == true })
            }
        }
    }
}
