/// The version of a kernel as far as features depend on it: `6.1`.
package struct KernelVersion: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let major: Int
    package let minor: Int

    /// - Parameter text: two numbers and whatever follows them, as `6.1`, `6.12.107` or `6.1.0-28-amd64`.
    package init?(text: String) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let major = Int(parts[0]), major >= 0,
            let minor = Int(parts[1].prefix(while: \.isNumber)), minor >= 0
        else { return nil }
        self.major = major
        self.minor = minor
    }

    package var description: String { "\(major).\(minor)" }

    package static func < (first: Self, second: Self) -> Bool {
        (first.major, first.minor) < (second.major, second.minor)
    }
}
