import Aggregation
import Bonding
import Glibc
import Operations
import Testing

/// Fault level on the real kernel: whatever step of a change is refused, `ip` says what it said before.
@Suite struct ApplyFaultTests {
    /// A change that somebody may ask for, on a host that is worth keeping.
    struct Change: Sendable, CustomTestStringConvertible {
        let name: String
        let start: @Sendable (KernelFixture) async throws -> Void
        let command: String
        var file: String?
        /// Multicast addresses that somebody set are gone with a device that is deleted.
        var losesMulticast = false

        var testDescription: String { name }
    }

    static let changes: [Change] = [
        Change(
            name: "create", start: { try await Scenes.ports($0) },
            command: "create bond0 --mode active-backup --ports eth0,eth1,eth2 --set primary=eth1 --set updelay=200ms "
                + "--address 192.0.2.2/24 --address 2001:db8::2/64 --no-wait"),
        Change(
            name: "create and take addresses over", start: { try await Scenes.addressedPort($0) },
            command: "create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --no-wait"),
        Change(
            name: "set, any time", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "set bond0 miimon=200ms updelay=400ms downdelay=600ms num_grat_arp=7 resend_igmp=3 primary=eth1"),
        Change(
            name: "set, only while down", start: { try await Scenes.loaded($0, mode: "lacp") },
            command: "set bond0 lacp_rate=fast ad_select=count num_grat_arp=7 --allow-interruption"),
        Change(
            name: "set, only without ports", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "set bond0 fail_over_mac=active --allow-interruption"),
        Change(
            name: "address and MTU", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "set bond0 mac-address=02:00:00:00:00:77 mtu=1400"),
        Change(
            name: "port add", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "port add bond0 eth2 --set priority=10 --set queue-id=3"),
        Change(
            name: "port remove", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "port remove bond0 eth0"),
        Change(
            name: "port set", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "port set bond0 eth1 priority=10 queue-id=3"),
        Change(
            name: "mode change", start: { try await Scenes.loaded($0, mode: "lacp") },
            command: "set bond0 mode=active-backup miimon=50ms primary=eth1 --allow-interruption"),
        Change(
            name: "apply of two aggregates with a port that moves",
            start: { ns in
                try await Scenes.loaded(ns, mode: "active-backup")
                try await ns.require("create bond1 --mode balance-xor --ports eth2 --no-wait")
            },
            command: "apply FILE --allow-interruption",
            file: """
                version: 1
                aggregates:
                  - { name: bond0, mode: lacp, lacp: { rate: fast }, ports: [eth0] }
                  - { name: bond1, mtu: 1400, ports: [eth2, eth1, eth3], addresses: [198.51.100.7/24] }
                """),
        Change(
            name: "delete", start: { try await Scenes.loaded($0, mode: "active-backup") },
            command: "delete bond0 --allow-cutoff", losesMulticast: true),
        Change(
            name: "delete one for another", start: { try await Scenes.loaded($0, mode: "lacp") },
            command: "apply FILE --allow-cutoff",
            file: """
                version: 1
                aggregates:
                  - { name: bond0, state: absent }
                  - { name: bond1, mode: active-backup, ports: [eth1, eth0] }
                """, losesMulticast: true),
    ]

