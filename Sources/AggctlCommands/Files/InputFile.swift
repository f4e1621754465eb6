internal import Aggregation
internal import Glibc
internal import Netlink
internal import SystemPackage

/// Reads a file that the user names: the one way in for every command.
///
/// It is bounded in size, since nobody describes aggregates in gigabytes, and in time: whatever is not a regular file
/// (a FIFO, a terminal, a device) is waited for aloud, and given up when nobody writes into it. Opening never waits.
enum InputFile {
    /// More than any reader of ours takes, so that the reader can say that the file is too large.
    private static let limit = 2 << 20
    /// When somebody is told that we wait.
    private static let silence: Duration = .seconds(1)
    /// How long to wait for somebody to open the other end of a FIFO.
    private static let patienceForWriter: Duration = .seconds(2)
    /// How long a writer may take to its next byte. Standard input has no limit: who gave it knows what it is.
    private static let patience: Duration = .seconds(60)

    /// - Parameters:
    ///   - path: a path, or `-` for standard input.
    ///   - waiting: told what is being waited for.
    static func read(_ path: String, waiting: (String) -> Void = { _ in }) throws(Problem) -> [UInt8] {
        guard !path.isEmpty else { throw .unnamedFile }
        do {
            if path == "-" || FileStatus.descriptor(namedBy: path) == 0 {
                return try read(.standardInput, path, .regular, waiting)
            }
            try refuse(FileKind(try FileStatus.of(path)), path)
            let file = try open(path)
            return try file.closeAfter {
                // What is open counts, whatever stood at the path a moment ago.
                let kind = FileKind(try FileStatus.of(file))
                try refuse(kind, path)
                return try read(file, path, kind, waiting)
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem(file: path, cannotBe: "read", (error as? Errno) ?? .ioError)
        }
    }

    private static func open(_ path: String) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path), .readOnly, options: [.closeOnExec, .nonBlocking, .init(rawValue: O_NOCTTY)])
    }

    private static func refuse(_ kind: FileKind, _ path: String) throws(Problem) {
        switch kind {
        case .regular, .fifo, .stream: break
        case .directory, .socket, .device:
            throw Problem(path, is: kind, remedy: "name a file, or - for standard input")
        }
    }

    private static func read(
        _ file: FileDescriptor, _ path: String, _ kind: FileKind, _ waiting: (String) -> Void
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var wait = Wait(file, path, kind)
        if wait.isTerminal { waiting("reading from the terminal: Ctrl-D ends the text, Ctrl-C gives up") }
        while bytes.count < limit {
            let isReady = wait.isOver(within: silence)
            if !isReady, wait.blocks {
                try wait.goOn(hasWriter: true, waiting)
                continue
            }
            do {
                let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
                // A FIFO that nobody has opened for writing yet looks like one at its end, but for poll.
                if count == 0, isReady || kind != .fifo { break }
                if count == 0 { try wait.goOn(hasWriter: false, waiting) }
                if count > 0 { wait.begin() }
                bytes += buffer.prefix(count)
            } catch Errno.resourceTemporarilyUnavailable {
                try wait.goOn(hasWriter: true, waiting)
            }
        }
        return bytes
    }

    /// The wait for the next byte of something.
    private struct Wait {
        let file: FileDescriptor
        let path: String
        let kind: FileKind
        let isTerminal: Bool
        /// Reading waits by itself: we share standard input with others, for whom it has to stay as it is.
        let blocks: Bool
        private var start = ContinuousClock.now
        private var isAnnounced = false

        init(_ file: FileDescriptor, _ path: String, _ kind: FileKind) {
            (self.file, self.path, self.kind) = (file, path, kind)
            blocks = file == .standardInput
            isTerminal = isatty(file.rawValue) == 1
            isAnnounced = isTerminal
        }

        mutating func begin() { start = .now }

        /// Whether there is something to read, or reading would tell why not.
        func isOver(within time: Duration) -> Bool {
            var entry = pollfd(fd: file.rawValue, events: Int16(POLLIN), revents: 0)
            return poll(&entry, 1, time.pollTimeout) != 0
        }

        /// Says what is being waited for, or gives up.
        mutating func goOn(hasWriter: Bool, _ waiting: (String) -> Void) throws(Problem) {
            let waited = ContinuousClock.now - start
            if blocks || isTerminal { return announce("waiting for standard input; Ctrl-C gives up", waiting) }
            guard kind != .regular else {
                // Files of /proc that are pipes at heart, as /proc/kmsg.
                throw Problem(
                    .notFound, subject: path, rule: "it has no end: reading it would wait for ever",
                    remedy: "name a file")
            }
            announce("\(path): waiting for data from \(kind.text); Ctrl-C gives up", waiting)
            if !hasWriter, waited >= InputFile.patienceForWriter {
                throw Problem(
                    .notFound, subject: path, rule: "it is a FIFO into which nobody writes",
                    remedy: "start the writer first, or name a file")
            }
            if waited >= InputFile.patience {
                throw Problem(
                    .timedOut, subject: path, rule: "no data came within \(InputFile.patience)", remedy: "name a file")
            }
        }

        private mutating func announce(_ text: String, _ waiting: (String) -> Void) {
            if !isAnnounced { waiting(text) }
            isAnnounced = true
        }
    }
}
