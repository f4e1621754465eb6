/// A time during which a flow had no answers although it asked: from the sending of the last answered probe to the sending
/// of the next answered one, with at least one probe in between that was not answered.
///
/// Times of sending are compared, never of receiving, so that a busy receiver cannot make an outage or hide one.
/// The truth lies between ``certain`` and ``duration``; they differ by two intervals and what the sender was late.
package struct Outage: Sendable, Hashable {
    /// When the last probe before it that was answered was sent; nil when none had been.
    package var lastAnswered: Int64?
    /// When the first probe that was not answered was sent.
    package var firstLost: Int64
    package var lastLost: Int64
    /// When the first probe after it that was answered was sent; nil when it was not over at the end.
    package var nextAnswered: Int64?
    package var lost: Int
    /// When the last probe was sent that was not even answered late; nil when all were.
    package var lastMissing: Int64?

    package init(
        lastAnswered: Int64?, firstLost: Int64, lastLost: Int64, nextAnswered: Int64?, lost: Int,
        lastMissing: Int64? = nil
    ) {
        self.lastAnswered = lastAnswered
        self.firstLost = firstLost
        self.lastLost = lastLost
        self.nextAnswered = nextAnswered
        self.lost = lost
        self.lastMissing = lastMissing
    }

    package var start: Int64 { lastAnswered ?? firstLost }
    /// Nanoseconds at most: what is reported and compared with the objective.
    package var duration: Int64 { (nextAnswered ?? lastLost) - start }
    /// Nanoseconds at least: both probes at its ends were lost.
    package var certain: Int64 { lastLost - firstLost }
    package var isOver: Bool { nextAnswered != nil }

    /// A sender that is late by more than this stood still, and what happened meanwhile nobody saw.
    package static let standstill: Int64 = 100_000_000
    /// The ends of it are not known well enough to judge it: nothing was sent around them.
    package var isVague: Bool { duration - certain > Self.standstill }
    /// Probes were lost for good for longer than an answer may take.
    package var isLasting: Bool { lastMissing.map { $0 - firstLost >= Self.standstill } ?? false }

    /// All outages of a flow, in order.
    package static func all(in record: ProbeRecord) -> [Outage] {
        var found: [Outage] = []
        var lastAnswered: Int64?
        var open: Outage?
        for (sequence, time) in record.sent.enumerated() {
            if record.isAnswered(sequence) {
                if var outage = open {
                    outage.nextAnswered = time
                    found.append(outage)
                    open = nil
                }
                lastAnswered = time
            } else {
                var outage =
                    open
                    ?? Outage(lastAnswered: lastAnswered, firstLost: time, lastLost: time, nextAnswered: nil, lost: 0)
                outage.lastLost = time
                outage.lost += 1
                if record.isMissing(sequence) { outage.lastMissing = time }
                open = outage
            }
        }
        if let open { found.append(open) }
        return found
    }

    /// The longest time between the sending of one answered probe and the next, whether something was lost in between or
    /// not, that ends in a span of time. Without losses it is the interval plus what the sender was late.
    package static func longestGap(in record: ProbeRecord, endingIn span: Range<Int64>) -> Int64? {
        var longest: Int64?
        var last: Int64?
        for (sequence, time) in record.sent.enumerated() where record.isAnswered(sequence) {
            if let last, span.contains(time) { longest = max(longest ?? 0, time - last) }
            last = time
        }
        return longest
    }
}

/// The stretches of a drill.
package enum DrillPhase: String, Sendable, Hashable, CaseIterable {
    case before, during, after
}

/// When the stretches of a drill began and ended, in nanoseconds of CLOCK_MONOTONIC.
package struct DrillTimes: Sendable, Hashable {
    package var start: Int64
    package var fault: Int64
    package var restored: Int64
    package var end: Int64
    /// How long a round of probes and their answers may be on their way: a probe that was stamped so shortly before
    /// something happened may have met it.
    package var underway: Int64

    package init(start: Int64, fault: Int64, restored: Int64, end: Int64, underway: Int64 = 0) {
        self.start = start
        self.fault = fault
        self.restored = restored
        self.end = end
        self.underway = underway
    }

    package func span(_ phase: DrillPhase) -> Range<Int64> {
        let (low, high) =
            switch phase {
            case .before: (start, fault)
            case .during: (fault, restored)
            case .after: (restored, end)
            }
        return low..<max(low, high)
    }

    /// Which stretch an outage belongs to: that in which its first probe was lost.
    ///
    /// One that lasts over the moment of the fault belongs to the fault: a probe that was sent just before is lost by it.
    package func phase(of outage: Outage) -> DrillPhase {
        if outage.firstLost >= max(fault, restored - underway) { return .after }
        return (outage.nextAnswered ?? .max) > fault ? .during : .before
    }

    /// Whether an outage under the fault ended only when the fault did.
    package func endedByRestoration(_ outage: Outage) -> Bool {
        phase(of: outage) == .during && (outage.nextAnswered ?? .max) >= restored - underway
    }

    /// Whether that is seen, and not only not disproved: a probe that was sent shortly before was lost for good.
    package func wasAway(_ outage: Outage) -> Bool {
        (outage.lastMissing ?? .min) >= restored - underway - Outage.standstill
    }
}
