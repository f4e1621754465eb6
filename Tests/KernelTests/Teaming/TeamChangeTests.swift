import Aggregation
import Glibc
import Netlink
import Testing

/// Changes of a living team.
@Suite struct TeamChangeTests {
    /// A change that needs a new daemon leaves ports, addresses and whatever stands above alone.
    @Test func aNewDaemonTakesTheDeviceOver() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --address 192.0.2.2/24")
            _ = try scene.ns.ip(
                [],
                [
                    "link add link \(scene.team) name v7 type vlan id 7", "link set v7 up",
                    "addr add 2001:db8::2/64 dev v7 nodad", "route add default via 192.0.2.254",
                ])
            let index = try await scene.driver.observe(.links).link(named: scene.team)?.index
            let first = try #require(scene.process)
            let active = try await scene.facts().activePort
            let looks = ["route show", "addr show dev v7 scope global"]
            let before = try HostWitness(scene.ns, looks)

            try await scene.require("set TEAM notify_peers.count=4 mcast_rejoin.count=2")
            #expect(scene.process != first)
            #expect(try scene.kernelOption("notify_peers_count") == "4")
            #expect(try scene.kernelOption("mcast_rejoin_count") == "2")
            let host = try await scene.driver.observe(.addresses)
            #expect(host.link(named: scene.team)?.index == index)
            #expect(try await scene.facts().activePort == active)
            #expect(try await scene.facts().ports.sorted() == ["eth0", "eth1"])
            let differences = try await scene.ns.expectUnchanged(since: before, looks)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
            let again = await scene.aggctl("set TEAM notify_peers.count=4")
            #expect(again.output.contains("nothing to do"), "\(again)")
        }
    }

    /// What was said of all ports holds for one that comes later.
    @Test func aPortThatJoinsIsAsStickyAsTheOthers() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0", "eth1", "eth2")
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --set reselect=failure --no-wait")
            try await scene.require("port add TEAM eth2")
            let state = try await scene.driver.observe(.ports)
            for port in ["eth0", "eth1", "eth2"] {
                #expect(state.link(named: port)?.port?.options["sticky"] == .number(1), "\(port)")
            }
            try await scene.require("port remove TEAM eth2")
            try await scene.require("port add TEAM eth2 --set sticky=off")
            #expect(
                try await scene.driver.observe(.ports).link(named: "eth2")?.port?.options["sticky"] == .number(0))
        }
    }

    /// Another mode of the kernel: ports have to be out, which needs to be allowed.
    @Test func anotherRunnerIsAnOutageThatIsAnnounced() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --address 192.0.2.2/24")
            #expect(await scene.aggctl("set TEAM mode=balance-xor").code == 5)
            #expect(try scene.state("setup.runner_name") == "activebackup")
            try await scene.require("set TEAM mode=balance-xor hash=l3,l4 --allow-interruption")
            #expect(try scene.state("setup.runner_name") == "loadbalance")
            #expect(try scene.kernelOption("mode") == "loadbalance")
            #expect(try await scene.facts().ports.sorted() == ["eth0", "eth1"])
            #expect(try scene.ns.ip([], ["addr show dev \(scene.team)"]).contains("192.0.2.2/24"))
            // loadbalance to lacp is one mode of the kernel, but LACP has to begin anew.
            try await scene.require("set TEAM mode=lacp lacp.rate=fast --allow-interruption --no-wait")
            #expect(try scene.state("runner.fast_rate") == "true")
            #expect(try await scene.facts().options["runner.tx_hash"] == .names(["ip", "l4"]))
        }
    }

    @Test func portsComeAndGoAndAreSet() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            try await scene.require("port add TEAM eth2 --set sticky=on --set prio=3")
            #expect(try scene.kernelOption("priority", port: "eth2") == "3")
            #expect(try await scene.facts().ports.count == 3)

            // Read at any time, and without leaving.
            try await scene.require("port set TEAM eth1 prio=-7")
            #expect(try scene.kernelOption("priority", port: "eth1") == "-7")
            // Read when a port joins.
            try await scene.require("port set TEAM eth1 queue-id=2")
            #expect(try scene.kernelOption("queue_id", port: "eth1") == "2")
            #expect(try scene.kernelOption("priority", port: "eth1") == "-7")
            try await scene.require("port set TEAM eth2 link_watch={name:~arp_ping,~target_host:~192.0.2.1}")
            let watches = try scene.dump()["ports"]?["eth2"]?["link_watches"]?["list"]
            #expect(watches?["link_watch_0"]?["name"] == .string("arp_ping"))
            // Alone: only a watch that the team was given is added to it.
            #expect(watches?["link_watch_1"] == nil)
            try await eventually("the watch to decide") {
                try await scene.driver.observe(.ports).link(named: "eth2")?.port?.monitor == .down
            }

            try await scene.require("port activate TEAM eth1")
            #expect(try scene.state("runner.active_port") == "eth1")
            #expect(await scene.aggctl("status TEAM --check").code == 2)

            try await scene.require("port remove TEAM eth2")
            #expect(try await scene.facts().ports.sorted() == ["eth0", "eth1"])
            let eth2 = try #require(try await scene.driver.observe(.links).link(named: "eth2"))
            #expect(eth2.isUp && eth2.mtu == 1300)
            // What a port was told goes with it.
            try await scene.require("port add TEAM eth2")
            #expect(try scene.kernelOption("priority", port: "eth2") == "0")
        }
    }

    /// The first port gave the team its address and gets it back: both must not use it.
    @Test func anAddressIsNotThereTwice() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let outcome = await scene.aggctl("port remove TEAM eth0")
            #expect(outcome.code == 0 && outcome.output.contains("keeps using its address"), "\(outcome)")
            let host = try await scene.driver.observe(.links)
            #expect(host.link(named: "eth0")?.isUp == false)
            #expect(host.link(named: "eth0")?.address == host.link(named: scene.team)?.address)
        }
    }

    @Test func aFileIsAppliedOnce() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            let path = try scene.ns.file(
                """
                version: 1
                aggregates:
                  - name: \(scene.team)
                    driver: teaming
                    mode: lacp
                    lacp: { rate: fast, system-priority: 100 }
                    hash: [l2, l3, l4]
                    mac-address: 02:00:00:00:00:77
                    mtu: 1400
                    ports: [{ name: eth0, lacp-priority: 10 }, eth1]
                    addresses: [192.0.2.2/24]
                    options: { runner.tx_balancer.name: basic, runner.agg_select_policy: bandwidth }
                """)
            #expect(await scene.aggctl("check \(path)").code == 2)
            try await scene.require("apply \(path) --no-wait")
            #expect(try scene.kernelOption("lb_tx_method") == "hash_to_port_mapping")
            #expect(try scene.state("runner.select_policy") == "bandwidth")
            #expect(try scene.state("ports.eth0.runner.prio") == "10")
            let link = try #require(try await scene.driver.observe(.links).link(named: scene.team))
            #expect(link.address == LinkLayerAddress(text: "02:00:00:00:00:77") && link.mtu == 1400)
            #expect(await scene.aggctl("check \(path)").code == 0)
            let counting = RefusingDriver(scene.driver)
            let again = await scene.aggctl("apply \(path)", driver: counting)
            #expect(again.code == 0 && counting.performed.isEmpty, "\(again)")
        }
    }
}
