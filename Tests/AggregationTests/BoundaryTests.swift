import Aggregation
import Testing

/// Both sides of every boundary: the last value that is fine and the first that is not.
@Suite struct BoundaryTests {
    // MARK: - Values

    /// Rows whose value is a number in a range.
    static let ranges = OptionTableTests.places.filter { place in
        switch place.row.kind {
        case .integer, .duration: true
        default: false
        }
    }

    private static func range(_ row: OptionDefinition) -> ClosedRange<Int64> {
        switch row.kind {
        case .integer(let range), .duration(_, let range): range
        default: 0...0
        }
    }

    @Test(arguments: ranges) func theEndsOfARangeAreInIt(_ place: OptionTableTests.Place) throws {
        let (row, range) = (place.row, Self.range(place.row))
        for end in [range.lowerBound, range.upperBound] {
            #expect(try row.parse(row.format(.number(end))) == .number(end))
        }
        for (end, beyond) in [
            (range.lowerBound, range.lowerBound.subtractingReportingOverflow(1)),
            (range.upperBound, range.upperBound.addingReportingOverflow(1)),
        ] where !beyond.overflow && row.format(.number(beyond.partialValue)) != row.format(.number(end)) {
            #expect(throws: OptionDefinition.InvalidValue.self, "\(beyond.partialValue)") {
                try row.parse(row.format(.number(beyond.partialValue)))
            }
        }
    }

    @Test(arguments: [(15, true), (16, false), (1, true), (0, false)]) func namesOfDevices(length: Int, isFine: Bool) {
        #expect(((try? InterfaceName(String(repeating: "e", count: length))) != nil) == isFine)
    }

    @Test(arguments: [
        ("192.0.2.1/0", true), ("192.0.2.1/32", true), ("192.0.2.1/33", false), ("192.0.2.1/-1", false),
        ("2001:db8::1/128", true), ("2001:db8::1/129", false), ("2001:db8::1/0", true),
    ])
    func prefixes(text: String, isFine: Bool) { #expect((IPPrefix(text: text) != nil) == isFine) }

    @Test func lengthsOfAPrefixOutsideItsBytes() throws {
        let address = try #require(IPAddress(text: "192.0.2.1"))
        #expect(IPPrefix(address: address, length: 32) != nil)
        #expect(IPPrefix(address: address, length: 33) == nil)
        #expect(IPPrefix(address: address, length: 0) != nil)
        #expect(IPPrefix(address: address, length: -1) == nil)
    }

    /// A word may be a third of its letters off, and every word one.
    @Test(arguments: [
        ("miimno", "miimon", true), ("mxxmon", "miimon", true), ("mxxxon", "miimon", false), ("ab", "ac", true),
        ("ab", "cd", false), ("abcdefghi", "abcdefxyz", true), ("abcdefghi", "abcdexxyz", false), ("", "a", true),
    ])
    func nearWords(word: String, candidate: String, isNear: Bool) {
        #expect((Spelling.nearest(to: word, among: [candidate]) == candidate) == isNear)
    }

    @Test(arguments: [
        ("9223372036854775807ms", true), ("9223372036854775808ms", false), ("9223372036854775s", true),
        ("9223372036854776s", false), ("153722867280912m", true), ("153722867280913m", false),
    ])
    func durationsAtTheEndOfNumbers(text: String, isFine: Bool) {
        #expect(((try? DurationText.milliseconds(text)) != nil) == isFine)
    }

    @Test(arguments: [
        ("fe7f:ffff::1", false), ("fe80::1", true), ("febf:ffff::1", true), ("fec0::1", false),
        ("169.253.255.255", false),
        ("169.254.0.0", true), ("169.254.255.255", true), ("169.255.0.0", false), ("168.254.0.1", false),
    ])
    func linkLocalAddresses(text: String, isLinkLocal: Bool) throws {
        #expect(try #require(IPAddress(text: text)).isLinkLocal == isLinkLocal)
    }

    // MARK: - Rules

    private static func problems(
        _ mode: Mode = .lacp, on host: HostState = Fixture.host(), _ change: (inout DesiredAggregate) -> Void
    ) throws -> [String] {
        Translation.resolve(try Fixture.wish(mode, change), in: host).problems.map(\.description)
    }

    private static func notes(
        _ mode: Mode = .lacp, on host: HostState = Fixture.host(), _ change: (inout DesiredAggregate) -> Void
    ) throws -> [String] {
        Translation.resolve(try Fixture.wish(mode, change), in: host).notes.map(\.text)
    }

    @Test(arguments: [
        (Int64(67), false, false), (68, false, true), (65535, false, true), (65536, false, false), (1279, true, false),
        (1280, true, true), (1279, false, true),
    ])
    func mtu(_ mtu: Int64, hasIPv6: Bool, isFine: Bool) throws {
        let problems = try Self.problems { wish in
            wish.mtu = numericCast(mtu)
            wish.addresses = [IPPrefix(text: hasIPv6 ? "2001:db8::1/64" : "192.0.2.1/24")].compactMap { $0 }
        }
        #expect(problems.isEmpty == isFine, "\(problems)")
    }

    @Test(arguments: [(-1, false), (0, true)]) func expectedPorts(_ count: Int, isFine: Bool) throws {
        #expect(try Self.problems { $0.expectedPorts = count }.isEmpty == isFine)
    }

    /// Two ports: two of them give it carrier, three never do. More expected ports count as ports.
    @Test(
        arguments: [(1, nil, false), (2, nil, false), (3, nil, true), (3, 3, false), (4, 3, true)]
            as [(Int64, Int?, Bool)])
    func minimumOfPorts(_ least: Int64, expected: Int?, warns: Bool) throws {
        let notes = try Self.notes {
            $0.lacp.minPorts = .value(numericCast(least))
            $0.expectedPorts = expected
        }
        #expect(notes.contains { $0.contains("never gets carrier") } == warns, "\(notes)")
    }

    /// Of the targets that the kernel keeps.
    @Test(arguments: [(16, true), (17, false)]) func targets(count: Int, isFine: Bool) throws {
        let list = (1...count).map { "192.0.2.\($0)" }.joined(separator: ",")
        let problems = try Self.problems(.activeBackup) {
            $0.options = Fixture.options("arp_interval=1s", "arp_ip_target=\(list)")
        }
        #expect(problems.isEmpty == isFine, "\(problems)")
    }

    /// What acts only beside another option of at least so much.
    @Test(arguments: [
        ("notify_peers.interval=200ms", "notify_peers.count", Int64(1), true),
        ("notify_peers.interval=200ms", "notify_peers.count", 2, false),
        ("mcast_rejoin.interval=200ms", "mcast_rejoin.count", 1, true),
        ("mcast_rejoin.interval=200ms", "mcast_rejoin.count", 2, false),
    ])
    func effectsThatNeedAnother(option: String, other: String, number: Int64, warns: Bool) throws {
        let wish = try Fixture.team { $0.options = Fixture.options(option) }
        let notes = Translation.resolve(wish, in: Fixture.host(team: .activeBackup, [other: .number(number)])).notes
        #expect(notes.contains { $0.text.contains("no effect unless \(other)") } == warns, "\(notes)")
    }

    @Test(arguments: [(Int64(0), true), (1, false), (100, false)]) func validationNeedsAnInterval(
        interval: Int64, warns: Bool
    ) throws {
        let host = Fixture.host(bond: .activeBackup, ["arp_interval": .number(interval), "miimon": .number(0)])
        let notes = try Self.notes(.activeBackup, on: host) { $0.options = Fixture.options("arp_validate=active") }
        #expect(notes.contains { $0.contains("no effect unless arp_interval") } == warns, "\(notes)")
    }

    // MARK: - Judgement

    /// min_links against the ports that are there and those that can be used.
    @Test(arguments: [
        (Int64(2), 2, Verdict.healthy), (3, 2, .misconfigured), (2, 1, .down), (1, 1, .degraded), (0, 1, .degraded),
        (1, 0, .down),
    ])
    func leastLinks(minimum: Int64, usable: Int, verdict: Verdict) throws {
        var host = Fixture.host(bond: .lacp, ["min_links": .number(minimum), "miimon": .number(100)])
        host.links = host.links.enumerated().map { place, link in
            var link = link
            link.flags.insert(.up)
            link.speed = 1000
            link.duplex = .full
            link.hasCarrier = link.aggregate == nil ? place < usable : usable >= max(1, minimum)
            if link.port != nil {
                link.port?.monitor = place < usable ? .up : .down
                link.port?.aggregatorID = 1
                link.port?.actorState = LACPPortState(rawValue: 63)
                link.port?.partnerState = LACPPortState(rawValue: 63)
            }
            link.aggregate?.activeAggregator = .init(
                id: 1, portCount: UInt16(usable), actorKey: 15, partnerKey: 15,
                partnerSystem: LinkLayerAddress([2, 0, 0, 0, 0, 99]))
            return link
        }
        let status = try #require(AggregateHealth.statuses(of: host).first)
        #expect(status.verdict == verdict, "\(status)")
    }

    /// A port that forwards for another aggregator carries nothing of this one.
    @Test(arguments: [(UInt16(1), true, 2), (2, true, 1), (1, false, 1)])
    func aggregatorOfTheSecondPort(id: UInt16, forwards: Bool, usable: Int) throws {
        var host = Fixture.host(bond: .lacp, ["miimon": .number(100)])
        host.links = host.links.map { link in
            var link = link
            link.flags.insert(.up)
            link.hasCarrier = true
            link.speed = 1000
            link.duplex = .full
            link.port?.aggregatorID = link.name == "eth1" ? id : 1
            link.port?.isBackup = link.name == "eth1" && !forwards
            link.port?.actorState = LACPPortState(rawValue: 63)
            link.port?.partnerState = LACPPortState(rawValue: 63)
            link.aggregate?.activeAggregator = .init(
                id: 1, portCount: 2, actorKey: 15, partnerKey: 15, partnerSystem: LinkLayerAddress([2, 0, 0, 0, 0, 99]))
            return link
        }
        #expect(try #require(AggregateHealth.statuses(of: host).first).portsUp == usable)
    }

    /// What is asked for and not there differs, whatever is there.
    @Test(arguments: [([], []), (["eth9"], ["ports"])] as [([String], [String])])
    func missingPortsDiffer(missing: [String], keys: [String]) {
        var wish = ResolvedAggregate(name: "bond0", driver: .bonding, state: .down)
        wish.ports = ["eth0", "eth1"].map { .init(name: $0) }
        wish.missingPorts = missing
        #expect(Difference.between(wish, Fixture.host(bond: .activeBackup)).map(\.key) == keys)
    }

    @Test(arguments: [(1, Verdict.healthy), (2, .healthy), (3, .degraded)])
    func expectedPortsOfTwo(expected: Int, verdict: Verdict) throws {
        var host = Fixture.host(bond: .balanceXOR, ["miimon": .number(100)])
        host.links = host.links.map { link in
            var link = link
            link.flags.insert(.up)
            link.hasCarrier = true
            return link
        }
        #expect(
            try #require(AggregateHealth.statuses(of: host, expected: ["bond0": expected]).first).verdict == verdict)
    }
}
