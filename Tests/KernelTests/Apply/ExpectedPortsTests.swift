import Testing

/// A port that an aggregate was asked to have and has not is missed, also by later commands.
@Suite struct ExpectedPortsTests {
    @Test func aMissingPortDegrades() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            let path = try ns.file(
                "{version: 1, aggregates: [{name: bond0, mode: active-backup, ports: [eth0, eth9]}]}")
            #expect(await ns.aggctl("apply \(path)").code == 2)
            try await Self.expect(ns, 2, "1/2 ports up")
            try await ns.require("port set bond0 eth0 queue-id=1")
            try await ns.require("port add bond0 eth1")
            try await Self.expect(ns, 2, "2/3 ports up")
            try await ns.require("port remove bond0 eth1")
            try await Self.expect(ns, 2, "1/2 ports up")

            try await ns.dummies("eth9")
            #expect(await ns.aggctl("apply \(path)").code == 0)
            try await Self.expect(ns, 0, "2/2 ports up")
            _ = try ns.ip([], ["link del eth9"])
            try await Self.expect(ns, 2, "1/2 ports up")
            try await ns.require("set bond0 expected-ports=1")
            try await Self.expect(ns, 0, "1/1 ports up")

            // Another aggregate of the same name is another one.
            try await ns.require("delete bond0")
            _ = try ns.ip([], ["link add bond0 type bond mode active-backup miimon 100", "link set bond0 up"])
            _ = try ns.ip([], ["link set eth0 down", "link set eth0 master bond0", "link set eth1 down"])
            _ = try ns.ip([], ["link set eth1 master bond0"])
            try await Self.expect(ns, 0, "2/2 ports up")
        }
    }

    private static func expect(_ ns: KernelFixture, _ code: Int32, _ text: String) async throws {
        try await eventually("\(text), exit \(code)") {
            let outcome = await ns.aggctl("status bond0 --check")
            return outcome.code == code && outcome.output.contains(text)
        }
    }
}
