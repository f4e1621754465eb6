internal import Aggregation
internal import CSystemShims
internal import Glibc
internal import System
internal import SystemPackage

extension OutputFile {
    /// Writes the content, whole or not at all.
    func write(_ text: String) throws(Problem) { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws(Problem) { try opened().write(bytes) }

    /// Opens what will be written, so that nothing but a full disk can come between the work and its result.
    func opened() throws(Problem) -> OpenOutput { try OpenOutput(self) }

    /// It has access lists or other attributes, which a file in its place would not have. A label of SELinux comes with
    /// the directory.
    fileprivate var hasAttributes: Bool {
        var names = [CChar](repeating: 0, count: 4096)
        let count = aggctl_attribute_names(path, &names, names.count)
        guard count > 0 else { return count == -Int(ERANGE) }
        let list = names.prefix(count).split(separator: 0)
        return list.contains { $0.map { UInt8(bitPattern: $0) } != Array("security.selinux".utf8) }
    }
}

/// A file that the user named, open to be written once.
final class OpenOutput {
    private enum Place {
        /// Becomes the file in one step.
        case draft(FileDraft, as: String, replacing: Bool)
        /// Is written where it is, since something would be lost by another file in its place.
        case file(FileDescriptor)
        case through(OpenFile)
    }

    private let name: String
    private let place: Place

    fileprivate init(_ output: OutputFile) throws(Problem) {
        name = output.name
        do {
            switch output.target {
            case .new: place = try Self.draft(output, permissions: 0o644 & ~FileMask.ofCaller)
            case .file(let status):
                let isReplaceable = status.st_nlink == 1 && !output.hasAttributes
                if isReplaceable, let draft = try? Self.draft(output, like: status) {
                    place = draft
                } else {
                    place = .file(try Self.open(output.path, status))
                }
            case .through(let file): place = .through(file)
            }
        } catch {
            throw Self.problem(error, name)
        }
    }

    deinit {
        switch place {
        case .file(let file): try? file.close()
        case .draft, .through: break
        }
    }

    func write(_ bytes: [UInt8]) throws(Problem) {
        do {
            switch place {
            case .draft(let draft, let target, let replacing):
                try draft.fill(bytes)
                // Some file systems say only now that they are full.
                try draft.close()
                try draft.put(target, replacing: replacing)
            case .file(let file): try Self.overwrite(file, bytes)
            case .through(let file): try file.write(bytes, name)
            }
        } catch {
            throw Self.problem(error, name)
        }
    }

    private static func problem(_ error: any Error, _ name: String) -> Problem {
        switch error {
        case let problem as Problem: problem
        case Errno.fileExists:
            Problem(
                .refused(flag: "--force"), subject: name, rule: "somebody else has written it meanwhile",
                remedy: "name another file, or write over it with --force")
        default: Problem(file: name, cannotBe: "written", (error as? Errno) ?? .ioError)
        }
    }

    private static func draft(_ output: OutputFile, permissions: UInt32) throws -> Place {
        try draft(output, replacing: false) { folder throws(Errno) in
            try FileDraft(in: folder, permissions: FilePermissions(rawValue: permissions))
        }
    }

    /// With the owner and the mode of another file.
    ///
    /// - Throws: when we may not give it to that owner.
    private static func draft(_ output: OutputFile, like status: stat) throws -> Place {
        try draft(output, replacing: true) { folder throws(Errno) in
            let draft = try FileDraft(in: folder, permissions: .ownerReadWrite)
            let own = try FileStatus.of(draft.file)
            if own.st_uid != status.st_uid || own.st_gid != status.st_gid,
                fchown(draft.file.rawValue, status.st_uid, status.st_gid) != 0
            {
                throw Errno(rawValue: errno)
            }
            guard fchmod(draft.file.rawValue, status.st_mode & 0o7777) == 0 else { throw Errno(rawValue: errno) }
            return draft
        }
    }

    private static func draft(
        _ output: OutputFile, replacing: Bool, _ make: (FileDescriptor) throws(Errno) -> FileDraft
    ) throws -> Place {
        let path = FilePath(output.path)
        guard let name = path.lastComponent?.string else { throw Errno.isDirectory }
        let folder = try FileDescriptor.open(
            FilePath(OutputFile.folder(of: output.path)), .readOnly, options: [.directory, .closeOnExec])
        defer { try? folder.close() }
        return .draft(try make(folder), as: name, replacing: replacing)
    }

    /// Opens the very file that was looked at.
    private static func open(_ path: String, _ status: stat) throws -> FileDescriptor {
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.closeOnExec, .noFollow, .nonBlocking])
        do {
            let now = try FileStatus.of(file)
            guard now.st_dev == status.st_dev, now.st_ino == status.st_ino else { throw Errno.fileExists }
            return file
        } catch {
            try? file.close()
            throw error
        }
    }

    /// Writes where the file is. Room is made first, so that a full disk leaves the old content.
    private static func overwrite(_ file: FileDescriptor, _ bytes: [UInt8]) throws {
        let size = Int64(try FileStatus.of(file).st_size)
        if bytes.count > size {
            let code = posix_fallocate(file.rawValue, 0, off_t(bytes.count))
            // Others mean that room cannot be made beforehand here.
            if [ENOSPC, EDQUOT, EFBIG].contains(code) {
                _ = ftruncate(file.rawValue, off_t(size))
                throw Errno(rawValue: code)
            }
        }
        _ = try file.writeAll(toAbsoluteOffset: 0, bytes)
        guard ftruncate(file.rawValue, off_t(bytes.count)) == 0, fsync(file.rawValue) == 0 else {
            throw Errno(rawValue: errno)
        }
    }
}
