import Aggregation
import Testing

/// What a team is, in neutral words: what those become is the team again.
@Suite struct TeamWishesTests {
    private func filled(_ keys: Set<String>, _ mode: Mode, _ options: OptionValues) throws -> DesiredAggregate {
        let host = Fixture.host(team: mode, options)
        var wish = try Fixture.team(nil)
        ObservedWishes.fill(keys, into: &wish, from: try #require(host.link(named: "team0")), on: host)
        return wish
    }

    private static func asking(_ kind: LinkWatch.Kind, _ target: String, _ others: OptionValues = [:]) -> LinkWatch {
        LinkWatch(kind, values: ["target_host": .targets(Fixture.addresses(target))].merging(others) { $1 })
    }

    @Test func hash() throws {
        let sets: [([String], Set<HashLayer>?)] = [
            (["eth", "ipv4", "ipv6"], [.l2, .l3]), (["l3", "l4", "vlan"], [.l3, .l4, .vlan]),
            (["tcp", "udp", "sctp", "ip"], [.l3, .l4]), (["ipv4"], nil), (["eth", "tcp"], nil),
        ]
        for (names, layers) in sets {
            let wish = try filled(["hash"], .lacp, ["runner.tx_hash": .names(names)])
            #expect(wish.hash == layers.map { .value($0) }, "\(names)")
        }
    }

    @Test func linkMonitor() throws {
        let watch = LinkWatch(.ethtool, values: ["delay_up": .number(70)])
        let wish = try filled(["link-monitor"], .activeBackup, ["link_watch": .watches([watch])])
        #expect(wish.linkMonitor == .value(.carrier(interval: 100, upDelay: 70, downDelay: 0)))
        let asking = Self.asking(.arpPing, "192.0.2.1")
        #expect(try filled(["link-monitor"], .broadcast, ["link_watch": .watches([asking])]).linkMonitor == nil)
    }

    @Test func pathMonitorIsTheTeamAgain() throws {
        var monitor = PathMonitor(kind: .arp, targets: Fixture.addresses("192.0.2.1", "192.0.2.2"))
        monitor.interval = 200
        monitor.missed = 5
        let wish = try Fixture.team(.broadcast) { $0.pathMonitor = .value(monitor) }
        let setting = try #require(Translation.resolve(wish, in: Fixture.host()).aggregate.settings.first)
        let again = try filled(["path-monitor"], .broadcast, [setting.name: setting.value])
        #expect(again.pathMonitor == .value(monitor))
    }

    @Test func whatNoKeySaysIsNotSaid() throws {
        let watches: [[LinkWatch]] = [
            [Self.asking(.arpPing, "192.0.2.1", ["vlanid": .number(7)])],
            [Self.asking(.arpPing, "192.0.2.1"), Self.asking(.nsnaPing, "2001:db8::1")],
            [Self.asking(.arpPing, "192.0.2.1"), Self.asking(.arpPing, "192.0.2.2", ["interval": .number(7)])],
            [LinkWatch(.ethtool)],
        ]
        for list in watches {
            let wish = try filled(["path-monitor"], .broadcast, ["link_watch": .watches(list)])
            #expect(wish.pathMonitor == nil, "\(list)")
        }
    }
}
