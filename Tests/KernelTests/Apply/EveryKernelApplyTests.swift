import Aggregation
import Bonding
import Testing

/// The short proof that runs on every kernel: create in every mode, a change under load, a failing step.
@Suite struct EveryKernelApplyTests {
    @Test(arguments: ApplyModeTests.modes) func everyModeCanBeCreated(_ mode: String) async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            try await ns.require("create bond0 --mode \(mode) --ports eth0,eth1 --no-wait")
            #expect(try await ns.facts("bond0").mode.rawValue == mode)
            try await ns.require("delete bond0")
        }
    }

    @Test func aDownChangeUnderLoadIsRestored() async throws {
        try await withNamespace { ns in
            try await Scenes.loaded(ns, mode: "lacp")
            let before = try await Scenes.settled(ns)
            try await ns.require("set bond0 lacp_rate=fast --allow-interruption")
            let differences = try await ns.expectUnchanged(since: before).filter { !$0.contains(" bond0: <") }
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }

    @Test func aFailingStepIsRolledBack() async throws {
        try await withNamespace { ns in
            try Scenes.skipDuplicateDetection(ns)
            try await Scenes.loaded(ns, mode: "active-backup")
            let before = try await Scenes.settled(ns)
            let driver = RefusingDriver(ns.driver, refusing: 5)
            let outcome = await ns.aggctl("set bond0 mode=balance-xor --allow-interruption", driver: driver)
            #expect(outcome.code == 1 && driver.hasRefused, "\(outcome)")
            let differences = try await ns.expectUnchanged(since: before)
            #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
        }
    }
}
