import Aggregation
import Bonding
import CNetlink
import Netlink
import Testing

@Suite struct BondCodecTests {
    static let codec = BondCodec()
    static let names: DeviceNames = {
        DeviceNames([Link(index: 7, name: "eth7"), Link(index: 9, name: "eth9")])
    }()

    static func index(_ name: String) -> Int32? { ["eth7": 7, "eth9": 9][name] }

    /// Every named value of a row, and the ends of its range.
    static func values(_ row: OptionDefinition) -> [OptionValue] {
        switch row.kind {
        case .integer(let range), .duration(_, let range): [range.lowerBound, range.upperBound].map(OptionValue.number)
        case .boolean: [.number(0), .number(1)]
        case .choice(let choices): choices.map { .number($0.number) }
        case .port: [.port(nil), .port("eth7")]
        case .ethernetAddress: [.address(.zero), .address(LinkLayerAddress([2, 1, 2, 3, 4, 5]))]
        case .targets(.ipv4, let maximum):
            [.targets([]), .targets((1...maximum).compactMap { IPAddress(text: "192.0.2.\($0)") })]
        case .targets(.ipv6, let maximum):
            [.targets([]), .targets((1...maximum).compactMap { IPAddress(text: "2001:db8::\($0)") })]
        // Bonding has none of these.
        case .names, .watches, .text: []
        }
    }

    @Test(arguments: BondingOptions.table.rows.map(\.name))
    func everyValueOfAnOptionComesBack(name: String) throws {
        let row = try #require(BondingOptions.table[name])
        for value in Self.values(row) {
            var settings = [OptionSetting(name, value)]
            if name != "mode" { settings.append(OptionSetting("mode", .number(1))) }
            let bytes = try Self.codec.encode(settings, index: Self.index)
            let facts = try #require(Self.codec.aggregate(AttributeReader(bytes), names: Self.names))
            #expect(facts.options[name] == value)
        }
    }

    @Test(arguments: BondingPortOptions.table.rows.map(\.name))
    func everyValueOfAPortOptionComesBack(name: String) throws {
        let row = try #require(BondingPortOptions.table[name])
        for value in Self.values(row) {
            let bytes = try Self.codec.encodePort([OptionSetting(name, value)])
            var writer = AttributeWriter()
            writer.put(UInt16(IFLA_BOND_SLAVE_STATE), [1])
            let port = try #require(Self.codec.port(AttributeReader(writer.bytes + bytes)))
            #expect(port.options[name] == value)
            #expect(port.isBackup)
        }
    }

    @Test func attributesAreInTheKernelsOrder() throws {
        let settings = BondingOptions.table.rows.reversed().map { OptionSetting($0.name, Self.values($0)[0]) }
        let bytes = try Self.codec.encode(settings, index: Self.index)
        #expect(AttributeReader(bytes).map { UInt16($0.type) } == BondingOptions.table.rows.map(\.attribute))
    }

