/// How late probes were sent, in nanoseconds after the moment they were due.
///
/// A deadline that passed while the sender was held up counts with the time until the sender came back, although its
/// probe was left out: else one long stall would count as a single late probe.
package struct Lateness: Sendable, Hashable {
    private var samples: [Int64] = []
    /// Deadlines whose probes were left out because the sender was late by more than an interval.
    package private(set) var skipped = 0

    package init() {}

    package mutating func record(_ lateness: Int64) { samples.append(max(0, lateness)) }

    package mutating func skip(_ lateness: Int64) {
        skipped += 1
        record(lateness)
    }

    package var count: Int { samples.count }
    package var maximum: Int64? { samples.max() }

    /// The smallest sample that at least this share of all samples does not exceed (nearest rank).
    ///
    /// - Parameter share: 0 to 1.
    package func percentile(_ share: Double) -> Int64? {
        guard !samples.isEmpty else { return nil }
        let sorted = samples.sorted()
        let rank = (share * Double(sorted.count)).rounded(.up)
        return sorted[min(sorted.count - 1, max(0, Int(rank) - 1))]
    }
}
