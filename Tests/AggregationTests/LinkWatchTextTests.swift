import Aggregation
import Testing

/// Link watches as text and back.
@Suite struct LinkWatchTextTests {
    static let row = TeamingOptions.table["link_watch"]

    /// One of each kind, with every option away from its default.
    static let samples: [LinkWatch] = LinkWatch.Kind.allCases.map { kind in
        var values: OptionValues = [:]
        for row in LinkWatchOptions.table(kind).rows {
            values[row.name] =
                switch row.kind {
                case .boolean: .number(1)
                case .targets(.ipv4, _): .targets(Fixture.addresses("192.0.2.1"))
                case .targets: .targets(Fixture.addresses("2001:db8::1"))
                case .text: .text("eth:eth0")
                default: .number(7)
                }
        }
        return LinkWatch(kind, values: values)
    }

    private func read(_ text: String) throws -> [LinkWatch] {
        guard case .watches(let watches) = try #require(Self.row).parse(text) else { return [] }
        return watches
    }

    @Test(arguments: [
        ("none", "none"), ("ethtool", "{ name: ethtool }"), ("{name: ethtool}", "{ name: ethtool }"),
        ("[{name: ethtool}]", "{ name: ethtool }"),
        ("{ delay_up: 2s, name: ethtool, }", "{ name: ethtool, delay_up: 2000ms }"),
        ("{name: ethtool, delay_up: 0, delay_down: default}", "{ name: ethtool }"),
        ("{\"name\": 'ethtool', \"delay_down\": \"7ms\"}", "{ name: ethtool, delay_down: 7ms }"),
        (
            "{name: arp_ping, target_host: 192.0.2.1, missed_max: 3, source_host: 0.0.0.0, validate_active: no}",
            "{ name: arp_ping, target_host: 192.0.2.1 }"
        ),
        ("{name: nsna_ping, target_host: 2001:db8::1}", "{ name: nsna_ping, target_host: \"2001:db8::1\" }"),
        (
            "{name: tipc, tipc_bearer: \"a\\\"b\\\\c\\U000000e4\"}",
            "{ name: tipc, tipc_bearer: \"a\\\"b\\\\cä\" }"
        ),
        (
            "[{name: arp_ping, target_host: 192.0.2.1}, {name: arp_ping, target_host: 192.0.2.2}]",
            "[{ name: arp_ping, target_host: 192.0.2.1 }, { name: arp_ping, target_host: 192.0.2.2 }]"
        ),
    ])
    func isWrittenInOneWay(_ text: String, _ expected: String) throws {
        let row = try #require(Self.row)
        #expect(row.format(try row.parse(text)) == expected)
        #expect(row.format(try row.parse(expected)) == expected)
    }

    @Test func everyOptionRoundTrips() throws {
        let row = try #require(Self.row)
        #expect(
            Self.samples.map(\.settings.count) == LinkWatch.Kind.allCases.map { LinkWatchOptions.table($0).rows.count })
        for watch in Self.samples { #expect(try read(row.format(.watches([watch]))) == [watch]) }
        #expect(try read(row.format(.watches(Self.samples))) == Self.samples)
        #expect(try read(row.format(.watches(Self.samples.reversed()))) == Self.samples.reversed())
    }

    /// Every subset of the options of every kind, as text and back.
    @Test(arguments: LinkWatch.Kind.allCases) func anyChoiceOfOptionsRoundTrips(_ kind: LinkWatch.Kind) throws {
        let row = try #require(Self.row)
        let sample = try #require(Self.samples.first { $0.kind == kind })
        let needed = LinkWatchOptions.table(kind).rows.filter { $0.needs.contains(.required) }.map(\.name)
        for choice in 0..<1 << sample.settings.count {
            let settings = sample.settings.enumerated().filter { choice & 1 << $0.offset != 0 }.map(\.element)
            let watch = LinkWatch(kind, settings)
            let text = row.format(.watches([watch]))
            if Set(settings.map(\.name)).isSuperset(of: needed) {
                #expect(try read(text) == [watch])
            } else {
                #expect(throws: OptionDefinition.InvalidValue.self) { try row.parse(text) }
            }
        }
    }

    @Test(arguments: [
        (
            "ethtol", "there is no link watch ethtol",
            "did you mean ethtool? use one of ethtool, arp_ping, nsna_ping, tipc"
        ),
        ("{}", "a link watch has no name", "use one of ethtool, arp_ping, nsna_ping, tipc"),
        (
            "{name: ethtool, delay_upp: 1s}", "ethtool has no option delay_upp",
            "did you mean delay_up? it has delay_up, delay_down"
        ),
        (
            "{name: ethtool, interval: 1s}", "ethtool has no option interval", "it has delay_up, delay_down"
        ),
        ("{name: arp_ping}", "arp_ping needs target_host", "write {name: arp_ping, target_host: …}"),
        (
            "{name: nsna_ping, target_host: none}", "nsna_ping needs target_host",
            "write {name: nsna_ping, target_host: …}"
        ),
        (
            "{name: arp_ping, target_host: 2001:db8::1}",
            "arp_ping target_host=2001:db8::1: \"2001:db8::1\" is no IPv4 address", "write one as 192.0.2.1"
        ),
        (
            "{name: nsna_ping, target_host: 192.0.2.1}",
            "nsna_ping target_host=192.0.2.1: \"192.0.2.1\" is no IPv6 address", "write one as 2001:db8::1"
        ),
        (
            "{name: arp_ping, target_host: 192.0.2.1, vlanid: 4096}", "arp_ping vlanid=4096: it is out of range",
            "use 0 to 4095"
        ),
        (
            "{name: ethtool, delay_up: 100}", "ethtool delay_up=100: it has no unit",
            "write 100ms if that is what you mean"
        ),
        ("{name: ethtool, name: tipc}", "name is there twice", "write it once"),
        ("[{name: ethtool}, ethtool]", "it cannot be read at character 19", LinkWatchTextTests.hint),
        ("[{name: ethtool}, {name: ethtool}]", "ethtool is there twice", "write it once"),
        ("{name: ethtool", "it cannot be read at character 15", LinkWatchTextTests.hint),
        ("{name: ethtool} x", "it cannot be read at character 17", LinkWatchTextTests.hint),
        ("{name: \"eth", "it cannot be read at character 12", LinkWatchTextTests.hint),
        ("{name: \"\\q\"}", "it cannot be read at character 11", LinkWatchTextTests.hint),
        ("{name: \"\\UFFFFFFFF\"}", "it cannot be read at character 11", LinkWatchTextTests.hint),
    ])
    func isRefused(_ text: String, _ rule: String, _ remedy: String) throws {
        let row = try #require(Self.row)
        let error = #expect(throws: OptionDefinition.InvalidValue.self) { try row.parse(text) }
        #expect(error?.rule == rule)
        #expect(error?.remedy == remedy)
    }

    static let hint = "write {name: ethtool, delay_up: 100ms}, or a list of such mappings in brackets"

    /// Text that is cut short or has a byte changed is refused or read, and never traps.
    @Test func noiseDoesNotTrap() throws {
        let row = try #require(Self.row)
        let text = Array(row.format(.watches(Self.samples)).utf8)
        for end in 0...text.count { _ = try? row.parse(String(decoding: text[..<end], as: UTF8.self)) }
        for place in text.indices {
            for byte in Array("{}[]:,\"'\\ -\0\u{ff}".utf8) {
                var noise = text
                noise[place] = byte
                _ = try? row.parse(String(decoding: noise, as: UTF8.self))
            }
        }
    }
}
