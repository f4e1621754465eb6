import Aggregation
import Testing

/// The whole list of addresses: what goes, what comes, and what the kernel takes away with it.
@Suite struct ApplyAddressTests {
    @Test func anAddressGivesWayToAnotherOfItsNetwork() async throws {
        try await withNamespace { ns in
            try await Self.scene(ns)
            try await ns.require("set bond0 addresses=192.0.2.7/24")
            #expect(try Self.addresses(ns) == ["192.0.2.7/24"])
            try Self.expectRoutes(ns)
        }
    }

    @Test func secondaryAddressesOutliveTheirPrimaryOne() async throws {
        try await withNamespace { ns in
            try await Self.scene(ns)
            _ = try ns.ip([], ["addr add 192.0.2.4/24 dev bond0 valid_lft 5000 preferred_lft 4000"])
            try await ns.require("set bond0 addresses+=192.0.2.3/24")
            let driver = RefusingDriver(ns.driver)
            let outcome = await ns.aggctl("set bond0 addresses-=192.0.2.2/24", driver: driver)
            #expect(outcome.code == 0, "\(outcome)")
            #expect(try Self.addresses(ns) == ["192.0.2.3/24", "192.0.2.4/24"])
            #expect(try ns.ip([], ["addr show dev bond0"]).contains("valid_lft forever"))
            try Self.expectRoutes(ns)
        }
    }

    @Test func anAddressOfAnotherNetworkComesBeforeTheOldOneGoes() async throws {
        try await withNamespace { ns in
            try await Self.scene(ns)
            let driver = RefusingDriver(ns.driver)
            let outcome = await ns.aggctl("set bond0 addresses=203.0.113.2/24", driver: driver)
            #expect(outcome.code == 0, "\(outcome)")
            #expect(
                driver.performed.map { $0.summary(.shared) } == [
                    "add 203.0.113.2/24 to bond0", "remove 192.0.2.2/24 from bond0",
                ])
        }
    }

    @Test func anIPv6AddressGetsAnotherLength() async throws {
        try await withNamespace { ns in
            try await Self.scene(ns)
            try await ns.require("set bond0 addresses+=2001:db8::2/64")
            try await ns.require("set bond0 addresses-=2001:db8::2/64 addresses+=2001:db8::2/80")
            let shown = try ns.ip(["-6", "-o"], ["addr show dev bond0 scope global"])
            #expect(shown.contains("2001:db8::2/80") && !shown.contains("2001:db8::2/64"), "\(shown)")
        }
    }

    @Test func whatReadsBackDifferentlyIsAFailureAndNoWrongInput() async throws {
        try await withNamespace { ns in
            try await Self.scene(ns)
            let before = try await Scenes.settled(ns)
            let driver = MeddlingDriver(ns.driver) { step in
                guard case .addAddress = step else { return }
                _ = try? ns.ip([], ["link set bond0 mtu 1500"])
            }
            let outcome = await ns.aggctl("set bond0 mtu=1400 addresses+=192.0.2.8/24", driver: driver)
            #expect(outcome.code == 1 && outcome.errors.contains("after the change it is 1500"), "\(outcome)")
            #expect(try await ns.expectUnchanged(since: before) == [])
        }
    }

    private static func scene(_ ns: KernelFixture) async throws {
        try Scenes.skipDuplicateDetection(ns)
        try await Scenes.ports(ns)
        try await ns.require("create bond0 --mode active-backup --ports eth0,eth1 --address 192.0.2.2/24")
        _ = try ns.ip(
            [],
            [
                "route add default via 192.0.2.254", "route add 198.51.100.0/24 via 192.0.2.253 table 77",
                "neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev bond0 nud permanent",
            ])
    }

    private static func addresses(_ ns: KernelFixture) throws -> [String] {
        let words = try ns.ip(["-o", "-4"], ["addr show dev bond0"]).split(whereSeparator: \.isWhitespace)
        return zip(words, words.dropFirst()).filter { $0.0 == "inet" }.map { String($0.1) }.sorted()
    }

    private static func expectRoutes(_ ns: KernelFixture) throws {
        let text = try ns.ip([], ["route show table all", "neigh show nud permanent"])
        #expect(text.contains("default via 192.0.2.254 dev bond0"), "\(text)")
        #expect(text.contains("198.51.100.0/24 via 192.0.2.253 dev bond0 table 77"), "\(text)")
        #expect(text.contains("192.0.2.9 dev bond0 lladdr 02:00:00:00:00:09"), "\(text)")
    }
}
