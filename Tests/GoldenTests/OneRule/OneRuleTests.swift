import Aggregation
import FoundationEssentials
import Testing

/// One rule, one message, one exit code: the same wish by `create`, by `set`, by `port` and by a file.
@Suite struct OneRuleTests {
    /// Something asked of an aggregate or of a port.
    struct Wish: Sendable, CustomTestStringConvertible {
        let driver: DriverKind
        let mode: Mode
        let key: String
        let value: String
        let isOption: Bool

        var testDescription: String { "\(driver.rawValue) \(mode.rawValue) \(key)=\(value)" }
        var setting: String { "\(key)=\(value)" }

        /// The same in a file.
        var line: String {
            let parts = key.split(separator: ".")
            if isOption { return "options: { \(key): \(quoted) }" }
            return parts.count == 1 ? "\(key): \(quoted)" : "\(parts[0]): { \(parts[1]): \(quoted) }"
        }

        /// As a member of a mapping in braces.
        var member: String { isOption ? "options: { \(key): \(quoted) }" : "\(key): \(quoted)" }

        /// Inside braces a comma ends a value.
        private var quoted: String {
            value.hasPrefix("{") || value.hasPrefix("[") || !value.contains(",") && !value.contains(":")
                || value == "default"
                ? value : "\"\(value)\""
        }
    }

    // MARK: Aggregates

    static let modes: [DriverKind: [Mode]] = [
        .bonding: [.activeBackup, .lacp, .balanceRR], .teaming: [.activeBackup, .lacp, .balanceXOR],
    ]

    static let keys: [(String, String)] = [
        ("lacp.rate", "fast"), ("lacp.rate", "default"), ("lacp.rate", "slow"), ("lacp.rate", "nosuch"),
        ("lacp.min-ports", "2"), ("lacp.min-ports", "300"), ("lacp.min-ports", "0"), ("lacp.active", "off"),
        ("lacp.system-priority", "0"), ("lacp.system-priority", "7"), ("lacp.select", "bandwidth"),
        ("lacp.select", "nosuch"), ("hash", "[l3, l4]"), ("hash", "[encap]"), ("hash", "default"),
        ("hash", "[vlan, l4]"),
        ("primary", "eth1"), ("primary", "eth2"), ("primary", "eth9"), ("primary", "none"), ("primary", "default"),
        ("reselect", "better"), ("reselect", "failure"), ("reselect", "always"), ("mac-policy", "active"),
        ("mac-policy", "same"), ("mac-address", "01:00:5e:00:00:01"), ("mac-address", "02:00:00:00:00:77"),
        ("mtu", "67"), ("mtu", "1200"), ("mtu", "9000"), ("addresses", "fe80::5/64"), ("addresses", "192.0.2.0/24"),
        ("addresses", "192.0.2.255/24"), ("addresses", "127.0.0.1/8"), ("addresses", "255.255.255.255/32"),
        ("addresses", "::1/128"), ("addresses", "[2001:db8::2/64, 2001:db8::2/48]"), ("addresses", "224.0.0.5/24"),
        ("addresses", "169.254.3.4/16"), ("addresses", "192.0.2.2"), ("addresses", "192.0.2.2/31"),
        ("link-monitor", "none"), ("link-monitor", "default"), ("link-monitor", "{interval: 50ms, up-delay: 75ms}"),
        ("link-monitor", "{interval: 50ms, up-delay: 100ms}"), ("path-monitor", "default"),
        ("path-monitor", "{kind: arp, targets: [192.0.2.1]}"), ("path-monitor", "{kind: arp, targets: [224.0.0.1]}"),
        ("path-monitor", "{kind: ns, targets: [2001:db8::1]}"), ("path-monitor", "{kind: ns, targets: [192.0.2.1]}"),
        ("path-monitor", "{kind: arp, targets: [127.0.0.1]}"), ("expected-ports", "-1"), ("state", "down"),
        ("state", "nosuch"), ("nosuch", "1"),
    ]

    static let keyWishes: [Wish] = DriverKind.allCases.flatMap { driver -> [Wish] in
        (modes[driver] ?? []).flatMap { mode -> [Wish] in
            keys.map { Wish(driver: driver, mode: mode, key: $0.0, value: $0.1, isOption: false) }
        }
    }

    static let optionWishes: [Wish] = DriverKind.allCases.flatMap { driver -> [Wish] in
        OptionTables.shared.aggregate(driver).rows.filter { row in
            // What is a neutral key too is that on the command line.
            row.name != driver.modeOption && !keys.contains { $0.0 == row.name }
        }.flatMap { row -> [Wish] in
            // One mode that takes it and, where there is one, one that does not.
            let all = Mode.modes(of: driver)
            let some = [all.first { row.accepted.contains($0) }, all.last { !row.accepted.contains($0) }].compactMap {
                $0
            }
            return some.flatMap { mode in
                OptionTexts.samples(row).map {
                    Wish(driver: driver, mode: mode, key: row.name, value: $0, isOption: true)
                }
            }
        }
    }

    @Test func thereAreEnoughOfThem() {
        #expect(Self.keyWishes.count > 300)
        #expect(Self.optionWishes.count > 300)
        #expect(Self.portWishes.count > 100)
    }

    /// Where keys that are unknown stand next to options, the words differ: there is one list on the command line and two
    /// in a file.
    private static func isUnknown(_ wish: Wish) -> Bool { wish.key == "nosuch" }

    /// Each takes four whole commands: every sixth by default, another one in each run of options, and all of them with
    /// AGGCTL_ALL_WISHES=1.
    private static func sample(_ wishes: [Wish]) -> [Wish] {
        guard ProcessInfo.processInfo.environment["AGGCTL_ALL_WISHES"] != "1" else { return wishes }
        return wishes.enumerated().filter { $0.offset % 6 == 0 || isUnknown($0.element) }.map(\.element)
    }