    @Test func whatCannotBeSentNamesTheOption() {
        let wrong: [OptionSetting] = [
            .init("miimon", .number(-1)), .init("mode", .number(256)), .init("primary", .port("eth0")),
            .init("ad_actor_system", .address(LinkLayerAddress([1]))),
            .init("arp_ip_target", .targets([IPAddress(text: "::1")].compactMap { $0 })),
            .init("mimon", .number(1)), .init("lp_interval", .port(nil)),
        ]
        for setting in wrong {
            let error = #expect(throws: OptionEncodingError.self) {
                try Self.codec.encode([setting], index: Self.index)
            }
            #expect(error?.option == setting.name)
        }
    }

    @Test func whatTheKernelHidesIsSaidToBeHidden() throws {
        let lacp = try Self.codec.encode([OptionSetting("mode", .number(4))], index: Self.index)
        let facts = try #require(Self.codec.aggregate(AttributeReader(lacp), names: Self.names))
        #expect(facts.hidden == ["ad_actor_sys_prio", "ad_user_port_key", "ad_actor_system"])
        let other = try Self.codec.encode([OptionSetting("mode", .number(1))], index: Self.index)
        #expect(try #require(Self.codec.aggregate(AttributeReader(other), names: Self.names)).hidden.isEmpty)
    }

    @Test func readsTheStateOfAPort() throws {
        var writer = AttributeWriter()
        writer.put(UInt16(IFLA_BOND_SLAVE_STATE), [0])
        writer.put(UInt16(IFLA_BOND_SLAVE_MII_STATUS), [3])
        writer.put(UInt16(IFLA_BOND_SLAVE_LINK_FAILURE_COUNT), [5, 0, 0, 0])
        writer.put(UInt16(IFLA_BOND_SLAVE_PERM_HWADDR), [2, 0, 0, 0, 0, 9])
        writer.put(UInt16(IFLA_BOND_SLAVE_AD_AGGREGATOR_ID), [1, 0])
        writer.put(UInt16(IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE), [63])
        writer.put(UInt16(IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE), [61, 0])
        writer.put(UInt16(IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE), [2])
        let port = try #require(Self.codec.port(AttributeReader(writer.bytes)))
        #expect(port.monitor == .goingUp)
        #expect(port.linkFailures == 5)
        #expect(port.permanentAddress?.description == "02:00:00:00:00:09")
        #expect(port.aggregatorID == 1)
        #expect(port.actorState?.rawValue == 63)
        #expect(port.partnerState?.rawValue == 61)
        #expect(port.actorChurn == .settled)
        #expect(port.partnerChurn == nil)
    }

    /// Cut at every byte, and with every bit of it turned: it may be read as something else, but it is read.
    @Test func damagedDataNeverTraps() throws {
        let settings = BondingOptions.table.rows.map { OptionSetting($0.name, Self.values($0)[1]) }
        var bytes = try Self.codec.encode(settings, index: Self.index)
        for length in bytes.indices {
            _ = Self.codec.aggregate(AttributeReader(Array(bytes[..<length])), names: Self.names)
        }
        for place in bytes.indices {
            for bit in 0..<8 {
                bytes[place] ^= 1 << UInt8(bit)
                _ = Self.codec.aggregate(AttributeReader(bytes), names: Self.names)
                _ = Self.codec.port(AttributeReader(bytes))
                bytes[place] ^= 1 << UInt8(bit)
            }
        }
    }

    /// IFLA_STATS_LINK_XSTATS_SLAVE { LINK_XSTATS_TYPE_BOND { BOND_XSTATS_3AD { counters } } }.
    @Test func readsCountersByTheirNumbers() throws {
        var counters = AttributeWriter()
        for (place, type) in [
            BOND_3AD_STAT_LACPDU_RX, BOND_3AD_STAT_LACPDU_TX, BOND_3AD_STAT_LACPDU_UNKNOWN_RX,
            BOND_3AD_STAT_LACPDU_ILLEGAL_RX, BOND_3AD_STAT_MARKER_RX,
        ].enumerated() {
            counters.put(UInt16(type), withUnsafeBytes(of: UInt64(1) << 33 + UInt64(place)) { Array($0) })
        }
        var (kind, bond, message) = (AttributeWriter(), AttributeWriter(), if_stats_msg())
        kind.put(UInt16(BOND_XSTATS_3AD), counters.bytes)
        bond.put(UInt16(LINK_XSTATS_TYPE_BOND), kind.bytes)
        message.ifindex = 9
        var writer = AttributeWriter(header: withUnsafeBytes(of: message) { Array($0) })
        writer.put(UInt16(IFLA_STATS_LINK_XSTATS_SLAVE), bond.bytes)
        let read = try #require(
            LACPStatistics.decode(ReceivedMessage(type: UInt16(RTM_NEWSTATS), payload: writer.bytes)))
        #expect(read.port == 9)
        let first = UInt64(1) << 33
        #expect(read.counters.received == first && read.counters.sent == first + 1)
        #expect(read.counters.unknownReceived == first + 2 && read.counters.illegalReceived == first + 3)
        #expect(LACPStatistics.decode(ReceivedMessage(type: UInt16(RTM_NEWLINK), payload: writer.bytes)) == nil)
    }

    @Test func countersOfOtherDevicesAreNone() {
        #expect(LACPStatistics.decode(ReceivedMessage(type: UInt16(RTM_NEWSTATS), payload: [1, 2, 3])) == nil)
        let empty = [UInt8](repeating: 0, count: MemoryLayout<if_stats_msg>.size)
        #expect(LACPStatistics.decode(ReceivedMessage(type: UInt16(RTM_NEWSTATS), payload: empty)) == nil)
    }
}
