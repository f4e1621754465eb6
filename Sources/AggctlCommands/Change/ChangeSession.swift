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

    var driver: any AggregateDriver { session.driver }

    /// - Throws: when another change is under way, or an earlier one was cut short.
    static func open(_ context: CommandContext, rehearsal: Bool) async throws -> ChangeSession {
        let session = try await context.session()
        let directory = context.stateDirectory
        guard !rehearsal else { return ChangeSession(session: session, journal: nil, stateDirectory: directory) }
        let journal: Result<ChangeJournal, JournalError>
        do {
            journal = .success(try Self.journal(session, context))
        } catch .unwritable(let path, let reason) {
            // Said when it matters: what is wrong with the wishes comes first, and perhaps there is nothing to do.
            journal = .failure(.unwritable(path: path, reason: reason))
        } catch {
            throw error
        }
        return ChangeSession(session: session, journal: journal, stateDirectory: directory)
    }

    private static func journal(_ session: Session, _ context: CommandContext) throws(JournalError) -> ChangeJournal {
        let journal = try openJournal(session, context)
        try journal.requireClean()
        return journal
    }

    static func openJournal(_ session: Session, _ context: CommandContext) throws(JournalError) -> ChangeJournal {
        let owner: ChangeJournal.Owner
        do { owner = try .init(session.namespace, name: session.namespaceName) } catch {
            throw .unwritable(path: "the journal", reason: error.errno)
        }
        return try ChangeJournal(
            directory: "\(context.stateDirectory)/changes", owner: owner, command: context.commandLine)
    }

    /// What a change is written down in before it begins.
    func requireJournal() throws -> ChangeJournal? { try journal?.get() }

    func portMemory() throws -> PortMemory { try session.portMemory(in: stateDirectory) }

    func changeAges() throws -> ChangeAges { try session.changeAges(in: stateDirectory) }

    func expectedPorts() throws -> ExpectedPorts { try session.expectedPorts(in: stateDirectory) }
}
