import Glibc
import Testing

@testable import Operations

/// A run of the built aggctl under a name of its own, so that every process of its lab can be told from all others:
/// the guard has that name in its arguments, the kernel's processes have it as their agent.
final class LabProcess {
    let folder: Scratch
    let program: String
    private var pid: pid_t = 0

    init() throws {
        folder = try Scratch()
        let bundle = try #require(realpath("/proc/self/exe", nil))
        defer { free(bundle) }
        // Found through the test bundle: both are products of one build.
        let arguments = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? String(cString: bundle)
        let built = arguments.split(separator: "/").dropLast().map { "/" + $0 }.joined()
        let name = folder.path.split(separator: "-").last ?? "x"
        program = "\(built)/aggctl-test-\(name)"
        try #require(link("\(built)/aggctl", program) == 0, "aggctl is not built beside \(arguments)")
    }

    deinit {
        if pid > 0 { kill(pid, SIGKILL) }
        unlink(program)
    }

    /// Starts it with files as standard streams: `in` (when there), `out`, `err` in the folder.
    ///
    /// - Parameter wrapper: a command that runs the one that follows it.
    func start(
        _ arguments: [String], user: UInt32 = geteuid(), directory: String = "/", through wrapper: [String] = []
    ) throws {
        var command = ["/usr/bin/env", "--default-signal", "-C", directory, program] + arguments
        command = wrapper + command
        if user != geteuid() {
            command = ["/usr/bin/setpriv", "--reuid=\(user)", "--regid=\(user)", "--clear-groups"] + command
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let input = access("\(folder.path)/in", F_OK) == 0 ? "\(folder.path)/in" : "/dev/null"
        posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "\(folder.path)/out", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, "\(folder.path)/err", O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        let environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LAB_TEST=two\nlines"]
        var started: pid_t = 0
        let code = withCStrings(command) { arguments in
            withCStrings(environment) { posix_spawn(&started, command[0], &actions, nil, arguments, $0) }
        }
        try #require(code == 0)
        pid = started
    }

    /// The process that was started; a wrapper becomes the program.
    var started: pid_t { pid }

    func send(_ signal: Int32) { kill(pid, signal) }

    /// The exit code, 256 + n after signal n; nil when it still runs at the deadline.
    func wait(_ limit: Duration = .seconds(60)) -> Int32? {
        var status: Int32 = 0
        let ended = LabProcess.eventually(limit) { waitpid(self.pid, &status, WNOHANG) == self.pid }
        guard ended else { return nil }
        pid = 0
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 256 + (status & 0x7f)
    }

    /// Command lines of all living processes of this lab; a zombie has none.
    var alive: [String] {
        // The name alone: processes have it behind other paths to the same folder too.
        let name = program.split(separator: "/").last.map { Array($0.utf8) } ?? []
        return LabScratch.names(in: "/proc").compactMap { entry in
            guard let number = Int32(entry), number != getpid(),
                let line = LabDescriptor.contents("/proc/\(number)/cmdline"), line.contains(sequence: name)
            else { return nil }
            return String(decoding: line.map { $0 == 0 ? 0x20 : $0 }, as: UTF8.self)
        }
    }

    /// The scratch folders that the living processes name.
    var scratchFolders: Set<String> {
        Set(
            alive.compactMap { line in
                line.split(separator: " ").first { $0.hasPrefix("uml_dir=") }
                    .map { String($0.dropFirst("uml_dir=".count).dropLast()) }
            })
    }

    static func eventually(_ limit: Duration, _ condition: () -> Bool) -> Bool {
        let deadline = ContinuousClock.now + limit
        while !condition() {
            guard ContinuousClock.now < deadline else { return false }
            usleep(5000)
        }
        return true
    }
}

extension [UInt8] {
    func contains(sequence: [UInt8]) -> Bool {
        guard count >= sequence.count, let first = sequence.first else { return false }
        return indices.dropLast(sequence.count - 1).contains {
            self[$0] == first && self[$0..<($0 + sequence.count)].elementsEqual(sequence)
        }
    }
}
