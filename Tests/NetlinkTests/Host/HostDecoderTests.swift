import Aggregation
import CNetlink
import Glibc
import Testing

@testable import Netlink

/// Messages as the kernel sends them, whole and damaged.
@Suite struct HostDecoderTests {
    static let names: DeviceNames = DeviceNames([Link(index: 7, name: "bond7"), Link(index: 9, name: "eth9")])

    static func bytes<Value: BitwiseCopyable>(_ value: Value) -> [UInt8] { withUnsafeBytes(of: value) { Array($0) } }

    static var address: ReceivedMessage {
        var header = ifaddrmsg()
        header.ifa_family = UInt8(AF_INET)
        header.ifa_prefixlen = 24
        header.ifa_index = 7
        var writer = AttributeWriter(header: bytes(header))
        writer.put(UInt16(IFA_ADDRESS), [192, 0, 2, 1])
        writer.put(UInt16(IFA_LOCAL), [192, 0, 2, 1])
        writer.put(UInt16(IFA_FLAGS), bytes(UInt32(IFA_F_PERMANENT)))
        writer.put(UInt16(IFA_CACHEINFO), lifetimes(.max))
        return ReceivedMessage(type: UInt16(RTM_NEWADDR), payload: writer.bytes)
    }

    static func lifetimes(_ valid: UInt32) -> [UInt8] {
        [valid, valid, 77, 88].flatMap { bytes($0) }
    }

    /// - Parameters:
    ///   - age: of what runs by itself.
    ///   - state: flags that say what became of it.
    ///   - extra: one more attribute.
    static func route(
        multipath: Bool, age: UInt32 = 5, state: UInt32 = UInt32(RTNH_F_LINKDOWN) | UInt32(RTNH_F_DEAD),
        extra: (type: rtattr_type_t, value: [UInt8])? = nil
    ) -> ReceivedMessage {
        var header = rtmsg()
        header.rtm_family = UInt8(AF_INET)
        header.rtm_table = 254
        header.rtm_protocol = 3
        header.rtm_type = UInt8(RTN_UNICAST)
        header.rtm_flags = state
        var writer = AttributeWriter(header: bytes(header))
        writer.put(UInt16(RTA_TABLE.rawValue), bytes(UInt32(254)))
        if multipath {
            var legs: [UInt8] = []
            for device in [Int32(7), 9] {
                legs += bytes(UInt16(16)) + [UInt8(truncatingIfNeeded: state & 0xff), 2] + bytes(device)
                legs += [8, 0, UInt8(RTA_GATEWAY.rawValue), 0, 192, 0, 2, UInt8(device)]
            }
            writer.put(UInt16(RTA_MULTIPATH.rawValue), legs)
        } else {
            writer.put(UInt16(RTA_OIF.rawValue), bytes(Int32(7)))
            writer.put(UInt16(RTA_GATEWAY.rawValue), [192, 0, 2, 254])
        }
        writer.put(UInt16(RTA_CACHEINFO.rawValue), [UInt8](repeating: UInt8(age), count: 32))
        writer.put(UInt16(RTA_EXPIRES.rawValue), bytes(age))
        if let extra { writer.put(UInt16(extra.type.rawValue), extra.value) }
        return ReceivedMessage(type: UInt16(RTM_NEWROUTE), payload: writer.bytes)
    }

    static var decoder: RouteDecoder { RouteDecoder(family: UInt8(AF_INET), names: names, nexthopDevices: [:]) }

    @Test func readsAnAddress() throws {
        let address = try #require(AddressDecoder.decode(Self.address, names: Self.names))
        #expect(address.prefix.description == "192.0.2.1/24")
        #expect(address.device == 7)
        #expect(address.isPermanentGlobal)
        #expect(address.record.summary == "192.0.2.1/24 on bond7")
        #expect(!address.record.key.contains("=4d000000"))
    }

    @Test func readsARoute() throws {
        let route = try #require(Self.decoder.decode(Self.route(multipath: false)))
        #expect(route.isDefault)
        #expect(route.devices == [7])
        #expect(route.gateway?.description == "192.0.2.254")
        #expect(route.record.summary == "default via 192.0.2.254 dev bond7")
        let legs = try #require(Self.decoder.decode(Self.route(multipath: true)))
        #expect(legs.devices == [7, 9])
    }

    /// What runs by itself, as ages and the state of a leg, makes no other route.
    @Test(arguments: [false, true]) func aKeyIsTheSameAtAnyTime(multipath: Bool) throws {
        let early = try #require(Self.decoder.decode(Self.route(multipath: multipath, age: 1)))
        let late = try #require(Self.decoder.decode(Self.route(multipath: multipath, age: 200)))
        #expect(early.record == late.record)
        for state in [0, RTNH_F_DEAD, RTNH_F_LINKDOWN, RTNH_F_PERVASIVE, RTNH_F_OFFLOAD] {
            let other = try #require(Self.decoder.decode(Self.route(multipath: multipath, state: UInt32(state))))
            #expect(other.record.key == early.record.key, "state \(state)")
        }
    }

