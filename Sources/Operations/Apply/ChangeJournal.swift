package import Aggregation
package import FoundationEssentials
internal import Glibc
package import SystemPackage

/// The states before changes that are under way, on disk, so that a change can be taken back after a crash.
///
/// One file a change in a directory that only root can write. A file that is left behind and that no process holds
/// locked belongs to a change that was cut short.
package struct ChangeJournal: Sendable {
    /// Where the state of a running system belongs (hier(7)); it ends with the kernel state it describes.
    package static let defaultDirectory = "/run/aggctl/changes"

    package let directory: String
    /// The namespace as the caller named it, nil for its own.
    package let namespace: String?
    /// What was asked for, for people: the command line.
    package let command: String

    package init(directory: String = Self.defaultDirectory, namespace: String?, command: String) {
        self.directory = directory
        self.namespace = namespace
        self.command = command
    }

    /// What the file of a change holds.
    package struct Record: Codable, Sendable {
        /// Changes with the format of this record.
        package static let currentFormat = 1

        package var format = Record.currentFormat
        package var started: Date
        package var process: Int32
        package var namespace: String?
        package var command: String
        package var restoration: Restoration
    }

    /// A change under way: holds the lock until it is finished or the process ends.
    package struct Entry: Sendable {
        let path: String
        let descriptor: FileDescriptor

        /// The change is over, one way or the other: nothing is left to take back.
        func finish() {
            unlink(path)
            try? descriptor.close()
        }
    }

    /// Writes the state before a change down and keeps other changes out.
    func begin(_ restoration: Restoration) throws(JournalError) -> Entry {
        let lock = try Self.lock(directory)
        do throws(JournalError) {
            if let left = try Self.interrupted(in: directory).first {
                throw JournalError.interrupted(path: left.path, command: left.record.command)
            }
            let record = Record(
                started: Date(), process: getpid(), namespace: namespace, command: command, restoration: restoration)
            let path = "\(directory)/\(UInt64(record.started.timeIntervalSince1970 * 1000))-\(getpid()).json"
            try Self.write(record, to: path)
            return Entry(path: path, descriptor: lock)
        } catch {
            try? lock.close()
            throw error
        }
    }

    /// Changes that were cut short. Meaningful while the caller holds the lock, or just to look.
    package static func interrupted(
        in directory: String = Self.defaultDirectory
    ) throws(JournalError) -> [(path: String, record: Record)] {
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

    /// Takes the lock for taking an interrupted change back.
    package static func forget(_ path: String) { unlink(path) }

    /// One change at a time: two that interleave could not be taken back.
    package static func lock(_ directory: String) throws(JournalError) -> FileDescriptor {
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw .unwritable(path: directory, reason: "\(error)")
        }
        do {
            let descriptor = try FileDescriptor.open(
                FilePath("\(directory)/lock"), .readWrite, options: [.create, .closeOnExec],
                permissions: [.ownerReadWrite])
            guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
                try? descriptor.close()
                throw JournalError.busy
            }
            return descriptor
        } catch let error as JournalError {
            throw error
        } catch {
            throw .unwritable(path: directory, reason: "\(error)")
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
            throw .unwritable(path: path, reason: "\(error)")
        }
    }
}

/// The way back could not be written down or read.
package enum JournalError: Error, Sendable, CustomStringConvertible {
    case unwritable(path: String, reason: String)
    case unreadable(path: String, reason: String)
    /// Another change is under way.
    case busy
    /// An earlier change was cut short and not taken back.
    case interrupted(path: String, command: String)

    package var description: String {
        switch self {
        case .unwritable(let path, let reason): "the state before the change cannot be written to \(path): \(reason)"
        case .unreadable(let path, let reason):
            "the record of an interrupted change, \(path), cannot be read: \(reason)"
        case .busy: "another change is under way"
        case .interrupted(_, let command): "an earlier change was cut short (\(command))"
        }
    }

    package var remedy: String {
        switch self {
        case .unwritable: "run as root, and see that the file system has space"
        case .unreadable(let path, _): "look at the host with aggctl status, then remove \(path)"
        case .busy: "wait until it is done"
        case .interrupted: "run aggctl rollback to take it back, then try again"
        }
    }
}
