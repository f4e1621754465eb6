package import Aggregation
package import FoundationEssentials
internal import Glibc
package import Netlink
package import SystemPackage

/// The right to change one host, and the state before the change on disk, so that it can be taken back after a crash.
///
/// One process at a time has it: it is held by a lock on a file, which ends with the process. One record a change in a
/// directory that only root can write. A record that is there while its writer holds no lock belongs to a change that
/// was cut short.
package final class ChangeJournal: Sendable {
    /// Where the state of a running system belongs (hier(7)); it ends with the kernel state it describes.
    package static let defaultDirectory = "/run/aggctl/changes"

    private let directory: String
    private let lock: FileDescriptor
    private let owner: Owner
    /// What was asked for, for people: the command line.
    private let command: String

    /// The network namespace that a change belongs to.
    package struct Owner: Sendable, Hashable, Codable {
        /// As `ip netns` names it; nil for the caller's own.
        package let name: String?
        /// Device and inode. A name may come to mean another namespace, and `ip netns exec` makes any namespace one's own.
        package let identity: String

        package init(_ namespace: NetworkNamespace, name: String?) throws(NetlinkError) {
            let identity = try namespace.identity()
            self.name = name
            self.identity = "\(identity.device):\(identity.inode)"
        }

        /// The namespace that it names is not there any more, and with it all that could be put back.
        var isGone: Bool {
            guard let name else { return false }
            guard let namespace = try? NetworkNamespace.named(name), let now = try? Owner(namespace, name: name) else {
                return true
            }
            return now.identity != identity
        }
    }

    /// What the file of a change holds.
    package struct Record: Codable, Sendable {
        /// Changes with the format of this record.
        package static let currentFormat = 1

        package var format = Record.currentFormat
        package var started: Date
        package var process: Int32
        package var owner: Owner
        package var command: String
        package var restoration: Restoration
    }

    /// A change under way.
    package struct Entry: Sendable {
        let path: String

        /// The change is over, one way or the other: nothing is left to take back.
        func finish() { unlink(path) }
    }

    /// Keeps other changes out, before the host is read: two that interleave could not be taken back.
    ///
    /// - Throws: ``JournalError/busy`` when another process is changing something.
    package init(
        directory: String = ChangeJournal.defaultDirectory, owner: Owner, command: String
    ) throws(JournalError) {
        self.directory = directory
        self.owner = owner
        self.command = command
        lock = try Self.lock(directory)
    }

    deinit { try? lock.close() }

    /// Changes to this namespace that were cut short, the oldest first. Records of namespaces that are gone are removed.
    package func interrupted() throws(JournalError) -> [(path: String, record: Record)] {
        var found: [(path: String, record: Record)] = []
        for entry in try Self.records(in: directory) {
            if entry.record.owner.isGone {
                unlink(entry.path)
            } else if entry.record.owner.identity == owner.identity {
                found.append(entry)
            }
        }
        return found
    }

    /// Refuses to go on while an earlier change is neither done nor taken back.
    package func requireClean() throws(JournalError) {
        guard let left = try interrupted().first else { return }
        throw .interrupted(command: left.record.command, namespace: owner.name)
    }

    /// Writes the state before a change down.
    func begin(_ restoration: Restoration) throws(JournalError) -> Entry {
        let record = Record(
            started: Date(), process: getpid(), owner: owner, command: command, restoration: restoration)
        let path = "\(directory)/\(UInt64(record.started.timeIntervalSince1970 * 1000))-\(getpid()).json"
        try Self.write(record, to: path)
        return Entry(path: path)
    }

    /// The change of a record was taken back.
    package func forget(_ path: String) { unlink(path) }

    // MARK: - Files

    private static func records(in directory: String) throws(JournalError) -> [(path: String, record: Record)] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: directory) } catch { return [] }
        var found: [(path: String, record: Record)] = []
        for name in names.sorted() where name.hasSuffix(".json") {
            let path = "\(directory)/\(name)"
            do {
                let data = try Data(contentsOf: URL(filePath: path))
                found.append((path, try JSONDecoder().decode(Record.self, from: data)))
            } catch {
                throw .unreadable(path: path, reason: "\(error)")
            }
        }
        return found
    }

    private static func lock(_ directory: String) throws(JournalError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do {
            try makeDirectory(directory)
            descriptor = try FileDescriptor.open(
                FilePath("\(directory)/lock"), .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite])
        } catch {
            throw .unwritable(path: directory, reason: error as? Errno ?? .ioError)
        }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? descriptor.close()
            throw .busy
        }
        return descriptor
    }

    private static func makeDirectory(_ directory: String) throws(Errno) {
        var path = FilePath(directory).root.map { FilePath(root: $0) } ?? FilePath()
        for component in FilePath(directory).components {
            path.append(component)
            if mkdir(path.string, 0o755) != 0, errno != EEXIST { throw Errno(rawValue: errno) }
        }
    }

    private static func write(_ record: Record, to path: String) throws(JournalError) {
        do {
            let data = try JSONEncoder().encode(record)
            let file = try FileDescriptor.open(
                FilePath(path + ".new"), .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite])
            try file.closeAfter {
                try file.writeAll(data)
                // The record must not be lost to a power failure that the change survives.
                guard fsync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
            }
            guard rename(path + ".new", path) == 0 else { throw Errno(rawValue: errno) }
        } catch {
            unlink(path + ".new")
            throw .unwritable(path: path, reason: error as? Errno ?? .ioError)
        }
    }
}

/// The way back could not be written down or read.
package enum JournalError: Error, Sendable, CustomStringConvertible {
    case unwritable(path: String, reason: Errno)
    case unreadable(path: String, reason: String)
    /// Another change is under way.
    case busy
    /// An earlier change was cut short and not taken back.
    case interrupted(command: String, namespace: String?)

    package var description: String {
        switch self {
        case .unwritable(let path, let reason): "the state before the change cannot be written to \(path): \(reason)"
        case .unreadable(let path, let reason):
            "the record of an interrupted change, \(path), cannot be read: \(reason)"
        case .busy: "another change is under way"
        case .interrupted(let command, _): "an earlier change was cut short (\(command))"
        }
    }

    package var remedy: String {
        switch self {
        case .unwritable(_, .permissionDenied), .unwritable(_, .notPermitted): "run it as root"
        case .unwritable: "see that the file system can be written and has space"
        case .unreadable(let path, _): "look at the host with aggctl status, then remove \(path)"
        case .busy: "wait until it is done"
        case .interrupted(_, let namespace):
            "run aggctl rollback\(namespace.map { " --netns \($0)" } ?? "") to take it back, then try again"
        }
    }
}
