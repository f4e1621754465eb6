import Aggregation
import CNetlink
import Glibc
import Netlink
import SystemPackage

/// Steps as requests. Each is one request but for what a record takes; the kernel has carried it out when it returns.
extension BondingDriver {
    func send(_ step: Step, _ names: BondingError) async throws {
        switch step {
        case .create(let name, _, let mode, let settings, let index):
            try await create(name, mode, settings, index)
        case .delete(let name, _): try await delete(name, names)
        case .setOptions(let name, let settings, _):
            try await setOptions(name, settings)
        case .attach(let port, let name, _): try await setMaster(port, name, names)
        case .detach(let port, let name, _):
            try await checkMembership(of: port, in: name, names)
            try await socket.setMaster(.name(port), nil)
        case .setPortOptions(let port, let name, let settings, _):
            try await checkMembership(of: port, in: name, names)
            try await setPortOptions(port, settings)
        case .activate(let port, let name, _):
            try await setOptions(name, [OptionSetting("active_slave", .port(port))])
        case .bring(let device, let up): try await socket.setUp(.name(device), up)
        case .setMTU(let device, let mtu): try await socket.setMTU(.name(device), mtu)
        case .setAddress(let device, let address): try await socket.setAddress(.name(device), address.bytes)
        case .setFlags(let device, let set, let clear):
            try await socket.request(
                try NetlinkMessage.link(
                    .name(device), linkFlags: set.rawValue, change: set.union(clear).rawValue, operation: "set flags of"
                ))
        case .setMaster(let device, let master?): try await setMaster(device, master, names)
        case .setMaster(let device, nil): try await socket.setMaster(.name(device), nil)
        case .addAddress(let device, let prefix): try await changeAddress(device, prefix, delete: false)
        case .removeAddress(let device, let prefix): try await changeAddress(device, prefix, delete: true)
        case .replay(let record, let device):
            if let sysctl = DeviceSysctl(record) { return try await write(sysctl, to: device, names) }
            let target = try await device.map { [socket] name in { try await socket.target(name) } }?()
            try await socket.replay(record, onto: target)
        case .remove(let record): try await socket.remove(record)
        case .repair:
            throw DriverError(
                .refused, operation: names.operation, subject: names.subject, text: "a bond has no daemon")
        case .restore:
            throw DriverError(
                .refused, operation: names.operation, subject: names.subject,
                text: "it is carried out as a comparison, step by step, not by a driver")
        }
    }

    private func write(_ sysctl: DeviceSysctl, to device: String?, _ names: BondingError) async throws(DriverError) {
        let code = await SysctlFiles.write(sysctl, to: device, in: namespace)
        guard code != 0 else { return }
        throw DriverError(
            .refused, operation: names.operation, subject: names.subject, errno: code,
            text: "\(sysctl.text): \(Errno(rawValue: code))")
    }

    // MARK: Aggregates

    private func create(
        _ name: String, _ mode: Mode, _ settings: [OptionSetting], _ index: Int32?
    ) async throws {
        BondingModule.load()
        var all = [OptionSetting("mode", .number(Int64(mode.bondingNumber)))]
        // Bonding has no mode random; it is this option of balance-rr.
        if mode == .random, !settings.contains(where: { $0.name == "packets_per_slave" }) {
            all.append(OptionSetting("packets_per_slave", .number(0)))
        }
        all += settings.filter { $0.name != "mode" }
        let data = try await encode(all)
        guard let index else { return try await create(name, data, index: 0) }
        do {
            try await create(name, data, index: index)
        } catch let error as NetlinkError where error.origin == .kernel && error.errno.rawValue == EEXIST {
            // The name, or the index: something else may have got that in the meantime, and any other index is better
            // than no aggregate.
            if (try? await socket.linkIndex(name)) != nil { throw error }
            try await create(name, data, index: 0)
        }
    }

    private func create(_ name: String, _ data: [UInt8], index: Int32) async throws {
        var message = try NetlinkMessage(
            type: RTM_NEWLINK, flags: [.create, .exclusive], operation: "create bond", subject: name)
        var header = ifinfomsg()
        header.ifi_index = index
        try message.append(header)
        try message.put(IFLA_IFNAME, string: name)
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try await socket.request(message)
    }

    /// Only a bond is deleted: the name may have come to mean something else.
    private func delete(_ name: String, _ names: BondingError) async throws {
        guard try await socket.kind(of: name) == DriverKind.bonding.linkKind else { throw notABond(name, names) }
        try await socket.deleteLink(.name(name))
    }

    private func setOptions(_ name: String, _ settings: [OptionSetting]) async throws {
        let data = try await encode(settings)
        var message = try NetlinkMessage.link(.name(name), operation: "set options of")
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try await socket.request(message)
    }

    private func setPortOptions(_ port: String, _ settings: [OptionSetting]) async throws {
        let data = try codec.encodePort(settings)
        var message = try NetlinkMessage.link(.name(port), operation: "set port options of")
        try message.nest(IFLA_LINKINFO) { (info) throws(NetlinkError) in
            try info.put(IFLA_INFO_SLAVE_KIND, string: DriverKind.bonding.linkKind)
            try info.put(IFLA_INFO_SLAVE_DATA | Int(WireFormat.nestedFlag), bytes: data)
        }
        try await socket.request(message)
    }

    private func encode(_ settings: [OptionSetting]) async throws -> [UInt8] {
        var indexes: [String: Int32] = [:]
        for case .port(let name?) in settings.map(\.value) { indexes[name] = try? await socket.linkIndex(name) }
        return try codec.encode(settings) { indexes[$0] }
    }

    // MARK: Masters and addresses

    private func setMaster(_ device: String, _ master: String, _ names: BondingError) async throws {
        guard let target = try? await socket.target(master) else { throw names.notFound(master) }
        try await socket.request(try NetlinkMessage.setMaster(.name(device), target.index))
    }

    /// A port that has gone elsewhere in the meantime is not to be touched.
    private func checkMembership(of port: String, in aggregate: String, _ names: BondingError) async throws {
        guard let target = try? await socket.target(aggregate) else { throw names.notFound(aggregate) }
        guard try await socket.master(of: port) == target.index else {
            throw DriverError(
                .notFound, operation: names.operation, subject: port, errno: ENOENT,
                text: "\(port) is no port of \(aggregate)")
        }
    }

    private func changeAddress(_ device: String, _ prefix: IPPrefix, delete: Bool) async throws {
        guard let address = AddressPrefix(bytes: prefix.address.bytes, prefixLength: UInt8(prefix.length)) else {
            return
        }
        if delete {
            try await socket.deleteAddress(address, from: .name(device))
        } else {
            try await socket.addAddress(address, to: .name(device))
        }
    }

    private func notABond(_ name: String, _ names: BondingError) -> DriverError {
        DriverError(
            .refused, operation: names.operation, subject: name, text: "\(name) is no bond",
            remedy: "look with aggctl status \(name)")
    }
}
