/// The state octet of a LACPDU (802.1AX-2020 6.4.2.3, Actor_State and Partner_State).
package struct LACPPortState: OptionSet, Sendable, Hashable, Codable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Sends LACPDUs without being asked.
    package static let activity = LACPPortState(rawValue: 1 << 0)
    /// Wants LACPDUs every second.
    package static let shortTimeout = LACPPortState(rawValue: 1 << 1)
    /// May be aggregated.
    package static let aggregation = LACPPortState(rawValue: 1 << 2)
    /// Is in the right aggregator.
    package static let synchronization = LACPPortState(rawValue: 1 << 3)
    /// Takes frames in.
    package static let collecting = LACPPortState(rawValue: 1 << 4)
    /// Sends frames out.
    package static let distributing = LACPPortState(rawValue: 1 << 5)
    /// Uses configured values because the partner has sent none.
    package static let defaulted = LACPPortState(rawValue: 1 << 6)
    /// Has not heard from the partner in time.
    package static let expired = LACPPortState(rawValue: 1 << 7)

    /// The bits from the lowest up, with the letter and the JSON key of each.
    package static let all: [(bit: LACPPortState, letter: Character, key: String)] = [
        (.activity, "A", "activity"), (.shortTimeout, "T", "short_timeout"), (.aggregation, "G", "aggregation"),
        (.synchronization, "S", "synchronization"), (.collecting, "C", "collecting"),
        (.distributing, "D", "distributing"), (.defaulted, "F", "defaulted"), (.expired, "E", "expired"),
    ]

    /// Eight fixed places `ATGSCDFE`, `-` where a bit is clear.
    package var letters: String { String(Self.all.map { contains($0.bit) ? $0.letter : "-" }) }

    /// In sync, collecting and distributing: the port carries traffic.
    package var isForwarding: Bool { isSuperset(of: [.synchronization, .collecting, .distributing]) }
}
