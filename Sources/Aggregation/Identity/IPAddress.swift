internal import Glibc

/// An IPv4 or IPv6 address, kept as the bytes that go on the wire.
package struct IPAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    package enum Family: String, Sendable, Codable { case ipv4, ipv6 }

    package let family: Family
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    private init(unspecified family: Family) {
        self.family = family
        bytes = [UInt8](repeating: 0, count: family == .ipv4 ? 4 : 16)
    }

    package static let unspecifiedIPv4 = IPAddress(unspecified: .ipv4)
    package static let unspecifiedIPv6 = IPAddress(unspecified: .ipv6)

    /// Nil unless there are four or sixteen bytes.
    package init?(bytes: some Collection<UInt8>) {
        switch bytes.count {
        case 4: family = .ipv4
        case 16: family = .ipv6
        default: return nil
        }
        self.bytes = Array(bytes)
    }

    /// Reads what inet_pton(3) reads; nil for anything else, a scope suffix included.
    package init?(text: String) {
        var buffer = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &buffer) == 1 {
            family = .ipv4
            bytes = Array(buffer.prefix(4))
        } else if inet_pton(AF_INET6, text, &buffer) == 1 {
            family = .ipv6
            bytes = buffer
        } else {
            return nil
        }
    }

    package var description: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let converted = inet_ntop(family == .ipv4 ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
        return converted == nil ? "?" : String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
    }

    package var isUnspecified: Bool { bytes.allSatisfy { $0 == 0 } }

    package var isLoopback: Bool {
        family == .ipv4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
    }

    package var isMulticast: Bool { family == .ipv4 ? bytes[0] & 0xf0 == 0xe0 : bytes[0] == 0xff }

    /// 169.254.0.0/16 and fe80::/10.
    package var isLinkLocal: Bool {
        family == .ipv4 ? bytes[0] == 169 && bytes[1] == 254 : bytes[0] == 0xfe && bytes[1] & 0xc0 == 0x80
    }
}

/// An address with the length of its network part, as `192.0.2.1/24`.
package struct IPPrefix: Hashable, Sendable, Codable, CustomStringConvertible {
    package let address: IPAddress
    /// 0...32 or 0...128.
    package let length: Int

    package init?(address: IPAddress, length: Int) {
        guard length >= 0, length <= address.bytes.count * 8 else { return nil }
        self.address = address
        self.length = length
    }

    /// Reads `ADDRESS/LENGTH`; nil for anything else. The length is not optional: guessing one has cut hosts off.
    package init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(text: String(parts[0])),
            parts[1].allSatisfy(\.isNumber), let length = Int(parts[1])
        else { return nil }
        self.init(address: address, length: length)
    }

    package var description: String { "\(address)/\(length)" }

    /// The same without the part of the host: `192.0.2.0/24`.
    package var network: IPPrefix {
        let bytes = address.bytes.enumerated().map { place, byte in
            byte & UInt8(truncatingIfNeeded: 0xff00 >> min(8, max(0, length - place * 8)))
        }
        return IPAddress(bytes: bytes).flatMap { IPPrefix(address: $0, length: length) } ?? self
    }

    /// Whether another address is in the same network.
    package func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family else { return false }
        return zip(address.bytes, other.bytes).enumerated().allSatisfy { place, pair in
            let bits = min(8, max(0, length - place * 8))
            let mask = UInt8(truncatingIfNeeded: 0xff00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}
