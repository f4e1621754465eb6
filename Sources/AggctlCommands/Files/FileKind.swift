internal import Aggregation
internal import Glibc
internal import SystemPackage

/// The kind of thing that stands at a path, as far as reading and writing treat it differently.
enum FileKind: Equatable {
    case regular
    case directory
    case fifo
    case socket
    /// A character device that is made to be read and written: /dev/null, /dev/zero, /dev/full, a terminal.
    case stream
    /// Any other device: opening some of them (a watchdog, a tape) already has an effect.
    case device

    init(_ status: stat) {
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .regular
        case S_IFDIR: self = .directory
        case S_IFIFO: self = .fifo
        case S_IFSOCK: self = .socket
        case S_IFCHR where Self.isStream(status.st_rdev): self = .stream
        default: self = .device
        }
    }

    /// What messages call it.
    var text: String {
        switch self {
        case .regular: "a file"
        case .directory: "a directory"
        case .fifo: "a FIFO"
        case .socket: "a socket"
        case .stream, .device: "a device"
        }
    }

    /// By the kernel's list of allocated devices (admin-guide/devices.txt).
    private static func isStream(_ device: dev_t) -> Bool {
        let (major, minor) = ((device >> 8) & 0xfff, (device & 0xff) | ((device >> 12) & 0xfff00))
        switch major {
        case 1: return [3, 5, 7, 8, 9].contains(minor)  // null, zero, full, random, urandom
        case 4: return true  // consoles and serial lines
        case 5: return minor <= 1  // tty, console
        case 136...143: return true  // pseudo-terminals
        default: return false
        }
    }
}

/// What the system says of a path.
enum FileStatus {
    /// Of what a path leads to, symbolic links followed.
    static func of(_ path: String) throws(Errno) -> stat {
        var status = stat()
        guard stat(path, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }

    /// Of something that is open.
    static func of(_ file: FileDescriptor) throws(Errno) -> stat {
        var status = stat()
        guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
        return status
    }

    /// The number of an open descriptor that a path names, as /dev/stdout and /dev/fd/3 do: opening such a path again
    /// would begin at the start of a file that somebody else is in the middle of.
    static func descriptor(namedBy path: String) -> Int32? {
        switch path {
        case "/dev/stdin": return 0
        case "/dev/stdout": return 1
        case "/dev/stderr": return 2
        default:
            for folder in ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"] where path.hasPrefix(folder) {
                return Int32(path.dropFirst(folder.count))
            }
            return nil
        }
    }
}

extension Problem {
    /// A file that cannot be used, with the exit code that belongs to the reason.
    ///
    /// - Parameter deed: `read` or `written`.
    init(file path: String, cannotBe deed: String, _ error: Errno) {
        func problem(_ category: Category, _ rule: String, _ remedy: String) -> Problem {
            Problem(category, subject: Self.shown(path), rule: rule, remedy: remedy)
        }
        switch error {
        case .noSuchFileOrDirectory: self = problem(.notFound, "there is no such file", "check the path")
        case .notDirectory: self = problem(.notFound, "a part of the path is not a directory", "check the path")
        case .isDirectory: self = problem(.notFound, "it is a directory", "name a file")
        case .tooManySymbolicLinkLevels:
            self = problem(.notFound, "its symbolic links form a circle", "name the file itself")
        case .fileNameTooLong:
            self = problem(
                .notFound, "the path is too long", "use at most 255 bytes for a name and 4095 bytes for a path")
        case .permissionDenied, .notPermitted:
            self = problem(
                .notPermitted, "it cannot be \(deed): \(error)", "check its permissions and those of its directory")
        case .readOnlyFileSystem:
            self = problem(.notPermitted, "it cannot be \(deed): \(error)", "name a file on another file system")
        case .noSpace, .diskQuotaExceeded, .fileTooLarge:
            self = problem(.failed, "it cannot be \(deed): \(error)", "free some space, or name another file system")
        default:
            self = problem(.failed, "it cannot be \(deed): \(error)", "check the file system, or name another file")
        }
    }

    /// A thing that is no file, at a path where a file is meant.
    init(_ path: String, is kind: FileKind, remedy: String) {
        self.init(.notFound, subject: Self.shown(path), rule: "it is \(kind.text), not a file", remedy: remedy)
    }

    /// The problem of a file argument without a name.
    static let unnamedFile = Problem(
        .usage, subject: "file name", rule: "it is empty", remedy: "name a file")

    /// A path that is no longer than a message should be.
    private static func shown(_ path: String) -> String {
        path.utf8.count <= 300 ? path : "\(path.prefix(100))…\(path.suffix(100))"
    }
}
