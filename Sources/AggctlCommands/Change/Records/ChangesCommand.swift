internal import Aggregation
internal import ArgumentParser
internal import FoundationEssentials
internal import Operations

/// `aggctl changes`: changes that are under way, were interrupted, or could not be rolled back.
struct ChangesCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "changes",
        abstract: "List unfinished changes.",
        discussion: """
            Every change writes the state before it to a record below /run/aggctl/changes, and removes the record when \
            it has succeeded or was rolled back completely. Listed are the records that are left, of all network \
            namespaces unless --netns names one:

            under way                    the process that makes the change is running
            interrupted                  that process ended in the middle; aggctl rollback undoes its steps
            not rolled back completely   with what still differs from the state before
            namespace not proved         the record may belong to a deleted network namespace; it is rolled back by ID only
            unreadable                   the record is damaged; it is never carried out
            newer format                 the record was written by a newer version of aggctl

            An unfinished change blocks changes of its own devices only.

            EXAMPLES
              aggctl changes
              aggctl changes --json
              aggctl rollback --dry-run
              aggctl rollback --accept 1764500000000-1234
            """)

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let directory = "\(context.stateDirectory)/changes"
        try ChangeJournal.requireTrusted(directory)
        let records =
            global.netns == nil
            ? ChangeJournal.records(in: directory)
            : UnfinishedChanges(of: try await context.session(), in: context.stateDirectory).records
        context.reporter.write(ChangesResult(records: records, holder: ChangeJournal.holder(in: directory)))
        return .done
    }
}

/// What `changes` found.
struct ChangesResult: CommandResult {
    let records: [ChangeRecord]
    let holder: ChangeJournal.Holder?

    var json: JSONValue {
        var object: JSONObject = ["schema": 1, "changes": .array(records.map { $0.json() })]
        if let holder {
            object["under_way"] = [
                "command": .string(holder.command), "process": .integer(Int64(holder.process)),
                "since": .string(holder.since.formatted(.iso8601)), "user": JSONValue(holder.user),
            ]
        }
        return .object(object)
    }

    func text(_ style: Style) -> PrintableText {
        let busy: PrintableText = holder.map { "under way: \($0.description)\n" } ?? .empty
        if records.isEmpty { return busy + "no unfinished changes\n" }
        return busy + records.map { $0.text(style) }.joined()
    }
}
