import Aggregation
import Testing

/// The cause that is named is the cause, and what forwards nothing is not usable.
@Suite struct JudgementTests {
    private static func status(_ state: HostState) throws -> AggregateStatus {
        try #require(AggregateHealth.statuses(of: state).first)
    }

    private static func targets(_ texts: String...) -> OptionValue {
        .targets(texts.compactMap { IPAddress(text: $0) })
    }

    private static func asking(_ options: OptionValues = [:], mode: Mode = .activeBackup) -> HostState {
        let asking: OptionValues = [
            "miimon": .number(0), "downdelay": .number(0), "arp_interval": .number(300), "arp_validate": .number(3),
            "arp_ip_target": targets("198.51.100.1"), "ns_ip6_target": .targets([]),
        ]
        return SettlingTests.host(mode, asking.merging(options) { $1 })
    }

    // MARK: - Why a port is down

    /// BOND_LINK_FAIL and BOND_LINK_BACK mean delays with miimon, and unanswered questions with arp_interval.
    @Test(arguments: [PortFacts.MonitorState.down, .goingDown, .goingUp])
    func aSilentTargetIsNoLostCarrier(_ monitor: PortFacts.MonitorState) throws {
        var state = Self.asking()
        state.links[2].port?.monitor = monitor
        #expect(try Self.status(state).ports[1].note == "has carrier, but 198.51.100.1 does not answer")
        state.links[2].hasCarrier = false
        #expect(try Self.status(state).ports[1].note == "no carrier")
    }

    @Test func severalTargetsAreNamedAsTheyAreAsked() throws {
        let both = Self.targets("198.51.100.1", "198.51.100.2")
        for (all, text) in [
            (Int64(0), "has carrier, but none of 198.51.100.1, 198.51.100.2 answers"),
            (1, "has carrier, but not all of 198.51.100.1, 198.51.100.2 answer"),
        ] {
            var state = Self.asking(["arp_ip_target": both, "arp_all_targets": .number(all)])
            state.links[2].port?.monitor = .down
            #expect(try Self.status(state).ports[1].note == text)
        }
        var state = Self.asking([
            "arp_ip_target": .targets([]), "ns_ip6_target": Self.targets("2001:db8::1"),
        ])
        state.links[2].port?.monitor = .down
        #expect(try Self.status(state).ports[1].note == "has carrier, but 2001:db8::1 does not answer")
    }

    @Test func delaysOfTheLinkMonitorAreNamed() throws {
        var state = SettlingTests.host(
            .activeBackup, ["miimon": .number(100), "downdelay": .number(400), "updelay": .number(200)])
        state.links[2].port?.monitor = .goingDown
        #expect(try Self.status(state).ports[1].note == "carrier is back before the end of downdelay 400ms")
        state.links[2].hasCarrier = false
        #expect(try Self.status(state).ports[1].note == "no carrier; marked down after downdelay 400ms")
        state.links[2].port?.monitor = .goingUp
        #expect(try Self.status(state).ports[1].note == "no carrier")
    }

    @Test func aWatchOfATeamIsNamed() throws {
        var state = Self.team(.activeBackup)
        func note(_ watch: LinkWatch) throws -> String? {
            state.links[2].port?.monitor = .down
            state.links[2].port?.failedWatches = [watch]
            return try Self.status(state).ports[1].note
        }
        let arp = OptionSetting("target_host", Self.targets("192.0.2.1"))
        let solicited = OptionSetting("target_host", Self.targets("2001:db8::1"))
        #expect(try note(LinkWatch(.arpPing, [arp])) == "has carrier, but 192.0.2.1 does not answer")
        #expect(try note(LinkWatch(.nsnaPing, [solicited])) == "has carrier, but 2001:db8::1 does not answer")
        #expect(try note(LinkWatch(.tipc)) == "has carrier, but teamd says down")
    }

    // MARK: - What is usable