    /// What somebody set makes another one.
    @Test(arguments: [false, true]) func aKeyTellsSettingsApart(multipath: Bool) throws {
        let plain = try #require(Self.decoder.decode(Self.route(multipath: multipath, state: 0)))
        let onlink = try #require(Self.decoder.decode(Self.route(multipath: multipath, state: UInt32(RTNH_F_ONLINK))))
        #expect(onlink.record.key != plain.record.key)
        for extra in [
            (RTA_PRIORITY, Self.bytes(UInt32(7))), (RTA_PREFSRC, [192, 0, 2, 1]),
            (RTA_METRICS, [8, 0, 2, 0, 1, 0, 0, 0]),
        ] {
            let other = try #require(Self.decoder.decode(Self.route(multipath: multipath, state: 0, extra: extra)))
            #expect(other.record.key != plain.record.key, "\(extra)")
        }
    }

    /// Cut at every byte and with every bit turned: read as something else or not at all, but never a trap.
    @Test func damagedMessagesNeverTrap() {
        for message in [Self.address, Self.route(multipath: false), Self.route(multipath: true)] {
            for length in message.payload.indices {
                decodeAll(ReceivedMessage(type: message.type, payload: Array(message.payload[..<length])))
            }
            var payload = message.payload
            for place in payload.indices {
                for bit in 0..<8 {
                    payload[place] ^= 1 << UInt8(bit)
                    decodeAll(ReceivedMessage(type: message.type, payload: payload))
                    payload[place] ^= 1 << UInt8(bit)
                }
            }
        }
    }

    /// The same bytes as every kind of message.
    private func decodeAll(_ message: ReceivedMessage) {
        func typed(_ type: Int) -> ReceivedMessage { ReceivedMessage(type: UInt16(type), payload: message.payload) }
        _ = AddressDecoder.decode(typed(RTM_NEWADDR), names: Self.names)
        _ = Self.decoder.decode(typed(RTM_NEWROUTE))
        _ = NeighbourDecoder.decode(typed(RTM_NEWNEIGH), names: Self.names)
        _ = RuleDecoder.decode(typed(RTM_NEWRULE))
        var nexthops = NexthopDecoder()
        _ = nexthops.decode([typed(RTM_NEWNEXTHOP)], names: Self.names)
        if let link = LinkDescription(typed(RTM_NEWLINK)) {
            _ = StackedLinkRecord.record(link, lower: nil, names: Self.names)
        }
    }

    @Test func groupsOfNexthopsFollowTheirMembers() {
        func nexthop(_ id: UInt32, device: Int32? = nil, members: [UInt32] = []) -> ReceivedMessage {
            var writer = AttributeWriter(header: Self.bytes(nhmsg()))
            writer.put(UInt16(NHA_ID), Self.bytes(id))
            if let device { writer.put(UInt16(NHA_OIF), Self.bytes(device)) }
            if !members.isEmpty {
                writer.put(UInt16(NHA_GROUP), members.flatMap { Self.bytes($0) + [0, 0, 0, 0] })
            }
            return ReceivedMessage(type: UInt16(RTM_NEWNEXTHOP), payload: writer.bytes)
        }
        var decoder = NexthopDecoder()
        let found = decoder.decode(
            [nexthop(1, members: [5, 6]), nexthop(5, device: 7), nexthop(6, device: 9)], names: Self.names)
        #expect(found.map(\.device) == [7, 9, 7, 9])
        #expect(found.last?.record.summary == "id 1 dev bond7,eth9")
        #expect(decoder.devices[1] == [7, 9])
    }

    @Test func readsWhoManagesADevice() {
        #expect(ManagedDevices.isManagedByNetworkManager("[device]\nmanaged=true\nroute-metric-default-aspired=100\n"))
        #expect(!ManagedDevices.isManagedByNetworkManager("[device]\nmanaged=false\n"))
        #expect(ManagedDevices.isManagedByNetworkd("ADMIN_STATE=configured\nOPER_STATE=routable\n"))
        #expect(!ManagedDevices.isManagedByNetworkd("ADMIN_STATE=unmanaged\nOPER_STATE=routable\n"))
        #expect(ManagedDevices.isManagedByNetworkd("NETWORK_FILE=/etc/systemd/network/a.network\n"))
        #expect(!ManagedDevices.isManagedByNetworkd(""))
        #expect(!ManagedDevices.isManagedByNetworkd("ADMIN_STATE=unmanaged\nNETWORK_FILE=/run/a.network\n"))
        for state in ["pending", "initialized"] {
            #expect(!ManagedDevices.isManagedByNetworkd("ADMIN_STATE=\(state)\n"))
            #expect(ManagedDevices.isManagedByNetworkd("ADMIN_STATE=\(state)\nNETWORK_FILE=/run/a.network\n"))
        }
    }

    @Test func readsTheCallersAddress() {
        #expect(Caller.connection("198.51.100.7 50000 192.0.2.1 22")?.local.description == "192.0.2.1")
        #expect(Caller.connection("198.51.100.7 50000 192.0.2.1 22")?.client.description == "198.51.100.7")
        #expect(Caller.connection("fe80::1%eth0 50000 fe80::2%eth0 22")?.local.description == "fe80::2")
        #expect(Caller.connection("::ffff:192.0.2.9 50000 ::ffff:192.0.2.1 22")?.local.description == "192.0.2.1")
        #expect(Caller.connection("192.0.2.1 22") == nil)
        #expect(Caller.connection("192.0.2.1 22 x 22") == nil)
        #expect(Caller.connection("") == nil)
    }
}