    /// What puts back the records of a device that was down goes on past a refusal, and tries again: the change succeeds
    /// then, and is taken back for the next step to be refused. Of a row of such steps every fourth is tried.
    @Test(arguments: changes) func everyStepCanFail(_ change: Change) async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await change.start(ns)
            let path = try change.file.map { try ns.file($0) } ?? ""
            let attempt = Attempt(
                ns: ns, change: change, command: change.command.replacing("FILE", with: path),
                before: try await Scenes.settled(ns), snapshot: try await ns.driver.observe(.change))
            var (step, passedOver, tried): (Int, [Int], Int) = (1, [], 0)
            while step < 400 {
                let end = try await attempt.refuse(step)
                if end == .wrong { return }
                tried += 1
                if end != .tolerated {
                    // The row is over: what was passed over may be behind it.
                    if end == .beyond, !passedOver.isEmpty { try await attempt.takeBack() }
                    for step in passedOver where try await attempt.refuse(step) == .wrong { return }
                    if end == .beyond {
                        if !passedOver.isEmpty { _ = try await attempt.refuse(step) }
                        #expect(tried > 1, "nothing was done")
                        try await Self.expectNothingToDo(ns, attempt.command, change)
                        try await Self.expectTakenBackAfterTheLastStep(change)
                        return
                    }
                    passedOver = []
                    step += 1
                } else {
                    passedOver = Array(step + 1..<step + 4)
                    step += 4
                }
            }
            Issue.record("it never came to an end")
        }
    }

    /// One change, again and again with another step refused.
    private struct Attempt {
        enum End { case takenBack, tolerated, beyond, wrong }

        let ns: KernelFixture
        let change: Change
        let command: String
        let before: HostWitness
        let snapshot: HostState

        /// Refuses a step; the host is as before afterwards, unless there were fewer steps.
        func refuse(_ step: Int) async throws -> End {
            let driver = RefusingDriver(ns.driver, refusing: step)
            let outcome = await ns.aggctl(command, driver: driver)
            guard driver.hasRefused else {
                #expect(outcome.code == 0, "\(outcome)")
                return .beyond
            }
            let isTolerated = outcome.code == 0
            if isTolerated { try await takeBack() } else { #expect(outcome.code == 1, "step \(step): \(outcome)") }
            let differences = try await ApplyFaultTests.differences(change, ns, before)
            guard differences.isEmpty else {
                Issue.record(
                    "step \(step) of \(driver.performed.map { $0.summary(.shared) }) left\n\(differences.joined(separator: "\n"))\n\(outcome)"
                )
                return .wrong
            }
            return isTolerated ? .tolerated : .takenBack
        }

        /// Takes back a change that succeeded.
        func takeBack() async throws {
            var plan = Plan()
            plan.changes = ["bond0", "bond1"].map { AggregateChange(aggregate: $0, kind: .modify) }
            plan.steps = snapshot.links.map { PlannedStep(.bring(device: $0.name, up: true), of: "bond0") }
            let runner = ChangeRunner(driver: ns.driver, journal: nil, progress: { _, _, _ in })
            let undo = await runner.takeBack(Rollback(Restoration(before: snapshot, plan: plan)), nil)
            #expect(undo.isComplete, "\(undo.remaining.map { $0.summary(.shared) }) \(undo.errors)")
        }
    }

    /// All steps are done and then the host cannot be read back: that is taken back as well.
    private static func expectTakenBackAfterTheLastStep(_ change: Change) async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await change.start(ns)
            let path = try change.file.map { try ns.file($0) } ?? ""
            let before = try await Scenes.settled(ns)
            let driver = RefusingDriver(ns.driver, refusingVerification: true)
            let outcome = await ns.aggctl(change.command.replacing("FILE", with: path), driver: driver)
            #expect(outcome.code == 1, "\(outcome)")
            let differences = try await differences(change, ns, before)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))\n\(outcome)")
        }
    }

    /// A change that takes the bond down, carried out to its last step, and then found not to be what was asked for.
    @Test func whatTheKernelIgnoresIsFoundAtTheEndAndAllIsTakenBack() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.loaded(ns, mode: "lacp")
            guard try await ns.facts("bond0").options["lacp_strict"] == nil else { return }
            let before = try await Scenes.settled(ns)
            let outcome = await ns.aggctl("set bond0 lacp_rate=fast min_links=1 lacp_strict=on --allow-interruption")
            #expect(outcome.code == 69 && outcome.errors.contains("does not know lacp_strict"), "\(outcome)")
            #expect(outcome.errors.contains("rolled back"), "\(outcome)")
            #expect(try await ns.expectUnchanged(since: before) == [])
        }
    }

    fileprivate static func differences(_ change: Change, _ ns: KernelFixture, _ before: HostWitness) async throws
        -> [String]
    {
        try await ns.expectUnchanged(since: before, ignoring: change.losesMulticast ? "01:00:5e:7f" : nil)
    }

    /// A second run sends no write.
    private static func expectNothingToDo(_ ns: KernelFixture, _ command: String, _ change: Change) async throws {
        guard command.hasPrefix("apply") || command.hasPrefix("set") || command.hasPrefix("port set") else { return }
        let driver = RefusingDriver(ns.driver)
        let again = await ns.aggctl(command, driver: driver)
        #expect(again.code == 0, "\(again)")
        #expect(driver.performed.map { $0.summary(.shared) } == [])
    }
}
