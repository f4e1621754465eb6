import CNetlink
import Glibc

/// How a device makes its IPv6 link-local address (IN6_ADDR_GEN_MODE_* of linux/if_link.h).
package struct AddressGeneration: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It follows from the device's link-layer address (EUI-64).
    package static let hardware = AddressGeneration(rawValue: 0)
    /// It makes none.
    package static let none = AddressGeneration(rawValue: 1)
    /// It follows from a secret that the kernel draws for the device (`ipv6_gen_mode_random_init`) and keeps.
    package static let random = AddressGeneration(rawValue: 3)

    private static let stablePrivacy = AddressGeneration(rawValue: 2)
    package var isBySecret: Bool { self == .random || self == .stablePrivacy }
}

extension NetlinkSocket {
    /// How a device makes its IPv6 link-local address; nil where there is no IPv6.
    package func addressGeneration(of name: String) throws(NetlinkError) -> AddressGeneration? {
        let message = try NetlinkMessage.link(.name(name), type: RTM_GETLINK, operation: "find")
        let attributes = try query(message).first?.attributes(after: MemoryLayout<ifinfomsg>.size)
        let family = attributes?[IFLA_AF_SPEC]?.nested[Int(AF_INET6)]
        return family?.nested[IFLA_INET6_ADDR_GEN_MODE]?.u8.map(AddressGeneration.init)
    }

    package func setAddressGeneration(of name: String, _ generation: AddressGeneration) throws(NetlinkError) {
        var message = try NetlinkMessage.link(.name(name), operation: "set IPv6 address generation of")
        try message.nest(IFLA_AF_SPEC) { (families) throws(NetlinkError) in
            try families.nest(Int(AF_INET6)) { (family) throws(NetlinkError) in
                try family.put(IFLA_INET6_ADDR_GEN_MODE, u8: generation.rawValue)
            }
        }
        try request(message)
    }

    /// Deletes the IPv6 link-local addresses of a device.
    package func deleteLinkLocalAddresses(of name: String) throws(NetlinkError) {
        let device = UInt32(try linkIndex(name))
        var message = try NetlinkMessage(type: RTM_GETADDR, operation: "list", subject: "addresses")
        var header = ifaddrmsg()
        header.ifa_family = UInt8(AF_INET6)
        try message.append(header)
        let found = try dump(message) { message -> AddressPrefix? in
            guard let header = message.header(as: ifaddrmsg.self), header.ifa_index == device,
                header.ifa_scope == UInt8(RT_SCOPE_LINK.rawValue)
            else { return nil }
            let address = message.attributes(after: MemoryLayout<ifaddrmsg>.size)[IFA_ADDRESS]
            return address.flatMap { AddressPrefix(bytes: Array($0.bytes), prefixLength: header.ifa_prefixlen) }
        }
        for address in found { try deleteAddress(address, from: .name(name)) }
    }
}
