import Aggregation
import Glibc
import Netlink
import Teaming
import Testing

/// What goes wrong leaves the host as it was.
@Suite struct TeamFaultTests {
    @Test func aFailureAtEveryStepOfACreationLeavesNothing() async throws {
        try await withTeam { scene in
            try Scenes.skipDuplicateDetection(scene.ns)
            try await Scenes.ports(scene.ns)
            let before = try await Scenes.settled(scene.ns)
            for step in 1... {
                let driver = RefusingDriver(scene.driver, refusing: step)
                let outcome = await scene.aggctl(
                    "create TEAM --driver teaming --mode active-backup --ports eth0,eth2 --no-wait --address 192.0.2.2/24",
                    driver: driver)
                guard driver.hasRefused else {
                    #expect(outcome.code == 0 && step > 5, "\(outcome)")
                    break
                }
                #expect(outcome.code == 1, "step \(step): \(outcome)")
                let remains = try await scene.remains
                #expect(remains == [], "step \(step)")
                let differences = try await scene.ns.expectUnchanged(since: before)
                #expect(differences.isEmpty, "step \(step): \(differences.joined(separator: "\n"))")
            }
        }
    }

    @Test func aFailureAtEveryStepOfAChangeOfModeIsTakenBack() async throws {
        try await withTeam { scene in
            try Scenes.skipDuplicateDetection(scene.ns)
            try await Scenes.ports(scene.ns)
            try await scene.require(
                "create TEAM --driver teaming --mode active-backup --ports eth0,eth1 --address 192.0.2.2/24 "
                    + "--set notify_peers.count=3")
            try await scene.require("port set TEAM eth1 prio=4 queue-id=2")
            let before = try await scene.driver.observe(.change).link(named: scene.team)?.aggregate?.options
            for step in 1... {
                let driver = RefusingDriver(scene.driver, refusing: step)
                let outcome = await scene.aggctl(
                    "set TEAM mode=balance-xor notify_peers.count=1 --allow-interruption", driver: driver)
                guard driver.hasRefused else {
                    #expect(outcome.code == 0 && step > 5, "\(outcome)")
                    break
                }
                #expect(outcome.code == 1, "step \(step): \(outcome)")
                let facts = try await scene.facts()
                #expect(facts.mode == .activeBackup, "step \(step)")
                #expect(facts.options["notify_peers.count"] == before?["notify_peers.count"], "step \(step)")
                #expect(facts.ports.sorted() == ["eth0", "eth1"], "step \(step)")
                #expect(facts.daemon?.state == .running, "step \(step)")
                #expect(try scene.kernelOption("priority", port: "eth1") == "4", "step \(step)")
                #expect(try scene.kernelOption("queue_id", port: "eth1") == "2", "step \(step)")
                #expect(try scene.ns.ip([], ["addr show dev \(scene.team)"]).contains("192.0.2.2/24"))
            }
        }
    }

    /// A name that is no element of a bus name would make teamd abort or hang with the bus: it runs without.
    @Test(arguments: ["1-", "te@m", "a.b", "ü"]) func aNameThatTheBusCannotSayIsSpokenToByTheSocket(
        _ name: String
    ) async throws {
        try await withTeam(named: name) { scene in
            try await scene.ns.dummies("eth0", "eth1")
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0 --no-wait")
            #expect(try scene.state("setup.dbus_enabled") == "false")
            try await scene.require("port add TEAM eth1 --set prio=5")
            #expect(try scene.kernelOption("priority", port: "eth1") == "5")
            try await scene.require("set TEAM notify_peers.count=2")
            try await scene.require("delete TEAM")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }

    @Test func aNameIsUsedOnceInAllNamespaces() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            try await scene.require("create TEAM --driver teaming --mode broadcast --ports eth0 --no-wait")
            try await withNamespace { other in
                try await other.dummies("eth0")
                var second = try await TeamScene(other)
                second = TeamScene(second, team: scene.team)
                let outcome = await second.aggctl(
                    "create TEAM --driver teaming --mode broadcast --ports eth0 --no-wait")
                #expect(outcome.code == 1 && outcome.errors.contains("another network namespace"), "\(outcome)")
                #expect(try await second.driver.observe(.links).link(named: scene.team) == nil)
            }
            #expect(try scene.state("setup.runner_name") == "broadcast")
        }
    }

    @Test func aDaemonThatHangsIsReplaced() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode balance-rr --ports eth0,eth1")
            let first = try #require(scene.process)
            kill(first, SIGSTOP)
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 2 && status.output.contains("does not answer"), "\(status)")
            for command in ["set TEAM notify_peers.count=2", "delete TEAM"] {
                let refused = await scene.aggctl(command)
                #expect(
                    refused.code == 69 && refused.errors.contains("run aggctl repair \(scene.team) first"), "\(refused)"
                )
            }
            try await scene.require("repair TEAM")
            #expect(scene.process != first)
            #expect(await scene.aggctl("status TEAM --check").code == 0)
        }
    }

    /// A new teamd goes by what the kernel was told of a link: such a port is made to join anew.
    @Test func aPortWhoseLinkANewTeamdDoesNotSeeIsMended() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            let active = try await scene.facts().activePort
            let other = active == "eth0" ? "eth1" : "eth0"
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            _ = try scene.setKernelOption("user_linkup_enabled", "true", port: other)
            _ = try scene.setKernelOption("user_linkup", "false", port: other)
            try await scene.require("repair TEAM")
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 0 && status.output.contains("2/2 ports up"), "\(status)")
        }
    }

    @Test func whatIsNoTeamIsLeftOut() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let link = try await ns.link("eth0")
            let found = await TeamKernel.read([link.index, 4711], in: ns.namespace)
            #expect(found.isEmpty)
        }
    }

    /// SIGTERM makes teamd take its device along; a device alone is deleted all the same.
    @Test func aTeamWithoutADaemonCanBeDeleted() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            kill(try #require(scene.process), SIGKILL)
            try await eventually(within: .seconds(60), "the daemon gone") {
                try await scene.facts().daemon?.state == .absent
            }
            try await scene.require("delete TEAM")
            let remains = try await scene.remains
            #expect(remains == [])
            #expect(try await scene.driver.observe(.links).link(named: "eth0")?.isUp == true)
        }
    }

    /// teamd would take it without a word, and repeat it in its configuration.
    @Test func anOptionOfANewerTeamdIsRefused() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            let outcome = await scene.aggctl(
                "create TEAM --driver teaming --mode active-backup --ports eth0 --no-wait --set link_watch_policy=all")
            #expect(outcome.code == 69 && outcome.errors.contains("does not know link_watch_policy"), "\(outcome)")
            let remains = try await scene.remains
            #expect(remains == [])
        }
    }

    @Test func whatExistsIsNotMadeAgain() async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0")
            _ = try scene.ns.ip([], ["link add \(scene.team) type team"])
            let outcome = await scene.aggctl("create TEAM --driver teaming --mode lacp --ports eth0")
            #expect(outcome.code == 65 && outcome.errors.contains("exists already"), "\(outcome)")
            let repair = await scene.aggctl("repair TEAM")
            #expect(repair.code == 66 && repair.errors.contains("not known"), "\(repair)")
            let status = await scene.aggctl("status TEAM --check")
            #expect(status.code == 6, "\(status)")
            try await scene.require("delete TEAM")
        }
    }
}
