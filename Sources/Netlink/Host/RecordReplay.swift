package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Sends records back to the kernel that it was asked to describe them by, and takes them away.
extension NetlinkSocket {
    /// Puts a record back; one that is there already is left or made equal.
    ///
    /// - Parameter target: another device that gets it, or the same one when it may have a new index. Of a route with
    ///   several legs those go there whose device is gone or is a port of the target.
    /// - Throws: what the kernel refused.
    package func replay(_ record: KernelRecord, onto target: LinkTarget? = nil) throws(NetlinkError) {
        switch record.kind {
        case .address: try replayAddress(record, target)
        case .route: try replayRoute(record, target)
        case .neighbour:
            var payload = record.payload
            if let target { payload.store(target.index, at: RecordHeader.neighbourDevice) }
            try send(record, RTM_NEWNEIGH, [.create, .replace], payload)
        case .rule:
            var payload = record.payload
            payload.mask(RecordHeader.ruleFlags, with: UInt32(FIB_RULE_INVERT))
            if let target { payload = payload.naming(target.name, headerLength: record.headerLength) }
            try send(record, RTM_NEWRULE, [.create, .exclusive], payload, tolerating: [EEXIST])
        case .nexthop: try replayNexthop(record, target)
        case .link: try replayLink(record, target)
        case .setting, .bridgeVLAN, .forwarding, .multicastGroup, .neighbourParameter, .sysctl, .queueing:
            try replaySetting(record, onto: target?.index)
        }
    }

    /// Takes what a record describes away; what is gone already is no error.
    package func remove(_ record: KernelRecord) throws(NetlinkError) {
        let gone = [ESRCH, ENOENT, EADDRNOTAVAIL, ENODEV]
        switch record.kind {
        case .address: try send(record, RTM_DELADDR, [], record.payload, tolerating: gone)
        case .route: try send(record, RTM_DELROUTE, [], record.sendableRoute(rewriting: { $0 }), tolerating: gone)
        case .neighbour: try send(record, RTM_DELNEIGH, [], record.payload, tolerating: gone)
        case .rule: try send(record, RTM_DELRULE, [], record.payload, tolerating: gone)
        case .link:
            let header = Array(record.payload.prefix(record.headerLength))
            try send(record, RTM_NEWLINK, [], Self.unlistening(header), tolerating: gone)
            try send(record, RTM_DELLINK, [], header, tolerating: gone)
        case .nexthop:
            var writer = AttributeWriter(header: record.payload.prefix(record.headerLength))
            if let id = record.attributes[NHA_ID] { writer.put(id) }
            try send(record, RTM_DELNEXTHOP, [], writer.bytes, tolerating: gone)
        case .setting, .bridgeVLAN, .forwarding, .multicastGroup, .neighbourParameter, .sysctl, .queueing:
            try removeSetting(record)
        }
    }

    /// Ends promiscuous and all-multicast mode. A VLAN that is deleted in one of these leaves the device below it in that
    /// mode for good (seen on the Linux 6.1 of Debian 12: `vlan_dev_stop` gives nothing back).
    private static func unlistening(_ header: [UInt8]) -> [UInt8] {
        var header = header
        header.store(UInt32(0), at: RecordHeader.linkFlags)
        header.store(UInt32(IFF_PROMISC) | UInt32(IFF_ALLMULTI), at: RecordHeader.linkFlagsChanged)
        return header
    }

    // MARK: Kinds

    /// An IPv6 address comes back without duplicate address detection, so that routes by it can follow at once; the
    /// second request takes the mark of that away again.
    private func replayAddress(_ record: KernelRecord, _ target: LinkTarget?) throws(NetlinkError) {
        let flags = (record.attributes[IFA_FLAGS]?.u32 ?? 0)
        let settable = UInt32(
            IFA_F_NODAD | IFA_F_HOMEADDRESS | IFA_F_MANAGETEMPADDR | IFA_F_NOPREFIXROUTE | IFA_F_MCAUTOJOIN)
        let isIPv6 = record.payload.first == UInt8(AF_INET6)
        let kept = flags & settable
        let first = isIPv6 ? kept | UInt32(IFA_F_NODAD) : kept
        try send(record, RTM_NEWADDR, [.create, .replace], record.address(flags: first, on: target))
        guard first != kept else { return }
        try send(record, RTM_NEWADDR, [.replace], record.address(flags: kept, on: target))
    }

