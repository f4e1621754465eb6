import Aggregation
import CNetlink
import Glibc

/// How a device's neighbours are looked for and kept, as below /proc/sys/net/ipv4/neigh: what differs from the table's
/// own parameters, which a new device gets.
enum NeighbourParameters {
    /// What can be set, by the names of the files. The length of the queue in packets follows from that in bytes.
    private static let names: [Int: String] = [
        NDTPA_BASE_REACHABLE_TIME: "base_reachable_time", NDTPA_RETRANS_TIME: "retrans_time",
        NDTPA_GC_STALETIME: "gc_stale_time", NDTPA_DELAY_PROBE_TIME: "delay_first_probe_time",
        NDTPA_APP_PROBES: "app_solicit", NDTPA_UCAST_PROBES: "ucast_solicit", NDTPA_MCAST_PROBES: "mcast_solicit",
        NDTPA_MCAST_REPROBES: "mcast_resolicit", NDTPA_ANYCAST_DELAY: "anycast_delay",
        NDTPA_PROXY_DELAY: "proxy_delay", NDTPA_PROXY_QLEN: "proxy_qlen", NDTPA_LOCKTIME: "locktime",
        NDTPA_QUEUE_LENBYTES: "unres_qlen_bytes", NDTPA_INTERVAL_PROBE_TIME_MS: "interval_probe_time_ms",
    ]

    static func read(_ messages: [ReceivedMessage], of links: [SettingsSubject]) -> [DeviceSetting] {
        let subjects = Dictionary(links.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        let tables = messages.compactMap(Table.init)
        var usual: [String: [Int: [UInt8]]] = [:]
        for table in tables where table.device == nil { usual[table.name] = table.values }
        return tables.flatMap { table -> [DeviceSetting] in
            guard let link = table.device.flatMap({ subjects[$0] }), let defaults = usual[table.name] else { return [] }
            return table.values.sorted { $0.key < $1.key }.compactMap { type, value -> DeviceSetting? in
                guard let name = names[type], defaults[type] != value else { return nil }
                return setting(table, link, type, name, value)
            }
        }
    }

    private static func setting(
        _ table: Table, _ link: SettingsSubject, _ type: Int, _ name: String, _ value: [UInt8]
    ) -> DeviceSetting {
        var parameters = AttributeWriter()
        parameters.put(UInt16(NDTPA_IFINDEX), withUnsafeBytes(of: link.index) { Array($0) })
        parameters.put(UInt16(type), value)
        var writer = AttributeWriter(header: table.header)
        writer.put(UInt16(NDTA_NAME), Array(table.name.utf8) + [0])
        writer.put(UInt16(NDTA_PARMS) | WireFormat.nestedFlag, parameters.bytes)
        let number = Attribute(bytes: value, start: 0, end: value.count, rawType: 0).unsigned ?? 0
        let summary = "\(name) \(number) of \(table.name) on \(link.name)"
        return DeviceSetting(
            device: link.name,
            record: KernelRecord(
                kind: .neighbourParameter, key: "neighbour parameter \(summary)", summary: summary,
                payload: writer.bytes))
    }

    /// The parameters of one table, or of one device in it (RTM_NEWNEIGHTBL).
    private struct Table {
        let header: [UInt8]
        let name: String
        var device: Int32?
        var values: [Int: [UInt8]] = [:]

        init?(_ message: ReceivedMessage) {
            let length = MemoryLayout<ndtmsg>.size
            guard Int(message.type) == RTM_NEWNEIGHTBL, message.payload.count >= length else { return nil }
            let attributes = message.attributes(after: length)
            guard let name = attributes[NDTA_NAME]?.string, let parameters = attributes[NDTA_PARMS]?.nested else {
                return nil
            }
            header = Array(message.payload.prefix(length))
            self.name = name
            for parameter in parameters {
                if parameter.type == NDTPA_IFINDEX {
                    device = parameter.i32.flatMap { $0 == 0 ? nil : $0 }
                } else {
                    values[parameter.type] = Array(parameter.bytes)
                }
            }
        }
    }
}
