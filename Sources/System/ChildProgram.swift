internal import CSystemShims
internal import Glibc
package import SystemPackage

/// A program that is run: with an environment, a folder and descriptors that are not its caller's.
package struct ChildProgram: Sendable {
    /// Its path: nothing is looked for.
    package var path: String
    package var arguments: [String]
    /// What it writes goes there; nowhere when it is nil.
    package var output: FileDescriptor?
    /// It goes on when the terminal that we were started from goes away.
    package var isDetached = false

    /// POSIX_SPAWN_SETSID (spawn.h), which hides behind _GNU_SOURCE.
    private static let setSession: Int16 = 0x80
    private static let environment = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"

    package init(_ path: String, _ arguments: [String], output: FileDescriptor? = nil, isDetached: Bool = false) {
        (self.path, self.arguments, self.output, self.isDetached) = (path, arguments, output, isDetached)
    }

    /// Starts it.
    ///
    /// - Returns: the number of the process, for which somebody has to wait.
    package func start() throws(Errno) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        if let output {
            posix_spawn_file_actions_adddup2(&actions, output.rawValue, 1)
        } else {
            posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let code = aggctl_spawn_detached(&actions)
        guard code == 0 else { throw Errno(rawValue: -code) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // Signals that we ignore while something changes would stay ignored.
        var all = sigset_t()
        sigfillset(&all)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        let flags = Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)
        posix_spawnattr_setflags(&attributes, isDetached ? flags | Self.setSession : flags)
        var strings = ([path] + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [strdup(Self.environment), nil]
        defer { free(environment[0]) }
        var process = pid_t()
        let result = posix_spawn(&process, path, &actions, &attributes, &strings, &environment)
        guard result == 0 else { throw Errno(rawValue: result) }
        return process
    }

    /// Runs it to its end.
    package func run() throws(Errno) {
        let process = try start()
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
    }
}
