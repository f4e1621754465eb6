import Aggregation
import Bonding
import Testing

/// Every option of every mode, told to the kernel and heard back from `ip`, which decodes it by itself.
@Suite struct BondOptionTests {
    /// What `ip -d -j` calls an option, where it is not the option's own name; nil where this `ip` does not show it.
    static func witnessKey(_ option: String) -> String? {
        switch option {
        case "peer_notif_delay": "peer_notify_delay"
        case "num_grat_arp": "num_peer_notif"
        case "lacp_active": "ad_lacp_active"
        case "lacp_rate": "ad_lacp_rate"
        case "coupled_control", "broadcast_neighbor", "lacp_strict": nil
        default: option
        }
    }

    /// A value that is not the default, for every option that the mode takes.
    static func unusual(_ row: OptionDefinition, in mode: Mode) -> OptionValue? {
        switch row.name {
        case "mode", "active_slave", "primary", "use_carrier": return nil
        // Known to newer kernels only; another test is about those.
        case "coupled_control", "broadcast_neighbor", "lacp_strict": return nil
        default: break
        }
        let usual = row.defaultValue.value(in: mode)
        switch row.kind {
        case .boolean: return usual == .number(0) ? .number(1) : .number(0)
        case .choice(let choices):
            return choices.last { $0.since == nil && .number($0.number) != usual }.map { .number($0.number) }
        case .duration(let unit, _): return .number(unit == .seconds ? 7 : 400)
        case .integer(let range): return .number(min(range.upperBound, 37))
        case .ethernetAddress: return .address(LinkLayerAddress([2, 0, 0, 0, 0, 7]))
        case .targets(.ipv4, _): return .targets(["192.0.2.1", "198.51.100.9"].compactMap { IPAddress(text: $0) })
        case .targets(.ipv6, _): return .targets(["2001:db8::1", "2001:db8::2"].compactMap { IPAddress(text: $0) })
        case .port, .names, .watches, .text: return nil
        }
    }

    static func settings(_ mode: Mode, monitor: String) -> [OptionSetting] {
        let excluded: Set<String> =
            monitor == "miimon"
            ? ["arp_interval", "arp_validate"] : ["miimon", "updelay", "downdelay", "peer_notif_delay"]
        return BondingOptions.table.rows.compactMap { row in
            guard row.accepted.contains(mode), !excluded.contains(row.name) else { return nil }
            return unusual(row, in: mode).map { OptionSetting(row.name, $0) }
        }
    }

    static let cases: [(Mode, String)] = Mode.bondingModes.flatMap { mode in
        BondingOptions.table["arp_interval"]?.accepted.contains(mode) == true
            ? [(mode, "miimon"), (mode, "arp_interval")] : [(mode, "miimon")]
    }

