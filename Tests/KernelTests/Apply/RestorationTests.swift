import Aggregation
import Bonding
import Testing

/// What a change takes down or moves, on a host that has everything, by witnesses that are not ours.
@Suite struct RestorationTests {
    // MARK: - An uplink as NetworkManager sets it

    /// Addresses without routes of their own, and the routes that their manager adds for them; a VLAN, a nexthop object,
    /// a rule that names the port, and settings.
    private static func uplink(_ ns: KernelFixture) async throws {
        try await Scenes.ports(ns)
        try Scenes.skipDuplicateDetection(ns)
        _ = try ns.ip(
            [],
            [
                "link set eth0 mtu 1400", "addr add 192.0.2.2/24 dev eth0 noprefixroute",
                "addr add 198.18.5.2/24 dev eth0 noprefixroute", "addr add 192.0.2.3/24 dev eth0 noprefixroute",
                "addr add 2001:db8::2/64 dev eth0 noprefixroute nodad",
                "addr add 2001:db8:2::2/64 dev eth0 noprefixroute nodad",
                "route add 192.0.2.0/24 dev eth0 proto kernel scope link src 192.0.2.2 metric 100",
                "route add 198.18.5.0/24 dev eth0 proto kernel scope link src 198.18.5.2 metric 100",
                "route add default via 192.0.2.254 metric 100",
                "route add 2001:db8::/64 dev eth0 proto kernel metric 101",
                "route add ::/0 via 2001:db8::1 dev eth0 metric 101",
                "route add 203.0.113.0/24 nexthop via 192.0.2.4 dev eth0 nexthop via 192.0.2.5 dev eth0",
                "nexthop add id 5 via 192.0.2.9 dev eth0", "route add 198.18.1.0/24 nhid 5",
                "rule add iif eth0 table 77 priority 90",
                "link add link eth0 name eth0.50 type vlan id 50 ingress-qos-map 1:2",
                "link set eth0.50 up alias guests",
                "addr add 198.51.100.2/24 dev eth0.50", "addr add 2001:db8:50::2/64 dev eth0.50 nodad",
                "route add 2001:db8:51::/64 via 2001:db8:50::1 dev eth0.50 table 78",
            ])
        try ns.setSysctl("ipv4/conf/eth0/rp_filter", "2")
        try ns.setSysctl("ipv4/conf/eth0/arp_announce", "2")
        try ns.setSysctl("ipv6/conf/eth0/accept_ra", "0")
        try ns.setSysctl("ipv4/neigh/eth0/gc_stale_time", "77")
        try ns.setSysctl("ipv4/conf/eth0.50/rp_filter", "2")
    }

    private static let create =
        "create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --allow-interruption"

    private static func look(_ ns: KernelFixture) throws -> String {
        try ns.ip([], ["route show table all", "rule show", "nexthop show"])
            + ns.ip(["-6"], ["route show table all"])
    }

    private static func expectAllOn(_ device: String, _ ns: KernelFixture, _ what: String) throws {
        let text = try look(ns)
        for wanted in [
            "default via 192.0.2.254 dev \(device) metric 100",
            "192.0.2.0/24 dev \(device) proto kernel scope link src 192.0.2.2 metric 100",
            "2001:db8::/64 dev \(device) proto kernel metric 101", "default via 2001:db8::1 dev \(device) metric 101",
            "198.18.1.0/24 nhid 5 via 192.0.2.9 dev \(device)", "id 5 via 192.0.2.9 dev \(device)",
            "from all iif \(device) lookup 77", "198.51.100.0/24 dev eth0.50 proto kernel",
            "2001:db8:51::/64 via 2001:db8:50::1 dev eth0.50",
        ] {
            #expect(text.contains(wanted), "\(what): no \(wanted) in\n\(text)")
        }
    }

    @Test func anUplinkOfAManagerIsTakenOverWithAllThatIsOnIt() async throws {
        try await withNamespace { ns in
            try await Self.uplink(ns)
            let vlan = try await ns.link("eth0.50").index
            let done = await ns.aggctl(Self.create)
            #expect(done.code == 0, "\(done)")
            #expect(done.output.contains("eth0.50: it moves from eth0 to bond0"), "\(done)")
            #expect(done.output.contains("net.ipv4.conf.eth0.rp_filter = 2"), "\(done)")
            try Self.expectAllOn("bond0", ns, "take-over")
            let links = try ns.ip(["-d"], ["link show bond0", "link show eth0.50"])
            #expect(links.contains("eth0.50@bond0") && links.contains("alias guests") && links.contains("mtu 1400"))
            #expect(links.contains("ingress-qos-map { 1:2 }"))
            #expect(try await ns.link("eth0.50").index == vlan)
            for wanted in ["rp_filter 2", "arp_announce 2", "accept_ra 0", "gc_stale_time 77"] {
                #expect(try ns.sysctls("bond0").contains { $0.contains(wanted) }, "\(wanted)")
            }
            #expect(try ns.sysctls("eth0.50").contains { $0.hasPrefix("ipv4/conf eth0.50 rp_filter 2") })
            for command in ["mode=balance-xor", "fail_over_mac=none mode=active-backup", "lacp_rate=fast mode=lacp"] {
                let outcome = await ns.aggctl("set bond0 \(command) --allow-interruption")
                #expect(outcome.code == 0, "\(outcome)")
                try Self.expectAllOn("bond0", ns, command)
            }
        }
    }

