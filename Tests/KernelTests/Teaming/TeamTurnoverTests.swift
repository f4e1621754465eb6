import Aggregation
import Glibc
import Netlink
import Testing

/// Ports that leave a team and come back or come from elsewhere, after a new teamd has found them attached: libteam never
/// learns the address of such a device, and teamd refuses it as the first port.
@Suite struct TeamTurnoverTests {
    @Test func aPortThatHasToJoinAnewDoesSoAfterANewDaemon() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode activebackup --ports eth1")
            try await scene.require("set TEAM notify_peers.count=5")
            try await scene.require("port set TEAM eth1 queue_id=1")
            #expect(try scene.kernelOption("queue_id", port: "eth1") == "1")
            #expect(try scene.kernelOption("notify_peers_count") == "5")
            try await scene.require("delete TEAM")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }

    @Test(arguments: ["active-backup", "lacp", "broadcast"]) func theOnlyPortLeavesAndComesBack(
        _ mode: String
    ) async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode \(mode) --ports eth1 --no-wait")
            try await scene.require("set TEAM notify_peers.count=5 --allow-interruption --no-wait")
            let address = try scene.ns.ip([], ["link show dev eth1"]).ethernetAddress
            try await scene.require("port remove TEAM eth1 --allow-cutoff --no-wait")
            try await scene.require("port add TEAM eth1 --no-wait")
            #expect(try scene.dump()["ports"]?["eth1"] != nil)
            #expect(try scene.ns.ip([], ["link show dev \(scene.team)"]).ethernetAddress == address)
            #expect(try scene.kernelOption("notify_peers_count") == "5")
            try await scene.require("delete TEAM")
        }
    }

    @Test func aListOfPortsIsEmptiedAndFilledAgain() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            func file(_ ports: String) throws -> String {
                try scene.ns.file(
                    "version: 1\naggregates:\n  - {name: \(scene.team), driver: teaming, mode: active-backup, "
                        + "ports: [\(ports)]}\n")
            }
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            try await scene.require("repair TEAM")
            try await scene.require("apply \(try file(""))")
            #expect(try await scene.facts().ports.isEmpty)
            try await scene.require("apply \(try file("{name: eth1, options: {prio: 3}}, eth0"))")
            #expect(try await scene.facts().ports.sorted() == ["eth0", "eth1"])
            #expect(try scene.kernelOption("priority", port: "eth1") == "3")
        }
    }

    /// In mode lacp teamd would take such a port in, and send no LACPDUs on it.
    @Test func aPortThatABondGivesUpSpeaksLACP() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.ns.require("create bond0 --mode active-backup --ports eth1,eth3 --no-wait")
            try await scene.require(
                "create TEAM --driver teaming --mode lacp --ports eth0 --set lacp.rate=fast --no-wait")
            _ = try scene.ns.ip(
                [],
                [
                    "link add farb type bond mode 802.3ad miimon 100 lacp_rate fast", "link set far0 down",
                    "link set far1 down", "link set far0 master farb", "link set far1 master farb", "link set farb up",
                ])
            let path = try scene.ns.file(
                """
                version: 1
                aggregates:
                  - {name: bond0, ports: [eth3]}
                  - {name: \(scene.team), driver: teaming, ports: [eth0, eth1]}

                """)
            try await scene.require("apply \(path)")
            try await eventually(within: .seconds(60), "both ports in the partner's aggregator") {
                try scene.ns.ip(["-d"], ["link show dev farb"]).contains("ad_num_ports 2")
            }
            #expect(await scene.aggctl("plan \(path)").code == 0)
        }
    }

    /// A taken-back change refills a team, too.
    @Test func aFailureAfterTheOnlyPortLeftIsTakenBack() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth1")
            try await scene.require("set TEAM notify_peers.count=5")
            for step in 1... {
                let driver = RefusingDriver(scene.driver, refusing: step)
                let outcome = await scene.aggctl("port set TEAM eth1 queue_id=1", driver: driver)
                guard driver.hasRefused else {
                    #expect(outcome.code == 0 && step > 3, "\(outcome)")
                    break
                }
                #expect(outcome.code == 1, "step \(step): \(outcome)")
                #expect(try await scene.facts().ports == ["eth1"], "step \(step)")
                #expect(await scene.aggctl("rollback").code == 0)
            }
            #expect(try scene.kernelOption("queue_id", port: "eth1") == "1")
            #expect(try scene.kernelOption("notify_peers_count") == "5")
        }
    }

    // MARK: - Teams that others made, and what is left of namespaces

    @Test func aTeamThatOthersMadeIsRepairedByWhatTheKernelTells() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.startByHand(
                #"{"runner": {"name": "activebackup"}, "notify_peers": {"count": 4}, "ports": {"eth1": {"prio": 7}}}"#)
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            try await scene.require("repair TEAM")
            #expect(try scene.state("setup.runner_name") == "activebackup")
            #expect(try scene.kernelOption("notify_peers_count") == "4")
            #expect(try scene.kernelOption("priority", port: "eth1") == "7")
            try await scene.require("port add TEAM eth3")
        }
    }

    /// The kernel knows one mode for both.
    @Test func whetherItWasLACPIsNotGuessed() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.startByHand(#"{"runner": {"name": "lacp"}, "ports": {"eth1": {}}}"#)
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            let outcome = await scene.aggctl("repair TEAM")
            #expect(outcome.code == 66 && outcome.errors.contains("lacp or loadbalance"), "\(outcome)")
            try await scene.require("delete TEAM")
        }
    }

    /// A first port of a teamd that others started is refused, which shows only then.
    @Test func theOnlyPortOfAForeignDaemonComesBack() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth1")
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            for file in ["found", "conf"] { unlink("\(scene.ns.stateDirectory)/teamd/\(scene.team).\(file)") }
            try await scene.startByHand(#"{"runner": {"name": "activebackup"}}"#, "-o")
            try await scene.require("port set TEAM eth1 queue_id=2")
            #expect(try scene.kernelOption("queue_id", port: "eth1") == "2")
        }
    }

    @Test func whatADeletedNamespaceLeftIsNamed() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            let gone = "g" + scene.team
            _ = try Witness.run(["ip", "netns", "add", gone])
            _ = try Witness.run(["ip", "netns", "exec", gone, "ip", "link", "add", "eth0", "type", "dummy"])
            _ = try Witness.run([
                "ip", "netns", "exec", gone, "teamd", "-d", "-t", scene.team, "-c",
                #"{"runner": {"name": "broadcast"}}"#,
            ])
            let process = try #require(scene.process)
            let create = "create TEAM --driver teaming --mode broadcast --ports eth0 --no-wait"
            // While it has a name it is somebody's.
            let taken = await scene.aggctl(create)
            #expect(taken.code != 0 && taken.errors.contains("choose another name"), "\(taken)")
            _ = try Witness.run(["ip", "netns", "del", gone])
            let orphan = await scene.aggctl(create)
            #expect(orphan.errors.contains("kill \(process)") && orphan.errors.contains("deleted"), "\(orphan)")
            // What is recommended helps.
            kill(process, SIGTERM)
            try await eventually(within: .seconds(60), "the daemon gone") { scene.process == nil }
            try await scene.require(create)
        }
    }

    /// A change that was cut short between quietening a port and its join.
    @Test func aPortThatNeverJoinedMakesItsAddressAgain() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0")
            let index = try #require(try await scene.driver.observe(.links).link(named: "eth1")?.index)
            let key = try scene.ns.namespace.key()
            let path = "\(scene.ns.stateDirectory)/teamd/\(key.inode).\(index).port"
            _ = try scene.ns.ip([], ["link set dev eth1 addrgenmode none"])
            // Of a namespace that had this inode before, and as earlier versions wrote it.
            for text in ["0 \((key.cookie ?? 0) + 1) - eth1", "0 eth1"] {
                _ = try Witness.run(["tee", path], input: text + "\n")
                try await scene.require("delete TEAM")
                let mode = try scene.ns.ip(["-d"], ["link show dev eth1"])
                #expect(mode.contains("addrgenmode none"), "\(text): \(mode)")
                try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0")
            }
            _ = try Witness.run(["tee", path], input: "0 \(key.cookieText) - eth1\n")
            try await scene.require("delete TEAM")
            let mode = try scene.ns.ip(["-d"], ["link show dev eth1"])
            #expect(mode.contains("addrgenmode eui64"), "\(mode)")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }
}

extension TeamScene {
    /// A teamd that this program has not started.
    fileprivate func startByHand(_ configuration: String, _ more: String...) async throws {
        _ = try Witness.run(
            ["ip", "netns", "exec", ns.name, "teamd", "-d", "-t", team, "-c", configuration] + more)
        try await eventually(within: .seconds(60), "teamd's answer") { try await facts().daemon?.state == .running }
    }
}

extension String {
    fileprivate var ethernetAddress: String? {
        let words = split(whereSeparator: \.isWhitespace).map(String.init)
        guard let place = words.firstIndex(of: "link/ether"), place + 1 < words.count else { return nil }
        return words[place + 1]
    }
}
