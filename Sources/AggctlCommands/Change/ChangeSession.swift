internal import Aggregation
internal import Netlink
internal import Operations

/// A session in which something may be changed. It is opened before the host is read: until it ends, no other aggctl
/// changes anything, so what was planned from stays true.
struct ChangeSession: Sendable {
    let session: Session
    /// Nil for a rehearsal, which keeps nobody out.
    private let journal: Result<ChangeJournal, JournalError>?
    let stateDirectory: String
    /// Changes of this namespace that are neither done nor rolled back.
    let unfinished: UnfinishedChanges

    var driver: any AggregateDriver { session.driver }

    /// - Throws: when another change is under way.
    static func open(_ context: CommandContext, rehearsal: Bool) async throws -> ChangeSession {
        let session = try await context.session()
        let directory = context.stateDirectory
        guard !rehearsal else {
            return ChangeSession(
                session: session, journal: nil, stateDirectory: directory,
                unfinished: UnfinishedChanges(of: session, in: directory))
        }
        let journal = Self.journal(session, context)
        // That it cannot be written is said when it matters: what is wrong with the wishes comes first, and perhaps there
        // is nothing to do.
        if case .failure(let error) = journal {
            guard case .unwritable = error else { throw error }
        }
        let unfinished = UnfinishedChanges(
            (try? journal.get())?.unfinished() ?? [], namespace: session.namespaceName, isLocked: true)
        context.reporter.mention(unfinished)
        return ChangeSession(session: session, journal: journal, stateDirectory: directory, unfinished: unfinished)
    }

    private static func journal(_ session: Session, _ context: CommandContext) -> Result<ChangeJournal, JournalError> {
        do throws(JournalError) { return .success(try openJournal(session, context)) } catch { return .failure(error) }
    }

    /// Refuses a change of devices whose last change is neither done nor rolled back.
    func requireFinished(_ desired: [DesiredAggregate]) throws {
        try unfinished.requireNone(of: Set(desired.map(\.name.text)))
    }

    static func openJournal(_ session: Session, _ context: CommandContext) throws(JournalError) -> ChangeJournal {
        let owner: ChangeJournal.Owner
        do { owner = try .init(session.namespace, name: session.namespaceName) } catch {
            throw .unwritable(path: "the journal", reason: error.errno)
        }
        return try ChangeJournal(
            directory: "\(context.stateDirectory)/changes", namespace: session.namespace, owner: owner,
            command: context.commandLine)
    }

    /// What a change is written down in before it begins.
    func requireJournal() throws -> ChangeJournal? { try journal?.get() }

    func portMemory() throws -> PortMemory { try session.portMemory(in: stateDirectory) }

    func changeAges() throws -> ChangeAges { try session.changeAges(in: stateDirectory) }

    func expectedPorts() throws -> ExpectedPorts { try session.expectedPorts(in: stateDirectory) }
}
