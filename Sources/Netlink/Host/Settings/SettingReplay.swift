import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Sends settings of devices back, and takes away those that there can be many of.
extension NetlinkSocket {
    /// - Parameter index: the device that gets it, where that is not the one of the record.
    func replaySetting(_ record: KernelRecord, onto index: Int32?) throws(NetlinkError) {
        var payload = record.payload
        switch record.kind {
        case .setting:
            if let index { payload.store(index, at: SettingHeader.device) }
            let isName = AttributeReader(payload, offset: MemoryLayout<ifinfomsg>.size)[IFLA_PROP_LIST] != nil
            try sendSetting(
                record, isName ? RTM_NEWLINKPROP : RTM_NEWLINK, isName ? [.create, .exclusive] : [], payload,
                tolerating: isName ? [EEXIST] : [])
        case .bridgeVLAN:
            if let index { payload.store(index, at: SettingHeader.device) }
            try sendSetting(record, RTM_SETLINK, [], payload)
        case .forwarding:
            if let index { payload.store(index, at: SettingHeader.device) }
            try sendSetting(record, RTM_NEWNEIGH, [.create, .replace], payload)
        case .multicastGroup: try sendSetting(record, RTM_NEWMDB, [.create], payload, tolerating: [EEXIST])
        case .neighbourParameter: try sendSetting(record, RTM_SETNEIGHTBL, [], payload.forDevice(index))
        default: break
        }
    }

    func removeSetting(_ record: KernelRecord) throws(NetlinkError) {
        let gone = [ESRCH, ENOENT, ENODEV, EADDRNOTAVAIL]
        switch record.kind {
        case .bridgeVLAN: try sendSetting(record, RTM_DELLINK, [], record.payload, tolerating: gone)
        case .forwarding: try sendSetting(record, RTM_DELNEIGH, [], record.payload, tolerating: gone)
        case .multicastGroup: try sendSetting(record, RTM_DELMDB, [], record.payload, tolerating: gone)
        default: break
        }
    }

    private func sendSetting(
        _ record: KernelRecord, _ type: Int, _ flags: MessageFlags, _ payload: [UInt8], tolerating: [Int32] = []
    ) throws(NetlinkError) {
        let headerLength =
            switch record.kind {
            case .forwarding: MemoryLayout<ndmsg>.size
            case .multicastGroup: MemoryLayout<br_port_msg>.size
            case .neighbourParameter: MemoryLayout<ndtmsg>.size
            default: MemoryLayout<ifinfomsg>.size
            }
        let message = try NetlinkMessage.resending(
            payload, headerLength: headerLength, type: type, flags: flags,
            operation: "put back \(record.kind.rawValue)", subject: record.summary)
        do throws(NetlinkError) { try request(message) } catch {
            guard error.origin == .kernel, tolerating.contains(error.errno.rawValue) else { throw error }
        }
    }
}

/// Offsets of fields in family headers.
private enum SettingHeader {
    /// The device in struct ifinfomsg and in struct ndmsg.
    static let device = 4
}

extension [UInt8] {
    /// A message of RTM_SETNEIGHTBL for another device.
    fileprivate func forDevice(_ index: Int32?) -> [UInt8] {
        guard let index else { return self }
        let length = MemoryLayout<ndtmsg>.size
        var writer = AttributeWriter(header: prefix(length))
        for attribute in AttributeReader(self, offset: length) {
            guard attribute.type == NDTA_PARMS else {
                writer.put(attribute)
                continue
            }
            var parameters = AttributeWriter()
            for parameter in attribute.nested {
                if parameter.type == NDTPA_IFINDEX {
                    parameters.put(parameter.rawType, Swift.withUnsafeBytes(of: index) { Array($0) })
                } else {
                    parameters.put(parameter)
                }
            }
            writer.put(attribute.rawType, parameters.bytes)
        }
        return writer.bytes
    }
}
