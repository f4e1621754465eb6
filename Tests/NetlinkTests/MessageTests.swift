import CNetlink
import SystemPackage
import Testing

@testable import Netlink

@Suite struct MessageTests {
    @Test func everyKindOfValueIsReadAsItWasPut() throws {
        var message = try NetlinkMessage(type: RTM_NEWLINK, flags: [.create], operation: "create", subject: "bond0")
        try message.append(ifinfomsg())
        try message.put(1, u8: 0xfe)
        try message.put(2, u16: 0xfedc)
        try message.put(3, u32: 0xfedc_ba98)
        try message.put(4, u64: 0xfedc_ba98_7654_3210)
        try message.put(5, i32: -7)
        try message.put(6, string: "eth0")
        try message.put(7, bytes: [1, 2, 3])
        try message.putFlag(8)
        try message.put(9, u16BigEndian: 0x88a8)
        try message.nest(10) { (nest) throws(NetlinkError) in
            try nest.nest(1) { (inner) throws(NetlinkError) in try inner.put(3, u32: 42) }
            try nest.nest(2) { (_) throws(NetlinkError) in }
        }
        try message.put(11, u8: 1)

        #expect(message.headerLength == MemoryLayout<ifinfomsg>.size)
        #expect(message.flags == [.request, .create])
        let received = ReceivedMessage(type: 16, payload: Array(message.bytes.dropFirst(16)))
        let attributes = received.attributes(after: message.headerLength)
        #expect(attributes.isComplete)
        #expect(attributes.map(\.type) == Array(1...11))
        #expect(attributes[1]?.u8 == 0xfe)
        #expect(attributes[2]?.u16 == 0xfedc)
        #expect(attributes[3]?.u32 == 0xfedc_ba98)
        #expect(attributes[4]?.u64 == 0xfedc_ba98_7654_3210)
        #expect(attributes[5]?.i32 == -7)
        #expect(attributes[6]?.string == "eth0")
        #expect(attributes[6]?.count == 5)
        #expect(attributes[7].map { Array($0.bytes) } == [1, 2, 3])
        #expect(attributes[8]?.count == 0)
        #expect(attributes[9]?.u16BigEndian == 0x88a8)
        #expect(attributes[10]?.nested[1]?.nested[3]?.u32 == 42)
        #expect(attributes[10]?.nested[2]?.count == 0)
        #expect(attributes[1]?.u16 == nil)
        #expect([1, 2, 3, 4].map { attributes[$0]?.unsigned } == [0xfe, 0xfedc, 0xfedc_ba98, 0xfedc_ba98_7654_3210])
    }

    @Test func aMessageGrowsAlsoInsideNests() throws {
        var message = try NetlinkMessage(type: RTM_NEWLINK, operation: "create", capacity: 32)
        try message.append(ifinfomsg())
        try message.nest(1) { (nest) throws(NetlinkError) in
            for number in 0..<2000 { try nest.put(2, u32: UInt32(number)) }
        }
        let nest = AttributeReader(message.bytes, offset: 32)[1]?.nested
        #expect(nest?.isComplete == true)
        #expect(nest?.map { $0.u32 ?? 0 } == Array(0..<2000))
    }

    @Test func whatDoesNotFitIsAnErrorThatNamesTheRequest() throws {
        var message = try NetlinkMessage(type: RTM_NEWLINK, operation: "create", subject: "bond0")
        for (errno, put) in [
            (
                Errno.messageTooLong,
                { (m: inout NetlinkMessage) in try m.put(1, bytes: Array(repeating: 0, count: 65532)) }
            ),
            (Errno.invalidArgument, { (m: inout NetlinkMessage) in try m.put(-1, u8: 0) }),
            (Errno.invalidArgument, { (m: inout NetlinkMessage) in try m.put(1, string: "a\0b") }),
            (
                Errno.messageTooLong,
                { (m: inout NetlinkMessage) in
                    try m.nest(1) { (nest) throws(NetlinkError) in
                        for _ in 0..<3 { try nest.put(2, bytes: Array(repeating: 0, count: 30000)) }
                    }
                }
            ),
        ] {
            do {
                try put(&message)
                Issue.record("nothing was thrown")
            } catch let error as NetlinkError {
                #expect(error.errno == errno)
                #expect(error.origin == .encoding)
                #expect(error.description.hasPrefix("cannot create bond0: "))
            }
        }
        #expect(throws: NetlinkError.self) { _ = try NetlinkMessage(type: 70000, operation: "create") }
    }

    @Test func aPayloadIsResentAsItWas() throws {
        let message = try NetlinkMessage.resending(
            Captured.ipv6Route, headerLength: 12, type: RTM_NEWROUTE, flags: [.create, .replace], operation: "restore")
        #expect(Array(message.bytes.dropFirst(16)) == Captured.ipv6Route)
        #expect(message.flags == [.request, .create, .replace])
        #expect(message.headerLength == 12)
    }

    @Test func aBatchSplitsIntoWindows() throws {
        var batch = RequestBatch()
        for number in 0..<10 { batch.append(try NetlinkMessage.setMTU(.index(Int32(number)), 1500)) }
        #expect(batch.request(3).count == 40)
        #expect(batch.window(from: 0, maximumBytes: 1000, maximumCount: 4) == 0..<4)
        #expect(batch.window(from: 8, maximumBytes: 1000, maximumCount: 4) == 8..<10)
        #expect(batch.window(from: 2, maximumBytes: 85, maximumCount: 100) == 2..<4)
        #expect(batch.window(from: 2, maximumBytes: 1, maximumCount: 100) == 2..<3)
    }

    @Test(
        arguments: [
            ("192.0.2.1/24", [192, 0, 2, 1], 24), ("192.0.2.1", [192, 0, 2, 1], 32),
            ("2001:db8::1/64", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 64),
        ] as [(String, [UInt8], UInt8)])
    func addressesAreRead(text: String, bytes: [UInt8], prefix: UInt8) {
        #expect(AddressPrefix(text) == AddressPrefix(bytes: bytes, prefixLength: prefix))
    }

    @Test(arguments: [
        "", "/", "192.0.2.1/33", "192.0.2/24", "192.0.2.1/", "192.0.2.1/+8", "192.0.2.1/8/8", "::1/129", "a",
    ])
    func badAddressesAreNone(text: String) {
        #expect(AddressPrefix(text) == nil)
    }
}
