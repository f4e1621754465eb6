internal import Glibc

/// Addresses and MTU: what the kernel would drop in silence, or take and then not do.
extension TranslationDraft {
    /// IPV6_MIN_MTU: below it the kernel takes IPv6 off a device (`addrconf_notify`).
    private static let leastForIPv6: UInt32 = 1280
    /// Devices that the kernel shrinks with the one below them.
    private static let shrinking: Set<String> = [
        "vlan", "macvlan", "macvtap", "ipvlan", "ipvtap", "macsec", "bridge",
    ]

    private var device: Link? { isNew ? nil : host.link(named: name) }

    /// ETH_MIN_MTU and ETH_MAX_MTU, which bond_setup gives a bond; RFC 8200 for IPv6.
    mutating func checkMTU() {
        if let mtu = desired.mtu, !(68...65535).contains(mtu) {
            return refuse("mtu", value: String(mtu), rule: "it is out of range", remedy: "use 68 to 65535")
        }
        guard let mtu = desired.mtu ?? device?.mtu, mtu < Self.leastForIPv6 else { return }
        if let asked = desired.addresses?.first(where: { $0.address.family == .ipv6 }) {
            return desired.mtu == nil
                ? refuse(
                    "addresses", value: "\(asked)",
                    rule: "IPv6 needs an MTU of at least 1280, and that of \(name) is \(mtu)",
                    remedy: "set mtu=1280 or more, or use IPv4 addresses only")
                : refuseMTU(mtu, because: "\(name) has \(asked)")
        }
        guard desired.mtu != nil, let burden = lostBelowMinimum(mtu) else { return }
        refuseMTU(mtu, because: burden)
    }

    private mutating func refuseMTU(_ mtu: UInt32, because burden: String) {
        refuse(
            "mtu", value: String(mtu), rule: "IPv6 needs at least 1280, and \(burden)",
            remedy: "use 1280 or more, or IPv4 addresses only")
    }

    /// What of IPv6 would go with the MTU: on the device, on what shrinks with it, and on what it takes over.
    private func lostBelowMinimum(_ mtu: UInt32) -> String? {
        var devices: [Link] = []
        if let device, mtu < device.mtu {
            if desired.addresses == nil { devices.append(device) }
            devices += host.above(device).filter { Self.shrinking.contains($0.kind ?? "") && $0.mtu > mtu }
        }
        devices += portNames.compactMap { host.link(named: $0) }.filter { $0.master == nil }
        for link in devices {
            let address = host.addresses(of: link).first { $0.prefix.isIPv6 && !$0.prefix.address.isLinkLocal }
            if let address { return "\(link.name) has \(address.prefix)" }
            let routes = host.staticRoutes(through: link)
            if let route = routes.first(where: { $0.record.payload.first == UInt8(AF_INET6) }) {
                return "\(link.name) has route \(route.record.summary)"
            }
        }
        return nil
    }

    /// What of the list no change could bring about, and what is odd about it.
    mutating func checkAddresses() {
        var seen: [IPAddress: IPPrefix] = [:]
        for prefix in desired.addresses ?? [] {
            // The same IPv4 address may be there with two lengths; IPv6 knows one (`ipv6_add_addr`).
            if prefix.isIPv6, let first = seen.updateValue(prefix, forKey: prefix.address) {
                refuse(
                    "addresses", value: "\(prefix)", rule: "the address is there twice, as \(first) too",
                    remedy: "write it once")
            }
            if let stranger = unmanaged(prefix) {
                refuse(
                    "addresses", value: "\(prefix)",
                    rule: "it is there already as an address that is not managed: \(stranger)",
                    remedy: "leave it out, or take it away first: ip address del \(prefix) dev \(name)")
            } else if let text = AddressRules.oddity(of: prefix) {
                note(.warning, "addresses", "\(prefix): \(text)")
            }
        }
    }

    /// What an address is that is on the device and that no list of permanent global addresses counts; nil elsewhere.
    private func unmanaged(_ prefix: IPPrefix) -> String? {
        guard let device else { return nil }
        let same = host.addresses(of: device).first { address in
            !address.isPermanentGlobal
                && (prefix.isIPv6 ? address.prefix.address == prefix.address : address.prefix == prefix)
        }
        guard let same else { return nil }
        if same.validLifetime != nil { return "it is leased or learned" }
        if same.scope != 0 { return "its scope is not global" }
        return "another program set it"
    }

    /// Hosts that are asked and cannot answer, as far as the addresses tell.
    mutating func checkTargetHosts() {
        let addresses = desired.addresses ?? device.map { host.permanentAddresses(of: $0).map(\.prefix) } ?? []
        for setting in settings where !setting.isOurDefault {
            for target in Self.hosts(in: setting.value) {
                if addresses.contains(where: { $0.address == target }) {
                    note(
                        .warning, Self.shown(setting.origin),
                        "\(target) is the aggregate's own address, which never answers")
                } else if let network = addresses.first(where: { $0.broadcastAddress == target }) {
                    note(
                        .warning, Self.shown(setting.origin),
                        "\(target) is the broadcast address of \(network): no host answers")
                } else if let network = addresses.first(where: { $0.networkAddress == target }) {
                    note(
                        .warning, Self.shown(setting.origin),
                        "\(target) is the network \(network) itself: no host answers")
                }
            }
        }
    }

    private static func hosts(in value: OptionValue) -> [IPAddress] {
        switch value {
        case .targets(let targets): targets
        case .watches(let watches):
            watches.flatMap { watch -> [IPAddress] in
                if case .targets(let targets)? = watch.value("target_host") { targets } else { [] }
            }
        default: []
        }
    }
}

extension IPPrefix {
    fileprivate var isIPv6: Bool { address.family == .ipv6 }
}
