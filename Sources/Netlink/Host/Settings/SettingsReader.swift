package import Aggregation
import CNetlink
import Glibc
import SystemPackage

/// Reads what devices are set to besides what a link, its addresses and its routes say (`DeviceSetting`).
///
/// Asked of few devices: those that a change can affect. Bridges are asked only where one of them is a bridge's port.
package struct SettingsReader: Sendable {
    private let socket: NetlinkSocket
    private let namespace: NetworkNamespace
    /// With more devices than this all links are listed at once.
    private static let fewDevices = 40

    package init(socket: NetlinkSocket, namespace: NetworkNamespace) {
        self.socket = socket
        self.namespace = namespace
    }

    /// - Throws: what the kernel refused; a device that is not there has no settings.
    package func read(_ devices: [String]) async throws(NetlinkError) -> [DeviceSetting] {
        let links = try await describe(devices)
        guard !links.isEmpty else { return [] }
        var found = links.flatMap { LinkSettings.read($0) }
        found += await filters(links)
        found += try await sysctls(links)
        found += try await neighbourParameters(links)
        let ports = links.filter { $0.portKind == BridgePortSettings.kind }
        if !ports.isEmpty {
            found += ports.flatMap { BridgePortSettings.read($0) }
            found += try await bridgeEntries(ports)
        }
        return found
    }

    private func describe(_ devices: [String]) async throws(NetlinkError) -> [SettingsSubject] {
        if devices.count > Self.fewDevices {
            let wanted = Set(devices)
            return try await socket.dump(try NetlinkMessage.dumpLinks(statistics: false)) { message in
                SettingsSubject(message).flatMap { wanted.contains($0.name) ? $0 : nil }
            }
        }
        var found: [SettingsSubject] = []
        for name in devices {
            var message = try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "read the settings of")
            try message.put(IFLA_EXT_MASK, u32: UInt32(RTEXT_FILTER_SKIP_STATS))
            do throws(NetlinkError) {
                if let subject = try await socket.query(message).first.flatMap(SettingsSubject.init) {
                    found.append(subject)
                }
            } catch {
                guard error.errno.rawValue == ENODEV else { throw error }
            }
        }
        return found
    }

    // MARK: Traffic control

    /// TC_H_INGRESS: where `ingress` and `clsact` stand (linux/pkt_sched.h), which IFLA_QDISC does not tell of.
    private static let ingressParent: UInt32 = 0xffff_fff1

    /// Devices with filters of their own; a kernel without traffic control has none.
    private func filters(_ links: [SettingsSubject]) async -> [DeviceSetting] {
        let names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
        do {
            var message = try NetlinkMessage(type: RTM_GETQDISC, operation: "list", subject: "queueing disciplines")
            try message.append(tcmsg())
            return try await socket.dump(message) { message in
                guard Int(message.type) == RTM_NEWQDISC, let header = message.header(as: tcmsg.self),
                    header.tcm_parent == Self.ingressParent, let name = names[header.tcm_ifindex]
                else { return nil }
                let kind = message.attributes(after: MemoryLayout<tcmsg>.size)[TCA_KIND]?.string ?? "ingress"
                let summary = "\(kind) of \(name), with its filters"
                return DeviceSetting(
                    device: name,
                    record: KernelRecord(kind: .queueing, key: "queueing \(summary)", summary: summary, payload: []))
            }
        } catch {
            return []
        }
    }

    // MARK: Below /proc/sys

    /// Files that differ from those of `default`, which is what a device gets when it is made.
    private func sysctls(_ links: [SettingsSubject]) async throws(NetlinkError) -> [DeviceSetting] {
        let kinds: [(configuration: DeviceConfiguration, values: (SettingsSubject) -> Attribute?)] = [
            (.ipv4, { $0.ipv4Configuration }), (.ipv6, { $0.ipv6Configuration }),
        ]
        let paths = kinds.flatMap { kind in
            kind.configuration.rows.map { "\(kind.configuration.folder)/default/\($0.name)" }
        }
        let usual = await SysctlFiles.read(paths, in: namespace)
        // The attribute says where to look; what is kept is what the file says, in its own unit.
        var files: [(link: SettingsSubject, folder: String, name: String)] = []
        for link in links {
            // Before the mode that needs it.
            if link.hasStableSecret { files.append((link, "ipv6/conf", "stable_secret")) }
            for (configuration, attribute) in kinds {
                for (name, value) in configuration.values(attribute(link)) {
                    let isUsual = usual["\(configuration.folder)/default/\(name)"] == value
                    guard !isUsual || link.isChangedByTeam(name) else { continue }
                    files.append((link, configuration.folder, name))
                }
            }
        }
        let texts = await SysctlFiles.read(files.map { "\($0.folder)/\($0.link.name)/\($0.name)" }, in: namespace)
        return files.compactMap { link, folder, name in
            guard let value = texts["\(folder)/\(link.name)/\(name)"] else { return nil }
            guard value != usual["\(folder)/default/\(name)"] || link.isChangedByTeam(name) else { return nil }
            let sysctl = DeviceSysctl(folder: folder, name: name, device: link.name, value: value)
            return DeviceSetting(device: link.name, record: sysctl.record)
        }
    }

    private func neighbourParameters(_ links: [SettingsSubject]) async throws(NetlinkError) -> [DeviceSetting] {
        var message = try NetlinkMessage(type: RTM_GETNEIGHTBL, operation: "list", subject: "neighbour tables")
        try message.append(ndtmsg())
        let tables = try await socket.dump(message) { $0 }
        return NeighbourParameters.read(tables, of: links)
    }

    // MARK: Bridges

    private func bridgeEntries(_ ports: [SettingsSubject]) async throws(NetlinkError) -> [DeviceSetting] {
        let byIndex = Dictionary(ports.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [DeviceSetting] = []
        var vlans = try NetlinkMessage(type: RTM_GETLINK, operation: "list", subject: "VLANs of bridge ports")
        var header = ifinfomsg()
        header.ifi_family = UInt8(AF_BRIDGE)
        try vlans.append(header)
        try vlans.put(IFLA_EXT_MASK, u32: UInt32(RTEXT_FILTER_BRVLAN_COMPRESSED))
        found += try await socket.dump(vlans) { BridgeEntries.vlans($0, of: byIndex) }.flatMap { $0 }
        for port in ports {
            var entries = try NetlinkMessage(type: RTM_GETNEIGH, operation: "list", subject: "forwarding entries")
            var filter = ndmsg()
            filter.ndm_family = UInt8(AF_BRIDGE)
            filter.ndm_ifindex = port.index
            try entries.append(filter)
            found += try await socket.dump(entries) { BridgeEntries.forwarding($0, of: port) }
        }
        var groups = try NetlinkMessage(type: RTM_GETMDB, operation: "list", subject: "multicast groups")
        var bridge = br_port_msg()
        bridge.family = UInt8(AF_BRIDGE)
        try groups.append(bridge)
        do throws(NetlinkError) {
            found += try await socket.dump(groups) { BridgeEntries.groups($0, of: byIndex) }.flatMap { $0 }
        } catch {
            // A kernel without IGMP snooping has none.
            guard error.origin == .kernel, error.errno == .notSupportedOnSocket else { throw error }
        }
        return found
    }
}

