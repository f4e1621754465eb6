/// A month of the calendar, to the precision in which ends of support are announced: `2028-06`.
package struct Month: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let year: Int
    /// 1 to 12.
    package let month: Int

    /// - Parameter text: four digits, a hyphen, two digits (ISO 8601).
    package init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2], text.utf8.allSatisfy({ $0 == 0x2d || (0x30...0x39).contains($0) }),
            let year = Int(parts[0]), let month = Int(parts[1]), (1...12).contains(month)
        else { return nil }
        self.year = year
        self.month = month
    }

    package var description: String {
        "\(String(year + 10_000).dropFirst())-\(String(month + 100).dropFirst())"
    }

    package static func < (first: Self, second: Self) -> Bool {
        (first.year, first.month) < (second.year, second.month)
    }
}
