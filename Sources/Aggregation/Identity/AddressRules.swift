/// Which addresses a device and a monitored host can have: one judgement for files and every command.
package enum AddressRules {
    /// Why no aggregate can have an address, and what to do; nil for one that it can have.
    ///
    /// - Parameter prefix: an entry of `addresses`.
    package static func refusal(of prefix: IPPrefix) -> (rule: String, remedy: String)? {
        let address = prefix.address
        if address.isUnspecified || address.isMulticast { return ("no device can have this address", unicast) }
        if address.isLimitedBroadcast { return ("it is the broadcast address of every network", unicast) }
        if address.isLoopback { return ("loopback addresses belong to the device lo", unicast) }
        // The kernel makes those of IPv6 by itself, and neither it nor we could tell ours from its own afterwards.
        if address.isLinkLocal {
            return ("link-local addresses are not managed", "leave it out, and set it with ip address if you need it")
        }
        return nil
    }

    private static let unicast = "use a unicast address of the network"

    /// What is odd about an address that the kernel takes; nil when nothing is.
    static func oddity(of prefix: IPPrefix) -> String? {
        if prefix.address == prefix.networkAddress { return "it is the address of the network itself" }
        if prefix.address == prefix.broadcastAddress { return "it is the broadcast address of its network" }
        return nil
    }

    /// Why a host cannot be asked by ARP or neighbour solicitation; nil for one that can.
    ///
    /// The kernel refuses most of them (`bond_option_arp_ip_target_add`, `_bond_option_ns_ip6_target_set`). Since Linux
    /// 5.3 the rest of 0.0.0.0/8 is made of ordinary addresses (`ipv4_is_zeronet`).
    package static func refusal(ofTarget address: IPAddress) -> String? {
        if address.isUnspecified { return "is the unspecified address" }
        if address.isLimitedBroadcast { return "is the broadcast address" }
        if address.isLoopback { return address.family == .ipv6 ? "is the loopback address" : "is a loopback address" }
        return address.isMulticast ? "is a multicast address" : nil
    }
}

extension IPAddress {
    /// 255.255.255.255.
    package var isLimitedBroadcast: Bool { family == .ipv4 && bytes.allSatisfy { $0 == 255 } }
}

extension IPPrefix {
    /// The first address of an IPv4 network that has one to spare (RFC 3021); nil elsewhere.
    package var networkAddress: IPAddress? { filled(with: 0) }

    /// The last address of such a network.
    package var broadcastAddress: IPAddress? { filled(with: 0xff) }

    private func filled(with byte: UInt8) -> IPAddress? {
        guard address.family == .ipv4, length < 31 else { return nil }
        return IPAddress(
            bytes: address.bytes.enumerated().map { place, own in
                let bits = min(8, max(0, length - place * 8))
                let mask = UInt8(truncatingIfNeeded: 0xff00 >> bits)
                return own & mask | byte & ~mask
            })
    }
}
