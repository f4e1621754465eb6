/// A link-layer address: six bytes on Ethernet, twenty on InfiniBand.
package struct LinkLayerAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Reads pairs of hexadecimal digits between colons or hyphens; nil for anything else.
    package init?(text: String) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        guard parts.count >= 2, parts.count <= 32 else { return nil }
        var bytes: [UInt8] = []
        for part in parts {
            guard part.utf8.count == 2, part.allSatisfy(\.isHexDigit), let byte = UInt8(part, radix: 16) else {
                return nil
            }
            bytes.append(byte)
        }
        self.bytes = bytes
    }

    /// The length of an Ethernet address (ETH_ALEN).
    package static let ethernetLength = 6
    package static let zero = LinkLayerAddress([UInt8](repeating: 0, count: ethernetLength))

    package var isZero: Bool { bytes.allSatisfy { $0 == 0 } }

    /// The group bit of IEEE 802: set on multicast and broadcast addresses.
    package var isMulticast: Bool { (bytes.first ?? 0) & 1 == 1 }

    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 3)
        for byte in bytes {
            if !text.isEmpty { text.append(UInt8(ascii: ":")) }
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
