package import Aggregation
package import FoundationEssentials
internal import Glibc
package import Netlink
package import System
internal import SystemPackage

/// The right to change one host, and the state before the change on disk, so that it can be taken back after a crash.
///
/// One process at a time has it: it is held by a lock on a file, which ends with the process. One record a change in a
/// directory that only root can write. A record that is there while its writer holds no lock belongs to a change that
/// was interrupted.
package final class ChangeJournal: Sendable {
    /// Where the state of a running system belongs (hier(7)); it ends with the kernel state it describes.
    package static let defaultDirectory = "/run/aggctl/changes"

    private let directory: StateFolder
    private let lock: FileDescriptor
    private let owner: Owner
    private let namespace: NetworkNamespace
    /// What was asked for, for people: the command line.
    private let command: String

    /// Keeps other changes out, before the host is read: two that interleave could not be taken back.
    ///
    /// - Throws: ``JournalError/busy(_:)`` when another process is changing something.
    package init(
        directory: String = ChangeJournal.defaultDirectory, namespace: NetworkNamespace, owner: Owner, command: String
    ) throws(JournalError) {
        self.namespace = namespace
        self.owner = owner
        self.command = command
        do throws(StateFailure) {
            self.directory = try StateFolder(directory, creating: true)
        } catch {
            throw JournalError(error)
        }
        lock = try Self.lock(self.directory, Holder(command: command))
        self.directory.sweep()
    }

    deinit {
        directory.remove(Self.holderName)
        try? lock.close()
    }

    /// Changes to this namespace that are neither done nor rolled back, the oldest first, and those of which nobody can
    /// tell whose they are. Records of namespaces that are gone are removed.
    package func unfinished() -> [ChangeRecord] {
        Self.records(directory).filter { record in
            guard let other = record.head.owner else { return true }
            guard other.isGone(beside: owner) else { return other.matches(owner) }
            directory.remove(record.fileName)
            return false
        }
    }

    /// Refuses to go on with devices of an earlier change that is neither done nor rolled back.
    package func requireFinished(_ names: Set<String>, indices: Set<Int32> = []) throws(JournalError) {
        for record in unfinished() {
            let devices = record.devices(among: names, indices: indices)
            if !devices.isEmpty { throw .unfinished(record, devices: devices, namespace: owner.name) }
        }
    }

    /// Writes the state before a change down.
    package func begin(_ rollback: Rollback) throws(JournalError) -> Entry {
        let snapshot = rollback.restoration.snapshot
        let indices = rollback.devices.compactMap { snapshot.link(named: $0)?.index }
        try requireFinished(Set(rollback.devices), indices: Set(indices))
        var head = ChangeRecord.Head()
        let now = Date()
        head.command = command
        head.user = Caller.loginName
        head.started = now
        head.process = getpid()
        head.processStart = ProcessIdentity.start(of: getpid())
        head.owner = owner
        head.devices = rollback.devices
        head.indices = indices
        head.steps = rollback.steps.count
        let name = "\(UInt64(now.timeIntervalSince1970 * 1000))-\(getpid()).json"
        let file = try Self.write(head, rollback, to: name, in: directory)
        let entry = Entry(directory, name, head: head, file: file, namespace)
        // The change and its roll-back write more: daemons' configurations, notes. Better no change than half of one.
        guard (directory.room ?? .max) >= Self.roomForChange else {
            entry.finish()
            throw .unwritable(path: directory.path, reason: .noSpace)
        }
        return entry
    }

    /// Goes on with the record of an earlier change.
    package func resume(_ record: ChangeRecord) throws(JournalError) -> Entry {
        do throws(StateFailure) {
            let file = try directory.openToAppend(record.fileName)
            return Entry(directory, record.fileName, head: record.head, file: file, namespace)
        } catch {
            throw JournalError(error)
        }
    }

    /// Closes a record, whatever became of its change.
    package func close(_ record: ChangeRecord) throws(JournalError) {
        if let reason = directory.remove(record.fileName) { throw .unwritable(path: record.path, reason: reason) }
    }

    // MARK: - Looking, without keeping anybody out

    /// Refuses a directory that others could have written: whether it holds records is not known then.
    package static func requireTrusted(_ directory: String) throws(JournalError) {
        do throws(StateFailure) { _ = try StateFolder(directory) } catch {
            if case .untrusted = error { throw JournalError(error) }
        }
    }

    /// All records of a directory, of whichever namespace, the oldest first; what cannot be read is among them.
    ///
    /// - Parameter distrust: told why nothing is read of a directory that others could have written.
    package static func records(
        in directory: String, distrust: (Distrust) -> Void = { _ in }
    ) -> [ChangeRecord] {
        do throws(StateFailure) {
            return records(try StateFolder(directory))
        } catch {
            if case .untrusted(let reason) = error { distrust(reason) }
            return []
        }
    }

    private static func records(_ directory: StateFolder) -> [ChangeRecord] {
        var records = allRecords(directory)
        for place in records.indices {
            guard let owner = records[place].head.owner, owner.cookie == nil else { continue }
            records[place].isUnproved = Self.kernelHasCookies
        }
        return records
    }

    private static let kernelHasCookies = NetworkNamespace.current.cookie() != nil

    private static func allRecords(_ directory: StateFolder) -> [ChangeRecord] {
        directory.names().filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            let path = "\(directory.path)/\(name)"
            let id = String(name.dropLast(".json".count))
            do throws(StateFailure) {
                return ChangeRecord(id: id, path: path, bytes: try directory.read(name))
            } catch {
                // One that ends meanwhile.
                guard error.errno != .noSuchFileOrDirectory else { return nil }
                var record = ChangeRecord(id: id, path: path, bytes: [])
                record.content = .unreadable("\(error)")
                return record
            }
        }
    }

    /// Who changes something now; nil when nobody does.
    package static func holder(in directory: String) -> Holder? {
        guard let bytes = try? StateFile.read("\(directory)/\(holderName)"),
            let holder = try? JSONDecoder().decode(Holder.self, from: Data(bytes)),
            ProcessIdentity.isAlive(holder.process, start: holder.processStart)
        else { return nil }
        return holder
    }

    // MARK: - Files

    /// Who holds the lock, for those whom it keeps out. A file of its own: whoever can open a file can lock it, and this
    /// one everybody can read.
    private static let holderName = "holder"
    /// What a change may write after its record: far more than it does.
    private static let roomForChange: UInt64 = 128 << 10

    private static func lock(_ directory: StateFolder, _ holder: Holder) throws(JournalError) -> FileDescriptor {
        let descriptor: FileDescriptor
        do throws(StateFailure) { descriptor = try directory.openLock("lock") } catch { throw JournalError(error) }
        guard flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0 else {
            try? descriptor.close()
            throw .busy(self.holder(in: directory.path))
        }
        // Without it they are kept out all the same.
        if let data = try? JSONEncoder().encode(holder) {
            try? directory.write(Array(data), to: holderName, permissions: .ofNotes)
        }
        return descriptor
    }

    /// Writes a record whole, or leaves what was there.
    fileprivate static func write(
        _ head: ChangeRecord.Head, _ rollback: Rollback, to name: String, in directory: StateFolder
    ) throws(JournalError) -> FileDescriptor {
        guard let bytes = try? ChangeRecord.lines(head, rollback) else {
            throw .unwritable(path: "\(directory.path)/\(name)", reason: .invalidArgument)
        }
        do throws(StateFailure) {
            return try directory.writeOpen(bytes, to: name, permissions: .ofNotes)
        } catch {
            throw JournalError(error)
        }
    }
}