    @Test func everyStepOfThatCanFail() async throws {
        try await withNamespace { ns in
            try await Self.uplink(ns)
            let devices = ["eth0", "eth0.50", "eth1"]
            let (wide, deep) = (try await Scenes.settled(ns), try DeepWitness(ns, devices))
            for refused in 1...100 {
                let driver = RefusingDriver(ns.driver, refusing: refused)
                let outcome = await ns.aggctl(Self.create, driver: driver)
                guard driver.hasRefused else {
                    #expect(refused > 30, "\(outcome)")
                    return
                }
                let differences =
                    try await ns.expectUnchanged(since: wide) + ns.expectUnchanged(since: deep, devices)
                let steps = driver.performed.map { $0.summary(.shared) }
                #expect(outcome.code == 1 && differences == [], "\(refused) of \(steps): \(outcome)")
                if !differences.isEmpty { return }
            }
        }
    }

    /// Without --take-addresses a VLAN stays, and is as it was although its port went down and came up again.
    @Test func aVLANThatStaysOnItsPortLosesNothing() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try Scenes.skipDuplicateDetection(ns)
            _ = try ns.ip(
                [],
                [
                    "link add link eth0 name eth0.50 type vlan id 50", "link set eth0.50 up",
                    "addr add 198.51.100.2/24 dev eth0.50", "addr add 2001:db8:50::2/64 dev eth0.50 nodad",
                    "route add 203.0.113.0/24 via 198.51.100.1", "route add 2001:db8:51::/64 via 2001:db8:50::1",
                    "neigh add 198.51.100.9 lladdr 02:00:00:00:00:09 dev eth0.50 nud permanent",
                ])
            func vlan() throws -> [String] {
                try ns.ip([], ["route show table all", "neigh show nud permanent"]).split(separator: "\n").map(
                    String.init
                )
                .filter { $0.contains("eth0.50") && !$0.contains("fe80") && !$0.contains("ff00") }.sorted()
                    + ns.ip(["-o"], ["addr show dev eth0.50 scope global"]).split(separator: "\n").map(String.init)
            }
            let before = try vlan()
            let done = await ns.aggctl("create bond0 --mode active-backup --ports eth1,eth0 --allow-interruption")
            #expect(done.code == 0 && done.output.contains("eth0.50: it stays on eth0"), "\(done)")
            #expect(try vlan() == before)
            // All ports leave for a moment, and come back.
            #expect(await ns.aggctl("set bond0 mode=balance-xor --allow-interruption").code == 0)
            #expect(try vlan() == before)
        }
    }

    @Test func aVLANThatCannotMoveIsRefusedBeforehand() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            _ = try ns.ip(
                [],
                [
                    "link set eth1 up", "link add link eth0 name vla type vlan id 50",
                    "link add link eth1 name vlb type vlan id 50",
                ])
            let twice = await ns.aggctl(Self.create)
            #expect(twice.code == 65 && twice.errors.contains("VLAN id 50"), "\(twice)")
            _ = try ns.ip([], ["link del vlb", "link set eth0 mtu 9000", "link set vla mtu 9000"])
            let large = await ns.aggctl("\(Self.create) --set mtu=1500")
            #expect(large.code == 65 && large.errors.contains("at least 9000"), "\(large)")
            #expect(try await ns.driver.observe(.links).link(named: "bond0") == nil)
        }
    }

    // MARK: - A bond in a bridge that tells VLANs apart

    private static func bridged(_ ns: KernelFixture) async throws {
        try await Scenes.ports(ns)
        try await ns.require("create bond0 --mode active-backup --ports eth0,eth1 --no-wait")
        _ = try ns.ip(
            [],
            [
                "link add br0 type bridge vlan_filtering 1", "link set br0 up", "link set bond0 master br0",
                "link set bond0 alias uplink txqueuelen 555 group 7", "link property add dev bond0 altname wan0",
                "link set bond0 addrgenmode none",
            ])
        for words in [
            "vlan del vid 1 dev bond0", "vlan add vid 20 pvid untagged dev bond0", "vlan add vid 30 dev bond0",
            "vlan add vid 100-110 dev bond0",
            "link set dev bond0 learning off isolated on cost 77 priority 9 mcast_flood off",
            "fdb add 02:00:00:00:00:99 dev bond0 master static vlan 30",
            "fdb add 02:00:00:00:00:98 dev bond0 master permanent vlan 20",
            "mdb add dev br0 port bond0 grp 239.1.1.1 permanent vid 20",
            "mdb add dev br0 port bond0 grp ff15::1 src 2001:db8::7 permanent vid 20",
        ] {
            _ = try Witness.run(["bridge", "-n", ns.name] + words.split(separator: " ").map(String.init))
        }
        try ns.setSysctl("ipv4/conf/bond0/rp_filter", "2")
        try ns.setSysctl("ipv4/conf/bond0/forwarding", "1")
        try ns.setSysctl("ipv6/conf/bond0/router_solicitation_interval", "9")
        try ns.setSysctl("ipv6/neigh/bond0/ucast_solicit", "8")
    }

    @Test func aBridgedBondComesBackWithAllThatTheBridgeKnew() async throws {
        try await withNamespace { ns in
            try await Self.bridged(ns)
            try await eventually("carrier") { try await ns.link("bond0").hasCarrier }
            let before = try DeepWitness(ns, ["bond0", "eth0"], bridge: "br0")
            #expect(before.facts.contains { $0.contains("02:00:00:00:00:99") })
            #expect(before.facts.contains { $0.contains("239.1.1.1") })
            for driver in [
                RefusingDriver(ns.driver, refusing: 2), RefusingDriver(ns.driver, refusing: 4),
                RefusingDriver(ns.driver, refusingVerification: true),
            ] {
                let outcome = await ns.aggctl("delete bond0 --allow-cutoff", driver: driver)
                #expect(outcome.code == 1 && outcome.errors.contains("rolled back"), "\(outcome)")
                let differences = try await ns.expectUnchanged(since: before, ["bond0", "eth0"], bridge: "br0")
                #expect(differences == [], "\(outcome)")
            }
        }
    }

    @Test func aQueueingDisciplineThatIsLostIsNamedBeforehand() async throws {
        try await withNamespace { ns in
            try await Self.bridged(ns)
            _ = try Witness.run([
                "tc", "-n", ns.name, "qdisc", "add", "dev", "bond0", "root", "handle", "1:", "tbf", "rate", "1gbit",
                "burst", "100k", "latency", "10ms",
            ])
            let plan = await ns.aggctl("delete bond0 --allow-cutoff --dry-run")
            #expect(plan.output.contains("queueing discipline") && plan.output.contains("tbf"), "\(plan)")
        }
    }

    // MARK: - One thing each

    /// Killed between the two, a port of a team would make no address any more.
    @Test func aPortThatWasToldToMakeNoAddressMakesOneAgain() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            let before = try DeepWitness(ns, ["eth0", "eth1"])
            let driver = MeddlingDriver(ns.driver) { step in
                guard case .attach = step else { return }
                _ = try? ns.ip(
                    [], ["link set eth0 addrgenmode none", "link set eth1 addrgenmode none", "link set eth1 up"])
            }
            let outcome = await ns.aggctl(
                "create bond0 --mode active-backup --ports eth1,eth0 --no-wait", driver: driver)
            #expect(outcome.code == 1, "\(outcome)")
            let differences = try await ns.expectUnchanged(since: before, ["eth0", "eth1"])
            #expect(differences == [])
        }
    }

    /// What somebody else sets in the middle of a change makes that fail, and stays; what the change did is undone.
    @Test func whatOthersSetMeanwhileStaysAndIsNamed() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0 --no-wait")
            let driver = MeddlingDriver(ns.driver) { step in
                guard case .addAddress = step else { return }
                _ = try? ns.ip([], ["link set bond0 mtu 1400"])
            }
            let outcome = await ns.aggctl("set bond0 mtu=1300 addresses+=192.0.2.5/24", driver: driver)
            #expect(outcome.code == 1 && outcome.errors.contains("MTU changed to 1400"), "\(outcome)")
            let links = try ns.ip([], ["link show bond0", "addr show bond0"])
            #expect(links.contains("mtu 1400") && !links.contains("192.0.2.5"), "\(links)")
        }
    }

    @Test func aLeasedAddressThatMovesIsNamed() async throws {
        try await withNamespace { ns in
            try await Scenes.addressedPort(ns)
            let done = await ns.aggctl("create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --no-wait")
            #expect(done.code == 0 && done.output.contains("2001:db8:8::2/64 has a lifetime"), "\(done)")
        }
    }
}
