/// One thing that a device is set to, which is lost with the device, or changed on the way to something else.
///
/// Alias, alternative names, queue length, group, what a bridge knows of it as a port, and whatever below /proc/sys
/// differs from what a new device gets. Each is a record of its own, so that putting back is sending what is missing.
package struct DeviceSetting: Sendable, Hashable, Codable {
    package var device: String
    package var record: KernelRecord

    package init(device: String, record: KernelRecord) {
        self.device = device
        self.record = record
    }

    /// It is the bridge's that the device is a port of.
    package var isOfBridge: Bool {
        switch record.kind {
        case .bridgeVLAN, .forwarding, .multicastGroup: true
        case .setting: record.key.hasPrefix("\(Self.bridgePort) ")
        default: false
        }
    }

    /// It can be put back.
    package var isRestorable: Bool { record.kind != .queueing }

    /// Something that there can be many of: one too many is taken away.
    package var isListed: Bool {
        switch record.kind {
        case .bridgeVLAN, .forwarding, .multicastGroup: true
        default: false
        }
    }

    /// Begins the keys of what a bridge port is set to.
    package static let bridgePort = "bridge port"
    /// The file of how a device makes its IPv6 link-local address. It is read of every device, for a team changes it.
    package static let addressGeneration = "addr_gen_mode"
    /// The value of ``addressGeneration`` with which there is none.
    package static let noAddressGeneration = "1"
    /// Files below ipv6/conf, with the values by which a device says nothing of the IPv6 address that it has. They are read
    /// of every port of a team, which changes them.
    package static let unannounced: [(name: String, value: String)] = [
        ("accept_ra", "0"), ("dad_transmits", "0"), ("ndisc_notify", "0"),
    ]
}

/// A file of one device below /proc/sys/net, as a record has it.
package struct DeviceSysctl: Sendable, Hashable {
    /// `ipv4/conf`.
    package let folder: String
    package let name: String
    package let device: String
    package let value: String

    package init(folder: String, name: String, device: String, value: String) {
        self.folder = folder
        self.name = name
        self.device = device
        self.value = value
    }

    package init?(_ record: KernelRecord) {
        guard record.kind == .sysctl else { return nil }
        let words = String(decoding: record.payload, as: UTF8.self).split(separator: " ", maxSplits: 3)
        guard words.count == 4 else { return nil }
        self.init(
            folder: String(words[0]), name: String(words[1]), device: String(words[2]), value: String(words[3]))
    }

    /// `net.ipv4.conf.eth0.rp_filter = 1`, as sysctl(8) has it.
    package var text: String {
        "net.\(folder.split(separator: "/").joined(separator: ".")).\(device).\(name) = \(value)"
    }

    package var record: KernelRecord {
        KernelRecord(
            kind: .sysctl, key: "sysctl \(text)", summary: text,
            payload: Array("\(folder) \(name) \(device) \(value)".utf8))
    }
}