    @Test func anActivePortWithoutCarrierCarriesNothing() throws {
        for state in [SettlingTests.host(.activeBackup), Self.team(.activeBackup)] {
            var state = state
            state.links[2].port?.isBackup = true
            #expect(try Self.status(state).verdict == .healthy)
            state.links[1].hasCarrier = false
            state.links[1].port?.monitor = .down
            let judged = try Self.status(state)
            #expect(judged.verdict == .down)
            #expect(judged.findings.contains { $0.text == "the active port a carries nothing" })
            #expect(!judged.isUsable)
            // A backup port without carrier costs redundancy alone.
            state = state.flipped
            #expect(try Self.status(state).verdict == .degraded)
            #expect(try Self.status(state).isUsable)
        }
    }

    /// In balance-tlb the other ports go on sending.
    @Test func onlyActiveBackupHangsOnOnePort() throws {
        var state = SettlingTests.host(.balanceTLB)
        state.links[1].hasCarrier = false
        state.links[1].port?.monitor = .down
        #expect(try Self.status(state).verdict == .degraded)
    }

    @Test func whatIsDownHasNoUsablePort() throws {
        var state = SettlingTests.host(.balanceXOR)
        state.links[0].flags = []
        let judged = try Self.status(state)
        #expect(judged.portsUp == 0)
        #expect(judged.speed == 0)
        #expect(judged.verdict == .down)
    }

    @Test func aPartnerThatDoesNotCollectLosesWhatIsSent() throws {
        var state = SettlingTests.host(.lacp)
        SettlingTests.lacp(&state.links[2], .init(rawValue: 63), partner: .init(rawValue: 15))
        let judged = try Self.status(state)
        #expect(judged.verdict == .degraded)
        #expect(judged.portsUp == 1)
        #expect(judged.ports[1].note == "the partner does not collect: what is sent here is lost")
    }

    @Test func aPortThatTheDriverKeepsBackIsNotUsable() throws {
        for mode in [Mode.balanceXOR, .balanceRR, .broadcast] {
            var state = Self.team(mode)
            state.links[2].port?.isBackup = true
            #expect(try Self.status(state).portsUp == 1)
            state.links[2].port?.isBackup = false
            state.links[2].port?.toldLinkUp = false
            #expect(try Self.status(state).portsUp == 1)
            state.links[2].port?.toldLinkUp = true
            #expect(try Self.status(state).portsUp == 2)
        }
    }

    @Test(arguments: [(UInt32(1499), false), (1500, true), (9000, true)])
    func aSmallerPortLosesLongFrames(_ mtu: UInt32, _ isHealthy: Bool) throws {
        var state = SettlingTests.host(.balanceXOR)
        state.links[2].mtu = mtu
        let judged = try Self.status(state)
        #expect(judged.verdict == (isHealthy ? .healthy : .degraded))
        #expect((judged.ports[1].note == nil) == isHealthy)
    }

    // MARK: - One partner silent

    /// After defaulting the port has an aggregator of its own, and bits are left of when its partner spoke.
    @Test func aSilentPartnerIsNoMisconfiguration() throws {
        var state = SettlingTests.host(.lacp)
        SettlingTests.lacp(&state.links[2], .init(rawValue: 71), partner: .init(rawValue: 0), isBackup: true)
        state.links[2].port?.aggregatorID = 2
        let judged = try Self.status(state)
        #expect(judged.verdict == .degraded)
        #expect(judged.ports[1].note == "no LACPDU from the partner any more")
        // Two partners that both speak: that is one.
        SettlingTests.lacp(&state.links[2], .init(rawValue: 15), partner: .init(rawValue: 15), isBackup: true)
        state.links[2].port?.aggregatorID = 2
        #expect(try Self.status(state).verdict == .misconfigured)
    }

    // MARK: - Notes

