import Aggregation
import Testing

@Suite struct SettingComparisonTests {
    private func compare(
        _ name: String, _ text: String, in host: HostState
    ) throws -> SettingComparison {
        var wanted = ResolvedAggregate(name: "bond0", driver: .bonding)
        wanted.settings = [try setting(name, text, BondingOptions.table)]
        return try #require(SettingComparison.compare(wanted, in: host).first)
    }

    private func setting(_ name: String, _ text: String, _ table: OptionTable) throws -> ResolvedAggregate.Setting {
        ResolvedAggregate.Setting(name, try #require(table[name]).parse(text), origin: "options.\(name)")
    }

    @Test func equalAndDifferent() throws {
        let host = Fixture.host(bond: .activeBackup, ["miimon": .number(100), "updelay": .number(400)])
        let equal = try compare("miimon", "100ms", in: host)
        #expect(equal.outcome == .equal && equal.text == nil && !equal.isUnfulfilled)
        let different = try compare("updelay", "200ms", in: host)
        #expect(different.outcome == .differs(observed: .number(400)) && different.isUnfulfilled)
        #expect(different.text == "updelay is 400ms, not 200ms")
    }

    @Test func whatTheKernelDoesNotKnow() throws {
        let host = Fixture.host(bond: .lacp, without: ["lacp_strict", "coupled_control"])
        let unknown = try compare("lacp_strict", "on", in: host)
        #expect(unknown.outcome == .unknownToKernel && unknown.isUnfulfilled)
        #expect(unknown.text == "this kernel does not know lacp_strict")
        #expect(unknown.since == "7.2")
        let absent = try compare("lacp_strict", "off", in: host)
        #expect(absent.outcome == .satisfiedByAbsence && !absent.isUnfulfilled)
        #expect(absent.text == "lacp_strict: off is what a kernel without it does")
        #expect(try compare("coupled_control", "on", in: host).outcome == .satisfiedByAbsence)
        #expect(try compare("coupled_control", "off", in: host).outcome == .unknownToKernel)
    }

    @Test func whatTheKernelHides() throws {
        var host = Fixture.host(bond: .lacp, without: ["ad_actor_sys_prio"])
        host.links[2].aggregate?.hidden = ["ad_actor_sys_prio"]
        for text in ["7", "65535"] {
            let hidden = try compare("ad_actor_sys_prio", text, in: host)
            #expect(hidden.outcome == .hidden && !hidden.isUnfulfilled)
            #expect(hidden.text == "ad_actor_sys_prio is not verified: the kernel shows it only with CAP_NET_ADMIN")
        }
    }

    @Test func lists() throws {
        let targets = OptionValue.targets(Fixture.addresses("192.0.2.1", "192.0.2.2"))
        let host = Fixture.host(bond: .activeBackup, ["arp_ip_target": targets])
        #expect(try compare("arp_ip_target", "192.0.2.2,192.0.2.1", in: host).outcome == .equal)
        #expect(
            try compare("arp_ip_target", "192.0.2.1", in: host).text
                == "arp_ip_target is 192.0.2.1,192.0.2.2, not 192.0.2.1")
        #expect(try compare("ns_ip6_target", "none", in: host).outcome == .equal)
        #expect(try compare("ns_ip6_target", "2001:db8::1", in: host).outcome == .unknownToKernel)
        let bare = Fixture.host(bond: .activeBackup)
        #expect(try compare("arp_ip_target", "192.0.2.1", in: bare).outcome == .differs(observed: .targets([])))
    }

    @Test func portsByName() throws {
        let host = Fixture.host(bond: .activeBackup, ["primary": .port("eth0"), "active_slave": .port("eth0")])
        #expect(try compare("primary", "eth0", in: host).outcome == .equal)
        #expect(try compare("primary", "eth1", in: host).outcome == .differs(observed: .port("eth0")))
        #expect(try compare("primary", "none", in: host).text == "primary is eth0, not none")
        let deferred = try compare("primary", "eth7", in: host)
        #expect(deferred.outcome == .deferred && deferred.text == "primary=eth7 waits: eth7 has not joined yet")
        #expect(try compare("active_slave", "none", in: host).outcome == .equal)
        let bare = Fixture.host(bond: .activeBackup)
        #expect(try compare("primary", "none", in: bare).outcome == .equal)
        #expect(try compare("primary", "eth1", in: bare).outcome == .differs(observed: .port(nil)))
    }

    @Test func optionsOfPorts() throws {
        var host = Fixture.host(bond: .activeBackup, ports: 3)
        host.links[1].port?.options = ["queue_id": .number(0)]
        host.links[2].master = nil
        host.links[2].port = nil
        var wanted = ResolvedAggregate(name: "bond0", driver: .bonding)
        let prio = try setting("prio", "5", BondingPortOptions.table)
        let ports = ["eth0", "eth1", "eth2"].map { ResolvedAggregate.ResolvedPort(name: $0, settings: [prio]) }
        wanted.ports = ports
        let comparisons = SettingComparison.compare(wanted, in: host)
        #expect(comparisons.map(\.port) == ["eth0", "eth1", "eth2"])
        #expect(comparisons.map(\.outcome) == [.differs(observed: .number(0)), .unknownToKernel, .deferred])
        #expect(
            comparisons.map(\.text) == [
                "prio is 0, not 5", "this kernel does not know prio", "prio=5 waits: eth2 has not joined yet",
            ])
        for port in ports { #expect(SettingComparison.settingsToWrite(port, of: wanted, in: host) == [prio]) }
    }

    @Test func whatHasToBeWritten() throws {
        let wish = try Fixture.wish {
            $0.linkMonitor = .value(.carrier(interval: 100, upDelay: 200, downDelay: nil))
            $0.options = Fixture.options("num_grat_arp=5", "primary=eth1")
        }
        let fresh = BondingTranslation.resolve(wish, in: Fixture.host()).aggregate
        #expect(SettingComparison.settingsToWrite(fresh, in: Fixture.host()) == fresh.settings)
        #expect(SettingComparison.compare(fresh, in: Fixture.host()).isEmpty)
        let options: OptionValues = ["miimon": .number(100), "updelay": .number(200), "num_grat_arp": .number(5)]
        let host = Fixture.host(bond: .activeBackup, options)
        let again = BondingTranslation.resolve(wish, in: host).aggregate
        #expect(SettingComparison.settingsToWrite(again, in: host).map(\.name) == ["primary"])
        let done = Fixture.host(bond: .activeBackup, options.merging(["primary": .port("eth1")]) { $1 })
        #expect(SettingComparison.settingsToWrite(again, in: done).isEmpty)
        #expect(SettingComparison.compare(again, in: done).allSatisfy { $0.outcome == .equal })
    }
}
