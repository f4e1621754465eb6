import Aggregation
import Testing

/// What wishes come to where the kernel and teamd have a say: read back by `ip`, `teamdctl` and `teamnl`.
@Suite struct WishTests {
    /// What `ip` shows of a device.
    private func shown(_ ns: KernelFixture, _ device: String) throws -> JSON? {
        try JSON.parse(try ns.ip(["-d", "-j"], ["link show dev \(device)"]))[0]
    }

    private func master(of device: String, _ ns: KernelFixture) throws -> String? {
        try shown(ns, device)?["master"]?.plain
    }

    @Test func alternativeNamesAndFormerNames() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            _ = try ns.ip([], ["link property add dev eth1 altname wan1", "link property add dev eth2 altname wan2"])
            try await ns.require("create bond0 --mode active-backup --ports eth0,wan1 --set primary=wan1 --no-wait")
            #expect(try master(of: "eth1", ns) == "bond0")
            #expect(try shown(ns, "bond0")?["linkinfo"]?["info_data"]?["primary"]?.plain == "eth1")
            try await ns.require("port set bond0 wan1 priority=3")
            try await ns.require("port add bond0 wan2")
            try await ns.require("port remove bond0 wan2")
            #expect(try master(of: "eth2", ns) == nil)

            // A port is down to be renamed on this kernel.
            _ = try ns.ip([], ["link set eth1 down", "link set eth1 name lan7", "link set lan7 up"])
            let path = try ns.file(
                "{version: 1, aggregates: [{name: bond0, mode: active-backup, primary: eth1, ports: [eth0, eth1]}]}")
            let applied = await ns.aggctl("apply \(path)")
            #expect(applied.code == 0 && applied.output.contains("eth1 is called lan7 now"), "\(applied)")
            #expect(try master(of: "lan7", ns) == "bond0")
            try await ns.require("port remove bond0 eth1")
            #expect(try master(of: "lan7", ns) == nil)
        }
    }

    @Test func neutralValuesGoThrough() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            // The kernel refuses even arp_validate none in one request with miimon.
            for (mode, settings) in [
                ("active-backup", "arp_validate=none,arp_interval=0,packets_per_slave=default,lacp_rate=slow"),
                ("lacp", "packets_per_slave=default,arp_validate=none,arp_interval=0,primary=none,tlb_dynamic_lb=on"),
                ("balance-rr", "miimon=default,lacp.rate=default,primary=default"),
            ] {
                let words = settings.split(separator: ",").map { " --set \($0)" }.joined()
                let created = await ns.aggctl("create bond0 --mode \(mode) --ports eth1 --no-wait\(words)")
                #expect(created.code == 0, "\(created)")
                #expect(try shown(ns, "bond0")?["linkinfo"]?["info_data"]?["miimon"]?.plain == "100")
                try await ns.require("delete bond0")
            }
            try await ns.require("create bond0 --mode active-backup --ports eth1 --no-wait")
            try await ns.require("set bond0 mode=lacp arp_interval=0")
        }
    }

    @Test func aPrimaryThatJoinsLater() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            let created = await ns.aggctl(
                "create bond0 --mode active-backup --ports eth1 --set primary=eth3 --no-wait")
            #expect(created.code == 0 && created.output.contains("eth3 is no port of bond0 yet"), "\(created)")
            try await ns.require("port add bond0 eth3")
            #expect(try shown(ns, "bond0")?["linkinfo"]?["info_data"]?["primary"]?.plain == "eth3")
        }
    }

    /// The kernel takes IPv6 off a device whose MTU falls below 1280, and does not give it back.
    @Test func anMTUBelowWhatIPv6Needs() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.ports(ns)
            try await ns.require(
                "create bond0 --mode active-backup --ports eth1 --address 2001:db8:100::2/64 --no-wait")
            _ = try ns.ip([], ["link add link bond0 name v7 type vlan id 7", "link set v7 up"])
            let refused = await ns.aggctl("set bond0 mtu=1200")
            #expect(refused.code == 65 && refused.errors.contains("bond0 has 2001:db8:100::2/64"), "\(refused)")
            try await ns.require("set bond0 addresses=192.0.2.2/24")
            _ = try ns.ip([], ["addr add 2001:db8:7::2/64 dev v7"])
            let above = await ns.aggctl("set bond0 mtu=1200")
            #expect(above.code == 65 && above.errors.contains("v7 has 2001:db8:7::2/64"), "\(above)")
            #expect(try ns.ip([], ["addr show dev v7 scope global"]).contains("2001:db8:7::2"))
            // What it is refused for.
            _ = try ns.ip([], ["link set bond0 mtu 1200"])
            #expect(!(try ns.ip([], ["addr show dev v7 scope global"]).contains("2001:db8:7::2")))
            let late = await ns.aggctl("set bond0 addresses+=2001:db8::9/64")
            #expect(late.code == 65, "\(late)")
        }
    }

    @Test func aPortWithoutCarrierIsNotMadeActive() async throws {
        try await withTeam { scene in
            try await Scenes.ports(scene.ns)
            try await scene.require("create TEAM --driver teaming --mode active-backup --ports eth0,eth1")
            try await scene.ns.require("create bond0 --mode active-backup --ports eth2,eth3")
            _ = try scene.ns.ip([], ["link set far1 down", "link set far3 down"])
            try await eventually("eth1 and eth3 lose their carrier") {
                let host = try await scene.driver.observe(.links)
                return host.link(named: "eth1")?.hasCarrier == false && host.link(named: "eth3")?.hasCarrier == false
            }
            let team = await scene.aggctl("port activate TEAM eth1")
            let bond = await scene.ns.aggctl("port activate bond0 eth3")
            #expect(team.code == 5 && team.errors.contains("eth1 has no carrier"), "\(team)")
            #expect(bond.code == 5 && bond.errors.contains("eth3 has no carrier"), "\(bond)")
            #expect(try scene.state("runner.active_port") == "eth0")
            // A watch that says what the team's own says is no error and no change.
            let watch = await scene.aggctl("port set TEAM eth0 link_watch={name:~ethtool}")
            #expect(watch.code == 0, "\(watch)")
        }
    }
}
