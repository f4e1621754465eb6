import Aggregation
import Bonding
import Netlink
import Testing

/// What a 7.2 kernel sent, against what `ip` had told it: decoding held to bytes that are not ours.
@Suite struct CapturedBondTests {
    private static let names = DeviceNames([Link(index: 4, name: "d2")])

    /// IFLA_INFO_DATA of a bond made by `ip` with mode 802.3ad and the options that `lacpOptions` has in words.
    private static let lacp = bytes(
        """
        050001000400000008000300320000000800040064000000080005009600000008001c00c80000000500060001000000 \
        08000700000000001400080008000000c000020108000100c6336409080009000000000008000a000100000018001f80 \
        1400000020010db800000000000000000000000105000c000100000005000d000200000005000e000500000008000f00 \
        030000000500100004000000050011000100000008001200020000000800130005000000080014000100000005001d00 \
        000000000500150001000000050016000200000005001b000100000005001e0002000000050020000100000005002100 \
        000000000500220000000000060018000700000006001900090000000a001a0002000000000700003000170006000100 \
        010000000600020001000000060003004002000006000400010000000a0005000000000000000000
        """)

    /// The same of a bond with a path monitor and the port d2, index 4.
    private static let pathMonitor = bytes(
        """
        0500010001000000080002000400000008000300000000000800040000000000080005000000000008001c0000000000 \
        050006000100000008000700fa0000000c00080008000000c0000201080009000500000008000a000000000008000b00 \
        0400000005000c000000000005000d000000000005000e000000000008000f0001000000050010000100000005001100 \
        0000000008001200000000000800130001000000080014000100000005001d0001000000050015000000000005001600 \
        0000000005001b000100000005001e0006000000050020000100000005002100000000000500220000000000
        """)

    /// IFLA_INFO_SLAVE_DATA of a port of each.
    private static let lacpPort = bytes(
        """
        0500010001000000050002000200000008000300000000000a0004002219da3780320000060005000300000008000900 \
        0000000006000600010000000500070046000000060008000000000005000b000000000005000c000000000006000a00 \
        ff000000
        """)
    private static let activePort = bytes(
        """
        0500010000000000050002000000000008000300000000000a000400fab76917c10f0000060005000000000008000900 \
        fbffffff
        """)

    /// Every row of the table, as `ip` was given it or as the kernel has it by default.
    private static let lacpOptions = [
        "mode": "802.3ad", "active_slave": "none", "miimon": "50ms", "updelay": "100ms", "downdelay": "150ms",
        "peer_notif_delay": "200ms", "use_carrier": "on", "arp_interval": "0ms",
        "arp_ip_target": "192.0.2.1,198.51.100.9", "ns_ip6_target": "2001:db8::1", "arp_validate": "none",
        "arp_all_targets": "all", "primary": "none", "primary_reselect": "better", "fail_over_mac": "follow",
        "xmit_hash_policy": "vlan+srcmac", "resend_igmp": "3", "num_grat_arp": "4", "all_slaves_active": "on",
        "min_links": "2", "lp_interval": "5s", "packets_per_slave": "1", "lacp_active": "off", "lacp_rate": "fast",
        "ad_select": "count", "ad_actor_sys_prio": "7", "ad_user_port_key": "9", "ad_actor_system": "02:00:00:00:00:07",
        "tlb_dynamic_lb": "on", "arp_missed_max": "2", "coupled_control": "on", "broadcast_neighbor": "off",
        "lacp_strict": "off",
    ]

    /// Where the path monitor's bond differs from defaults.
    private static let pathOptions = [
        "mode": "active-backup", "active_slave": "d2", "miimon": "0ms", "arp_interval": "250ms",
        "arp_ip_target": "192.0.2.1", "arp_validate": "filter_active", "primary": "d2", "arp_missed_max": "6",
    ]

    @Test func everyOptionIsReadAsItWasGiven() throws {
        let facts = try #require(Self.decode(Self.lacp))
        #expect(Self.text(facts.options) == Self.lacpOptions)
        #expect(Set(Self.lacpOptions.keys) == Set(BondingOptions.table.rows.map(\.name)))
        #expect(facts.hidden.isEmpty)
        #expect(facts.activeAggregator?.id == 1)
        #expect(facts.activeAggregator?.portCount == 1)
        #expect(facts.activeAggregator?.actorKey == 576)
        #expect(facts.activeAggregator?.partnerSystem == .zero)
    }

