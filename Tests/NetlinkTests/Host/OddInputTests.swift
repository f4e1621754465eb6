import Aggregation
import CNetlink
import Glibc
import Testing

@testable import Netlink

/// What is read of messages that are whole and unusual: that nothing traps is tested elsewhere.
@Suite struct OddInputTests {
    private static let names = HostDecoderTests.names

    private static func bytes<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] { HostDecoderTests.bytes(value) }

    // MARK: - Lengths

    private static func link(_ fill: (inout AttributeWriter) -> Void) throws -> LinkDescription {
        var header = ifinfomsg()
        header.ifi_index = 4
        header.ifi_flags = 1
        var writer = AttributeWriter(header: bytes(header))
        writer.put(UInt16(IFLA_IFNAME), Array("x0\0".utf8))
        fill(&writer)
        return try #require(LinkDescription(ReceivedMessage(type: UInt16(RTM_NEWLINK), payload: writer.bytes)))
    }

    /// The kind claims bytes of the attribute after its nest: it is passed over, and what follows the nest is read.
    @Test(arguments: [UInt16(9), 12, 40, .max]) func aNestedAttributeLongerThanItsParent(length: UInt16) throws {
        // Four bytes of text: 8 is the length that fits.
        let kind = Self.bytes(length) + Self.bytes(UInt16(IFLA_INFO_KIND)) + Array("tap\0".utf8)
        let link = try Self.link { writer in
            writer.put(UInt16(IFLA_LINKINFO), kind)
            writer.put(UInt16(IFLA_MASTER), Self.bytes(Int32(9)))
        }.link
        #expect(link.kind == nil)
        #expect(link.master == 9)
    }

    @Test func aNestedAttributeThatFits() throws {
        let kind = Self.bytes(UInt16(8)) + Self.bytes(UInt16(IFLA_INFO_KIND)) + Array("tap\0".utf8)
        #expect(try Self.link { $0.put(UInt16(IFLA_LINKINFO), kind) }.link.kind == "tap")
    }

    /// A leg that is longer than what is left ends the legs; those before it stay.
    @Test(arguments: [(16, [7, 9]), (17, [7]), (7, [7]), (0, [7])] as [(UInt16, [Int32])])
    func aLegOfAnotherLength(length: UInt16, devices: [Int32]) throws {
        var message = HostDecoderTests.route(multipath: true, state: UInt32(RTNH_F_DEAD)).payload
        let place = try #require(Array(message.indices.dropLast(8)).last { Array(message[$0..<$0 + 8]) == Self.leg })
        message.store(length, at: place)
        let route = HostDecoderTests.decoder.decode(ReceivedMessage(type: UInt16(RTM_NEWROUTE), payload: message))
        #expect(route?.devices == devices)
    }

    /// The head of the second leg of ``HostDecoderTests/route(multipath:age:)``.
    private static let leg: [UInt8] = bytes(UInt16(16)) + [UInt8(RTNH_F_DEAD), 2] + bytes(Int32(9))

    @Test(arguments: [(7, []), (8, [7]), (15, [7]), (16, [7, 9]), (17, [7, 9])] as [(Int, [Int32])])
    func aGroupThatEndsInTheMiddleOfAMember(length: Int, devices: [Int32]) {
        func nexthop(_ id: UInt32, _ type: Int, _ value: [UInt8]) -> ReceivedMessage {
            var writer = AttributeWriter(header: Self.bytes(nhmsg()))
            writer.put(UInt16(NHA_ID), Self.bytes(id))
            writer.put(UInt16(type), value)
            return ReceivedMessage(type: UInt16(RTM_NEWNEXTHOP), payload: writer.bytes)
        }
        let padding: [UInt8] = [0, 0, 0, 0]
        let members: [UInt8] = Self.bytes(UInt32(5)) + padding + Self.bytes(UInt32(6)) + padding + [9]
        var decoder = NexthopDecoder()
        _ = decoder.decode(
            [
                nexthop(5, NHA_OIF, Self.bytes(Int32(7))), nexthop(6, NHA_OIF, Self.bytes(Int32(9))),
                nexthop(1, NHA_GROUP, Array(members.prefix(length))),
            ], names: Self.names)
        #expect(decoder.devices[1] == devices)
    }

    // MARK: - Addresses

    private static func address(
        local: [UInt8]?, _ address: [UInt8], length: UInt8 = 32, flags: UInt32 = UInt32(IFA_F_PERMANENT),
        valid: UInt32? = nil
    ) throws -> HostState.Address {
        var header = ifaddrmsg()
        header.ifa_family = UInt8(AF_INET)
        header.ifa_prefixlen = length
        header.ifa_index = 7
        var writer = AttributeWriter(header: bytes(header))
        writer.put(UInt16(IFA_ADDRESS), address)
        if let local { writer.put(UInt16(IFA_LOCAL), local) }
        writer.put(UInt16(IFA_FLAGS), bytes(flags))
        if let valid { writer.put(UInt16(IFA_CACHEINFO), HostDecoderTests.lifetimes(valid)) }
        let message = ReceivedMessage(type: UInt16(RTM_NEWADDR), payload: writer.bytes)
        return try #require(AddressDecoder.decode(message, names: names))
    }

    /// IFA_ADDRESS is the other end then (rtnetlink(7)): our own is IFA_LOCAL.
    @Test func aPointToPointAddressIsOurOwn() throws {
        let address = try Self.address(local: [10, 0, 0, 1], [10, 0, 0, 2])
        #expect(address.prefix.description == "10.0.0.1/32")
        #expect(address.record.summary == "10.0.0.1/32 on bond7")
        // The other end belongs to it: another one is another address.
        #expect(try Self.address(local: [10, 0, 0, 1], [10, 0, 0, 3]).record.key != address.record.key)
        #expect(try Self.address(local: nil, [10, 0, 0, 2]).prefix.description == "10.0.0.2/32")
    }

    @Test(
        arguments: [(nil, nil), (.max, nil), (.max - 1, .max - 1), (1, 1), (0, 0)] as [(UInt32?, UInt32?)])
    func aLifetimeIsFiniteUnlessItIsTheLargest(valid: UInt32?, lifetime: UInt32?) throws {
        let address = try Self.address(local: nil, [192, 0, 2, 1], valid: valid)
        #expect(address.validLifetime == lifetime)
        #expect(address.isPermanentGlobal == (lifetime == nil))
    }

    /// What comes and goes by itself makes no other address; what somebody set does.
    @Test(
        arguments: [
            (UInt32(IFA_F_TENTATIVE), nil, true), (UInt32(IFA_F_DADFAILED), nil, true),
            (UInt32(IFA_F_NODAD), nil, true),
            (UInt32(IFA_F_OPTIMISTIC), nil, true), (UInt32(IFA_F_NOPREFIXROUTE), nil, false),
            (UInt32(IFA_F_HOMEADDRESS), nil, false), (UInt32(IFA_F_MANAGETEMPADDR), nil, false),
            (UInt32(IFA_F_DEPRECATED), nil, false), (UInt32(IFA_F_DEPRECATED), 600, true),
        ] as [(UInt32, UInt32?, Bool)])
    func flagsOfAnAddress(flag: UInt32, valid: UInt32?, isTheSame: Bool) throws {
        let plain = try Self.address(local: nil, [192, 0, 2, 1], flags: 0, valid: valid)
        let flagged = try Self.address(local: nil, [192, 0, 2, 1], flags: flag, valid: valid)
        #expect((plain.record.key == flagged.record.key) == isTheSame)
        #expect(flagged.flags == flag)
    }

    // MARK: - Neighbours and rules

    private static func neighbour(
        state: Int32, flags: Int32 = 0, hardware: [UInt8]?, family: Int32 = AF_INET
    ) -> HostState.Neighbour? {
        var header = ndmsg()
        header.ndm_family = UInt8(family)
        header.ndm_ifindex = 7
        header.ndm_state = UInt16(state)
        header.ndm_flags = UInt8(flags)
        var writer = AttributeWriter(header: bytes(header))
        writer.put(UInt16(NDA_DST), [192, 0, 2, 9])
        if let hardware { writer.put(UInt16(NDA_LLADDR), hardware) }
        writer.put(UInt16(NDA_CACHEINFO), [UInt8](repeating: 3, count: 16))
        return NeighbourDecoder.decode(
            ReceivedMessage(type: UInt16(RTM_NEWNEIGH), payload: writer.bytes), names: names)
    }

    @Test func aProxiedNeighbourHasNoHardwareAddress() throws {
        let proxy = try #require(Self.neighbour(state: 0, flags: Int32(NTF_PROXY), hardware: nil))
        #expect(proxy.device == 7)
        #expect(proxy.record.summary == "proxy 192.0.2.9 on bond7")
        #expect(proxy.record.key.contains("proxy"))
    }

    @Test func onlyWhatWasSetToStayIsKept() {
        let hardware: [UInt8] = [2, 0, 0, 0, 0, 9]
        #expect(
            Self.neighbour(state: NUD_PERMANENT, hardware: hardware)?.record.summary
                == "192.0.2.9 at 02:00:00:00:00:09 on bond7")
        for state in [NUD_REACHABLE, NUD_STALE, NUD_NOARP, 0] {
            #expect(Self.neighbour(state: state, hardware: hardware) == nil)
        }
        // The kernel's own, for loopback and multicast.
        #expect(Self.neighbour(state: NUD_PERMANENT, hardware: [0, 0, 0, 0, 0, 0]) == nil)
        #expect(Self.neighbour(state: NUD_PERMANENT, hardware: nil) == nil)
        // A bridge's forwarding entry comes in the same message.
        #expect(Self.neighbour(state: NUD_PERMANENT, hardware: hardware, family: AF_BRIDGE) == nil)
    }

    @Test func aRuleIsTheSameWhetherItsDeviceIsThereOrNot() throws {
        func rule(flags: Int32, device: String = "eth9") -> KernelRecord? {
            var header = fib_rule_hdr()
            header.family = UInt8(AF_INET)
            header.src_len = 24
            header.table = 77
            header.action = 1
            header.flags = UInt32(bitPattern: flags)
            var writer = AttributeWriter(header: Self.bytes(header))
            writer.put(UInt16(FRA_PRIORITY), Self.bytes(UInt32(99)))
            writer.put(UInt16(FRA_SRC), [192, 0, 2, 0])
            writer.put(UInt16(FRA_IIFNAME), Array("\(device)\0".utf8))
            return RuleDecoder.decode(ReceivedMessage(type: UInt16(RTM_NEWRULE), payload: writer.bytes))
        }
        let here = try #require(rule(flags: 0))
        #expect(here.summary == "99: from 192.0.2.0/24 iif eth9 table 77")
        for flag in [FIB_RULE_UNRESOLVED, FIB_RULE_IIF_DETACHED, FIB_RULE_OIF_DETACHED] {
            #expect(rule(flags: Int32(flag))?.key == here.key)
        }
        #expect(rule(flags: Int32(FIB_RULE_INVERT))?.key != here.key)
        #expect(rule(flags: 0, device: "eth1")?.key != here.key)
    }

    // MARK: - Devices of other namespaces

    /// IFLA_LINK counts in the other namespace: here the number is another device's, or even the device's own.
    @Test(arguments: [Int32(4), 9]) func aLowerDeviceElsewhereIsNoneOfOurs(lower: Int32) throws {
        let link = try Self.link { writer in
            writer.put(UInt16(IFLA_LINK), Self.bytes(lower))
            writer.put(UInt16(IFLA_LINK_NETNSID), Self.bytes(Int32(0)))
        }.link
        #expect(link.lowerIsElsewhere)
        #expect(link.lower == lower)
    }

    @Test(arguments: [(0, nil), (4, nil), (9, 9)] as [(Int32, Int32?)])
    func aLowerDeviceHereIsOneUnlessItIsTheDeviceItself(lower: Int32, read: Int32?) throws {
        let link = try Self.link { $0.put(UInt16(IFLA_LINK), Self.bytes(lower)) }.link
        #expect(!link.lowerIsElsewhere)
        #expect(link.lower == read)
    }

    /// Names of devices that are gone, or of another namespace, are never taken for others.
    @Test func aVLANWithItsDeviceElsewhereHasARecordWithoutThatName() throws {
        let kind = Self.bytes(UInt16(9)) + Self.bytes(UInt16(IFLA_INFO_KIND)) + Array("vlan\0\0\0\0".utf8)
        let description = try Self.link { writer in
            writer.put(UInt16(IFLA_LINK), Self.bytes(Int32(9)))
            writer.put(UInt16(IFLA_LINK_NETNSID), Self.bytes(Int32(0)))
            writer.put(UInt16(IFLA_LINKINFO), kind)
        }
        let record = StackedLinkRecord.record(description, lower: nil, names: Self.names)
        #expect(record.summary == "x0 on ?")
    }
}
