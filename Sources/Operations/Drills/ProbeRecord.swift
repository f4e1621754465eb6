/// What became of the probes of one flow. Times are nanoseconds of CLOCK_MONOTONIC.
package struct ProbeRecord: Sendable, Hashable {
    /// When each probe was sent, in the order of sending: a probe's sequence number is its place.
    package var sent: [Int64] = []
    /// When the answer to each probe was taken, 0 while there is none.
    package var answered: [Int64] = []
    /// Answers beyond the first to a probe.
    package var duplicated = 0
    /// Probes that the kernel refused to send; they count as sent and not answered.
    package var refused = 0

    package init() {}

    package init(sent: [Int64], answered: [Int64]) {
        self.sent = sent
        self.answered = answered
    }

    /// How late an answer may come and still count. What comes later was lost as far as a user can tell.
    package static let answerLimit: Int64 = 200_000_000

    package func isAnswered(_ sequence: Int) -> Bool {
        answered[sequence] != 0 && answered[sequence] - sent[sequence] <= Self.answerLimit
    }

    /// It never came back, not even late: an answer that is late shows that the path works and somebody was busy.
    package func isMissing(_ sequence: Int) -> Bool { answered[sequence] == 0 }

    package var answeredCount: Int { sent.indices.count { isAnswered($0) } }
    package var lostCount: Int { sent.count - answeredCount }

    /// The longest time between a probe and its answer, late ones included; nil when nothing was answered.
    package var slowestAnswer: Int64? {
        sent.indices.lazy.filter { answered[$0] != 0 }.map { answered[$0] - sent[$0] }.max()
    }

    /// - Parameter time: when it was taken; where the taker had stood still, the beginning of that, for it may have come then.
    package mutating func answer(_ sequence: Int, at time: Int64) {
        guard answered.indices.contains(sequence) else { return }
        if answered[sequence] == 0 { answered[sequence] = max(time, sent[sequence]) } else { duplicated += 1 }
    }
}