    @Test(arguments: cases)
    func createsWithEveryOptionOfTheMode(mode: Mode, monitor: String) async throws {
        try await withNamespace { ns in
            let settings = Self.settings(mode, monitor: monitor)
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: mode, settings: settings, index: 77))
            let link = try await ns.link("bond7")
            let facts = try #require(link.aggregate)
            #expect(link.index == 77)
            #expect(facts.mode == mode)
            #expect(facts.hidden.isEmpty)
            for setting in settings {
                #expect(facts.options[setting.name] == setting.value, "\(setting.name) in \(mode)")
            }
            let data = try #require(
                JSON.parse(try ns.ip(["-d", "-j"], ["link show bond7"]))[0]?["linkinfo"]?["info_data"])
            for (name, value) in facts.options {
                guard let key = Self.witnessKey(name), let row = BondingOptions.table[name] else { continue }
                let heard = data[key]?.plain ?? "none"
                #expect(Self.spelt(heard, like: row) == row.format(value), "\(name) in \(mode)")
            }
        }
    }

    /// `ip` prints numbers where the file has units and words.
    static func spelt(_ heard: String, like row: OptionDefinition) -> String {
        if row.name == "tlb_dynamic_lb" || row.name == "use_carrier" || row.name == "all_slaves_active" {
            return heard == "1" ? "on" : "off"
        }
        guard let number = Int64(heard) else { return heard }
        return row.format(.number(number))
    }

    @Test(arguments: Mode.bondingModes)
    func readsTheDefaultsThatTheTableGives(mode: Mode) async throws {
        try await withNamespace { ns in
            try await ns.perform(.create(aggregate: "bond7", driver: .bonding, mode: mode, settings: [], index: nil))
            let facts = try await ns.facts("bond7")
            for row in BondingOptions.table.rows where row.name != "mode" {
                guard let value = facts.options[row.name] else { continue }
                #expect(value == row.defaultValue.value(in: mode), "\(row.name) in \(mode)")
            }
            // The module itself makes balance-rr.
            #expect(try await ns.link("bond7").isIdleBond == (mode == .balanceRR))
        }
    }

    @Test func anIndexThatIsTakenIsNoReasonToFail() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let taken = try await ns.link("eth0").index
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .lacp, settings: [], index: taken))
            #expect(try await ns.link("bond7").index != taken)
        }
    }

    @Test func randomIsBalanceRRWithoutACount() async throws {
        try await withNamespace { ns in
            try await ns.perform(.create(aggregate: "bond7", driver: .bonding, mode: .random, settings: [], index: nil))
            let facts = try await ns.facts("bond7")
            #expect(facts.mode == .balanceRR)
            #expect(facts.options["packets_per_slave"] == .number(0))
        }
    }

    /// A kernel takes attributes that it does not know and does nothing with them.
    @Test func anOptionThatTheKernelDoesNotKnowIsNotReadBack() async throws {
        try await withNamespace { ns in
            let wish = [OptionSetting("lacp_strict", .number(1)), OptionSetting("min_links", .number(1))]
            try await ns.perform(.create(aggregate: "bond7", driver: .bonding, mode: .lacp, settings: wish, index: nil))
            let facts = try await ns.facts("bond7")
            #expect(facts.options["min_links"] == .number(1))
            #expect(facts.options["lacp_strict"] == nil || facts.options["lacp_strict"] == .number(1))
        }
    }

    @Test func setsOptionsOneAfterTheOtherInTheKernelsOrder() async throws {
        try await withNamespace { ns in
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil),
                // Given in the wrong order: the kernel takes a delay only once there is an interval.
                .setOptions(
                    aggregate: "bond7",
                    settings: [OptionSetting("updelay", .number(400)), OptionSetting("miimon", .number(200))]))
            let facts = try await ns.facts("bond7")
            #expect(facts.options["updelay"] == .number(400))
            try await ns.perform(
                .setOptions(
                    aggregate: "bond7",
                    settings: [
                        OptionSetting("arp_ip_target", .targets([IPAddress(text: "192.0.2.9")].compactMap { $0 }))
                    ]),
                .setOptions(aggregate: "bond7", settings: [OptionSetting("arp_ip_target", .targets([]))]))
            #expect(try await ns.facts("bond7").options["arp_ip_target"] == .targets([]))
        }
    }

    @Test func whatTheModeRefusesNamesTheOption() async throws {
        try await withNamespace { ns in
            try await ns.perform(
                .create(aggregate: "bond7", driver: .bonding, mode: .activeBackup, settings: [], index: nil))
            let refusal = await #expect(throws: DriverError.self) {
                try await ns.perform(
                    .setOptions(aggregate: "bond7", settings: [OptionSetting("lacp_rate", .number(1))]))
            }
            #expect(refusal?.category == .refused)
            #expect(refusal?.option == "lacp_rate")
            #expect(refusal?.remedy != nil)
            #expect(refusal?.text == "option not supported in mode")
        }
    }

    @Test func aNameThatIsTakenIsExplained() async throws {
        try await withNamespace { ns in
            try await ns.dummies("eth0")
            let create = Step.create(aggregate: "eth0", driver: .bonding, mode: .lacp, settings: [], index: nil)
            let refusal = await #expect(throws: DriverError.self) { try await ns.perform(create) }
            #expect(refusal?.text == "eth0 exists already; it is a dummy device")

            let idle = Step.create(aggregate: "bond0", driver: .bonding, mode: .balanceRR, settings: [], index: nil)
            try await ns.perform(idle)
            let again = await #expect(throws: DriverError.self) { try await ns.perform(idle) }
            #expect(again?.text.contains("max_bonds=0") == true)
            await #expect(throws: DriverError.self) { try await ns.perform(.delete(aggregate: "eth0")) }
            try await ns.perform(.delete(aggregate: "bond0"))
            #expect(try await ns.driver.observe(.links).link(named: "bond0") == nil)
        }
    }
}
