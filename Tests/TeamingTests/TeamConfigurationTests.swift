import Aggregation
import Teaming
import Testing

/// What teamd is told, there and back again.
@Suite struct TeamConfigurationTests {
    /// A value of a row that is not its default.
    static func unusual(_ row: OptionDefinition) -> OptionValue? {
        switch row.kind {
        case .integer(let range): .number(min(range.upperBound, 37))
        case .duration: .number(7)
        case .boolean: row.defaultValue.general == .number(0) ? .number(1) : .number(0)
        case .choice(let choices): choices.last.map { .number($0.number) }
        case .names: .names(["l4", "vlan"])
        case .watches:
            .watches([
                LinkWatch(.ethtool, [OptionSetting("delay_up", .number(100))]),
                LinkWatch(
                    .nsnaPing, [OptionSetting("target_host", .targets(["fe80::1"].compactMap { IPAddress(text: $0) }))]),
            ])
        case .targets(let family, _):
            .targets([family == .ipv4 ? "192.0.2.1" : "2001:db8::1"].compactMap { IPAddress(text: $0) })
        case .text: .text("eth:eth0")
        case .port, .ethernetAddress: nil
        }
    }

    @Test(arguments: Mode.modes(of: .teaming)) func everyOptionComesBack(_ mode: Mode) throws {
        var configuration = TeamConfiguration(mode: mode)
        for row in TeamingOptions.table.rows where row.wire == .json && row.accepted.contains(mode) {
            if row.name != "runner.name" { configuration.options[row.name] = Self.unusual(row) }
        }
        for row in TeamingPortOptions.table.rows where row.accepted.contains(mode) {
            configuration.ports["eth0", default: [:]][row.name] = Self.unusual(row)
        }
        configuration.ports["eth1"] = [:]
        let again = try #require(TeamConfiguration(parsing: configuration.text), "\(configuration.text)")
        #expect(again == configuration)
    }

    @Test(arguments: LinkWatch.Kind.allCases) func everyOptionOfAWatchComesBack(_ kind: LinkWatch.Kind) throws {
        let settings = LinkWatchOptions.table(kind).rows.compactMap { row in
            Self.unusual(row).map { OptionSetting(row.name, $0) }
        }
        let configuration = TeamConfiguration(
            mode: .activeBackup, options: ["link_watch": .watches([LinkWatch(kind, settings)])])
        #expect(TeamConfiguration(parsing: configuration.text) == configuration)
        let row = try #require(TeamingOptions.table["link_watch"])
        let value = OptionValue.watches([LinkWatch(kind, settings)])
        #expect(try row.parse(row.format(value)) == value)
    }

    @Test func teamdsOwnWordsAreRead() throws {
        let text = """
            {"device": "team0", "runner": {"name": "lacp", "fast_rate": true, "tx_hash": ["eth", "ipv9", "l4"],
             "tx_balancer": {"name": "basic", "balancing_interval": 20}, "fallback": true},
             "link_watch": [{"name": "ethtool", "delay_up": 5}, {"name": "arp_ping", "target_host": "192.0.2.1"}],
             "ports": {"eth0": {"prio": -10, "sticky": true, "lacp_prioo": 3}}}
            """
        let configuration = try #require(TeamConfiguration(parsing: text))
        #expect(configuration.mode == .lacp)
        #expect(configuration.options["runner.tx_hash"] == .names(["eth", "l4"]))
        #expect(configuration.options["runner.tx_balancer.balancing_interval"] == .number(20))
        #expect(configuration.ports["eth0"]?["prio"] == .number(-10))
        #expect(configuration.unknownMembers == ["runner.fallback", "ports.eth0.lacp_prioo"])
    }

    @Test func theImplicitWatchOfAPortIsNone() throws {
        let text = #"{"runner": {"name": "activebackup"}, "ports": {"d1": {"link_watch": {"name": "ethtool"}}}}"#
        let configuration = try #require(TeamConfiguration(parsing: text))
        #expect(configuration.effectiveOptions(ofPort: "d1")["link_watch"] == .watches([]))
    }

    @Test func aNewModeLosesWhatItDoesNotTake() {
        var configuration = TeamConfiguration(mode: .lacp, options: ["runner.fast_rate": .number(1)])
        configuration.apply([DriverKind.teaming.modeSetting(.balanceXOR), OptionSetting("debug_level", .number(1))])
        #expect(configuration.mode == .balanceXOR)
        #expect(configuration.options == ["debug_level": .number(1)])
        #expect(configuration.text == #"{"debug_level":1,"runner":{"name":"loadbalance"}}"#)
    }

    @Test func aPortsTextAlwaysHasAPriority() {
        #expect(TeamConfiguration.portText([:]) == #"{"prio":0}"#)
    }

    @Test(arguments: [TeamDumps.lacp, TeamDumps.activeBackup]) func damagedTextNeverTraps(_ text: String) {
        let bytes = Array(text.utf8)
        for length in stride(from: 0, to: bytes.count, by: 7) {
            let cut = String(decoding: bytes[..<length], as: UTF8.self)
            #expect(TeamState(parsing: cut) == nil)
            #expect(TeamConfiguration(parsing: cut) == nil)
        }
        for place in stride(from: 0, to: bytes.count, by: 5) {
            var flipped = bytes
            flipped[place] ^= 0x15
            let text = String(decoding: flipped, as: UTF8.self)
            _ = TeamState(parsing: text)
            _ = TeamConfiguration(parsing: text)
        }
        #expect(TeamState(parsing: String(repeating: "[", count: 100_000)) == nil)
    }
}
