import Aggregation
import Operations
import TestSupport
import Testing

/// What gaps in the answers mean, on sequences that nobody had to wait for.
@Suite struct OutageTests {
    private static let interval: Int64 = 2_000_000

    /// Probes every 2 ms; `answered` says which were, and how late.
    private func record(_ answered: [Int64?]) -> ProbeRecord {
        let sent = answered.indices.map { 1_000_000_000 + Int64($0) * Self.interval }
        return ProbeRecord(
            sent: sent, answered: zip(sent, answered).map { time, delay in delay.map { time + $0 } ?? 0 })
    }

    private func record(count: Int, losing lost: Range<Int>) -> ProbeRecord {
        record((0..<count).map { lost.contains($0) ? nil : 100_000 })
    }

    @Test func noLossIsNoOutage() {
        let record = record(count: 1000, losing: 0..<0)
        #expect(Outage.all(in: record).isEmpty)
        #expect(Outage.longestGap(in: record, endingIn: 0..<Int64.max) == Self.interval)
        #expect(record.lostCount == 0)
    }

    @Test func aSenderThatStallsMakesAGapButNoOutage() {
        let sent: [Int64] = [0, 2, 4, 90, 92].map { $0 * 1_000_000 }
        let record = ProbeRecord(sent: sent, answered: sent.map { $0 + 1 })
        #expect(Outage.all(in: record).isEmpty)
        #expect(Outage.longestGap(in: record, endingIn: 0..<Int64.max) == 86_000_000)
    }

    @Test(arguments: [1..<2, 10..<11, 10..<30, 1..<99])
    func anOutageLastsFromAnsweredToAnswered(lost: Range<Int>) throws {
        let record = record(count: 100, losing: lost)
        let outage = try #require(Outage.all(in: record).first)
        #expect(Outage.all(in: record).count == 1)
        #expect(outage.lost == lost.count)
        #expect(outage.duration == Int64(lost.count + 1) * Self.interval)
        #expect(outage.certain == Int64(lost.count - 1) * Self.interval)
        #expect(outage.isOver)
        #expect(record.lostCount == lost.count)
    }

    @Test func outagesAreSeparatedByOneAnswer() {
        var answers = [Int64?](repeating: 100, count: 50)
        answers.replaceSubrange(10..<20, with: [Int64?](repeating: nil, count: 10))
        answers.replaceSubrange(21..<25, with: [Int64?](repeating: nil, count: 4))
        let outages = Outage.all(in: record(answers))
        #expect(outages.map(\.lost) == [10, 4])
        #expect(outages.first?.nextAnswered == outages.last?.lastAnswered)
    }

    @Test func anOutageAtTheEndIsNotOver() throws {
        let outage = try #require(Outage.all(in: record(count: 20, losing: 15..<20)).first)
        #expect(!outage.isOver)
        #expect(outage.duration == 5 * Self.interval)
    }

    @Test func nothingAnsweredIsOneOutage() throws {
        let outage = try #require(Outage.all(in: record(count: 20, losing: 0..<20)).first)
        #expect(outage.lastAnswered == nil)
        #expect(outage.duration == 19 * Self.interval)
        #expect(Outage.longestGap(in: record(count: 20, losing: 0..<20), endingIn: 0..<Int64.max) == nil)
    }

