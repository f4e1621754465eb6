package import System
package import SystemPackage

/// The way back could not be written down or read, or somebody else is at it.
package enum JournalError: Error, Sendable, CustomStringConvertible {
    case unwritable(path: String, reason: Errno)
    /// Others could have written what is kept there.
    case untrusted(Distrust)
    /// Another change is under way; who makes it, where that is known.
    case busy(ChangeJournal.Holder?)
    /// An earlier change of these devices is neither done nor rolled back.
    case unfinished(ChangeRecord, devices: [String], namespace: String?)

    init(_ failure: StateFailure) {
        self =
            switch failure {
            case .untrusted(let distrust): .untrusted(distrust)
            case .system(let path, let reason): .unwritable(path: path, reason: reason)
            }
    }

    package var description: String {
        switch self {
        case .untrusted(let distrust): "\(distrust): the records of changes there cannot be trusted"
        case .unwritable(let path, let reason): "the state before the change cannot be written to \(path): \(reason)"
        case .busy(let holder):
            "another change is under way" + (holder.map { ": \($0)" } ?? "")
        case .unfinished(let record, let devices, _): "\(Self.list(devices)): \(Self.what(record))"
        }
    }

    package var remedy: String {
        switch self {
        case .untrusted(let distrust): distrust.remedy
        case .unwritable(_, .permissionDenied), .unwritable(_, .notPermitted): "run it as root"
        case .unwritable: "see that the file system can be written and has space"
        case .busy: "wait until it is done"
        case .unfinished(let record, let devices, let namespace):
            Self.remedy(record, devices, namespace.map { " --netns \($0)" } ?? "")
        }
    }

    private static func what(_ record: ChangeRecord) -> String {
        let command = record.head.command.map { " (\($0))" } ?? ""
        return switch record.content {
        case .rollback where record.isUnproved:
            "an earlier change\(command) of this or a deleted network namespace was interrupted"
        case .rollback where record.left == nil: "an earlier change was interrupted\(command)"
        case .rollback: "an earlier change could not be rolled back completely\(command)"
        case .unreadable(let reason):
            "the record of an interrupted change\(command), \(record.path), cannot be read: \(reason)"
        case .newer(let format):
            "the record of an interrupted change\(command), \(record.path), has format \(format), which a newer version wrote"
        }
    }

    private static func remedy(_ record: ChangeRecord, _ devices: [String], _ netns: String) -> String {
        let closing = "aggctl rollback\(netns) --accept \(record.id)"
        return switch record.content {
        case .rollback where record.isUnproved:
            "aggctl rollback\(netns) \(record.id) --dry-run shows what it would change; roll it back by that ID, or close "
                + "the record: \(closing)"
        case .rollback where record.left == nil: "run aggctl rollback\(netns) to roll it back, then try again"
        case .rollback:
            "aggctl changes\(netns) lists what is left; run aggctl rollback\(netns) again, or accept it: \(closing)"
        case .unreadable: "look at \(list(devices)) with aggctl status\(netns), then close the record: \(closing)"
        case .newer: "roll it back with the version that wrote it, or close the record: \(closing)"
        }
    }

    static func list(_ devices: [String]) -> String {
        devices.count <= 4
            ? devices.joined(separator: ", ")
            : devices.prefix(4).joined(separator: ", ") + " and \(devices.count - 4) more"
    }
}
