import CNetlink
import SystemPackage

extension NetlinkMessage {
    /// Starts a request to a generic netlink family.
    ///
    /// - Parameter family: the number that `genericFamily(named:)` gave.
    package static func generic(
        family: UInt16, command: Int, version: UInt8 = 1, flags: MessageFlags = [], operation: String,
        subject: String = ""
    ) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage(type: Int(family), flags: flags, operation: operation, subject: subject)
        try message.append(genlmsghdr(cmd: UInt8(truncatingIfNeeded: command), version: version, reserved: 0))
        return message
    }
}

extension NetlinkSocket {
    /// The number of a generic netlink family; remembered once known.
    ///
    /// - Throws: `ENOENT` if the kernel has no such family (its module is not loaded).
    package func genericFamily(named name: String) throws(NetlinkError) -> UInt16 {
        if let number = families[name] { return number }
        for reply in try query(try familyRequest(name)) {
            let attributes = reply.attributes(after: MemoryLayout<genlmsghdr>.size)
            if let number = attributes[Int(CTRL_ATTR_FAMILY_ID)]?.u16 {
                families[name] = number
                return number
            }
        }
        throw NetlinkError(
            operation: "find generic netlink family", subject: name, origin: .reply, errno: .noSuchFileOrDirectory)
    }

    /// The number of a multicast group of a generic netlink family.
    ///
    /// - Throws: `ENOENT` if the kernel has no such family or the family no such group.
    package func multicastGroup(_ group: String, of family: String) throws(NetlinkError) -> Int32 {
        for reply in try query(try familyRequest(family)) {
            let groups = reply.attributes(after: MemoryLayout<genlmsghdr>.size)[Int(CTRL_ATTR_MCAST_GROUPS)]?.nested
            for entry in groups.map(Array.init) ?? [] {
                guard entry.nested[Int(CTRL_ATTR_MCAST_GRP_NAME)]?.string == group else { continue }
                if let number = entry.nested[Int(CTRL_ATTR_MCAST_GRP_ID)]?.i32 { return number }
            }
        }
        throw NetlinkError(
            operation: "find multicast group of \(family)", subject: group, origin: .reply,
            errno: .noSuchFileOrDirectory)
    }

    private func familyRequest(_ name: String) throws(NetlinkError) -> NetlinkMessage {
        var message = try NetlinkMessage.generic(
            family: UInt16(NLMSG_MIN_TYPE), command: Int(CTRL_CMD_GETFAMILY), operation: "find generic netlink family",
            subject: name)
        try message.put(Int(CTRL_ATTR_FAMILY_NAME), string: name)
        return message
    }
}
