import Testing

/// `aggctl facts` tells what `ip` sees, asks the kernel for options, and `recommend` decides by both.
@Suite struct HostFactsEveryKernelTests {
    @Test func tellsWhatIsThere() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            _ = try ns.ip([], ["address add 192.0.2.7/24 dev eth0", "link add link eth0 name eth0.5 type vlan id 5"])
            let run = await ns.aggctl("facts --json")
            #expect(run.code == 0, "\(run)")
            let facts = try JSON.parse(run.output)["facts"]
            #expect(facts?["bonding"] == .bool(true))
            #expect(facts?["team"] == .bool(true))
            guard case .array(let ports)? = facts?["ports"], ports.count == 2 else {
                throw Missing(what: "two ports: \(run)")
            }
            #expect(ports[0]["name"] == .string("eth0"))
            #expect(ports[0]["kind"] == .string("dummy"))
            #expect("\(run.output)".contains("192.0.2.7/24"))
            #expect("\(run.output)".contains("eth0.5 (vlan)"))
            let address = try ns.ip(["-br"], ["link show eth0"]).split(separator: " ").first { $0.contains(":") }
            #expect(ports[0]["mac-address"] == .string(String(address ?? "")))
        }
    }

    /// What `ip` can set and see is known, whatever the kernel's version.
    @Test func asksTheKernel() async throws {
        try await withNamespace { ns in
            let text = await ns.aggctl("facts").output
            _ = try ns.ip([], ["link add x type bond mode 802.3ad"])
            let seen = try ns.ip(["-d"], ["link show x"])
            for (option, word) in [("lacp_active", "lacp_active"), ("coupled_control", "coupled_control")] {
                // An ip older than the option shows nothing of it either way.
                guard seen.contains(word) else { continue }
                #expect(text.contains("bonding option \(option): known"), "\(text)")
            }
            #expect(text.contains("bonding option ns_ip6_target: known"), "\(text)")
        }
    }

    /// Nothing is sent: the partner is active and speaks by itself, every 30 s as long as nobody asks for more.
    @Test func hearsWhoSpeaksLACP() async throws {
        try await withNamespace { ns in
            _ = try ns.ip(
                [],
                [
                    "link add far type bond mode 802.3ad lacp_rate fast miimon 100 ad_actor_system 02:00:5e:00:53:02",
                    "link add eth0 type veth peer name far0", "link add eth1 type veth peer name far1",
                    "link set far0 master far", "link set far1 master far", "link set far up", "link set eth0 up",
                    "link set eth1 up", "link add eth2 type dummy", "link set eth2 up",
                ])
            let run = await ns.aggctl("facts --ports eth0,eth1,eth2 --listen 50s --json")
            #expect(run.code == 0, "\(run)")
            let ports = try JSON.parse(run.output)["facts"]?["ports"]
            for place in [0, 1] {
                #expect(ports?[place]?["lacp-partner"]?["system"] == .string("02:00:5e:00:53:02"), "\(run)")
            }
            #expect(ports?[0]?["lacp-partner"]?["key"] == ports?[1]?["lacp-partner"]?["key"])
            #expect(ports?[2]?["lacp-partner"] == nil)

            let facts = try ns.file(run.output)
            func conditions(_ flags: String) async throws -> Bool {
                let decision = await ns.aggctl("recommend --require lacp --ports eth0,eth1 \(flags)")
                #expect(decision.code == 0, "\(decision)")
                return decision.output.contains("the switch offers LACP")
            }
            #expect(try await conditions(""))
            #expect(try await !conditions("--facts \(facts)"))
        }
    }

    @Test func decidesForWhatWasWritten() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            let facts = try ns.file(await ns.aggctl("facts --json").output)
            let line = "recommend --require redundancy --require ipv6-monitoring=2001:db8::1 --ports eth0,eth1 --json"
            let here = await ns.aggctl(line)
            let there = await ns.aggctl("\(line) --facts \(facts)")
            #expect(here.code == 0, "\(here)")
            #expect(here.output == there.output)
            let missing = await ns.aggctl("recommend --require redundancy --ports eth0,eth7")
            #expect(missing.code == 66 && missing.errors.contains("eth7"), "\(missing)")
        }
    }
}
