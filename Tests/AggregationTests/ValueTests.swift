import Aggregation
import Testing

@Suite struct ModeTests {
    @Test(arguments: Mode.allCases) func everyNameIsReadBack(_ mode: Mode) {
        for name in [mode.rawValue] + mode.aliases { #expect(Mode(text: name) == mode, "\(name)") }
    }

    @Test func aliasesAreOfOneModeOnly() {
        let names = Mode.allCases.flatMap { [$0.rawValue] + $0.aliases }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: [
        ("4", Mode.lacp), ("802.3ad", .lacp), ("activebackup", .activeBackup), ("loadbalance", .balanceXOR),
        ("roundrobin", .balanceRR),
    ])
    func aliasesOfTheContract(_ text: String, _ mode: Mode) { #expect(Mode(text: text) == mode) }

    @Test(arguments: ["", "7", "-1", "LACP", "balance", "slb"]) func othersAreNot(_ text: String) {
        #expect(Mode(text: text) == nil)
    }

    @Test func theKernelsNumbersRoundTrip() {
        for mode in Mode.bondingModes { #expect(Mode(bondingNumber: mode.bondingNumber) == mode) }
        #expect(Mode(bondingNumber: 7) == nil)
        #expect(ModeSet.all.modes == Mode.bondingModes)
    }
}

@Suite struct DurationTextTests {
    @Test(arguments: [
        ("100ms", Int64(100)), ("2s", 2000), ("1m", 60_000), ("0", 0), ("off", 0), ("0ms", 0), ("007ms", 7),
    ])
    func isRead(_ text: String, _ milliseconds: Int64) throws {
        #expect(try DurationText.parse(text, unit: .milliseconds, range: 0...100_000) == milliseconds)
    }

    @Test(arguments: [
        ("100", "it has no unit", "write 100ms if that is what you mean"),
        ("1h", "\"h\" is no unit", "use ms, s or m"),
        ("", "it is no duration", "write a number with its unit, as 100ms or 2s"),
        ("-1s", "it is no duration", "write a number with its unit, as 100ms or 2s"),
        ("1.5s", "\".5s\" is no unit", "use ms, s or m"),
        ("9223372036854775807m", "it is too large", "use a shorter time"),
        ("99999999999999999999ms", "it is no duration", "write a number with its unit, as 100ms or 2s"),
        ("101s", "it is out of range", "use 0ms to 100000ms"),
    ])
    func isRefused(_ text: String, _ rule: String, _ remedy: String) {
        let error = #expect(throws: OptionDefinition.InvalidValue.self) {
            try DurationText.parse(text, unit: .milliseconds, range: 0...100_000)
        }
        #expect(error?.rule == rule)
        #expect(error?.remedy == remedy)
    }

    @Test func wholeWireUnitsOnly() throws {
        #expect(try DurationText.parse("3000ms", unit: .seconds, range: 1...10) == 3)
        let error = #expect(throws: OptionDefinition.InvalidValue.self) {
            try DurationText.parse("1500ms", unit: .seconds, range: 1...10)
        }
        #expect(error?.rule == "it is no whole number of seconds")
        #expect(error?.remedy == "it is counted in seconds: write a multiple of 1s")
    }
}

@Suite struct AddressTests {
    @Test(arguments: [
        "192.0.2.1", "0.0.0.0", "255.255.255.255", "2001:db8::1", "::", "::1", "fe80::1", "::ffff:192.0.2.1",
    ])
    func ipAddressesRoundTrip(_ text: String) throws {
        #expect(try #require(IPAddress(text: text)).description == text)
    }