    private func judge(_ wishes: [Wish]) async throws -> Set<Int32> {
        var codes: Set<Int32> = []
        for wish in Self.sample(wishes) {
            let scene = OneRuleScene(driver: wish.driver, mode: wish.mode)
            let (created, set) = (await scene.create([wish.setting]), await scene.set([wish.setting]))
            let (new, built) = (try await scene.applyNew([wish.line]), try await scene.applyBuilt([wish.line]))
            codes.formUnion([created.code, set.code])
            if Self.isUnknown(wish) {
                #expect([created, set, new, built].allSatisfy { $0.code == 65 }, "\(wish.testDescription)")
                continue
            }
            #expect(created == new, "create and apply: \(wish.testDescription)")
            if wish.key == "primary", wish.value == "eth2" {
                // The kernel keeps the name and does not show it: a file does not write it at each run.
                #expect(set.code == built.code && set.errors == built.errors, "\(wish.testDescription)")
            } else {
                #expect(set == built, "set and apply: \(wish.testDescription)")
            }
            if created.code == 65 || set.code == 65 {
                #expect(created.code == set.code, "create and set: \(wish.testDescription)\n\(created)\n\(set)")
                #expect(created.errors == set.errors, "create and set: \(wish.testDescription)")
            }
        }
        return codes
    }

    @Test func neutralKeys() async throws { #expect(try await judge(Self.keyWishes) == [0, 65]) }

    @Test func optionsOfBonding() async throws {
        #expect(try await judge(Self.optionWishes.filter { $0.driver == .bonding }).isSuperset(of: [0, 65]))
    }

    @Test func optionsOfTeaming() async throws {
        #expect(try await judge(Self.optionWishes.filter { $0.driver == .teaming }).isSuperset(of: [0, 65]))
    }

    // MARK: Ports

    static let portWishes: [Wish] = DriverKind.allCases.flatMap { driver -> [Wish] in
        let keys = [
            ("priority", "10"), ("priority", "0"), ("priority", "default"), ("priority", "x"), ("lacp-priority", "10"),
            ("lacp-priority", "255"), ("lacp-priority", "0"), ("lacp-priority", "default"), ("queue-id", "3"),
            ("queue-id", "70000"), ("queue-id", "0"),
        ]
        return (modes[driver] ?? []).flatMap { mode -> [Wish] in
            keys.map { Wish(driver: driver, mode: mode, key: $0.0, value: $0.1, isOption: false) }
                + OptionTables.shared.port(driver).rows.flatMap { row in
                    OptionTexts.samples(row).map {
                        Wish(driver: driver, mode: mode, key: row.name, value: $0, isOption: true)
                    }
                }
        }
    }

    @Test func ports() async throws {
        for wish in Self.portWishes {
            let scene = OneRuleScene(driver: wish.driver, mode: wish.mode)
            let (set, added) = (
                await scene.setPort("eth1", [wish.setting]), await scene.addPort("eth2", [wish.setting])
            )
            let inFile = try await scene.applyBuilt(["ports: [eth0, { name: eth1, \(wish.member) }]"])
            let new = try await scene.applyBuilt(["ports: [eth0, eth1, { name: eth2, \(wish.member) }]"])
            #expect(set == inFile, "port set and apply: \(wish.testDescription)")
            #expect(added == new, "port add and apply: \(wish.testDescription)")
            if set.code == 65 || added.code == 65 {
                #expect(set.code == added.code, "port set and add: \(wish.testDescription)\n\(set)\n\(added)")
                #expect(
                    set.errors.replacing("port eth1", with: "port eth2") == added.errors,
                    "port set and add: \(wish.testDescription)")
            }
        }
    }
}

/// Values of an option as somebody may write them, right and wrong ones.
enum OptionTexts {
    static func samples(_ row: OptionDefinition) -> [String] {
        var texts = ["default", row.format(row.defaultValue.general)].filter { !$0.isEmpty }
        switch row.kind {
        case .integer(let range):
            texts += [
                "\(range.lowerBound)", "\(range.upperBound)", "\(range.lowerBound - 1)", "\(range.upperBound + 1)",
            ]
        case .duration(let unit, let range):
            texts += [
                unit.text(range.lowerBound), unit.text(range.upperBound), "\(range.upperBound)", "400ms", "2s", "7",
            ]
        case .boolean: texts += ["on", "off", "perhaps"]
        case .choice(let choices): texts += choices.map(\.name) + ["nosuch"]
        case .port: texts += ["none", "eth1", "eth2", "eth9"]
        case .ethernetAddress: texts += ["02:00:00:00:00:07", "01:00:5e:00:00:01", "02"]
        case .targets(let family, _):
            texts +=
                family == .ipv4
                ? ["none", "192.0.2.1", "224.0.0.1", "255.255.255.255", "0.0.0.0", "127.0.0.1", "2001:db8::1"]
                : ["none", "2001:db8::1", "::1", "ff02::1", "::", "192.0.2.1"]
        case .names(let choices): texts += ["none", choices.prefix(2).map(\.name).joined(separator: ","), "nosuch"]
        case .watches:
            texts += [
                "none", "ethtool", "{name: ethtool}", "{name: ethtool, delay_up: 100ms}",
                "{name: arp_ping, target_host: 192.0.2.1}", "{name: arp_ping, target_host: 224.0.0.1}",
                "{name: arp_ping, target_host: 192.0.2.1, validate_active: on, validate_inactive: on, send_always: on}",
                "{name: nsna_ping, target_host: \"2001:db8::1\"}", "{name: arp_ping}", "{name: nosuch}",
            ]
        case .text: texts += ["abc"]
        }
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }
}
