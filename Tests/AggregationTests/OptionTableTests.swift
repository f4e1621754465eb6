import Aggregation
import Testing

/// The option tables against themselves and against the kernel's own numbers.
@Suite struct OptionTableTests {
    static let bonding = [BondingOptions.table, BondingPortOptions.table]
    static let watches = LinkWatch.Kind.allCases.map(LinkWatchOptions.table)
    static let tables = bonding + [TeamingOptions.table, TeamingPortOptions.table] + watches

    /// A row of a table, with the table's name in messages.
    struct Place: Sendable, CustomTestStringConvertible {
        let table: OptionTable
        let row: OptionDefinition

        var testDescription: String { "\(table.driver) \(table.subject) \(row.name)" }
    }

    static let places = tables.flatMap { table in table.rows.map { Place(table: table, row: $0) } }

    /// IFLA_BOND_* as enumerated in include/uapi/linux/if_link.h, written out once as a witness.
    static let kernelNumbers: [String: UInt16] = [
        "mode": 1, "active_slave": 2, "miimon": 3, "updelay": 4, "downdelay": 5, "use_carrier": 6, "arp_interval": 7,
        "arp_ip_target": 8, "arp_validate": 9, "arp_all_targets": 10, "primary": 11, "primary_reselect": 12,
        "fail_over_mac": 13, "xmit_hash_policy": 14, "resend_igmp": 15, "num_peer_notif": 16, "all_slaves_active": 17,
        "min_links": 18, "lp_interval": 19, "packets_per_slave": 20, "lacp_rate": 21, "ad_select": 22,
        "ad_actor_sys_prio": 24, "ad_user_port_key": 25, "ad_actor_system": 26, "tlb_dynamic_lb": 27,
        "peer_notif_delay": 28, "lacp_active": 29, "missed_max": 30, "ns_ip6_target": 31, "coupled_control": 32,
        "broadcast_neighbor": 33, "lacp_strict": 34,
    ]

    /// The order in which `bond_changelink` looks at the attributes of one request.
    static let kernelOrder = [
        "mode", "active_slave", "miimon", "updelay", "downdelay", "peer_notif_delay", "use_carrier", "arp_interval",
        "arp_ip_target", "ns_ip6_target", "arp_validate", "arp_all_targets", "primary", "primary_reselect",
        "fail_over_mac", "xmit_hash_policy", "resend_igmp", "num_peer_notif", "all_slaves_active", "min_links",
        "lp_interval", "packets_per_slave", "lacp_active", "lacp_rate", "ad_select", "ad_actor_sys_prio",
        "ad_user_port_key", "ad_actor_system", "tlb_dynamic_lb", "missed_max", "coupled_control", "broadcast_neighbor",
        "lacp_strict",
    ]

    @Test func everyAttributeHasTheKernelsNumber() throws {
        let table = BondingOptions.table
        #expect(table.rows.count == Self.kernelNumbers.count)
        for (name, number) in Self.kernelNumbers {
            #expect(try #require(table[name], "\(name)").attribute == number, "\(name)")
            #expect(table.row(attribute: number)?.name == table[name]?.name)
        }
        let ports = BondingPortOptions.table.rows.map { [$0.name: $0.attribute] }
        #expect(ports == [["queue_id": 5], ["prio": 9], ["actor_port_prio": 10]])
    }

    @Test func rowsStandInTheKernelsOrder() {
        #expect(BondingOptions.table.rows.map(\.name) == Self.kernelOrder.map { BondingOptions.table[$0]?.name })
    }

    @Test func settingsAreSortedIntoThatOrder() {
        let settings = BondingOptions.table.rows.reversed().map { OptionSetting($0.name, .number(0)) }
        #expect(BondingOptions.table.inKernelOrder(settings).map(\.name) == BondingOptions.table.rows.map(\.name))
    }

    @Test(arguments: tables.indices) func namesAndAttributesAreUnique(_ index: Int) {
        let rows = Self.tables[index].rows
        let names = rows.flatMap { [$0.name] + $0.aliases }
        #expect(Set(names).count == names.count)
        let attributes = rows.map(\.attribute)
        #expect(attributes.allSatisfy { $0 == 0 } || Set(attributes).count == rows.count)
    }

    @Test(arguments: places) func textRoundTrips(_ place: Place) throws {
        let row = place.row
        for value in Self.samples(of: row) {
            #expect(try row.parse(row.format(value)) == value, "\(row.format(value))")
        }
        // What has to be given, and a VLAN that there is none of, have a default that nobody writes.
        guard !row.needs.contains(.required), row.name != "vlanid" else { return }
        for mode in Mode.modes(of: place.table.driver) {
            let value = row.defaultValue.value(in: mode)
            #expect(try row.parse(row.format(value)) == value, "default in \(mode)")
        }
    }

