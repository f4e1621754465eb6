import Aggregation
import Testing

@Suite struct LACPDUTests {
    /// From the subtype on, laid out as 802.1AX figure 6-7 has it; that the kernel does so the kernel level sees.
    private static let whole: [UInt8] =
        [0x01, 0x01, 0x01, 0x14, 0xff, 0xff, 0x02, 0x00, 0x5e, 0x00, 0x53, 0x01, 0x00, 0x0f, 0x00, 0xff, 0x00, 0x02]
        + [0x3f, 0x00, 0x00, 0x00]
        + [0x02, 0x14, 0x80, 0x00, 0x02, 0x00, 0x5e, 0x00, 0x53, 0x02, 0x01, 0x0b, 0x00, 0x7f, 0x00, 0x01]
        + [0x3d, 0x00, 0x00, 0x00] + [0x03, 0x10, 0x00, 0x32] + [UInt8](repeating: 0, count: 12)
        + [UInt8](repeating: 0, count: 52)

    @Test func bothEndsAreRead() throws {
        let unit = try #require(LACPDU(payload: Self.whole))
        #expect(unit.version == 1)
        #expect(
            unit.actor
                == .init(
                    systemPriority: 65535, system: LinkLayerAddress([2, 0, 0x5e, 0, 0x53, 1]), key: 15,
                    portPriority: 255, port: 2, state: LACPPortState(rawValue: 0x3f)))
        #expect(
            unit.partner
                == .init(
                    systemPriority: 32768, system: LinkLayerAddress([2, 0, 0x5e, 0, 0x53, 2]), key: 267,
                    portPriority: 127, port: 1, state: LACPPortState(rawValue: 0x3d)))
        #expect(unit.collectorMaxDelay == 50)
        #expect(unit.actor.state.letters == "ATGSCD--")
    }

    /// 6.4.2.3: a later version is read like the first, and what is reserved is not looked at.
    @Test func aLaterVersionIsReadAlike() throws {
        var bytes = Self.whole
        bytes[1] = 2
        for place in 19...21 { bytes[place] = 0xff }
        #expect(try #require(LACPDU(payload: bytes)).actor.key == 15)
    }

    @Test(arguments: 0..<58) func whatIsCutShortIsNone(_ length: Int) {
        #expect(LACPDU(payload: Self.whole.prefix(length)) == nil)
    }

    /// A marker is slow too and no LACPDU; wrong lengths would put fields elsewhere.
    @Test(arguments: [(0, 2), (1, 0), (2, 2), (3, 21), (22, 1), (23, 0), (42, 0), (43, 255)] as [(Int, UInt8)])
    func whatIsSomethingElseIsNone(_ place: Int, _ value: UInt8) {
        var bytes = Self.whole
        bytes[place] = value
        #expect(LACPDU(payload: bytes) == nil)
    }

    @Test func noiseNeverTraps() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2000 {
            var bytes = Self.whole
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: .min ... .max, using: &generator)
            }
            _ = LACPDU(payload: bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
        }
    }
}
