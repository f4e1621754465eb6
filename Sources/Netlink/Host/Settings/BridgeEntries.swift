import Aggregation
import CNetlink
import Glibc

/// What a bridge keeps for its ports: VLANs, static forwarding entries, permanent multicast groups.
enum BridgeEntries {
    // MARK: VLANs

    /// Reads a port's VLANs of RTM_NEWLINK of the bridge's family; ranges as the kernel compresses them.
    static func vlans(_ message: ReceivedMessage, of ports: [Int32: SettingsSubject]) -> [DeviceSetting]? {
        guard Int(message.type) == RTM_NEWLINK, let header = message.header(as: ifinfomsg.self),
            let port = ports[header.ifi_index],
            let entries = message.attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_AF_SPEC]?.nested
        else { return nil }
        var found: [DeviceSetting] = []
        var begin: Attribute?
        for entry in entries where entry.type == IFLA_BRIDGE_VLAN_INFO {
            guard let info = entry.load(as: bridge_vlan_info.self) else { continue }
            if Int32(info.flags) & BRIDGE_VLAN_INFO_RANGE_BEGIN != 0 {
                begin = entry
                continue
            }
            found.append(vlan(from: begin, to: entry, info, port))
            begin = nil
        }
        // Which VLAN a tunnel's identifier stands for, with vlan_tunnel on.
        for entry in entries where entry.type == IFLA_BRIDGE_VLAN_TUNNEL_INFO {
            found.append(setting([entry], "tunnel \(HexText.text(entry.bytes))", port))
        }
        return found
    }

    private static func vlan(
        from begin: Attribute?, to end: Attribute, _ info: bridge_vlan_info, _ port: SettingsSubject
    ) -> DeviceSetting {
        let first = begin?.load(as: bridge_vlan_info.self)?.vid
        var text = first.map { "\($0)-\(info.vid)" } ?? "\(info.vid)"
        if Int32(info.flags) & BRIDGE_VLAN_INFO_PVID != 0 { text += " pvid" }
        if Int32(info.flags) & BRIDGE_VLAN_INFO_UNTAGGED != 0 { text += " untagged" }
        return setting((begin.map { [$0] } ?? []) + [end], text, port)
    }

    private static func setting(_ entries: [Attribute], _ text: String, _ port: SettingsSubject) -> DeviceSetting {
        var list = AttributeWriter()
        for entry in entries { list.put(entry) }
        var writer = AttributeWriter(header: LinkSettings.header(port.index, family: AF_BRIDGE))
        writer.put(UInt16(IFLA_AF_SPEC) | WireFormat.nestedFlag, list.bytes)
        let summary = "\(text) of \(port.name)"
        return DeviceSetting(
            device: port.name,
            record: KernelRecord(
                kind: .bridgeVLAN, key: "bridge VLAN \(summary)", summary: summary, payload: writer.bytes))
    }

    // MARK: Forwarding entries

    /// Reads RTM_NEWNEIGH of the bridge's family: what somebody set to stay. The address of the port itself is the
    /// bridge's own doing.
    static func forwarding(_ message: ReceivedMessage, of port: SettingsSubject) -> DeviceSetting? {
        guard Int(message.type) == RTM_NEWNEIGH, let header = message.header(as: ndmsg.self),
            header.ndm_ifindex == port.index
        else { return nil }
        let attributes = message.attributes(after: MemoryLayout<ndmsg>.size)
        // Without it the entry is the device's own.
        guard attributes[NDA_MASTER] != nil else { return nil }
        guard let station = attributes[NDA_LLADDR].map({ LinkLayerAddress($0.bytes) }) else { return nil }
        let isLocal = Int32(header.ndm_state) & Int32(NUD_PERMANENT) != 0
        let isStatic = Int32(header.ndm_state) & Int32(NUD_NOARP) != 0
        let isLearnedElsewhere = Int32(header.ndm_flags) & Int32(NTF_EXT_LEARNED) != 0
        guard isStatic || isLearnedElsewhere || isLocal && station != port.address else { return nil }

        var sent = header
        sent.ndm_flags = sent.ndm_flags & ~UInt8(NTF_OFFLOADED) | UInt8(NTF_MASTER)
        var writer = AttributeWriter(header: withUnsafeBytes(of: sent) { Array($0) })
        var text = "\(station)"
        for attribute in attributes {
            switch attribute.type {
            case NDA_CACHEINFO, NDA_MASTER: continue
            case NDA_VLAN: text += " vlan \(attribute.u16 ?? 0)"
            case NDA_LLADDR: break
            default: text += " \(attribute.type)=\(HexText.text(attribute.bytes))"
            }
            writer.put(attribute)
        }
        let summary = "\(text) \(isLocal ? "local" : "static") of \(port.name)"
        return DeviceSetting(
            device: port.name,
            record: KernelRecord(
                kind: .forwarding, key: "forwarding \(summary) flags \(sent.ndm_flags)", summary: summary,
                payload: writer.bytes))
    }

    // MARK: Multicast groups

    /// Reads RTM_GETMDB: permanent entries; others are learned.
    static func groups(_ message: ReceivedMessage, of ports: [Int32: SettingsSubject]) -> [DeviceSetting]? {
        guard Int(message.type) == RTM_GETMDB || Int(message.type) == RTM_NEWMDB,
            message.payload.count >= MemoryLayout<br_port_msg>.size
        else { return nil }
        let header = message.payload.prefix(MemoryLayout<br_port_msg>.size)
        let size = MemoryLayout<br_mdb_entry>.size
        var found: [DeviceSetting] = []
        for table in message.attributes(after: header.count) where table.type == MDBA_MDB {
            for entry in table.nested where entry.type == MDBA_MDB_ENTRY {
                for info in entry.nested where info.type == MDBA_MDB_ENTRY_INFO && info.count >= size {
                    guard let setting = group(info, header, ports) else { continue }
                    found.append(setting)
                }
            }
        }
        return found
    }

    private static func group(
        _ info: Attribute, _ header: ArraySlice<UInt8>, _ ports: [Int32: SettingsSubject]
    ) -> DeviceSetting? {
        let size = MemoryLayout<br_mdb_entry>.size
        // struct br_mdb_entry: device, state, flags, VLAN, address, protocol.
        var entry = Array(info.bytes.prefix(size))
        guard let index = info.load(as: Int32.self), let port = ports[index], entry[4] == UInt8(MDB_PERMANENT) else {
            return nil
        }
        entry[5] = 0
        // A dump has no family in it, and a request needs one.
        var writer = AttributeWriter(header: [UInt8(AF_BRIDGE)] + header.dropFirst())
        writer.put(UInt16(MDBA_SET_ENTRY), entry)
        let source = info.nested(after: size)[MDBA_MDB_EATTR_SOURCE]
        if let source {
            var attributes = AttributeWriter()
            attributes.put(UInt16(MDBE_ATTR_SOURCE), Array(source.bytes))
            writer.put(UInt16(MDBA_SET_ENTRY_ATTRS) | WireFormat.nestedFlag, attributes.bytes)
        }
        let vlan = entry.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 6, as: UInt16.self) }
        var text = group(entry)
        if let source { text += " source \(IPAddress(bytes: source.bytes)?.description ?? "?")" }
        if vlan != 0 { text += " vlan \(vlan)" }
        let summary = "\(text) of \(port.name)"
        return DeviceSetting(
            device: port.name,
            record: KernelRecord(
                kind: .multicastGroup, key: "multicast group \(summary)", summary: summary, payload: writer.bytes))
    }

    private static func group(_ entry: [UInt8]) -> String {
        let address = entry[8..<24]
        let type = entry.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 24, as: UInt16.self) }.bigEndian
        switch Int32(type) {
        case ETH_P_IP: return IPAddress(bytes: address.prefix(4))?.description ?? "?"
        case ETH_P_IPV6: return IPAddress(bytes: address)?.description ?? "?"
        default: return LinkLayerAddress(address.prefix(6)).description
        }
    }
}
