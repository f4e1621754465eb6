/// The options of a port of a bond (`bond_slave_changelink` in drivers/net/bonding/bond_netlink.c).
package enum BondingPortOptions {
    package static let table = OptionTable(
        driver: .bonding, subject: .port,
        rows: [
            row(
                "queue_id", 5, .u16, .integer(0...65535), 0, accepted: .all, needs: [.transmitQueue], since: "3.14",
                help: "Transmit queue whose traffic leaves by this port; 0 for none. Unique in the aggregate.",
                source: "bond_option_queue_id_set", isUnique: true),
            row(
                "prio", 9, .s32, .integer(Int64(Int32.min)...Int64(Int32.max)), 0, accepted: [.ab, .tlb, .alb],
                since: "6.0", help: "Higher wins; ignored while the aggregate has a primary.",
                source: "bond_option_prio_set"),
            row(
                "actor_port_prio", 10, .u16, .integer(1...65535), 255, accepted: .ad, since: "6.18",
                help: "LACP port priority; lower wins.", source: "bond_option_actor_port_prio_set"),
        ])

    private static func row(
        _ name: String, _ attribute: UInt16, _ wire: WireType, _ kind: ValueKind, _ defaultNumber: Int64,
        accepted: ModeSet, needs: [Need] = [], since: String, help: String, source: String,
        isUnique: Bool = false
    ) -> OptionDefinition {
        OptionDefinition(
            name: name, aliases: [], attribute: attribute, wire: wire, kind: kind,
            defaultValue: .number(defaultNumber), accepted: accepted, effective: accepted, change: .anyTime,
            needs: needs, excludes: nil, since: since, isUnique: isUnique, help: help, source: source)
    }
}
