package import Aggregation
import CNetlink
package import Netlink

/// A bond and its ports on the wire (drivers/net/bonding/bond_netlink.c), derived from the option tables.
package struct BondCodec: LinkKindDecoder {
    package let kind = DriverKind.bonding.linkKind
    private let table = BondingOptions.table
    private let portTable = BondingPortOptions.table

    /// Rows by attribute number: the lookup that every attribute of every bond takes.
    private let rows: [OptionDefinition?]
    private let portRows: [OptionDefinition?]
    /// What the kernel leaves out of a message because it has no value: `bond_fill_info` sends no index for no port
    /// and no nest for no target.
    private let absentValues: [(name: String, value: OptionValue)]

    /// What `bond_fill_info` shows to CAP_NET_ADMIN only, and in mode lacp only.
    private static let guarded = ["ad_actor_sys_prio", "ad_user_port_key", "ad_actor_system"]

    /// No option of a port names another device.
    private static let noNames = DeviceNames([])

    package init() {
        rows = Self.byAttribute(table)
        portRows = Self.byAttribute(portTable)
        absentValues = table.rows.compactMap { row in
            switch row.kind {
            case .port: (row.name, .port(nil))
            case .targets: (row.name, .targets([]))
            default: nil
            }
        }
    }

    private static func byAttribute(_ table: OptionTable) -> [OptionDefinition?] {
        (0...(table.rows.map(\.attribute).max() ?? 0)).map { table.row(attribute: $0) }
    }

    // MARK: Encoding

    /// What goes into IFLA_INFO_DATA, in the order in which the kernel applies it.
    ///
    /// - Parameter index: gives the interface index of a device by name.
    package func encode(
        _ settings: [OptionSetting], index: (String) -> Int32?
    ) throws(OptionEncodingError) -> [UInt8] {
        try encode(settings, table, index: index)
    }

    /// What goes into IFLA_INFO_SLAVE_DATA.
    package func encodePort(_ settings: [OptionSetting]) throws(OptionEncodingError) -> [UInt8] {
        try encode(settings, portTable, index: { _ in nil })
    }

    private func encode(
        _ settings: [OptionSetting], _ table: OptionTable, index: (String) -> Int32?
    ) throws(OptionEncodingError) -> [UInt8] {
        var writer = AttributeWriter()
        for setting in table.inKernelOrder(settings) {
            guard let row = table[setting.name] else {
                let near = table.nearest(to: setting.name).map { "did you mean \($0)?" }
                throw OptionEncodingError(
                    option: setting.name, rule: "there is no such option", remedy: near ?? "see aggctl options bonding")
            }
            try OptionWire.put(row, setting.value, into: &writer, index: index)
        }
        return writer.bytes
    }

    // MARK: Decoding

    package func aggregate(_ data: AttributeReader, names: DeviceNames) -> AggregateFacts? {
        var options = OptionValues(minimumCapacity: rows.count + 1)
        var active: AggregateFacts.ActiveAggregator?
        for attribute in data {
            if attribute.type == IFLA_BOND_AD_INFO { active = activeAggregator(attribute.nested) }
            guard attribute.type < rows.count, let row = rows[attribute.type],
                let value = OptionWire.value(row, attribute, names: names)
            else { continue }
            options[row.name] = value
        }
        guard case .number(let number)? = options["mode"], let number = UInt8(exactly: number),
            let mode = Mode(bondingNumber: number)
        else { return nil }
        for (name, value) in absentValues where options[name] == nil { options[name] = value }

        var facts = AggregateFacts(driver: .bonding, mode: mode, options: options)
        if case .port(let name)? = options["active_slave"] { facts.activePort = name }
        if mode == .lacp {
            facts.activeAggregator = active
            for name in Self.guarded where options[name] == nil { facts.hidden.insert(name) }
        }
        return facts
    }

    private func activeAggregator(_ info: AttributeReader) -> AggregateFacts.ActiveAggregator? {
        guard let id = info[IFLA_BOND_AD_INFO_AGGREGATOR]?.u16 else { return nil }
        return AggregateFacts.ActiveAggregator(
            id: id, portCount: info[IFLA_BOND_AD_INFO_NUM_PORTS]?.u16 ?? 0,
            actorKey: info[IFLA_BOND_AD_INFO_ACTOR_KEY]?.u16 ?? 0,
            partnerKey: info[IFLA_BOND_AD_INFO_PARTNER_KEY]?.u16 ?? 0,
            partnerSystem: info[IFLA_BOND_AD_INFO_PARTNER_MAC].map { LinkLayerAddress($0.bytes) })
    }

    package func port(_ data: AttributeReader) -> PortFacts? {
        var facts = PortFacts(options: [:], isBackup: false, monitor: .down, linkFailures: 0)
        var hasState = false
        for attribute in data {
            if attribute.type < portRows.count, let row = portRows[attribute.type] {
                facts.options[row.name] = OptionWire.value(row, attribute, names: Self.noNames)
                continue
            }
            switch attribute.type {
            case IFLA_BOND_SLAVE_STATE:
                facts.isBackup = attribute.u8 == 1
                hasState = attribute.u8 != nil
            case IFLA_BOND_SLAVE_MII_STATUS: facts.monitor = attribute.u8.flatMap(PortFacts.MonitorState.init) ?? .down
            case IFLA_BOND_SLAVE_LINK_FAILURE_COUNT: facts.linkFailures = attribute.u32 ?? 0
            case IFLA_BOND_SLAVE_PERM_HWADDR: facts.permanentAddress = LinkLayerAddress(attribute.bytes)
            case IFLA_BOND_SLAVE_AD_AGGREGATOR_ID: facts.aggregatorID = attribute.u16
            case IFLA_BOND_SLAVE_AD_ACTOR_OPER_PORT_STATE: facts.actorState = attribute.u8.map(LACPPortState.init)
            case IFLA_BOND_SLAVE_AD_PARTNER_OPER_PORT_STATE:
                facts.partnerState = attribute.u16.map { LACPPortState(rawValue: UInt8(truncatingIfNeeded: $0)) }
            case IFLA_BOND_SLAVE_AD_CHURN_ACTOR_STATE:
                facts.actorChurn = attribute.u8.flatMap(PortFacts.ChurnState.init)
            case IFLA_BOND_SLAVE_AD_CHURN_PARTNER_STATE:
                facts.partnerChurn = attribute.u8.flatMap(PortFacts.ChurnState.init)
            default: break
            }
        }
        return hasState ? facts : nil
    }
}
