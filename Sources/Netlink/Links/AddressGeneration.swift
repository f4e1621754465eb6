import CNetlink
import Glibc

/// How a device makes its IPv6 link-local address (IN6_ADDR_GEN_MODE_* of linux/if_link.h).
package struct AddressGeneration: RawRepresentable, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// It makes none.
    package static let none = AddressGeneration(rawValue: 1)
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
}
