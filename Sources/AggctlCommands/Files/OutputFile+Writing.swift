internal import Aggregation
internal import CSystemShims
internal import Glibc
internal import SystemPackage

extension OutputFile {
    /// Writes the content, whole or not at all.
    func write(_ text: String) throws(Problem) { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws(Problem) {
        do {
            switch target {
            case .new: try Draft(for: path, permissions: 0o644).filled(bytes).putInPlace(replacing: false)
            case .file(let status): try replace(status, bytes)
            case .through(let file): try file.write(bytes, name)
            }
        } catch let problem as Problem {
            throw problem
        } catch Errno.fileExists {
            throw Problem(
                .refused(flag: "--force"), subject: name, rule: "somebody else has written it meanwhile",
                remedy: "name another file, or write over it with --force")
        } catch {
            throw Problem(file: name, cannotBe: "written", (error as? Errno) ?? .ioError)
        }
    }

    /// Gives a file new content: in one step where nothing is lost by that, else in place.
    private func replace(_ status: stat, _ bytes: [UInt8]) throws {
        if status.st_nlink == 1, !hasAttributes, let draft = try? Draft(for: path, like: status) {
            try draft.filled(bytes).putInPlace(replacing: true)
        } else {
            try overwrite(bytes)
        }
    }

    /// It has access lists or other attributes, which a file in its place would not have. A label of SELinux comes with
    /// the directory.
    private var hasAttributes: Bool {
        var names = [CChar](repeating: 0, count: 4096)
        let count = aggctl_attribute_names(path, &names, names.count)
        guard count > 0 else { return count == -Int(ERANGE) }
        let list = names.prefix(count).split(separator: 0)
        return list.contains { $0.map { UInt8(bitPattern: $0) } != Array("security.selinux".utf8) }
    }

    /// Writes where the file is. Room is made first, so that a full disk leaves the old content.
    private func overwrite(_ bytes: [UInt8]) throws {
        let file = try FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec, .noFollow])
        try file.closeAfter {
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
}

/// A file beside the one that it is to become.
private final class Draft {
    private let path: String
    private let place: String
    private let file: FileDescriptor
    private var isOpen = true

    /// - Parameter permissions: less what the user masks out.
    init(for place: String, permissions: CModeT) throws {
        self.place = place
        path = "\(OutputFile.folder(of: place))/.aggctl-\(getpid())-\(UInt32.random(in: .min ... .max))"
        file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
            permissions: FilePermissions(rawValue: permissions))
    }

    /// With the owner and the mode of another file.
    ///
    /// - Throws: when we may not give it to that owner.
    convenience init(for place: String, like status: stat) throws {
        // Closed to everybody else until it belongs to whom it should.
        try self.init(for: place, permissions: 0o600)
        let own = try FileStatus.of(file)
        if own.st_uid != status.st_uid || own.st_gid != status.st_gid {
            guard fchown(file.rawValue, status.st_uid, status.st_gid) == 0 else { throw Errno(rawValue: errno) }
        }
        guard fchmod(file.rawValue, status.st_mode & 0o7777) == 0 else { throw Errno(rawValue: errno) }
    }

    func filled(_ bytes: [UInt8]) throws -> Draft {
        _ = try file.writeAll(bytes)
        guard fsync(file.rawValue) == 0 || errno == EINVAL || errno == ENOTSUP else { throw Errno(rawValue: errno) }
        return self
    }

    /// - Throws: `EEXIST` when something has come to the place that is not to be replaced.
    func putInPlace(replacing: Bool) throws {
        isOpen = false
        // Some file systems say only now that they are full.
        try file.close()
        var code = (replacing ? rename(path, place) : link(path, place)) == 0 ? 0 : errno
        // A file system without links.
        if !replacing, code == EPERM || code == ENOTSUP { code = -aggctl_rename_to_free_name(path, place) }
        guard code == 0 else { throw Errno(rawValue: code) }
    }

    deinit {
        if isOpen { try? file.close() }
        // Gone when it was renamed, a second name when it was linked.
        unlink(path)
    }
}
