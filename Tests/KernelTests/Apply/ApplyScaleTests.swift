import Aggregation
import Testing

/// Hosts with far more than usual.
@Suite struct ApplyScaleTests {
    private static let create = "create bond0 --mode active-backup --ports eth0,eth1 --no-wait"

    @Test func twoThousandRoutesMoveAndComeBack() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.ports(ns)
            let routes = (0..<2000).map { "route add 10.\($0 / 250).\($0 % 250).0/24 via 192.0.2.254" }
            _ = try ns.ip([], ["link set eth0 up", "address add 192.0.2.2/24 dev eth0"] + routes)
            let before = try await Scenes.settled(ns)
            let refused = await ns.aggctl(Self.create)
            #expect(refused.code == 5 && refused.errors.contains("and 1998 more"), "\(refused)")
            let driver = RefusingDriver(ns.driver, refusingVerification: true)
            let failed = await ns.aggctl("\(Self.create) --take-addresses", driver: driver)
            #expect(failed.code == 1, "\(failed)")
            #expect(try await ns.expectUnchanged(since: before) == [])
            try await ns.require("\(Self.create) --take-addresses")
            #expect(try ns.ip(["-o"], ["route show dev bond0"]).count { $0.isNewline } == 2001)
        }
    }

    @Test func fiveHundredDevicesSixDeepAreSeen() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode active-backup --ports eth0,eth1")
            var commands: [String] = []
            for stack in 1...84 {
                var lower = "bond0"
                for depth in 1...6 {
                    commands.append("link add link \(lower) name s\(stack).\(depth) type vlan id \(stack + depth)")
                    lower = "s\(stack).\(depth)"
                }
            }
            _ = try ns.ip([], commands + ["address add 192.0.2.9/24 dev s84.6"])
            for line in ["delete bond0", "set bond0 mode=balance-xor"] {
                let outcome = await ns.aggctl(line)
                #expect(outcome.code == 5, "\(line): \(outcome)")
            }
            try await ns.require("set bond0 mode=balance-xor --allow-interruption --no-wait")
            #expect(try ns.ip(["-o"], ["address show dev s84.6"]).contains("192.0.2.9/24"))
        }
    }
}