    /// Appended, for several routes to one network are told apart only by where they lead. One with several legs
    /// replaces what is left of it instead: legs are lost one by one.
    private func replayRoute(_ record: KernelRecord, _ target: LinkTarget?) throws(NetlinkError) {
        let legs = record.attributes[Int(RTA_MULTIPATH.rawValue)].map { MultipathLeg.all(in: $0) } ?? []
        var moving: Set<Int32> = []
        if let target {
            for leg in legs where leg.device != target.index {
                if try !isLink(leg.device, outside: target) { moving.insert(leg.device) }
            }
        }
        let payload = record.sendableRoute { device in
            guard let target, legs.isEmpty || moving.contains(device) else { return device }
            return target.index
        }
        try send(
            record, RTM_NEWROUTE, legs.isEmpty ? [.create, .append] : [.create, .replace], payload,
            tolerating: legs.isEmpty ? [EEXIST] : [])
    }

    /// Whether there is such a device that is no port of the target.
    private func isLink(_ index: Int32, outside target: LinkTarget) throws(NetlinkError) -> Bool {
        let message = try NetlinkMessage.link(.index(index), type: RTM_GETLINK, operation: "find")
        do throws(NetlinkError) {
            let master = try query(message).first?.attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_MASTER]?.i32
            return master != target.index
        } catch {
            guard error.errno.rawValue == ENODEV else { throw error }
            return false
        }
    }

    private func replayNexthop(_ record: KernelRecord, _ target: LinkTarget?) throws(NetlinkError) {
        var header = Array(record.payload.prefix(record.headerLength))
        header.store(UInt8(0), at: RecordHeader.nexthopScope)
        header.mask(RecordHeader.nexthopFlags, with: RouteDecoder.settableFlags)
        var writer = AttributeWriter(header: header)
        for attribute in record.attributes {
            if attribute.type == NHA_OIF, let target {
                writer.put(attribute.rawType, target.index.hostBytes)
            } else {
                writer.put(attribute)
            }
        }
        try send(record, RTM_NEWNEXTHOP, [.create, .replace], writer.bytes)
    }

    /// Makes a VLAN again, down at first: it may be too early for the device below it to be up.
    private func replayLink(_ record: KernelRecord, _ target: LinkTarget?) throws(NetlinkError) {
        guard record.payload.count >= record.headerLength else {
            throw NetlinkError(
                operation: "put back link", subject: record.summary, origin: .encoding, errno: .notSupportedOnSocket,
                detail: "make it again by hand")
        }
        var header = Array(record.payload.prefix(record.headerLength))
        let wasUp = record.payload.load(UInt32.self, at: RecordHeader.linkFlags) & UInt32(IFF_UP) != 0
        let index = record.payload.load(Int32.self, at: RecordHeader.linkDevice)
        header.store(UInt32(0), at: RecordHeader.linkFlags)
        header.store(UInt32(0), at: RecordHeader.linkFlagsChanged)
        var writer = AttributeWriter(header: header)
        for attribute in record.attributes where attribute.type != IFLA_PROP_LIST {
            if attribute.type == IFLA_LINK, let target {
                writer.put(attribute.rawType, target.index.hostBytes)
            } else {
                writer.put(attribute)
            }
        }
        try send(record, RTM_NEWLINK, [.create, .exclusive], writer.bytes)
        if let names = record.attributes[IFLA_PROP_LIST] {
            var message = try NetlinkMessage.link(
                .index(index), type: RTM_NEWLINKPROP, flags: [.create, .exclusive], operation: "put back names of")
            try message.put(IFLA_PROP_LIST | Int(NLA_F_NESTED), bytes: Array(names.bytes))
            try request(message)
        }
        guard wasUp else { return }
        do throws(NetlinkError) { try setUp(.index(index)) } catch {
            guard error.errno.rawValue == ENETDOWN else { throw error }
        }
    }

    private func send(
        _ record: KernelRecord, _ type: Int, _ flags: MessageFlags, _ payload: [UInt8], tolerating: [Int32] = []
    ) throws(NetlinkError) {
        let isRemoval = flags.isEmpty
        var message = try NetlinkMessage(
            type: type, flags: flags, operation: "\(isRemoval ? "remove" : "put back") \(record.kind.rawValue)",
            subject: record.summary)
        try message.append(bytes: Array(payload.prefix(record.headerLength)))
        for attribute in AttributeReader(payload, offset: record.headerLength) {
            try message.put(Int(attribute.rawType), bytes: Array(attribute.bytes))
        }
        do throws(NetlinkError) { try request(message) } catch {
            guard error.origin == .kernel, tolerating.contains(error.errno.rawValue) else { throw error }
        }
    }
}