    @Test func aPathMonitorAndItsPortAreRead() throws {
        let facts = try #require(Self.decode(Self.pathMonitor))
        let text = Self.text(facts.options)
        for (name, value) in Self.pathOptions { #expect(text[name] == value, "\(name)") }
        #expect(facts.activePort == "d2")
        // Other modes are not shown what is LACP's alone.
        #expect(facts.options["ad_actor_system"] == nil)
        #expect(facts.hidden.isEmpty)
    }

    @Test func portsAreRead() throws {
        let codec = BondCodec()
        let port = try #require(codec.port(AttributeReader(Self.lacpPort)))
        #expect(port.options == ["queue_id": .number(3), "prio": .number(0), "actor_port_prio": .number(255)])
        #expect(port.aggregatorID == 1)
        let active = try #require(codec.port(AttributeReader(Self.activePort)))
        #expect(active.options == ["queue_id": .number(0), "prio": .number(-5)])
        #expect(!active.isBackup)
        #expect(active.monitor == .up)
    }

    /// What the kernel sent, through the judgement: no fact is made by hand but the links themselves.
    @Test func whatWasCapturedIsJudged() throws {
        // What a carrier would have made of BOND_LINK_DOWN in IFLA_BOND_SLAVE_MII_STATUS.
        var linked = Self.lacpPort
        linked[12] = 0
        let lacp = try #require(Self.status(Self.lacp, port: linked))
        // min_links is 2 and there is one port; it is passive and nobody was heard.
        #expect(lacp.verdict == .misconfigured)
        #expect(lacp.isBeyondWaiting)
        #expect(lacp.portsUp == 0)
        #expect(lacp.partner == .nothing)
        #expect(lacp.ports.first?.note?.contains("this side is passive") == true)

        let path = try #require(Self.status(Self.pathMonitor, port: Self.activePort))
        #expect(path.verdict == .healthy)
        #expect(path.activePort == .value("d2"))
        #expect(path.ports.first?.role == .active)
        #expect(path.isUsable)
        // arp_validate is filter_active.
        let note = try #require(path.findings.first { $0.verdict == nil })
        #expect(note.text.hasPrefix("any ARP frame that a backup port receives counts as an answer"))
        #expect(note.text.contains("192.0.2.1"))

        // BOND_LINK_DOWN in IFLA_BOND_SLAVE_MII_STATUS, which is what a silent target does.
        var silent = Self.activePort
        silent[12] = 2
        let down = try #require(Self.status(Self.pathMonitor, port: silent))
        #expect(down.verdict == .down)
        #expect(down.ports.first?.note == "has carrier, but 192.0.2.1 does not answer")
    }

    private static func status(_ bond: [UInt8], port: [UInt8]) -> AggregateStatus? {
        var link = Link(index: 9, name: "bond0")
        link.kind = "bond"
        link.flags = [.up]
        link.hasCarrier = true
        link.aggregate = decode(bond)
        link.aggregate?.ports = ["d2"]
        var member = Link(index: 4, name: "d2")
        member.flags = [.up]
        member.hasCarrier = true
        member.master = 9
        member.speed = 1000
        member.duplex = .full
        member.port = BondCodec().port(AttributeReader(port))
        var state = HostState()
        state.links = [link, member]
        return AggregateHealth.statuses(of: state).first
    }

    /// What was cut off is missing; what is there is what it was.
    @Test func whatIsCutShortIsNeverReadAsSomethingElse() throws {
        let whole = try #require(Self.decode(Self.lacp))
        for length in Self.lacp.indices {
            guard let facts = Self.decode(Array(Self.lacp[..<length])) else { continue }
            for (name, value) in facts.options where value != .port(nil) && value != .targets([]) {
                #expect(value == whole.options[name], "\(name) at \(length) bytes")
            }
        }
        let codec = BondCodec()
        let port = try #require(codec.port(AttributeReader(Self.lacpPort)))
        for length in Self.lacpPort.indices {
            guard let facts = codec.port(AttributeReader(Array(Self.lacpPort[..<length]))) else { continue }
            for (name, value) in facts.options { #expect(value == port.options[name], "\(name) at \(length) bytes") }
        }
    }

    @Test func turnedBitsNeverTrap() {
        let codec = BondCodec()
        for captured in [Self.lacp, Self.pathMonitor, Self.lacpPort, Self.activePort] {
            var bytes = captured
            for place in bytes.indices {
                for bit in 0..<8 {
                    bytes[place] ^= 1 << UInt8(bit)
                    _ = Self.decode(bytes)
                    _ = codec.port(AttributeReader(bytes))
                    bytes[place] ^= 1 << UInt8(bit)
                }
            }
        }
    }

    private static func decode(_ bytes: [UInt8]) -> AggregateFacts? {
        BondCodec().aggregate(AttributeReader(bytes), names: names)
    }

    private static func text(_ options: OptionValues) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: options.map { name, value in
                (name, BondingOptions.table[name]?.format(value) ?? "no such option")
            })
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue).map(UInt8.init)
        return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
