import AggctlCommands
import Aggregation
import Testing

/// What `status` says while an aggregate comes up, and that changing commands wait for what they made.
@Suite struct SettlingEveryKernelTests {
    /// Two ports here, their far ends in a bond with LACP, or in a bridge that answers.
    static func cable(_ ns: KernelFixture, _ far: KernelFixture, lacp: Bool) async throws {
        try await ns.cables([("eth0", "p0"), ("eth1", "p1")], to: far)
        try Scenes.skipDuplicateDetection(ns)
        let device =
            lacp ? "type bond mode 802.3ad miimon 50 lacp_rate fast" : "type bridge"
        _ = try far.ip(
            [],
            [
                "link add sw \(device)", "link set p0 master sw", "link set p1 master sw", "link set p0 up",
                "link set p1 up", "link set sw up", "addr add 198.51.100.1/24 dev sw",
            ])
        ns.atEnd { Scenes.rmtree(ns.stateDirectory) }
    }

    static func status(_ ns: KernelFixture, _ name: String = "bond0") async throws -> JSON {
        let outcome = await ns.aggctl("status \(name) --json")
        return try #require(try JSON.parse(outcome.output)["aggregates"]?[0], "\(outcome)")
    }

    /// What a person needs of a status to see why it was judged so.
    private static func summary(_ status: JSON) -> String {
        let findings = status["findings"]?.elements.compactMap { $0["message"]?.plain } ?? []
        let ports = status["ports"]?.elements.map { port in
            let lacp = port["lacp"]
            let states = ["actor", "partner"].map { lacp?[$0]?["raw"]?.plain ?? "-" }
            let counts = ["received_lacpdus", "sent_lacpdus"].map { lacp?[$0]?.plain ?? "-" }
            return "\(states) \(counts) \(port["note"]?.plain ?? "")"
        }
        return "\(findings) \(ports ?? [])"
    }

    /// Whether both ports forward and their partners collect, by `ip`.
    private static func forward(_ ns: KernelFixture) throws -> Bool {
        let ports = try JSON.parse(try ns.ip(["-d", "-j"], ["link show master bond0"])).elements
        return ports.count == 2
            && ports.allSatisfy { port in
                let data = port["linkinfo"]?["info_slave_data"]
                guard case .number(let actor)? = data?["ad_actor_oper_port_state"],
                    case .number(let partner)? = data?["ad_partner_oper_port_state"]
                else { return false }
                return data?["state"]?.plain == "ACTIVE" && actor & 0x38 == 0x38 && partner & 0x10 != 0
            }
    }

    /// - Parameters:
    ///   - start: before the bond was made. Where the partner takes longer than the short timeout to answer, as on a
    ///     machine that is busy, there is none for the kernel either, and that is what is said until it does.
    ///   - unknown: a reading may say that it is not known how long it takes.
    private static func follow(
        _ ns: KernelFixture, since start: ContinuousClock.Instant, unknown: Bool
    ) async throws {
        var seen: [String] = []
        try await eventually("a healthy bond") {
            let status = try await status(ns)
            let verdict = try #require(status["verdict"]?.plain)
            seen.append(verdict)
            // States only get better here: what forwards afterwards may not have forwarded when it was read.
            if verdict == "healthy" {
                let isTrue = try forward(ns)
                #expect(isTrue)
                return true
            }
            if verdict == "degraded", start.duration(to: .now) > .seconds(3) {
                let first = status["findings"]?[0]?["message"]?.plain ?? ""
                #expect(first.hasPrefix("no partner"), "\(summary(status))")
                return false
            }
            #expect(verdict == "settling", "\(summary(status))")
            if case .number(let time)? = status["settling_ms"] {
                #expect((1...6700).contains(time))
            } else {
                #expect(unknown && status["settling_ms"] == .null, "\(status)")
            }
            #expect(status["findings"]?.elements.filter { $0["verdict"] != nil }.count == 1, "\(status)")
            let notes = status["ports"]?.elements.compactMap { $0["note"]?.plain } ?? []
            #expect(notes.allSatisfy { $0 == "negotiating" }, "\(notes)")
            return false
        }
        #expect(seen.contains("settling"), "\(seen)")
    }

    @Test func whatNegotiatesIsSettlingAndThenHealthy() async throws {
        try await withNamespace { ns in
            try await withNamespace { far in
                try await Self.cable(ns, far, lacp: true)
                var start = ContinuousClock.now
                try await ns.require("create bond0 --mode lacp --ports eth0,eth1 --set lacp.rate=fast --no-wait")
                #expect(await ns.aggctl("status bond0 --check").code == 2)
                try await Self.follow(ns, since: start, unknown: false)
                #expect(await ns.aggctl("status bond0 --check").code == 0)

                // One that others made: by the kernel's states alone.
                try await ns.require("delete bond0")
                start = .now
                _ = try ns.ip(
                    [],
                    [
                        "link add bond0 type bond mode 802.3ad miimon 50 lacp_rate fast", "link set eth0 down",
                        "link set eth1 down", "link set eth0 master bond0", "link set eth1 master bond0",
                        "link set bond0 up",
                    ])
                try await Self.follow(ns, since: start, unknown: true)

                // And one that is waited for is healthy when the command is done.
                try await ns.require("delete bond0")
                try await ns.require("create bond0 --mode lacp --ports eth0,eth1 --set lacp.rate=fast")
                #expect(try Self.forward(ns))
                #expect(await ns.aggctl("status bond0 --check").code == 0)
            }
        }
    }

