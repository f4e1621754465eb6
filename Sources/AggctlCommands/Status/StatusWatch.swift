internal import Aggregation
internal import FoundationEssentials

/// `aggctl status --watch`: the status again whenever it is another.
struct StatusWatch {
    let names: [String]
    let reading: StatusReading
    let reporter: Reporter

    /// How often it is read again for what nothing announces: states of LACP, a daemon that hangs.
    private static let interval: Duration = .seconds(1)
    /// The pause after a reading at least: who makes links change all the time decides neither how often we read nor how
    /// much of a processor that takes.
    private static let pause: Duration = .milliseconds(100)

    /// Runs until nobody reads on.
    ///
    /// - Throws: when it cannot be read, or a name is none of an aggregate when it starts.
    func run() async throws {
        // Before the first reading, so that no change falls in between.
        let hints = try await reading.session.driver.hints()
        let (wakes, waking) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let tasks = [
            Task { for await _ in hints { waking.yield() } },
            Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: Self.interval)
                    waking.yield()
                }
            },
        ]
        defer { for task in tasks { task.cancel() } }
        var shown = try await choose { try AggregateSelection(names).choose(from: $0) }
        var unfinished = readUnfinished()
        show(shown, unfinished)
        for await _ in wakes {
            guard !reporter.isClosed else { return }
            let start = ContinuousClock.now
            let now = try await choose(known)
            let nowUnfinished = readUnfinished()
            if !now.elementsEqual(shown, by: { $0.looks(like: $1) }) || !nowUnfinished.reads(like: unfinished) {
                show(now, nowUnfinished)
            }
            (shown, unfinished) = (now, nowUnfinished)
            try await Task.sleep(for: max(Self.pause, ContinuousClock.now - start))
        }
    }

    private func readUnfinished() -> UnfinishedChanges {
        UnfinishedChanges(of: reading.session, in: reading.stateDirectory)
    }

    private func choose(_ pick: (StatusReading.Host) throws -> [AggregateStatus]) async throws -> [AggregateStatus] {
        try pick(try await reading.read(counts: reporter.showsInPlace))
    }

    /// An aggregate that is gone may come back.
    private func known(_ host: StatusReading.Host) throws -> [AggregateStatus] {
        let here = names.filter { host.state.link(named: $0)?.isAggregate == true }
        if here.isEmpty, !names.isEmpty { return [] }
        return try AggregateSelection(here).choose(from: host)
    }

    private func show(_ aggregates: [AggregateStatus], _ unfinished: UnfinishedChanges) {
        let report = NotingUnfinishedChanges(result: StatusReport(aggregates: aggregates), unfinished: unfinished)
        let time = Date.now.ISO8601Format()
        guard reporter.isJSON else { return reporter.write(report, at: time) }
        guard case .object(var members) = report.json else { return }
        members["time"] = .string(time)
        reporter.write(line: .object(members))
    }
}
