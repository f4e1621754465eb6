import Aggregation
import Glibc
import Netlink
import Testing

/// The short proof that runs on every kernel: every runner and every watch, made by us and told by others.
@Suite struct TeamEveryKernelTests {
    @Test(arguments: Mode.modes(of: .teaming).map(\.rawValue)) func everyRunnerCanBeMade(_ mode: String) async throws {
        try await withTeam { scene in
            let mode = try #require(Mode(text: mode))
            try await scene.ns.dummies("eth0", "eth1")
            try await scene.require(
                "create TEAM --driver teaming --mode \(mode.rawValue) --ports eth0,eth1 --no-wait --address 192.0.2.2/24"
            )
            #expect(try scene.state("setup.runner_name") == mode.teamRunner)
            #expect(try scene.kernelOption("mode") == mode.teamKernelMode)
            let facts = try await scene.facts()
            #expect(facts.mode == mode)
            #expect(facts.ports.sorted() == ["eth0", "eth1"])
            #expect(facts.daemon?.state == .running)
            let links = try scene.ns.ip(["-br"], ["link show master \(scene.team)"])
            #expect(links.contains("eth0") && links.contains("eth1"))

            #expect(await scene.aggctl("delete TEAM").code == 5)
            try await scene.require("delete TEAM --allow-cutoff")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }

    // Not tipc: once its module is loaded, a namespace that goes away can hang the guest for good (`tipc_exit_net` waits
    // for work that does not get its turn; seen on Linux 7.2).
    @Test(arguments: [
        "{name:~ethtool,~delay_up:~100ms,~delay_down:~50ms}",
        "{name:~arp_ping,~target_host:~192.0.2.1,~interval:~200ms}",
        "{name:~nsna_ping,~target_host:~fe80::1,~missed_max:~5}",
        "[{name:~ethtool},~{name:~arp_ping,~target_host:~192.0.2.1,~validate_active:~on}]",
    ]) func everyWatchCanBeMade(_ watch: String) async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0 --no-wait --set link_watch=\(watch)")
            let row = try #require(TeamingOptions.table["link_watch"])
            let wanted = try row.parse(watch.replacing("~", with: " "))
            guard case .watches(let watches) = wanted else { throw Missing(what: "watches") }
            let dump = try scene.dump()
            for (place, watch) in watches.enumerated() {
                #expect(
                    dump["ports"]?["eth0"]?["link_watches"]?["list"]?["link_watch_\(place)"]?["name"]
                        == .string(watch.kind.rawValue))
            }
            #expect(try await scene.facts().options["link_watch"] == wanted)
        }
    }

    @Test func aTeamThatLosesItsDaemonIsToldAndRepaired() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --set notify_peers.count=3")
            let first = try #require(scene.process)
            kill(first, SIGKILL)
            try await eventually("the daemon gone") { try await scene.facts().daemon?.state == .absent }
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 2, "\(status)")
            #expect(status.output.contains("teamd is not running"))
            #expect(await scene.aggctl("set TEAM notify_peers.count=1").code == 69)
            #expect(await scene.aggctl("port remove TEAM eth1").code == 69)

            try await scene.require("repair TEAM")
            #expect(scene.process != first)
            #expect(try scene.kernelOption("notify_peers_count") == "3")
            #expect(await scene.aggctl("status TEAM --check").code == 0)
            let again = await scene.aggctl("repair TEAM")
            #expect(again.code == 0 && again.output.contains("nothing to do"), "\(again)")
        }
    }

    /// Failover is teamd's own work: the kernel only follows.
    @Test func aPortThatFailsIsReplaced() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let active = try #require(try await scene.facts().activePort)
            let other = active == "eth0" ? "eth1" : "eth0"
            _ = try scene.ns.ip([], ["link set far\(active.suffix(1)) down"])
            try await eventually("failover") { try await scene.facts().activePort == other }
            #expect(try scene.state("runner.active_port") == other)
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 2 && status.output.contains("no carrier"), "\(status)")
        }
    }

    /// A port has the team's address, and is not to announce an IPv6 address with it. It comes back as it was.
    @Test func aPortMakesNoAddressOfItsOwn() async throws {
        try await withTeam { scene in
            func generation(_ port: String) throws -> Substring? {
                let words = try scene.ns.ip(["-d"], ["link show dev \(port)"]).split(whereSeparator: \.isWhitespace)
                return words.firstIndex(of: "addrgenmode").map { words[$0 + 1] }
            }
            try await scene.ns.dummies("eth0", "eth1")
            _ = try scene.ns.ip([], ["link set eth0 up", "link set eth1 addrgenmode random", "link set eth1 up"])
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --no-wait")
            for port in ["eth0", "eth1"] {
                #expect(try generation(port) == "none")
                #expect(try scene.ns.ip(["-6"], ["address show dev \(port)"]) == "")
            }
            try await scene.require("port remove TEAM eth1")
            #expect(try generation("eth1") == "random")
            try await scene.require("delete TEAM --allow-cutoff")
            #expect(try generation("eth0") == "eui64")
            try await eventually("an address of its own again") {
                try scene.ns.ip(["-6"], ["address show dev eth0"]).contains("fe80")
            }
        }
    }
}