/// A device as RTM_NEWLINK describes it, for those who read settings.
struct SettingsSubject: Sendable {
    let index: Int32
    let name: String
    let address: LinkLayerAddress?
    let portKind: String?
    /// IFLA_INFO_SLAVE_DATA.
    let portData: AttributeReader?
    let attributes: AttributeReader
    let ipv4Configuration: Attribute?
    let ipv6Configuration: Attribute?
    /// IN6_ADDR_GEN_MODE_STABLE_PRIVACY: addresses follow from a secret.
    let hasStableSecret: Bool

    private static let stablePrivacy: UInt8 = 2

    init?(_ message: ReceivedMessage) {
        guard Int(message.type) == RTM_NEWLINK, let header = message.header(as: ifinfomsg.self) else { return nil }
        index = header.ifi_index
        attributes = message.attributes(after: MemoryLayout<ifinfomsg>.size)
        guard let name = attributes[IFLA_IFNAME]?.string, !name.isEmpty else { return nil }
        self.name = name
        address = attributes[IFLA_ADDRESS].map { LinkLayerAddress($0.bytes) }
        let info = attributes[IFLA_LINKINFO]?.nested
        portKind = info?[IFLA_INFO_SLAVE_KIND]?.string
        portData = info?[IFLA_INFO_SLAVE_DATA]?.nested
        let families = attributes[IFLA_AF_SPEC]?.nested
        ipv4Configuration = families?[Int(AF_INET)]?.nested[IFLA_INET_CONF]
        let ipv6 = families?[Int(AF_INET6)]?.nested
        ipv6Configuration = ipv6?[IFLA_INET6_CONF]
        hasStableSecret = ipv6?[IFLA_INET6_ADDR_GEN_MODE]?.u8 == Self.stablePrivacy
    }

    /// A file that is kept whatever its value: a team that the device joins, or is a port of, writes it.
    func isChangedByTeam(_ name: String) -> Bool {
        name == DeviceSetting.addressGeneration
            || portKind == DriverKind.teaming.linkKind && DeviceSetting.unannounced.contains { $0.name == name }
    }
}
