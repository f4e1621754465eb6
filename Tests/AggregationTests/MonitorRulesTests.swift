import Aggregation
import Testing

/// What a change of monitor or mode does to options that nobody mentioned.
@Suite struct MonitorRulesTests {
    private func resolve(
        _ host: HostState, _ mode: Mode? = nil, _ options: String...
    ) throws -> BondingTranslation.Resolution {
        let wish = try Fixture.wish(mode) { $0.options = options.flatMap { Fixture.options($0) } }
        return BondingTranslation.resolve(wish, in: host)
    }

    /// What is said of a bond that asks one host and validates nothing.
    private static let laxity = TargetMonitor(
        bond: ["arp_interval": .number(1000), "arp_ip_target": .targets(Fixture.addresses("192.0.2.1"))],
        mode: .activeBackup)?.warning

    @Test func theObservedMiimonSatisfiesADelay() throws {
        let host = Fixture.host(bond: .activeBackup, ["miimon": .number(50)])
        let good = try resolve(host, nil, "updelay=150ms")
        #expect(good.problems.isEmpty && good.texts == ["updelay=150ms"])
        let bad = try resolve(host, nil, "updelay=120ms")
        #expect(
            bad.problems.map(\.description) == [
                "bond0: updelay=120ms: it is no multiple of miimon (50ms); use 100ms or 150ms"
            ])
        let none = try resolve(Fixture.host(bond: .activeBackup), nil, "peer_notif_delay=100ms")
        #expect(
            none.problems.map(\.description) == [
                "bond0: peer_notif_delay=100ms: it needs miimon, which is 0ms; "
                    + "set miimon (link-monitor.interval), or leave it out"
            ])
    }

    @Test func delaysKeepTheirMilliseconds() throws {
        let host = Fixture.host(
            bond: .activeBackup, ["miimon": .number(100), "updelay": .number(200), "downdelay": .number(400)])
        let resolution = try resolve(host, nil, "miimon=200ms")
        #expect(resolution.problems.isEmpty)
        #expect(resolution.texts == ["miimon=200ms", "updelay=200ms*", "downdelay=400ms*", "peer_notif_delay=0ms*"])
        #expect(
            resolution.notes.map(\.description) == [
                "bond0: updelay: 200ms is written again: the kernel keeps it as a multiple of miimon",
                "bond0: downdelay: 400ms is written again: the kernel keeps it as a multiple of miimon",
            ])
        #expect(
            SettingComparison.settingsToWrite(resolution.aggregate, in: host).map(\.name) == [
                "miimon", "updelay", "downdelay", "peer_notif_delay",
            ])
        #expect(try resolve(host, nil, "miimon=100ms").texts == ["miimon=100ms"])
    }

    @Test func aDelayThatCannotBeKept() throws {
        let host = Fixture.host(bond: .activeBackup, ["miimon": .number(50), "updelay": .number(150)])
        #expect(
            try resolve(host, nil, "miimon=100ms").problems.map(\.description) == [
                "bond0: miimon=100ms: updelay is 150ms, which is no multiple of it; set updelay too: 100ms or 200ms"
            ])
        #expect(try resolve(host, nil, "miimon=100ms", "updelay=200ms").problems.isEmpty)
    }

    @Test func aDelayOfZeroIsNotWrittenWithoutMiimon() throws {
        let resolution = try resolve(Fixture.host(), .activeBackup, "miimon=0", "updelay=0")
        #expect(resolution.problems.isEmpty && resolution.texts == ["miimon=0ms"])
        #expect(
            resolution.notes.first?.description
                == "bond0: updelay: 0ms is not written: there is no delay while miimon is 0ms")
    }

    @Test func theOtherMonitorIsPutAwayInWords() throws {
        let watched = Fixture.host(bond: .activeBackup, ["miimon": .number(100), "updelay": .number(200)])
        let path = try resolve(watched, nil, "arp_interval=1s", "arp_ip_target=192.0.2.1")
        #expect(path.texts == ["miimon=0ms*", "arp_interval=1000ms", "arp_ip_target=192.0.2.1"])
        #expect(
            path.notes.map(\.description) == [
                "bond0: miimon: 100ms becomes 0ms, updelay 0ms, because arp_interval excludes it",
                "bond0: arp_interval: \(try #require(Self.laxity))",
            ])

        let probed = Fixture.host(bond: .activeBackup, ["arp_interval": .number(1000), "arp_validate": .number(3)])
        let link = try resolve(probed, nil, "miimon=100ms")
        #expect(link.texts.prefix(1) == ["miimon=100ms"] && link.texts.last == "arp_interval=0ms*")
        #expect(
            link.notes.map(\.description) == [
                "bond0: arp_interval: 1000ms becomes 0ms, arp_validate none, because miimon excludes it"
            ])
    }

    @Test func aProbeOfNobody() throws {
        let resolution = try resolve(Fixture.host(), .activeBackup, "arp_interval=1s")
        #expect(
            resolution.problems.map(\.description) == [
                "bond0: arp_interval=1000ms: arp_interval is 1000ms and there is nobody to ask: every port would be taken "
                    + "for dead; set arp_ip_target or ns_ip6_target, or arp_interval=0"
            ])
        // Nor may the last target go while somebody is asked.
        let host = Fixture.host(
            bond: .activeBackup,
            ["arp_interval": .number(1000), "arp_ip_target": .targets(Fixture.addresses("192.0.2.1"))])
        #expect(!(try resolve(host, nil, "arp_ip_target=none").problems.isEmpty))
        #expect(try resolve(host, nil, "arp_ip_target=none", "ns_ip6_target=2001:db8::1").problems.isEmpty)
        #expect(try resolve(host, nil, "arp_ip_target=none", "arp_interval=0").problems.isEmpty)
    }

    @Test func validationBesideAnObservedLinkMonitor() throws {
        let host = Fixture.host(bond: .activeBackup, ["miimon": .number(100)])
        let resolution = try resolve(host, nil, "arp_validate=active")
        // The kernel takes it here and not beside the miimon of a new bond: it does nothing in either case.
        #expect(
            resolution.problems.map(\.rule) == ["it validates answers that nobody asks for: arp_interval is 0ms"])
    }

    @Test func aNewModeKeepsWhatItWouldReset() throws {
        let host = Fixture.host(
            bond: .activeBackup,
            [
                "arp_interval": .number(1000), "arp_ip_target": .targets(Fixture.addresses("192.0.2.1")),
                "arp_validate": .number(3),
            ])
        let resolution = try resolve(host, .broadcast)
        #expect(resolution.texts == ["arp_validate=all*"])
        #expect(SettingComparison.settingsToWrite(resolution.aggregate, in: host).map(\.name) == ["arp_validate"])
        let dynamic = Fixture.host(bond: .balanceTLB, ["tlb_dynamic_lb": .number(0)])
        #expect(try resolve(dynamic, .balanceALB).texts == ["tlb_dynamic_lb=off*"])
    }

    @Test func lacpPutsThePathMonitorAway() throws {
        let host = Fixture.host(bond: .activeBackup, ["arp_interval": .number(1000), "arp_validate": .number(3)])
        let resolution = try resolve(host, .lacp)
        #expect(resolution.problems.isEmpty)
        #expect(!resolution.texts.contains { $0.hasPrefix("arp_") })
        #expect(
            resolution.notes.map(\.description) == [
                "bond0: arp_interval: mode lacp has no path monitor: 1000ms becomes 0ms, and miimon 100ms watches the links"
            ])
        // The new mode's miimon is there for rules about delays.
        #expect(try resolve(Fixture.host(bond: .activeBackup), .lacp, "updelay=200ms").problems.isEmpty)
    }
}
