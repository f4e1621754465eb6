import Glibc

/// An IPv4 or IPv6 address with a prefix length, as a device carries it.
package struct AddressPrefix: Sendable, Hashable {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]
    package let prefixLength: UInt8

    /// `AF_INET` or `AF_INET6`.
    package var family: UInt8 { UInt8(bytes.count == 4 ? AF_INET : AF_INET6) }

    /// - Returns: `nil` unless there are 4 or 16 bytes and the prefix is no longer than they are.
    package init?(bytes: [UInt8], prefixLength: UInt8) {
        guard bytes.count == 4 || bytes.count == 16, Int(prefixLength) <= bytes.count * 8 else { return nil }
        self.bytes = bytes
        self.prefixLength = prefixLength
    }

    /// Reads "192.0.2.1/24" or "2001:db8::1/64"; without a slash the whole address is the prefix.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first else { return nil }
        let address = String(first)
        var bytes = [UInt8](repeating: 0, count: address.utf8.contains(UInt8(ascii: ":")) ? 16 : 4)
        guard inet_pton(bytes.count == 4 ? AF_INET : AF_INET6, address, &bytes) == 1 else { return nil }
        guard parts.count == 2 else {
            self.init(bytes: bytes, prefixLength: UInt8(bytes.count * 8))
            return
        }
        let digits = parts[1].utf8
        guard (1...3).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = UInt8(parts[1])
        else { return nil }
        self.init(bytes: bytes, prefixLength: length)
    }
}