    @Test(arguments: places) func whatIsOutOfRangeIsRefused(_ place: Place) throws {
        let row = place.row
        switch row.kind {
        case .integer(let range), .duration(_, let range):
            for number in [range.lowerBound - 1, range.upperBound + 1] {
                #expect(throws: OptionDefinition.InvalidValue.self) { try row.parse(row.format(.number(number))) }
            }
        default: break
        }
        if case .text(let maximum) = row.kind {
            let long = String(repeating: "x", count: maximum + 1)
            for text in ["", long] { #expect(throws: OptionDefinition.InvalidValue.self) { try row.parse(text) } }
        } else {
            #expect(throws: OptionDefinition.InvalidValue.self) { try row.parse("no such value") }
        }
    }

    @Test func rangesFitTheWire() {
        let widths: [WireType: ClosedRange<Int64>] = [
            // teamd reads an int (`teamd_config_int_get`).
            .json: Int64(Int32.min)...Int64(Int32.max), .u8: 0...255, .u16: 0...65535, .u32: 0...Int64(UInt32.max),
            .s32: Int64(Int32.min)...Int64(Int32.max),
        ]
        for row in Self.places.map(\.row) {
            for case .number(let number) in Self.samples(of: row) {
                #expect(widths[row.wire]?.contains(number) == true, "\(row.name) \(number)")
            }
        }
    }

    @Test func rowsReferToRowsOfTheirTable() {
        for table in Self.tables {
            for row in table.rows {
                for need in row.needs {
                    switch need {
                    case .nonZero(let other), .multipleOf(let other), .effectNeeds(let other, _):
                        #expect(table[other] != nil, "\(row.name) needs \(other)")
                    case .ownPort, .ownPortInTime: #expect(row.wire == .ifindex || row.wire == .stateItem)
                    case .transmitQueue: #expect(row.wire == .u16)
                    case .transmitQueueIndex, .required: #expect(row.wire == .json)
                    }
                }
                guard let excluded = row.excludes else { continue }
                #expect(table[excluded]?.excludes == row.name, "\(row.name) excludes \(excluded)")
            }
        }
    }

    @Test func rowsSayWhatTheyAre() {
        for row in Self.places.map(\.row) {
            #expect(row.help.hasSuffix(".") && !row.source.isEmpty && !row.allowedText.isEmpty, "\(row.name)")
            #expect(!row.accepted.isEmpty && row.accepted.isSuperset(of: row.effective), "\(row.name)")
        }
    }

    @Test func teamsHaveOnlyModesThatTeamdHasARunnerFor() {
        for place in Self.places where place.table.driver == .teaming {
            #expect(ModeSet.teaming.isSuperset(of: place.row.accepted), "\(place.testDescription)")
            #expect(place.row.wire == .json || place.row.wire == .stateItem, "\(place.testDescription)")
        }
        let runners = TeamingOptions.table[DriverKind.teaming.modeOption]?.allowedText
        #expect(runners == "roundrobin, activebackup, loadbalance, broadcast, lacp, random")
    }

    @Test func theNearestNameIsFound() {
        #expect(BondingOptions.table.nearest(to: "mimon") == "miimon")
        #expect(BondingOptions.table.nearest(to: "num_unsol_nas") == "num_unsol_na")
        #expect(BondingOptions.table.nearest(to: "something_else") == nil)
    }

    private static func samples(of row: OptionDefinition) -> [OptionValue] {
        switch row.kind {
        case .integer(let range), .duration(_, let range): [.number(range.lowerBound), .number(range.upperBound)]
        case .boolean: [.number(0), .number(1)]
        case .choice(let choices): choices.map { .number($0.number) }
        case .port: [.port(nil), .port("eth0")]
        case .ethernetAddress: [.address(.zero), .address(LinkLayerAddress([2, 0, 0, 0, 0, 7]))]
        case .names(let choices): [.names([choices[0].name]), .names(choices.map(\.name).reversed())]
        case .watches: [.watches([]), .watches([LinkWatch(.ethtool)]), .watches(LinkWatchTextTests.samples)]
        case .text: [.text("eth:eth0")]
        case .targets(let family, let count):
            [
                .targets([]),
                .targets(
                    (1...count).compactMap { IPAddress(text: family == .ipv4 ? "192.0.2.\($0)" : "2001:db8::\($0)") }),
            ]
        }
    }
}
