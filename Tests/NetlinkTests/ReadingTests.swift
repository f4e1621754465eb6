import CNetlink
import SystemPackage
import TestSupport
import Testing

@testable import Netlink

@Suite struct ReadingTests {
    @Test func aCapturedBondIsReadDownToItsOptions() throws {
        let message = ReceivedMessage(type: UInt16(RTM_NEWLINK), payload: Captured.bond)
        let attributes = message.attributes(after: MemoryLayout<ifinfomsg>.size)
        #expect(attributes.isComplete)
        #expect(message.header(as: ifinfomsg.self)?.ifi_index == 4)
        #expect(attributes[IFLA_IFNAME]?.string == "bond7")
        #expect(attributes[IFLA_ADDRESS]?.count == 6)
        let info = try #require(attributes[IFLA_LINKINFO]).nested
        #expect(info[IFLA_INFO_KIND]?.string == "bond")
        let data = try #require(info[IFLA_INFO_DATA]).nested
        #expect(data[IFLA_BOND_MODE]?.u8 == 4)
        #expect(data[IFLA_BOND_MIIMON]?.u32 == 100)
        #expect(data[IFLA_BOND_AD_LACP_RATE]?.u8 == 1)
        #expect(data[IFLA_BOND_AD_INFO]?.nested[IFLA_BOND_AD_INFO_NUM_PORTS]?.u16 == 1)
    }

    /// Reads everything a hostile message might lead a reader to.
    private func readAll(_ reader: AttributeReader, depth: Int) -> Int {
        var count = 0
        for attribute in reader {
            count += 1
            _ = (attribute.u8, attribute.u16, attribute.u32, attribute.u64, attribute.i32, attribute.unsigned)
            count += attribute.string.utf8.count & 1
            count += attribute.bytes.count
            if depth > 0 {
                count += readAll(attribute.nested, depth: depth - 1)
                count += readAll(attribute.nested(after: 16), depth: depth - 1)
            }
        }
        return count
    }

    @Test func cutMessagesNeverTrap() {
        for (bytes, headerLength) in Captured.payloads {
            for length in 0...bytes.count {
                let message = ReceivedMessage(type: 16, payload: Array(bytes.prefix(length)))
                _ = message.header(as: ifinfomsg.self)
                _ = readAll(message.attributes(after: headerLength), depth: 3)
                _ = EthtoolQuery.LinkMode.decode(message)
            }
        }
    }

    @Test func damagedMessagesNeverTrap() {
        var random = SeededNumbers(20_241)
        for (bytes, headerLength) in Captured.payloads {
            for _ in 0..<300 {
                var damaged = bytes
                for _ in 0..<Int.random(in: 1...8, using: &random) {
                    damaged[Int.random(in: 0..<damaged.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                let message = ReceivedMessage(type: 16, payload: damaged)
                _ = readAll(message.attributes(after: headerLength), depth: 3)
                _ = ExtendedAck(errorPayload: damaged, flags: [.extendedAck])
                _ = ExtendedAck(errorPayload: damaged, flags: [.extendedAck, .capped])
                _ = ExtendedAck(donePayload: damaged, flags: [.extendedAck])
                _ = AttributePath.types(
                    in: damaged, headerLength: headerLength, at: Int.random(in: -8...damaged.count + 8, using: &random))
                _ = EthtoolQuery.LinkMode.decode(message)
            }
        }
    }

    @Test func offsetsOutsideTheBytesGiveNothing() {
        #expect(AttributeReader([1, 2, 3], offset: 40).first { _ in true } == nil)
        #expect(AttributeReader([8, 0, 1, 0], offset: 0).first { _ in true } == nil)
        #expect(AttributeReader([3, 0, 1, 0], offset: 0).first { _ in true } == nil)
        #expect(AttributeReader([3, 0, 1, 0], offset: 0).isComplete == false)
        #expect(AttributeReader([], offset: -5).isComplete)
        #expect(ReceivedMessage(type: 0, payload: [1]).header(as: ifinfomsg.self) == nil)
    }

    @Test func nestingAndByteOrderFlagsAreNoPartOfTheType() {
        #expect(AttributeReader([4, 0, 5, 0xc0])[5] != nil)
    }

    // MARK: Extended acknowledgements

    @Test(arguments: [Captured.refusalCapped, Captured.refusalEchoed])
    func aRefusalNamesTheAttribute(message: [UInt8]) throws {
        let flags = MessageFlags(rawValue: UInt16(message[6]) | UInt16(message[7]) << 8)
        let ack = try #require(ExtendedAck(errorPayload: Array(message.dropFirst(16)), flags: flags))
        #expect(ack.errorNumber == Errno.invalidArgument.rawValue)
        #expect(ack.message == "invalid option value")
        let error = ack.error(
            operation: "create", subject: "bx9", request: Captured.refusedRequest, headerLength: 16)
        #expect(error.errno == .invalidArgument)
        #expect(error.attributePath == [IFLA_LINKINFO, IFLA_INFO_DATA, IFLA_BOND_AD_LACP_RATE])
        #expect(
            error.describe { _ in "option lacp_rate" }
                == "cannot create bx9: Invalid argument, the kernel says \"invalid option value\" (at option lacp_rate)"
        )
    }

    @Test func missingAttributesAreNamed() throws {
        // error -22, echoed header, MISS_TYPE 7, MISS_NEST at the IFLA_LINKINFO of the refused request.
        let payload: [UInt8] =
            [0xea, 0xff, 0xff, 0xff] + Array(Captured.refusedRequest.prefix(16))
            + [8, 0, 5, 0, 7, 0, 0, 0, 8, 0, 6, 0, 40, 0, 0, 0, 6, 0, 3, 0, 0xab, 0xcd, 0, 0]
        let ack = try #require(ExtendedAck(errorPayload: payload, flags: [.capped, .extendedAck]))
        let error = ack.error(operation: "create", subject: "", request: Captured.refusedRequest, headerLength: 16)
        #expect(error.missingAttribute == 7)
        #expect(error.missingNestPath == [IFLA_LINKINFO])
        #expect(error.cookie == [0xab, 0xcd])
        #expect(error.description == "cannot create: Invalid argument (missing attribute 18/7)")
    }

    @Test func aPeerBehindAHeaderIsFound() throws {
        var message = try NetlinkMessage(type: RTM_NEWLINK, operation: "create")
        try message.append(ifinfomsg())
        var target = 0
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.nest(IFLA_INFO_DATA) { (data) throws(NetlinkError) in
                try data.nest(VETH_INFO_PEER) { (peer) throws(NetlinkError) in
                    try peer.append(ifinfomsg())
                    try peer.put(IFLA_MTU, u32: 1500)
                    target = peer.count
                    try peer.put(IFLA_IFNAME, string: "x")
                }
            }
        }
        #expect(
            AttributePath.types(in: message.bytes, headerLength: 16, at: target)
                == [IFLA_LINKINFO, IFLA_INFO_DATA, VETH_INFO_PEER, IFLA_IFNAME])
    }
}
