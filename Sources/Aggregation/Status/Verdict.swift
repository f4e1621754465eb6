/// How an aggregate is, in one word.
package enum Verdict: String, Sendable, Hashable, CaseIterable, Codable {
    /// Everything expected is there and works.
    case healthy
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
        case .unknown: 1
        case .degraded: 2
        case .misconfigured: 3
        case .down: 4
        }
    }
}
