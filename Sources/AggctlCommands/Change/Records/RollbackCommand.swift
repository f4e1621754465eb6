internal import Aggregation
internal import ArgumentParser
internal import Operations

/// `aggctl rollback`: takes interrupted changes back, or closes their records.
struct RollbackCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback",
        abstract: "Roll back an interrupted change.",
        discussion: """
            The state before every change is recorded before its first step. When aggctl was killed in the middle of a \
            change, this restores that state, reads the host again and compares. Without an ID, all unfinished changes \
            of the network namespace are rolled back, the latest first. A record that may belong to another, deleted \
            network namespace (written by an older version, or before Linux 5.14) is rolled back by its ID only.

            What somebody else has changed on the same devices since (addresses, routes, MTU, options, new devices on \
            top, names) is kept and listed. If it sits on an aggregate that the rollback deletes, the rollback is \
            refused without --allow-cutoff.

            --accept closes a record and leaves the host as it is, listing what differs from the state before.

            EXAMPLES
              aggctl rollback --dry-run
              aggctl rollback
              aggctl rollback --wait 10s
              aggctl rollback 1764500000000-1234
              aggctl rollback --accept 1764500000000-1234
            """)

    @Argument(help: "The change to roll back, as `aggctl changes` lists it; all when none is given.")
    var id: String?

    @Option(help: ArgumentHelp("Close the record of this change and leave the host as it is.", valueName: "id"))
    var accept: [String] = []

    @Flag(help: "Allow deleting an aggregate that somebody else has put to use since.")
    var allowCutoff = false

    @Flag(help: "Show the steps and change nothing.")
    var dryRun = false

    @Option(
        help: ArgumentHelp(
            "Wait this long until the restored aggregates are usable (default: do not wait).", valueName: "time"))
    var wait: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if dryRun, wait != nil { throw ValidationError("--dry-run and --wait cannot be combined") }
        guard !accept.isEmpty else { return }
        if wait != nil { throw ValidationError("--accept and --wait cannot be combined") }
        if id != nil { throw ValidationError("--accept and an ID to roll back cannot be combined") }
        if allowCutoff { throw ValidationError("--accept and --allow-cutoff cannot be combined") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try WaitOptions.asked(wait, by: "rollback") ?? .none
        let session = try await context.session()
        // A rehearsal keeps nobody out.
        let journal = dryRun ? nil : try ChangeSession.openJournal(session, context)
        let directory = "\(context.stateDirectory)/changes"
        try ChangeJournal.requireTrusted(directory)
        let own = journal?.unfinished() ?? UnfinishedChanges(of: session, in: context.stateDirectory).records
        if !accept.isEmpty {
            let all = ChangeJournal.records(in: directory)
            return try await close(try accept.map { try Self.find($0, in: all) }, own, journal, session, context)
        }
        let chosen = try id.map { [try Self.find($0, in: own)] } ?? own
        let status = try await rollBack(chosen, own, journal, session, context)
        if status == .done {
            let restored = chosen.flatMap { $0.rollback?.restoration.aggregates ?? [] }
            let reading = StatusReading(session: session, stateDirectory: context.stateDirectory)
            try await waiting.run(Set(restored), reading)
        }
        return status
    }

    /// A record by its id, or by the beginning of it that no other has.
    private static func find(_ id: String, in records: [ChangeRecord]) throws -> ChangeRecord {
        let matching = records.filter { $0.id == id }
        let similar = matching.isEmpty && !id.isEmpty ? records.filter { $0.id.hasPrefix(id) } : matching
        guard let found = similar.first, similar.count == 1 else {
            throw Problem(
                .notFound, subject: id,
                rule: similar.isEmpty
                    ? "no such unfinished change" : "\(similar.count) unfinished changes begin with it",
                remedy: "aggctl changes lists them")
        }
        return found
    }

    // MARK: - Rolling back

    private func rollBack(
        _ chosen: [ChangeRecord], _ own: [ChangeRecord], _ journal: ChangeJournal?, _ session: Session,
        _ context: CommandContext
    ) async throws -> ExitStatus {
        // Whose it is cannot be proved of some: those only when they are named.
        let usable = chosen.filter { record in
            record.rollback != nil && !record.isUnderWay(isLocked: journal != nil) && (id != nil || !record.isUnproved)
        }
        try Self.requireLatest(usable, among: own)
        var result = RollbackResult(isDone: !dryRun)
        result.skipped = chosen.filter { record in !usable.contains { $0.id == record.id } }
        await session.driver.awaitDaemons(of: usable.flatMap { $0.rollback?.teams ?? [] })
        if !usable.isEmpty { try guardLosses(usable, try await Self.host(session)) }
        // The latest first: each goes back to the state that it found.
        for record in usable.reversed() {
            guard let rollback = record.rollback else { continue }
            guard let journal else {
                result.changes.append(try await Self.preview(record, rollback, session))
                continue
            }
            let runner = ChangeRunner(driver: session.driver, journal: nil)
            let entry = try journal.resume(record)
            // Goes on when it is interrupted: nobody is better off with half of it.
            let report = try await Interruption.cancelling { await runner.takeBack(rollback, entry) }
            result.changes.append(.init(record: record, report: report))
        }
        context.reporter.write(result)
        guard result.skipped.isEmpty else { return .failed }
        return result.changes.allSatisfy(\.report.isComplete) || dryRun ? .done : .failed
    }

    private static func host(_ session: Session) async throws -> HostState {
        let host = try await session.driver.observe(.change)
        guard host.isPrivileged else {
            throw Problem(
                .notPermitted, subject: "rollback", rule: "rolling back needs CAP_NET_ADMIN", remedy: "run it as root")
        }
        return host
    }

    /// Each goes back to the state that it found, so a later one of the same devices comes first.
    private static func requireLatest(_ chosen: [ChangeRecord], among all: [ChangeRecord]) throws {
        for record in chosen {
            let later = all.drop { $0.id != record.id }.dropFirst().first { other in
                !chosen.contains { $0.id == other.id }
                    && !other.devices(among: Set(record.head.devices), indices: Set(record.head.indices)).isEmpty
            }
            guard let later else { continue }
            throw Problem(
                .invalid, subject: record.id,
                rule: "a later change of the same devices, \(later.id), is unfinished too",
                remedy: "roll that one back first, or both: aggctl rollback")
        }
    }

    private func guardLosses(_ records: [ChangeRecord], _ host: HostState) throws {
        guard !allowCutoff else { return }
        let problems = records.compactMap { record -> Problem? in
            guard var rollback = record.rollback else { return nil }
            rollback.keepForeignChanges(in: host)
            let losses = rollback.losses(in: host)
            guard !losses.isEmpty else { return nil }
            let names = rollback.restoration.aggregates.filter { name in losses.contains { $0.device == name } }
            return Problem(
                .refused(flag: "--allow-cutoff"), subject: names.first ?? losses[0].device,
                rule: "rolling back deletes what somebody else has used since: "
                    + losses.map(\.description).joined(separator: ", "),
                remedy: "move it elsewhere first, or use --allow-cutoff to proceed")
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    private static func preview(
        _ record: ChangeRecord, _ rollback: Rollback, _ session: Session
    ) async throws -> RollbackResult.Change {
        var rollback = rollback
        let host = try await ChangeRunner(driver: session.driver, journal: nil).observe(for: rollback)
        rollback.keepForeignChanges(in: host)
        var report = UndoReport()
        report.remaining = rollback.steps(from: host)
        report.foreign = rollback.foreign
        report.lost = rollback.losses(in: host)
        return .init(record: record, report: report)
    }

    // MARK: - Closing

    private func close(
        _ records: [ChangeRecord], _ own: [ChangeRecord], _ journal: ChangeJournal?, _ session: Session,
        _ context: CommandContext
    ) async throws -> ExitStatus {
        var result = RollbackResult(isDone: !dryRun, isAccepting: true)
        for record in records {
            var report = UndoReport()
            let isOurs = own.contains { $0.id == record.id }
            let runner = ChangeRunner(driver: session.driver, journal: nil)
            var uncompared: String? =
                record.reason ?? (isOurs ? "the host cannot be read" : "another network namespace")
            if isOurs, var rollback = record.rollback, let host = try? await runner.observe(for: rollback) {
                rollback.keepForeignChanges(in: host)
                report.remaining = rollback.steps(from: host)
                report.foreign = rollback.foreign
                uncompared = nil
            }
            try journal?.close(record)
            result.changes.append(.init(record: record, report: report, uncompared: uncompared))
        }
        context.reporter.write(result)
        return .done
    }
}