extension ChangeJournal {
    /// A change that is neither done nor rolled back.
    package final class Entry: Sendable {
        private let directory: StateFolder
        private let name: String
        private let head: ChangeRecord.Head
        private let file: FileDescriptor
        private let namespace: NetworkNamespace

        fileprivate init(
            _ directory: StateFolder, _ name: String, head: ChangeRecord.Head, file: FileDescriptor,
            _ namespace: NetworkNamespace
        ) {
            self.directory = directory
            self.name = name
            self.head = head
            self.file = file
            self.namespace = namespace
        }

        deinit { try? file.close() }

        /// A step begins; the first one has number 1.
        package func begin(_ number: Int) { note(.init(step: number)) }

        /// A step made this aggregate. By its index it is known when somebody gives it another name.
        func noteCreated(_ name: String) {
            guard let index = namespace.linkIndex(named: name) else { return }
            note(.init(created: [name: index]))
        }

        /// Rolling back is over, and this could not be put back.
        package func leave(_ left: [String]) { note(.init(left: left)) }

        /// What was found of others' changes has to be known to the next attempt, should this one be killed.
        func replace(_ rollback: Rollback) -> Entry {
            guard let file = try? ChangeJournal.write(head, rollback, to: name, in: directory) else {
                return self
            }
            return Entry(directory, name, head: head, file: file, namespace)
        }

        /// The change is over, one way or the other: nothing is left to take back.
        func finish() { directory.remove(name) }

        /// Losing a note costs a word in a message.
        private func note(_ note: ChangeRecord.ProgressNote) {
            guard let line = try? ChangeRecord.line(note) else { return }
            _ = try? file.writeAll(line)
        }
    }

    /// The network namespace that a change belongs to.
    package struct Owner: Sendable, Hashable, Codable {
        /// As `ip netns` names it; nil for the caller's own.
        package let name: String?
        /// Device and inode. A name may come to mean another namespace, and `ip netns exec` makes any namespace one's own.
        package let identity: String
        /// See ``NetworkNamespace/cookie()``; nil where the kernel has none, and in a record of format 1.
        package var cookie: UInt64?

        init(name: String?, identity: String) {
            self.name = name
            self.identity = identity
        }

        package init(_ namespace: NetworkNamespace, name: String?) throws(NetlinkError) {
            let identity = try namespace.identity()
            self.init(name: name, identity: "\(identity.device):\(identity.inode)")
            cookie = namespace.cookie()
        }

        /// The same namespace, and not another one that has got its inode; perhaps the same, where one has no cookie (see
        /// ``ChangeRecord/isUnproved``).
        package func matches(_ other: Owner) -> Bool {
            guard identity == other.identity else { return false }
            guard let cookie, let theirs = other.cookie else { return true }
            return cookie == theirs
        }

        /// The namespace that it names is not there any more, and with it all that could be put back.
        fileprivate func isGone(beside present: Owner) -> Bool {
            if identity == present.identity { return !matches(present) }
            guard let name else { return false }
            guard let namespace = try? NetworkNamespace.named(name), let now = try? Owner(namespace, name: name) else {
                return true
            }
            return !matches(now)
        }
    }

    /// Who keeps the others out.
    package struct Holder: Sendable, Hashable, Codable, CustomStringConvertible {
        package var process: Int32
        package var processStart: UInt64?
        package var user: String?
        package var command: String
        package var since: Date

        init(command: String) {
            process = getpid()
            processStart = ProcessIdentity.start(of: process)
            user = Caller.loginName
            self.command = command
            since = Date()
        }

        package var description: String {
            let name = user.map { ", user \($0)" } ?? ""
            return "\(command) (process \(process)\(name), since \(since.formatted(.iso8601)))"
        }
    }
}
