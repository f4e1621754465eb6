internal import Glibc
package import SystemPackage

/// A folder in which the program keeps what it will believe later, as /run/aggctl.
///
/// What is in it is replayed into the kernel and given to daemons, so whoever could write it could do as much as root.
/// It is opened once and looked at: root has to own it (or we, who are not root), and nobody else may write it. All files
/// are reached through that descriptor, so what was looked at is what is used.
package final class StateFolder: Sendable {
    package let path: String
    private let descriptor: FileDescriptor

    /// More than any file of ours has.
    package static let sizeLimit = 16 << 20

    /// - Parameter creating: the folder and those above it are made when they are not there.
    package init(_ path: String, creating: Bool = false) throws(StateFailure) {
        self.path = path
        descriptor = try Self.open(FilePath(path), creating: creating)
    }

    deinit { try? descriptor.close() }

    private static func open(_ path: FilePath, creating: Bool) throws(StateFailure) -> FileDescriptor {
        guard let name = path.lastComponent?.string else { throw .system(path: path.string, .invalidArgument) }
        let above = try self.above(path, creating: creating)
        defer { Glibc.close(above) }
        // Whoever can rename a folder chooses what is found in its place.
        if let distrust = Distrust(parent(of: path), try status(above, path.string), isShared: true) {
            throw .untrusted(distrust)
        }
        var isNew = false
        if creating, mkdirat(above, name, 0o755) == 0 {
            isNew = true
        } else if creating, errno != EEXIST {
            throw .system(path: path.string, Errno(rawValue: errno))
        }
        let folder = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw failure(path.string, errno, isLink: isLink(above, name)) }
        let opened = FileDescriptor(rawValue: folder)
        do throws(StateFailure) {
            // Whatever is masked out.
            if isNew { fchmod(folder, 0o755) }
            let status = try status(folder, path.string)
            if let distrust = Distrust(path.string, status) { throw StateFailure.untrusted(distrust) }
        } catch {
            try? opened.close()
            throw error
        }
        return opened
    }

    private static func parent(of path: FilePath) -> String {
        let parent = path.removingLastComponent().string
        return parent.isEmpty ? "." : parent
    }

    /// The folder above another one.
    private static func above(_ path: FilePath, creating: Bool) throws(StateFailure) -> Int32 {
        let parent = parent(of: path)
        let folder = Glibc.open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 { return folder }
        guard creating, errno == ENOENT else { throw failure(parent, errno, isLink: false) }
        return try open(FilePath(parent), creating: true).rawValue
    }

    private static func isLink(_ folder: Int32, _ name: String) -> Bool {
        var status = stat()
        return fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }

    private static func failure(_ path: String, _ code: Int32, isLink: Bool) -> StateFailure {
        if isLink { return .untrusted(Distrust(path, .symbolicLink)) }
        return code == ENOTDIR ? .untrusted(Distrust(path, .noFolder)) : .system(path: path, Errno(rawValue: code))
    }

    private static func status(_ file: Int32, _ path: String) throws(StateFailure) -> stat {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw .system(path: path, Errno(rawValue: errno)) }
        return status
    }

    private func failure(_ name: String, _ reason: Errno = Errno(rawValue: errno)) -> StateFailure {
        .system(path: "\(path)/\(name)", reason)
    }

    // MARK: Reading

    /// The names in it.
    package func names() -> Set<String> {
        let copy = openat(descriptor.rawValue, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard copy >= 0, let stream = fdopendir(copy) else { return [] }
        defer { closedir(stream) }
        var names: Set<String> = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.insert(name) }
        }
        return names
    }

    /// The bytes of a file.
    ///
    /// - Throws: `ENOENT` when it is not there, `EFBIG` when it is larger than any file of ours.
    package func read(_ name: String) throws(StateFailure) -> [UInt8] {
        let (file, status) = try opened(name, O_RDONLY)
        defer { try? file.close() }
        guard status.st_size <= Self.sizeLimit else { throw failure(name, .fileTooLarge) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(status.st_size))
        return try withUnsafeTemporaryAllocation(byteCount: 16 << 10, alignment: 16) {
            buffer throws(StateFailure) -> [UInt8] in
            while bytes.count <= Self.sizeLimit {
                let count = Glibc.read(file.rawValue, buffer.baseAddress, buffer.count)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure(name) }
                if count == 0 { return bytes }
                bytes.append(contentsOf: buffer[..<count])
            }
            throw failure(name, .fileTooLarge)
        }
    }

    /// Opens a file that is there, which has to be a regular one that nobody else can write.
    private func opened(_ name: String, _ flags: Int32) throws(StateFailure) -> (FileDescriptor, stat) {
        let descriptor = openat(descriptor.rawValue, name, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ELOOP ? .untrusted(Distrust("\(path)/\(name)", .symbolicLink)) : failure(name)
        }
        let file = FileDescriptor(rawValue: descriptor)
        do throws(StateFailure) {
            let status = try Self.status(descriptor, "\(path)/\(name)")
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw StateFailure.untrusted(Distrust("\(path)/\(name)", .noFile))
            }
            if let distrust = Distrust("\(path)/\(name)", status) { throw StateFailure.untrusted(distrust) }
            return (file, status)
        } catch {
            try? file.close()
            throw error
        }
    }

    // MARK: Writing

    /// Puts a file in the place of what was there, at once.
    package func write(_ bytes: [UInt8], to name: String, permissions: FilePermissions) throws(StateFailure) {
        _ = try draft(bytes, name, permissions, [])
    }

    /// The same for a file that is written on at its end.
    package func writeOpen(
        _ bytes: [UInt8], to name: String, permissions: FilePermissions
    ) throws(StateFailure) -> FileDescriptor {
        try draft(bytes, name, permissions, .append).keep()
    }

    private func draft(
        _ bytes: [UInt8], _ name: String, _ permissions: FilePermissions, _ options: FileDescriptor.OpenOptions
    ) throws(StateFailure) -> FileDraft {
        do throws(Errno) {
            let draft = try FileDraft(in: descriptor, permissions: permissions, options: options)
            try draft.fill(bytes)
            try draft.put(name, replacing: true)
            return draft
        } catch {
            throw failure(name, error)
        }
    }

    /// Opens a file that is there, to write on at its end.
    package func openToAppend(_ name: String) throws(StateFailure) -> FileDescriptor {
        try opened(name, O_WRONLY | O_APPEND).0
    }

    /// Opens a file that nobody but its owner can open, so that nobody else can hold a lock on it; makes it when it is
    /// not there.
    package func openLock(_ name: String) throws(StateFailure) -> FileDescriptor {
        let flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let lock = openat(descriptor.rawValue, name, flags, mode_t(0o600))
        guard lock >= 0 else { throw failure(name) }
        // Earlier versions made it readable, which is enough to lock it.
        fchmod(lock, 0o600)
        return FileDescriptor(rawValue: lock)
    }

    /// Opens a new, empty file that replaces what was there, to be written and read.
    package func openEmpty(_ name: String, permissions: FilePermissions) throws(StateFailure) -> FileDescriptor {
        remove(name)
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = openat(descriptor.rawValue, name, flags, mode_t(0o600))
        guard file >= 0 else { throw failure(name) }
        fchmod(file, permissions.rawValue)
        return FileDescriptor(rawValue: file)
    }

    /// Removes a file.
    ///
    /// - Returns: nil when it is gone, or was not there.
    @discardableResult
    package func remove(_ name: String) -> Errno? {
        if unlinkat(descriptor.rawValue, name, 0) == 0 || errno == ENOENT { return nil }
        // An empty folder where a file should be.
        if errno == EISDIR, unlinkat(descriptor.rawValue, name, AT_REMOVEDIR) == 0 { return nil }
        return Errno(rawValue: errno)
    }

    /// Gives a file another name; what had it is gone.
    package func move(_ name: String, to other: String) {
        renameat(descriptor.rawValue, name, descriptor.rawValue, other)
    }

    /// Removes what writers that were killed left half-written.
    package func sweep() { FileDraft.sweep(names(), in: descriptor.rawValue) }

    /// Bytes that can still be written; nil when the file system does not say.
    package var room: UInt64? {
        var system = statvfs()
        guard fstatvfs(descriptor.rawValue, &system) == 0, system.f_blocks > 0 else { return nil }
        return UInt64(system.f_bavail) * UInt64(system.f_frsize)
    }
}