/// A device that exists, for requests that need its index and messages that need its name.
package struct LinkTarget: Sendable, Hashable {
    package let index: Int32
    package let name: String

    package init(index: Int32, name: String) {
        self.index = index
        self.name = name
    }
}

/// Offsets of fields in family headers, which C has only as structures.
private enum RecordHeader {
    static let addressFlags = 2
    static let addressDevice = 4
    static let neighbourDevice = 4
    static let routeFlags = 8
    static let ruleFlags = 8
    static let nexthopScope = 1
    static let nexthopFlags = 4
    static let linkDevice = 4
    static let linkFlags = 8
    static let linkFlagsChanged = 12
}

extension KernelRecord {
    /// Length of the family header of its kind.
    fileprivate var headerLength: Int {
        switch kind {
        case .address: MemoryLayout<ifaddrmsg>.size
        case .nexthop: MemoryLayout<nhmsg>.size
        case .route: MemoryLayout<rtmsg>.size
        case .neighbour: MemoryLayout<ndmsg>.size
        case .rule: MemoryLayout<fib_rule_hdr>.size
        default: MemoryLayout<ifinfomsg>.size
        }
    }

    fileprivate var attributes: AttributeReader { AttributeReader(payload, offset: headerLength) }

    fileprivate func address(flags: UInt32, on target: LinkTarget?) -> [UInt8] {
        var header = Array(payload.prefix(headerLength))
        header.store(UInt8(truncatingIfNeeded: flags), at: RecordHeader.addressFlags)
        if let target { header.store(target.index, at: RecordHeader.addressDevice) }
        var writer = AttributeWriter(header: header)
        for attribute in attributes {
            switch attribute.type {
            case IFA_FLAGS: break
            case IFA_LABEL:
                // The label begins with the name of the device; one for another device begins with that one's.
                let suffix = attribute.string.drop { $0 != ":" }
                let label = (target?.name ?? "") + suffix
                if target == nil {
                    writer.put(attribute)
                } else if label.utf8.count <= InterfaceName.maximumLength {
                    writer.put(attribute.rawType, Array(label.utf8) + [0])
                }
            default: writer.put(attribute)
            }
        }
        writer.put(UInt16(IFA_FLAGS), flags.hostBytes)
        return writer.bytes
    }

    /// The message of a route with the flags that may be set, and with other devices where wanted.
    fileprivate func sendableRoute(rewriting device: (Int32) -> Int32) -> [UInt8] {
        var header = Array(payload.prefix(headerLength))
        header.mask(RecordHeader.routeFlags, with: RouteDecoder.settableFlags)
        var writer = AttributeWriter(header: header)
        for attribute in attributes {
            switch attribute.type {
            case Int(RTA_OIF.rawValue):
                writer.put(attribute.rawType, device(attribute.i32 ?? 0).hostBytes)
            case Int(RTA_MULTIPATH.rawValue):
                var legs = Array(attribute.bytes)
                for leg in MultipathLeg.all(in: attribute) {
                    let start = leg.offset - attribute.start
                    // struct rtnexthop: length, flags, weight, device.
                    legs.store(leg.flags & UInt8(RouteDecoder.settableFlags), at: start + 2)
                    legs.store(device(leg.device), at: start + 4)
                }
                writer.put(attribute.rawType, legs)
            default: writer.put(attribute)
            }
        }
        return writer.bytes
    }
}

extension FixedWidthInteger {
    fileprivate var hostBytes: [UInt8] { withUnsafeBytes(of: self) { Array($0) } }
}

extension [UInt8] {
    fileprivate func load<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number {
        guard offset >= 0, offset + MemoryLayout<Number>.size <= count else { return 0 }
        return withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }

    /// The message of a rule with another device for the one that it names.
    fileprivate func naming(_ device: String, headerLength: Int) -> [UInt8] {
        var writer = AttributeWriter(header: prefix(headerLength))
        for attribute in AttributeReader(self, offset: headerLength) {
            if attribute.type == FRA_IIFNAME || attribute.type == FRA_OIFNAME {
                writer.put(attribute.rawType, Array(device.utf8) + [0])
            } else {
                writer.put(attribute)
            }
        }
        return writer.bytes
    }

    fileprivate mutating func mask(_ offset: Int, with mask: UInt32) {
        store(load(UInt32.self, at: offset) & mask, at: offset)
    }
}
