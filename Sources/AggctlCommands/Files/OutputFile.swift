internal import Aggregation
internal import Glibc
internal import Netlink
internal import System
internal import SystemPackage

/// Writes a file that the user names: the one way out for every command.
///
/// It is looked at before the work whose result goes there, so that nobody works for nothing. A regular file gets its
/// new content whole or not at all, and keeps its owner, its mode and its links; symbolic links are followed, but for
/// those of other users: in a directory that others write, they would choose which file of ours is written over. A
/// device or a FIFO is written through, never replaced; anything else is refused.
struct OutputFile {
    enum Target {
        /// Nothing is there yet.
        case new
        case file(stat)
        /// A device, a FIFO or an inherited descriptor. A FIFO stays open from the first look on: closed in between, it
        /// would look finished to its reader.
        case through(OpenFile)
    }

    /// As the user wrote it.
    let name: String
    /// Where it is, with symbolic links followed.
    let path: String
    let target: Target

    /// Looks at what is there.
    ///
    /// - Parameter replacing: a file that is there may be written over.
    /// - Throws: when it could not be written as far as can be known before.
    init(_ name: String, replacing: Bool) throws(Problem) {
        guard !name.isEmpty else { throw .unnamedFile }
        self.name = name
        guard !name.hasSuffix("/") else { throw Problem(name, is: .directory, remedy: "name a file") }
        do {
            if let number = FileStatus.descriptor(namedBy: name) {
                path = name
                target = .through(try Self.inherited(number))
                return
            }
            path = try Self.followed(name)
            target = try Self.look(path, replacing: replacing)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(file: name, cannotBe: "written", (error as? Errno) ?? .ioError)
        }
    }

    /// The path with all symbolic links at its end followed, the last of which may lead to nothing.
    private static func followed(_ name: String) throws -> String {
        var path = FilePath(name)
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path.string, &buffer, buffer.count - 1)
            guard count >= 0 else {
                guard errno == EINVAL || errno == ENOENT else { throw Errno(rawValue: errno) }
                return path.string
            }
            try refuseForeign(link: path.string)
            let link = FilePath(String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self))
            path = link.isAbsolute ? link : path.removingLastComponent().pushing(link)
        }
        throw Errno.tooManySymbolicLinkLevels
    }

    private static func refuseForeign(link path: String) throws {
        var status = stat()
        guard lstat(path, &status) == 0 else { throw Errno(rawValue: errno) }
        guard status.st_uid != 0, status.st_uid != geteuid() else { return }
        throw Problem(
            .notPermitted, subject: path, rule: "it is a symbolic link of another user (\(status.st_uid))",
            remedy: "name the file that it leads to, or a file elsewhere")
    }

    /// Of a file with several names, one may be where others cannot write: they gave it the name here.
    private static func refuseForeign(names status: stat, of path: String) throws {
        guard status.st_nlink > 1, Distrust.ofFolder(folder(of: path)) != nil else { return }
        throw Problem(
            .notPermitted, subject: path,
            rule: "it has other names as well, and others can write its directory",
            remedy: "name another file, or remove this name first")
    }

    private static func look(_ path: String, replacing: Bool) throws -> Target {
        let status: stat
        do throws(Errno) { status = try FileStatus.of(path) } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            try lookAtFolder(of: path)
            return .new
        }
        let kind = FileKind(status)
        switch kind {
        case .regular:
            guard replacing else {
                throw Problem(
                    .refused(flag: "--force"), subject: path, rule: "it is there already",
                    remedy: "name another file, or write over it with --force")
            }
            try require(W_OK, of: path)
            try refuseForeign(names: status, of: path)
            return .file(status)
        case .fifo, .stream: return .through(try OpenFile(path, kind))
        case .directory, .socket, .device: throw Problem(path, is: kind, remedy: "name a file")
        }
    }

    private static func lookAtFolder(of path: String) throws {
        let folder = folder(of: path)
        let status: stat
        do throws(Errno) { status = try FileStatus.of(folder) } catch {
            guard error == .noSuchFileOrDirectory else { throw error }
            throw Problem(
                .notFound, subject: path, rule: "there is no directory \(folder)",
                remedy: "create it, or check the path")
        }
        guard FileKind(status) == .directory else { throw Errno.notDirectory }
        try require(W_OK | X_OK, of: folder)
        var system = statvfs()
        guard statvfs(folder, &system) == 0 else { return }
        let isFull = system.f_blocks > 0 && (geteuid() == 0 ? system.f_bfree : system.f_bavail) == 0
        if isFull || (system.f_files > 0 && system.f_ffree == 0) { throw Errno.noSpace }
    }

    /// Asks as who we are now, which need not be who called us.
    private static func require(_ access: Int32, of path: String) throws(Errno) {
        guard faccessat(AT_FDCWD, path, access, AT_EACCESS) == 0 else { throw Errno(rawValue: errno) }
    }

    static func folder(of path: String) -> String {
        let folder = FilePath(path).removingLastComponent().string
        return folder.isEmpty ? "." : folder
    }

    /// A descriptor that we were started with, which is written on from where it is.
    private static func inherited(_ number: Int32) throws(Errno) -> OpenFile {
        let flags = fcntl(number, F_GETFL)
        guard flags >= 0 else { throw .noSuchFileOrDirectory }
        guard flags & O_ACCMODE != O_RDONLY else { throw .permissionDenied }
        let copy = fcntl(number, F_DUPFD_CLOEXEC, 3)
        guard copy >= 0 else { throw Errno(rawValue: errno) }
        return OpenFile(adopting: FileDescriptor(rawValue: copy))
    }
}

/// An open device, FIFO or descriptor; it closes when it is let go.
final class OpenFile: Sendable {
    private let descriptor: FileDescriptor
    /// How long a reader may take until there is room.
    private static let patience: Duration = .seconds(5)

    init(adopting descriptor: FileDescriptor) { self.descriptor = descriptor }

    init(_ path: String, _ kind: FileKind) throws {
        do {
            // Without waiting for a reader.
            descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.closeOnExec, .nonBlocking, .init(rawValue: O_NOCTTY)])
        } catch Errno.noSuchAddressOrDevice where kind == .fifo {
            throw Problem(
                .notFound, subject: path, rule: "it is a FIFO from which nobody reads",
                remedy: "start the reader first, or name a file")
        }
        // What is open counts, whatever stood at the path a moment ago.
        let opened = FileKind(try FileStatus.of(descriptor))
        guard opened == kind else { throw Problem(path, is: opened, remedy: "name a file that stays") }
    }

    deinit { try? descriptor.close() }

    func write(_ bytes: [UInt8], _ name: String) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            do {
                let count = try rest.withUnsafeBytes { try descriptor.write($0) }
                rest = rest.dropFirst(count)
            } catch Errno.resourceTemporarilyUnavailable {
                var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLOUT), revents: 0)
                guard poll(&entry, 1, Self.patience.pollTimeout) != 0 else {
                    throw Problem(
                        .timedOut, subject: name, rule: "its reader took nothing within \(Self.patience)",
                        remedy: "check the reader, or name a file")
                }
            }
        }
    }
}
