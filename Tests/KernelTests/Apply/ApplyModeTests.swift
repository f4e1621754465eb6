import Aggregation
import Bonding
import Testing

/// Modes and options that depend on each other, on the real kernel.
@Suite struct ApplyModeTests {
    static let modes = [
        "balance-rr", "active-backup", "balance-xor", "broadcast", "lacp", "balance-tlb", "balance-alb",
    ]

    @Test(arguments: modes) func everyModeBecomesEveryOther(_ from: String) async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            for to in Self.modes where to != from {
                try await ns.require("create bond0 --mode \(from) --ports eth0,eth1 --no-wait")
                let before = try HostWitness(ns, ["link show"])
                let refused = await ns.aggctl("set bond0 mode=\(to)", driver: RefusingDriver(ns.driver, refusing: 5))
                #expect(refused.code == 1, "\(from) to \(to): \(refused)")
                let differences = try await ns.expectUnchanged(since: before, ["link show"])
                #expect(differences.isEmpty, "\(from) to \(to): \(differences.joined(separator: "\n"))")
                let done = await ns.aggctl("set bond0 mode=\(to) --no-wait")
                #expect(done.code == 0, "\(from) to \(to): \(done)")
                #expect(try await ns.facts("bond0").mode.rawValue == to)
                #expect(try await ns.facts("bond0", .ports).ports == ["eth0", "eth1"])
                try await ns.require("delete bond0")
            }
        }
    }

    /// A file with every kind of option: applied once, nothing is left to write.
    @Test(arguments: modes) func aSecondApplyWritesNothing(_ mode: String) async throws {
        let monitored = ["balance-rr", "active-backup", "balance-xor", "broadcast"].contains(mode)
        var options = [
            "resend_igmp: 3", "num_grat_arp: 7", "all_slaves_active: on", "min_links: 1", "lp_interval: 2s",
            "use_carrier: on",
        ]
        var keys = [
            "mode: \(mode)", "mtu: 1400", "mac-address: 02:00:00:00:00:aa", "addresses: [192.0.2.2/24, 2001:db8::2/64]",
        ]
        var port = "queue-id: 2"
        if monitored, mode == "active-backup" {
            keys.append("path-monitor: { kind: arp, targets: [192.0.2.9, 192.0.2.8], interval: 1s, missed: 4 }")
            options += ["arp_validate: all", "arp_all_targets: all"]
        } else {
            keys.append("link-monitor: { interval: 50ms, up-delay: 200ms, down-delay: 100ms }")
        }
        if ["active-backup", "balance-tlb", "balance-alb"].contains(mode) {
            keys += ["primary: eth1", "reselect: failure"]
            port += ", priority: 4"
        }
        if mode == "active-backup" { keys.append("mac-policy: same") }
        if mode == "lacp" {
            keys.append("lacp: { rate: fast, active: true, system-priority: 100, min-ports: 1, select: bandwidth }")
            options.removeAll { $0.hasPrefix("min_links") }
            options += ["ad_actor_system: 02:00:00:00:00:cc", "ad_user_port_key: 5"]
        }
        if ["balance-xor", "lacp"].contains(mode) { keys.append("hash: [l3, l4]") }
        if mode == "balance-tlb" { options.append("tlb_dynamic_lb: off") }
        if mode == "balance-rr" { options.append("packets_per_slave: 5") }
        let text = """
            version: 1
            aggregates:
              - { name: bond0, \(keys.joined(separator: ", ")), ports: [eth0, { name: eth1, \(port) }], options: { \(options.joined(separator: ", ")) } }
            """
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            let path = try ns.file(text)
            // Nobody answers the path monitor.
            let first = await ns.aggctl("apply \(path) --no-wait")
            #expect(first.code == 0, "\(first)")
            let counting = RefusingDriver(ns.driver)
            let second = await ns.aggctl("apply \(path)", driver: counting)
            #expect(second.code == 0 && counting.performed.isEmpty, "\(second) \(counting.performed)")
            #expect(await ns.aggctl("plan \(path)").code == 0)
            #expect(await ns.aggctl("check \(path)").code == 0)
        }
    }

    @Test func delaysKeepTheirLengthWhenTheIntervalChanges() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            try await ns.require(
                "create bond0 --mode active-backup --ports eth0,eth1 --set updelay=400ms --set downdelay=200ms --no-wait"
            )
            try await ns.require("set bond0 miimon=200ms")
            let text = try ns.ip(["-d"], ["link show bond0"])
            #expect(text.contains("miimon 200 updelay 400 downdelay 200"), "\(text)")
        }
    }

    /// One request of several options is no transaction: what came before the refused one stays, and has to be taken back.
    @Test func whatARefusedRequestLeftBehindIsTakenBack() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode lacp --ports eth0,eth1 --no-wait")
            _ = try ns.ip([], ["link set bond0 down", "link set bond0 up"])
            let before = try await Scenes.settled(ns)
            // The bond comes up behind the plan's back, so that the kernel refuses lacp_rate after it took num_grat_arp.
            let driver = MeddlingDriver(ns.driver) { step in
                guard case .setOptions = step else { return }
                _ = try? ns.ip([], ["link set bond0 up"])
            }
            let outcome = await ns.aggctl("set bond0 num_grat_arp=7 lacp_rate=fast", driver: driver)
            #expect(outcome.code == 1 && outcome.errors.contains("rolled back"), "\(outcome)")
            #expect(outcome.errors.contains("lacp_rate"), "\(outcome)")
            let differences = try await ns.expectUnchanged(since: before)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    @Test func whatTheKernelDoesNotKnowIsAnErrorOrSatisfied() async throws {
        try await withNamespace { ns in
            try await Scenes.ports(ns)
            try await ns.require("create bond0 --mode lacp --ports eth0,eth1 --no-wait")
            guard try await ns.facts("bond0").options["lacp_strict"] == nil else { return }
            let before = try await Scenes.settled(ns)
            let refused = await ns.aggctl("set bond0 lacp_strict=on min_links=1")
            #expect(
                refused.code == 69 && refused.errors.contains("this kernel does not know lacp_strict"), "\(refused)")
            #expect(try await ns.expectUnchanged(since: before).isEmpty)
            let satisfied = await ns.aggctl("set bond0 lacp_strict=off")
            #expect(satisfied.code == 0 && satisfied.output.contains("lacp_strict"), "\(satisfied)")
        }
    }

    @Test func aPrimaryThatIsNotThereYetWaits() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let path = try ns.file(
                "{version: 1, aggregates: [{name: bond0, mode: active-backup, primary: eth1, ports: [eth0, eth1]}]}")
            let first = await ns.aggctl("apply \(path)")
            #expect(first.code == 2 && first.output.contains("eth1 is not there yet"), "\(first)")
            try await ns.dummies("eth1")
            #expect(await ns.aggctl("apply \(path)").code == 0)
            #expect(try await ns.facts("bond0").options["primary"] == .port("eth1"))
        }
    }
}

/// The real driver on a host where somebody else is at work.
struct MeddlingDriver: AggregateDriver {
    let real: any AggregateDriver
    let meddle: @Sendable (Step) -> Void

    init(_ real: any AggregateDriver, _ meddle: @escaping @Sendable (Step) -> Void) {
        self.real = real
        self.meddle = meddle
    }

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState { try await real.observe(scope) }

    func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting] {
        try await real.settings(of: devices)
    }

    func perform(_ step: Step) async throws(DriverError) {
        meddle(step)
        try await real.perform(step)
    }
}
