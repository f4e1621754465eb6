/// How an aggregate is, in one word.
package enum Verdict: String, Sendable, Hashable, CaseIterable, Codable {
    /// Everything expected is there and works.
    case healthy
    /// It came up just now, and what is missing may still come within the time of its monitors and LACP timers.
    case settling
    /// Too little is known to say.
    case unknown
    /// It works with less than it should have.
    case degraded
    /// It is set up in a way that cannot do what it is for.
    case misconfigured
    /// It carries nothing.
    case down
}

extension Verdict: Comparable {
    /// From best to worst, in the order of the cases.
    package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .healthy: 0
        case .settling: 1
        case .unknown: 2
        case .degraded: 3
        case .misconfigured: 4
        case .down: 5
        }
    }
}