    @Test(arguments: [
        "", "192.0.2", "192.0.2.256", "192.0.2.1 ", "fe80::1%eth0", "1::2::3", "a.b.c.d", "192.0.2.1/24",
    ])
    func othersAreNoAddress(_ text: String) { #expect(IPAddress(text: text) == nil) }

    @Test func kindsOfAddress() {
        let kinds: [(String, (IPAddress) -> Bool)] = [
            ("127.0.0.1", \.isLoopback), ("::1", \.isLoopback), ("224.0.0.1", \.isMulticast),
            ("ff02::1", \.isMulticast),
            ("169.254.1.1", \.isLinkLocal), ("fe80::1", \.isLinkLocal), ("::", \.isUnspecified),
        ]
        for (text, isKind) in kinds { #expect(IPAddress(text: text).map(isKind) == true, "\(text)") }
        #expect(IPAddress(text: "192.0.2.1").map { !$0.isLoopback && !$0.isMulticast && !$0.isLinkLocal } == true)
    }

    @Test(arguments: ["192.0.2.1/24", "2001:db8::1/64", "0.0.0.0/0", "::/128"])
    func prefixesRoundTrip(_ text: String) throws {
        #expect(try #require(IPPrefix(text: text)).description == text)
    }

    @Test(arguments: [
        "192.0.2.1", "192.0.2.1/", "192.0.2.1/33", "::/129", "192.0.2.1/-1", "192.0.2.1/24/24", "/24", "192.0.2.1/+2",
    ])
    func othersAreNoPrefix(_ text: String) { #expect(IPPrefix(text: text) == nil) }

    @Test func linkLayerAddresses() throws {
        #expect(try #require(LinkLayerAddress(text: "02:00:00:00:00:0A")).description == "02:00:00:00:00:0a")
        #expect(try #require(LinkLayerAddress(text: "10-20-30-40-50-51")).description == "10:20:30:40:50:51")
        #expect(LinkLayerAddress(text: "01:00:5e:00:00:01")?.isMulticast == true)
        let others = [
            "", "02", "2:0:0:0:0:1", "02:00:00:00:00:0g", "02:00:00:00:00:", "+2:00:00:00:00:01", "020000000001",
        ]
        for text in others { #expect(LinkLayerAddress(text: text) == nil, "\(text)") }
    }

    @Test(arguments: ["", ".", "..", "all", "default", "a/b", "a:b", "a b", "bond%d", "100%", "0123456789abcdef"])
    func othersAreNoDeviceName(_ text: String) { #expect(throws: InvalidName.self) { try InterfaceName(text) } }

    @Test func noiseNeverTraps() {
        var noise = Noise(state: 7)
        for _ in 0..<2000 {
            let text = noise.text()
            if let address = IPAddress(text: text) { #expect(IPAddress(text: address.description) == address) }
            if let prefix = IPPrefix(text: text) { #expect(IPPrefix(text: prefix.description) == prefix) }
            if let address = LinkLayerAddress(text: text) {
                #expect(LinkLayerAddress(text: address.description) == address)
            }
            if let name = try? InterfaceName(text) { #expect(name.text.utf8.count <= InterfaceName.maximumLength) }
            for row in OptionTableTests.places.map(\.row) {
                guard let value = try? row.parse(text) else { continue }
                #expect((try? row.parse(row.format(value))) == value, "\(row.name)=\(text)")
            }
        }
    }

    /// Repeatable noise out of the characters that these formats are made of, and some that they are not.
    private struct Noise {
        var state: UInt64
        static let characters = Array("0123456789abcdefms:./,-+% \u{0}é\u{663}\u{ff11}👍none")

        mutating func next() -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33)
        }

        mutating func text() -> String {
            String((0..<next() % 20).map { _ in Self.characters[next() % Self.characters.count] })
        }
    }
}

@Suite struct LACPPortStateTests {
    @Test(arguments: [
        (UInt8(0), "--------"), (63, "ATGSCD--"), (61, "A-GSCD--"), (143, "ATGS---E"), (71, "ATG---F-"),
        (255, "ATGSCDFE"),
    ])
    func letters(_ raw: UInt8, _ text: String) { #expect(LACPPortState(rawValue: raw).letters == text) }

    @Test func forwarding() {
        #expect(LACPPortState(rawValue: 63).isForwarding)
        #expect(!LACPPortState(rawValue: 31).isForwarding)
        #expect(LACPPortState.all.map(\.bit.rawValue) == [1, 2, 4, 8, 16, 32, 64, 128])
    }
}
