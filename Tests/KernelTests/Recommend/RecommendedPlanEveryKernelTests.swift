import Testing

/// What `recommend --output` writes is what `apply` takes, and `ip` sees what was promised.
@Suite struct RecommendedPlanEveryKernelTests {
    /// Requirements, and parts of `ip -d link show` that follow from them.
    static let promises: [(requirements: String, seen: [String])] = [
        ("redundancy switch=two", ["mode active-backup", "miimon 100"]),
        (
            "redundancy throughput switch=lacp",
            ["mode 802.3ad", "miimon 100", "lacp_rate fast", "min_links 1", "xmit_hash_policy layer3+4"]
        ),
        ("lacp", ["mode 802.3ad", "lacp_rate slow", "xmit_hash_policy layer2+3"]),
        ("throughput switch=static", ["mode balance-xor", "miimon 100", "xmit_hash_policy layer3+4"]),
        ("throughput switch=unmanaged", ["mode balance-tlb", "miimon 100", "xmit_hash_policy layer3+4"]),
        ("single-flow switch=static", ["mode balance-rr", "miimon 100"]),
        ("lacp-passive min-ports=2", ["mode 802.3ad", "lacp_active off", "min_links 2"]),
        ("redundancy detection=50ms switch=two", ["mode active-backup", "miimon 50"]),
        ("detection=600ms ipv6-monitoring=2001:db8::1", ["mode active-backup", "arp_interval 120"]),
        (
            "redundancy ipv6-monitoring=2001:db8::1",
            ["mode active-backup", "miimon 0", "arp_interval 1000", "ns_ip6_target 2001:db8::1"]
        ),
        (
            "redundancy arp-monitoring=192.0.2.1 ipv6-monitoring=2001:db8::1",
            ["mode active-backup", "arp_interval 1000", "arp_ip_target 192.0.2.1", "ns_ip6_target 2001:db8::1"]
        ),
        (
            "lacp-key=17 lacp-system=02:00:5e:00:53:01 lacp-rate=slow",
            ["mode 802.3ad", "ad_user_port_key 17", "ad_actor_system 02:00:5e:00:53:01", "lacp_rate slow"]
        ),
        (
            "redundancy priorities stickiness mac-policy=active announcements=5",
            ["mode active-backup", "primary_reselect failure", "fail_over_mac active", "num_grat_arp 5", "prio 2"]
        ),
        ("redundancy priorities switch=two", ["mode active-backup", "updelay 30000", "prio 2"]),
        ("redundancy settle=2s", ["mode active-backup", "updelay 2000"]),
        ("redundancy lacp switch=two", ["mode 802.3ad", "ad_select bandwidth"]),
        ("throughput tunnels switch=lacp", ["mode 802.3ad", "xmit_hash_policy encap3+4"]),
        ("latency throughput switch=lacp", ["mode 802.3ad", "xmit_hash_policy layer3+4"]),
    ]

    /// Requirements that only teaming meets, or meets better, and the runner and watch that follow from them.
    static let teams: [(requirements: String, runner: String, watch: String)] = [
        ("redundancy per-port-monitoring", "activebackup", "ethtool"),
        ("dbus arp-monitoring=192.0.2.1 ipv6-monitoring=2001:db8::1", "activebackup", "arp_ping"),
        ("dbus lacp-key=17 lacp-system=02:00:5e:00:53:01", "lacp", "ethtool"),
        ("dbus stickiness mac-policy=follow announcements=3", "activebackup", "ethtool"),
    ]

    @Test(arguments: promises) func isWhatApplyTakes(_ requirements: String, _ seen: [String]) async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            let flags = requirements.split(separator: " ").map { " --require \($0)" }.joined()
            let plan = await ns.aggctl("recommend\(flags) --ports eth0,eth1 --output -")
            #expect(plan.code == 0, "\(plan)")
            let file = try ns.file(plan.output)
            try await ns.require("apply \(file) --no-wait")
            let text = try ns.ip(["-d"], ["link show bond0", "link show eth0"])
            for part in seen { #expect((text + " ").contains("\(part) "), "\(part) is not in \(text)") }
            try await ns.require("check \(file)")
        }
    }

    @Test(arguments: teams) func isATeamWhereThatIsTheAnswer(
        _ requirements: String, _ runner: String, _ watch: String
    ) async throws {
        try await withTeam { scene in
            try await scene.ns.dummies("eth0", "eth1")
            let flags = requirements.split(separator: " ").map { " --require \($0)" }.joined()
            let plan = await scene.aggctl("recommend\(flags) --ports eth0,eth1 --name TEAM --output -")
            #expect(plan.code == 0, "\(plan)")
            let file = try scene.ns.file(plan.output)
            try await scene.require("apply \(file) --no-wait")
            #expect(try scene.state("setup.runner_name") == runner)
            #expect(try scene.state("ports.eth1.link_watches.list.link_watch_0.name") == watch)
            try await scene.require("check \(file)")
        }
    }

    /// The plan of every kind of host holds on a running kernel.
    @Test func isWhatApplyTakesForEveryProfile() async throws {
        let list = try JSON.parse(await withNamespace { await $0.aggctl("recommend --list --json").output })
        guard case .array(let profiles)? = list["profiles"] else { throw Missing(what: "profiles") }
        #expect(profiles.count >= 12)
        for profile in profiles {
            guard case .string(let name)? = profile["profile"] else { throw Missing(what: "a name") }
            try await withTeam { scene in
                try await scene.ns.dummies("eth0", "eth1")
                let plan = await scene.aggctl("recommend --profile \(name) --ports eth0,eth1 --name TEAM --output -")
                #expect(plan.code == 0, "\(name): \(plan)")
                let file = try scene.ns.file(plan.output)
                try await scene.require("apply \(file) --no-wait")
                #expect(await scene.aggctl("check \(file)").code == 0, "\(name)")
                try await scene.require("delete TEAM")
            }
        }
    }
}
