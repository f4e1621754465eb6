import Aggregation
import Bonding
import Glibc
import Testing

/// The kernel's rules about options against the table: in which modes it takes one, and when.
@Suite struct OptionRuleTests {
    struct Situation: Sendable, CustomTestStringConvertible {
        let mode: Mode
        let isUp: Bool
        let hasPorts: Bool
        var testDescription: String {
            "\(mode.rawValue) \(isUp ? "up" : "down") \(hasPorts ? "with" : "without") ports"
        }
    }

    static let situations = Mode.bondingModes.flatMap { mode in
        [(false, false), (true, false), (false, true), (true, true)].map {
            Situation(mode: mode, isUp: $0.0, hasPorts: $0.1)
        }
    }

    /// The kernel's answer that the table foretells; 0 when it takes the option.
    static func foretold(_ row: OptionDefinition, _ situation: Situation) -> Int32 {
        if !row.accepted.contains(situation.mode) { return EACCES }
        if row.change.needsNoPorts, situation.hasPorts { return ENOTEMPTY }
        if row.change.needsDown, situation.isUp { return EBUSY }
        return 0
    }

    @Test(arguments: situations)
    func theKernelKeepsTheTablesRules(situation: Situation) async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0", "eth1")
            // Delays are taken with a link monitor only.
            let monitor = [OptionSetting("miimon", .number(100))]
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: situation.mode, settings: monitor, index: nil))
            if situation.hasPorts {
                try await ns.perform(
                    .attach(port: "eth0", aggregate: "bond7"), .attach(port: "eth1", aggregate: "bond7"))
            }
            if situation.isUp { try await ns.perform(.bring(device: "bond7", up: true)) }

            let known = try await ns.facts("bond7").options
            // The mode last: the other options are tried in the one that was asked for.
            for row in BondingOptions.table.rows.dropFirst() + BondingOptions.table.rows.prefix(1) {
                guard let value = value(row, situation, known) else { continue }
                let answer = await answer(ns, row, value)
                #expect(answer == Self.foretold(row, situation), "\(row.name) \(situation.testDescription)")
                if answer == 0 {
                    #expect(
                        try await ns.facts("bond7").options[row.name] == value,
                        "\(row.name) \(situation.testDescription)")
                }
                // What one put in the way of the next ones.
                if row.name == "arp_interval", answer == 0 {
                    try await ns.perform(.setOptions(aggregate: "bond7", settings: monitor))
                }
            }
        }
    }

    @Test(arguments: Mode.bondingModes)
    func theKernelKeepsTheTablesRulesOfPorts(mode: Mode) async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: mode, settings: [], index: nil),
                .attach(port: "eth0", aggregate: "bond7"))
            let known = try await ns.port("eth0").options
            for row in BondingPortOptions.table.rows where known[row.name] != nil {
                let value = OptionValue.number(7)
                let expected = row.accepted.contains(mode) ? 0 : EACCES
                var answer: Int32 = 0
                do throws(DriverError) {
                    try await ns.driver.perform(
                        .setPortOptions(
                            port: "eth0", aggregate: "bond7", settings: [OptionSetting(row.name, value)]))
                } catch {
                    answer = error.errno
                }
                #expect(answer == expected, "\(row.name) \(mode.rawValue)")
                let now = try await ns.port("eth0").options[row.name]
                #expect(now == (expected == 0 ? value : known[row.name]), "\(row.name) \(mode.rawValue)")
            }
        }
    }

    private func value(_ row: OptionDefinition, _ situation: Situation, _ known: OptionValues) -> OptionValue? {
        switch row.name {
        case "mode": return .number(Int64(situation.mode == .activeBackup ? 2 : 1))
        // Refused for what it is, not for when it is set; another test is about ports.
        case "active_slave": return nil
        case "primary": return situation.hasPorts ? .port("eth1") : nil
        // Newer kernels take it only as it is.
        case "use_carrier": return .number(1)
        default: break
        }
        // One that this kernel neither reports nor hides is one that it does not know.
        let isGuarded = row.name.hasPrefix("ad_actor") || row.name == "ad_user_port_key"
        guard known[row.name] != nil || isGuarded else { return nil }
        if case .boolean = row.kind { return known[row.name] == .number(1) ? .number(0) : .number(1) }
        return BondOptionTests.unusual(row, in: situation.mode) ?? row.defaultValue.value(in: situation.mode)
    }

    private func answer(_ ns: KernelFixture, _ row: OptionDefinition, _ value: OptionValue) async -> Int32 {
        do throws(DriverError) {
            try await ns.driver.perform(.setOptions(aggregate: "bond7", settings: [OptionSetting(row.name, value)]))
            return 0
        } catch {
            return error.errno
        }
    }
}
