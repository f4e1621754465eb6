import Aggregation
import Testing

/// Neutral values and `default` never fail in a mode that lacks the option: every row, every mode, both drivers.
@Suite("Neutral values")
struct NeutralValueTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let driver: DriverKind
        let mode: Mode
        var testDescription: String { "\(driver.rawValue) \(mode.rawValue)" }
    }

    static let rows = DriverKind.allCases.flatMap { driver in
        (Mode.modes(of: driver) + (driver == .bonding ? [.random] : [])).map { Row(driver: driver, mode: $0) }
    }

    private func resolve(
        _ row: Row, onTop: Bool, _ change: (inout DesiredAggregate) -> Void
    ) throws -> Translation.Resolution {
        if row.driver == .teaming {
            let host = onTop ? Fixture.host(team: row.mode) : Fixture.host()
            return Translation.resolve(try Fixture.team(row.mode, change), in: host)
        }
        let shown = row.mode == .random ? .balanceRR : row.mode
        let host = onTop ? Fixture.host(bond: shown) : Fixture.host()
        return Translation.resolve(try Fixture.wish(row.mode, change), in: host)
    }

    @Test("Options of aggregates", arguments: rows)
    func options(_ row: Row) throws {
        for option in OptionTables.shared.aggregate(row.driver).rows where option.name != row.driver.modeOption {
            // `random` is an option of balance-rr, and no default of it.
            if row.mode == .random, option.name == "packets_per_slave" { continue }
            let neutral = option.format(option.defaultValue.value(in: row.mode))
            for text in ["default", neutral] where !(text == "none" && option.wire == .stateItem) {
                for onTop in [false, true] {
                    let resolution = try resolve(row, onTop: onTop) {
                        $0.options = [DriverOption(name: option.name, text: text)]
                    }
                    let title = "\(row.testDescription) \(option.name)=\(text)"
                    #expect(resolution.problems == [], "\(title)")
                    let isWritten = resolution.aggregate.settings.contains { $0.name == option.name }
                    let isTaken = option.accepted.contains(row.mode)
                    if !isTaken {
                        #expect(!isWritten, "\(title)")
                        #expect(resolution.notes.contains { $0.option == option.name }, "\(title): no note")
                    }
                }
            }
            if option.accepted.contains(row.mode) { continue }
            let other = Self.otherText(option)
            let refused = try resolve(row, onTop: false) { $0.options = [DriverOption(name: option.name, text: other)] }
            #expect(!refused.problems.isEmpty, "\(row.testDescription) \(option.name)=\(other)")
        }
    }

    /// A value that is not the default.
    private static func otherText(_ option: OptionDefinition) -> String {
        switch option.kind {
        case .boolean: option.defaultValue.general == .number(0) ? "on" : "off"
        case .choice(let choices):
            choices.first { .number($0.number) != option.defaultValue.general }?.name ?? ""
        case .integer(let range): "\(option.defaultValue.general == .number(range.upperBound) ? 7 : range.upperBound)"
        case .duration: "2s"
        case .port: "eth0"
        case .ethernetAddress: "02:00:00:00:00:07"
        case .targets(let family, _): family == .ipv4 ? "192.0.2.1" : "2001:db8::1"
        case .names: "vlan"
        case .watches: "{name: ethtool, delay_up: 100ms}"
        case .text: "abc"
        }
    }

    @Test("Options of ports", arguments: rows)
    func portOptions(_ row: Row) throws {
        for option in OptionTables.shared.port(row.driver).rows {
            let neutral = option.format(option.defaultValue.value(in: row.mode))
            for text in ["default", neutral] {
                let resolution = try resolve(row, onTop: true) {
                    $0.ports?[1].options = [DriverOption(name: option.name, text: text)]
                }
                #expect(resolution.problems == [], "\(row.testDescription) \(option.name)=\(text)")
            }
            if option.accepted.contains(row.mode) { continue }
            let refused = try resolve(row, onTop: true) {
                $0.ports?[1].options = [DriverOption(name: option.name, text: Self.otherText(option))]
            }
            #expect(!refused.problems.isEmpty, "\(row.testDescription) \(option.name)")
        }
    }

    @Test("Neutral keys", arguments: rows)
    func keys(_ row: Row) throws {
        let neutral: [(String, (inout DesiredAggregate) -> Void)] = [
            ("link-monitor", { $0.linkMonitor = .default }), ("path-monitor", { $0.pathMonitor = .default }),
            ("lacp.rate", { $0.lacp.rate = .value(.slow) }), ("lacp.active", { $0.lacp.active = .value(true) }),
            ("lacp.system-priority", { $0.lacp.systemPriority = .default }),
            ("lacp.min-ports", { $0.lacp.minPorts = .value(0) }), ("lacp.select", { $0.lacp.select = .default }),
            ("hash", { $0.hash = .default }), ("primary", { $0.primary = .default }),
            ("reselect", { $0.reselect = .value(.always) }), ("mac-policy", { $0.macPolicy = .value(.same) }),
            ("priority", { $0.ports?[0].priority = .value(0) }),
            ("lacp-priority", { $0.ports?[0].lacpPriority = .default }),
            ("queue-id", { $0.ports?[0].queueID = .value(0) }),
        ]
        for onTop in [false, true] {
            for (name, change) in neutral {
                let resolution = try resolve(row, onTop: onTop, change)
                #expect(resolution.problems == [], "\(row.testDescription) \(name)")
            }
        }
        let others: [(String, ModeSet, (inout DesiredAggregate) -> Void)] = [
            ("lacp.rate", .ad, { $0.lacp.rate = .value(.fast) }),
            ("lacp.active", .ad, { $0.lacp.active = .value(false) }),
            ("lacp.min-ports", .ad, { $0.lacp.minPorts = .value(2) }),
            ("mac-policy", .ab, { $0.macPolicy = .value(.active) }),
        ]
        for (name, modes, change) in others {
            let resolution = try resolve(row, onTop: false, change)
            #expect(resolution.problems.isEmpty == modes.contains(row.mode), "\(row.testDescription) \(name)")
        }
    }

    @Test("The default of miimon is that of a new aggregate")
    func defaultMonitor() throws {
        let asked = Translation.resolve(
            try Fixture.wish(.balanceRR) { $0.options = Fixture.options("miimon=default") }, in: Fixture.host())
        let silent = Translation.resolve(try Fixture.wish(.balanceRR), in: Fixture.host())
        func monitor(_ resolution: Translation.Resolution) -> [String] {
            resolution.texts.filter { $0.hasPrefix("miimon") }.map { $0.replacing("*", with: "") }
        }
        #expect(monitor(asked) == ["miimon=100ms"] && monitor(silent) == monitor(asked))
        #expect(asked.notes.contains { $0.option == "miimon" })
        let beside = Translation.resolve(
            try Fixture.wish {
                $0.options = Fixture.options("miimon=default", "arp_interval=1s", "arp_ip_target=192.0.2.1")
            }, in: Fixture.host())
        #expect(beside.problems == [] && monitor(beside) == ["miimon=0ms"])
    }
}