    @Test func laxMonitorsAreNoted() throws {
        func notes(_ state: HostState) throws -> [String] {
            try Self.status(state).findings.filter { $0.verdict == nil }.map(\.text)
        }
        #expect(try notes(Self.asking()) == [])
        for (validate, part) in [
            (Int64(0), "any frame that a port receives"), (4, "any ARP frame that a port receives"),
            (1, "any frame that a backup port receives"), (2, "any frame that the active port receives"),
            (6, "any ARP frame that the active port receives"),
        ] {
            let text = try #require(try notes(Self.asking(["arp_validate": .number(validate)])).first)
            #expect(text.hasPrefix(part))
            #expect(text.contains("198.51.100.1"))
        }
        // All ports are active in the other modes.
        #expect(try notes(Self.asking(["arp_validate": .number(1)], mode: .balanceXOR)) == [])
        #expect(try notes(SettlingTests.host(.activeBackup)) == [])

        let host = OptionSetting("target_host", Self.targets("192.0.2.1"))
        func team(_ settings: [OptionSetting], own: Bool = false) -> HostState {
            var state = Self.team(.activeBackup)
            let watches = OptionValue.watches([LinkWatch(.arpPing, settings)])
            if own {
                state.links[1].port?.options["link_watch"] = watches
            } else {
                state.links[0].aggregate?.options["link_watch"] = watches
            }
            return state
        }
        let strict = [OptionSetting("validate_active", .number(1)), OptionSetting("validate_inactive", .number(1))]
        #expect(try notes(team([host])).first?.contains("any ARP frame that a port receives") == true)
        #expect(try notes(team([host], own: true)).count == 1)
        #expect(try notes(team([host, strict[0]])).first?.contains("a backup port") == true)
        #expect(try notes(team([host] + strict)) == [])
    }

    @Test func monitoringWithoutTargetsIsTheRoot() throws {
        var state = Self.asking(["arp_ip_target": .targets([])])
        for place in 1...2 { state.links[place].port?.monitor = .down }
        let judged = try Self.status(state)
        #expect(judged.verdict == .misconfigured)
        #expect(judged.ports[0].note == "has carrier, but there is no target to ask")
        #expect(judged.isBeyondWaiting)
    }

    @Test func aBridgeAboveIsLookedAt() throws {
        func notes(_ mode: Mode, _ policy: Int64 = 0, bridged: Bool = true) throws -> [String] {
            var state = SettlingTests.host(mode)
            var bridge = Link(index: 50, name: "br0")
            bridge.kind = "bridge"
            state.links.append(bridge)
            state.links[0].aggregate?.options["xmit_hash_policy"] = .number(policy)
            if bridged { state.links[0].master = 50 }
            return try Self.status(state).findings.map(\.text)
        }
        for mode in [Mode.balanceTLB, .balanceALB] {
            #expect(try notes(mode).first?.contains("writes the MAC address of the sending port") == true)
            #expect(try notes(mode, bridged: false) == [])
        }
        #expect(try notes(.balanceXOR, 5).first?.contains("vlan+srcmac") == true)
        #expect(try notes(.balanceXOR, 1) == [])
        #expect(try notes(.balanceXOR, 5, bridged: false) == [])
        #expect(try notes(.lacp, 5) == [])
    }

    @Test func portsThatBalanceAreNoBackups() throws {
        func roles(_ mode: Mode, _ change: (inout HostState) -> Void = { _ in }) throws -> [PortStatus.Role?] {
            var state = SettlingTests.host(mode)
            change(&state)
            return try Self.status(state).ports.map(\.role)
        }
        #expect(try roles(.balanceTLB) == [.active, .balancing])
        #expect(try roles(.balanceALB) == [.active, .balancing])
        #expect(try roles(.balanceALB) { $0.links[2].port?.monitor = .down } == [.active, .idle])
        #expect(try roles(.activeBackup) == [.active, .backup])
        #expect(try roles(.balanceXOR) == [nil, nil])
    }

    private static func team(_ mode: Mode) -> HostState {
        var state = SettlingTests.host(mode)
        state.links[0].kind = "team"
        state.links[0].aggregate?.driver = .teaming
        state.links[0].aggregate?.options = ["link_watch": .watches([LinkWatch(.ethtool)])]
        state.links[0].aggregate?.daemon = .init(.running, process: 7)
        state.links[0].aggregate?.daemon?.isSupervised = true
        if mode == .activeBackup { state.links[2].port?.isBackup = true }
        return state
    }
}

extension HostState {
    /// The other port is the active one.
    fileprivate var flipped: HostState {
        var copy = self
        copy.links[0].aggregate?.activePort = "b"
        copy.links[1].port?.isBackup = true
        copy.links[2].port?.isBackup = false
        return copy
    }
}
