/// A link-layer address: six bytes on Ethernet, twenty on InfiniBand.
package struct LinkLayerAddress: Hashable, Sendable, Codable, CustomStringConvertible {
    package let bytes: [UInt8]

    package init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Reads pairs of hexadecimal digits between colons or hyphens; nil for anything else.
    package init?(text: String) {
        var text = text
        guard let address = text.withUTF8({ LinkLayerAddress(utf8: $0) }) else { return nil }
        self = address
    }

    /// The same of the text's bytes.
    package init?(utf8 text: UnsafeBufferPointer<UInt8>) {
        // Two digits a byte, and a mark between two bytes.
        guard text.count % 3 == 2, (2...32).contains(text.count / 3 + 1) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 3 + 1)
        for place in stride(from: text.startIndex, to: text.endIndex, by: 3) {
            guard let high = HexText.value(text[place]), let low = HexText.value(text[place + 1]) else { return nil }
            if place + 2 < text.endIndex {
                guard text[place + 2] == UInt8(ascii: ":") || text[place + 2] == UInt8(ascii: "-") else { return nil }
            }
            bytes.append(high << 4 | low)
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
        let length = max(bytes.count * 3 - 1, 0)
        return String(unsafeUninitializedCapacity: length) { text in
            for (index, byte) in bytes.enumerated() {
                if index > 0 { text[index * 3 - 1] = UInt8(ascii: ":") }
                text[index * 3] = HexText.digit(byte >> 4)
                text[index * 3 + 1] = HexText.digit(byte & 15)
            }
            return length
        }
    }
}