    /// The kernel gives a partner up after 3 s, and so do we.
    @Test func whereNobodySpeaksLACPThatIsSaidInTheEnd() async throws {
        try await withNamespace { ns in
            try await withNamespace { far in
                try await Self.cable(ns, far, lacp: false)
                try await ns.require("create bond0 --mode lacp --ports eth0,eth1 --set lacp.rate=fast")
                let outcome = await ns.aggctl("status bond0 --check")
                #expect(outcome.code == 2 && outcome.output.contains("degraded: no partner"), "\(outcome)")
                #expect(!outcome.output.contains("settling"), "\(outcome)")
            }
        }
    }

    @Test func aTargetThatDoesNotAnswerIsTheReason() async throws {
        try await withNamespace { ns in
            try await withNamespace { far in
                try await Self.cable(ns, far, lacp: false)
                try await ns.require(
                    "create bond0 --mode active-backup --ports eth0,eth1 --address 198.51.100.2/24 --set arp_interval=100ms --set arp_ip_target=198.51.100.1 --set arp_validate=all --set miimon=0"
                )
                #expect(await ns.aggctl("status bond0 --check").code == 0)
                _ = try far.ip([], ["addr del 198.51.100.1/24 dev sw"])
                let text = "has carrier, but 198.51.100.1 does not answer"
                try await eventually("the note") {
                    let ports = try await Self.status(ns)["ports"]?.elements ?? []
                    return ports.allSatisfy { $0["note"]?.plain == text }
                }
                let links = try JSON.parse(try ns.ip(["-j"], ["link show master bond0"])).elements
                #expect(links.allSatisfy { $0["flags"]?.elements.contains(.string("LOWER_UP")) == true })
                // It stays so in every state that the monitor goes through, and is not taken for settling.
                for _ in 0..<10 {
                    let status = try await Self.status(ns)
                    #expect(status["verdict"]?.plain == "down", "\(status)")
                    #expect(status["ports"]?.elements.allSatisfy { $0["note"]?.plain == text } == true, "\(status)")
                }
            }
        }
    }

    @Test func anActivePortThatIsDownIsNoTraffic() async throws {
        try await withNamespace { ns in
            try await withNamespace { far in
                try await Self.cable(ns, far, lacp: false)
                try await ns.require(
                    "create bond0 --mode active-backup --ports eth0,eth1 --set downdelay=3s --set primary=eth0")
                try await eventually("both ports") { await ns.aggctl("status bond0 --check").code == 0 }
                _ = try far.ip([], ["link set p0 down"])
                try await eventually("the loss") {
                    try await Self.status(ns)["ports"]?[0]?["link"]?.plain == "going-down"
                }
                // Until downdelay is over nobody takes over, once the bond is not new any more.
                try await eventually("no traffic") {
                    let outcome = await ns.aggctl("status bond0 --check")
                    return outcome.code == 6 && outcome.output.contains("the active port eth0 carries nothing")
                        && outcome.output.contains("no carrier; marked down after downdelay 3000ms")
                }
                try await eventually("the other port") { await ns.aggctl("status bond0 --check").code == 2 }

                _ = try ns.ip([], ["link set bond0 down"])
                let down = await ns.aggctl("status bond0 --check")
                #expect(down.code == 6 && down.output.contains("0/2 ports up"), "\(down)")
            }
        }
    }

    // MARK: - Waiting

    @Test func whatCannotCarryYetIsWaitedForAndNamed() async throws {
        try await withNamespace { ns in
            try await withNamespace { far in
                try await Self.cable(ns, far, lacp: false)
                _ = try far.ip([], ["link set p0 down", "link set p1 down"])
                let path = try ns.file(
                    "{version: 1, aggregates: [{name: bond0, mode: active-backup, ports: [eth0, eth1]}]}")
                let dead = await ns.aggctl("apply \(path) --wait 300ms")
                #expect(dead.code == 75, "\(dead)")
                #expect(dead.errors.contains("bond0: done, but not usable after"), "\(dead)")
                #expect(dead.errors.contains("eth0: no carrier; eth1: no carrier"), "\(dead)")
                // What was dead before is not the fault of an option, and nothing was done.
                #expect(await ns.aggctl("set bond0 miimon=50ms").code == 0)
                #expect(await ns.aggctl("apply \(path)").code == 0)
                #expect(await ns.aggctl("apply \(path) --wait 100ms").code == 75)
                #expect(await ns.aggctl("set bond0 miimon=60ms --wait 100ms").code == 75)
                #expect(await ns.aggctl("port set bond0 eth0 queue-id=1 --no-wait").code == 0)
                #expect(await ns.aggctl("port remove bond0 eth1").code == 0)
                let added = await ns.aggctl("port add bond0 eth1 --wait 100ms")
                #expect(added.code == 75, "\(added)")
                // A bond that is to be down, and one that never can, are not waited for.
                try await ns.require("delete bond0")
                try await ns.require("create bond0 --mode active-backup --ports eth0 --down")
                try await ns.require("delete bond0")

                _ = try far.ip([], ["link set p1 up"])
                try await ns.require("apply \(path)")
                #expect(await ns.aggctl("status bond0").output.contains("1/2 ports up"))
                #expect(await ns.aggctl("port activate bond0 eth1 --wait 1s").code == 0)
            }
        }
    }
}