    @Test func noProbesNoOutage() { #expect(Outage.all(in: ProbeRecord()).isEmpty) }

    @Test func anAnswerBeyondTheLimitIsALoss() {
        var answers = [Int64?](repeating: 100, count: 10)
        answers[4] = ProbeRecord.answerLimit
        answers[5] = ProbeRecord.answerLimit + 1
        let record = record(answers)
        #expect(Outage.all(in: record).map(\.lost) == [1])
        #expect(record.slowestAnswer == ProbeRecord.answerLimit + 1)
    }

    @Test func aLateAnswerIsLostAndNotMissing() throws {
        var answers = [Int64?](repeating: 100, count: 10)
        for place in 3...6 { answers[place] = ProbeRecord.answerLimit + 1 }
        answers[5] = nil
        let outage = try #require(Outage.all(in: record(answers)).first)
        #expect(outage.lost == 4)
        #expect(outage.lastMissing == outage.firstLost + 2 * Self.interval)
        answers[5] = ProbeRecord.answerLimit + 1
        #expect(try #require(Outage.all(in: record(answers)).first).lastMissing == nil)
    }

    /// An answer is never earlier than its probe, whenever its taker says that it looked last.
    @Test func anAnswerIsNotBeforeItsProbe() {
        var record = ProbeRecord(sent: [10, 20], answered: [0, 0])
        record.answer(1, at: 5)
        #expect(record.answered == [0, 20])
        #expect(record.isMissing(0) && !record.isMissing(1))
    }

    @Test func answersOutOfOrderAndTwice() {
        var record = ProbeRecord(sent: [0, 1, 2, 3], answered: [0, 0, 0, 0])
        for sequence in [3, 1, 2, 1, 0, 7, -1] { record.answer(sequence, at: 5) }
        #expect(record.answeredCount == 4)
        #expect(record.duplicated == 1)
    }

    /// Whatever is lost: outages lie apart, hold every lost probe once, and are never longer than the gap they are in.
    @Test func outagesHoldEveryLossOnce() {
        var generator = SeededNumbers(7)
        for _ in 0..<200 {
            let answers: [Int64?] = (0..<200).map { _ in Bool.random(using: &generator) ? 50 : nil }
            let record = record(answers)
            let outages = Outage.all(in: record)
            #expect(outages.map(\.lost).reduce(0, +) == record.lostCount)
            for (first, second) in zip(outages, outages.dropFirst()) { #expect(first.lastLost < second.firstLost) }
            let finished = outages.filter { $0.lastAnswered != nil && $0.isOver }.map(\.duration).max() ?? 0
            #expect(finished <= Outage.longestGap(in: record, endingIn: 0..<Int64.max) ?? 0)
            for outage in outages { #expect(outage.certain <= outage.duration) }
        }
    }

    @Test(arguments: [
        (Int64(50), Int64(60), DrillPhase.before), (50, 100, .before), (50, 101, .during), (99, 299, .during),
        (100, 110, .during), (150, 299, .during), (197, 201, .during), (198, 201, .after), (250, 260, .after),
    ])
    func anOutageBelongsToTheStretchInWhichItBegan(firstLost: Int64, nextAnswered: Int64, expected: DrillPhase) {
        let times = DrillTimes(start: 0, fault: 100, restored: 200, end: 300, underway: 2)
        var outage = Outage(
            lastAnswered: firstLost - 1, firstLost: firstLost, lastLost: nextAnswered - 1, nextAnswered: nextAnswered,
            lost: 3)
        #expect(times.phase(of: outage) == expected)
        #expect(times.endedByRestoration(outage) == (expected == .during && nextAnswered >= 198))
        outage.nextAnswered = nil
        #expect(times.phase(of: outage) == (expected == .before ? .during : expected))
    }
}

@Suite struct LatenessTests {
    @Test func percentilesAreNearestRank() {
        var lateness = Lateness()
        for sample in (1...1000).shuffled() { lateness.record(Int64(sample)) }
        #expect(lateness.percentile(0.99) == 990)
        #expect(lateness.percentile(0.5) == 500)
        #expect(lateness.percentile(0) == 1)
        #expect(lateness.percentile(1) == 1000)
        #expect(lateness.maximum == 1000)
    }

    /// The smallest sample that this share does not exceed: of seven, the fourth for a half and the seventh from 6/7 on.
    @Test(
        arguments: [
            (0.0, 10), (1.0 / 7, 10), (0.15, 20), (0.5, 40), (0.57, 40), (0.58, 50), (0.85, 60), (0.86, 70),
            (0.99, 70), (1, 70),
        ] as [(Double, Int64)])
    func percentilesBetweenRanks(share: Double, sample: Int64) {
        var lateness = Lateness()
        for sample in [70, 10, 40, 20, 60, 30, 50] as [Int64] { lateness.record(sample) }
        #expect(lateness.percentile(share) == sample)
    }

    @Test(arguments: [0.0, 0.3, 0.5, 1]) func oneSampleIsEveryPercentile(share: Double) {
        var lateness = Lateness()
        lateness.record(-3)
        #expect(lateness.percentile(share) == 0)
        lateness.skip(5)
        #expect(lateness.count == 2 && lateness.skipped == 1 && lateness.maximum == 5)
    }

    @Test func nothingRecordedIsUnknown() {
        #expect(Lateness().percentile(0.99) == nil)
        #expect(Lateness().maximum == nil)
    }

    @Test func roundsLeftOutCount() {
        var lateness = Lateness()
        for _ in 0..<97 { lateness.record(0) }
        // One stall over three rounds.
        lateness.record(6)
        lateness.skip(4)
        lateness.skip(2)
        #expect(lateness.skipped == 2)
        #expect(lateness.count == 100)
        #expect(lateness.percentile(0.99) == 4)
    }

    @Test func earlyIsNotLate() {
        var lateness = Lateness()
        lateness.record(-5)
        #expect(lateness.maximum == 0)
    }
}
