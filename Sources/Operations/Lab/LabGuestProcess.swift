import CSystemShims
import Glibc

/// The command in the guest: found, started in a session of its own, with its streams.
struct LabGuestProcess {
    let pid: pid_t
    /// Our ends; -1 when the stream is not one of its own.
    ///
    /// With a terminal, `input` and `output` are both its master.
    let input: Int32
    let output: Int32
    let error: Int32
    let hasTerminal: Bool

    /// - Throws: `.notFound` or `.cannotRun` as a shell would say, `.guest` when the guest itself failed.
    static func start(_ order: LabOrder) throws(LabError) -> LabGuestProcess {
        let directory = order.directory.map { CChar(bitPattern: $0) } + [0]
        guard chdir(directory) == 0 else {
            let name = String(decoding: order.directory, as: UTF8.self)
            throw LabGuestRoot.failure("entering the working directory \(name)")
        }
        let program = try find(order)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }

        var theirs: [Int32] = []
        defer { for descriptor in theirs { close(descriptor) } }
        var input: Int32 = -1
        var output: Int32 = -1
        var error: Int32 = -1
        if order.terminal.contains(.streams) {
            var name = [CChar](repeating: 0, count: 128)
            input = aggctl_lab_open_terminal(&name, name.count)
            guard input >= 0 else { throw LabGuestRoot.failure("opening a terminal", -input) }
            aggctl_lab_set_window(input, order.rows, order.columns)
            output = input
            // The first terminal that a session leader opens becomes its own.
            posix_spawn_file_actions_addopen(&actions, 0, &name, O_RDWR, 0)
            posix_spawn_file_actions_adddup2(&actions, 0, 1)
            if order.terminal.contains(.error) { posix_spawn_file_actions_adddup2(&actions, 0, 2) }
        } else {
            let (inputPipe, outputPipe) = (try LabDescriptor.pipe(), try LabDescriptor.pipe())
            (input, output) = (inputPipe.write, outputPipe.read)
            theirs += [inputPipe.read, outputPipe.write]
            posix_spawn_file_actions_adddup2(&actions, inputPipe.read, 0)
            posix_spawn_file_actions_adddup2(&actions, outputPipe.write, 1)
        }
        if !order.terminal.contains(.error) {
            let pipe = try LabDescriptor.pipe()
            error = pipe.read
            theirs.append(pipe.write)
            posix_spawn_file_actions_adddup2(&actions, pipe.write, 2)
        }
        aggctl_lab_close_from(&actions, 3)
        LabDescriptor.setNonBlocking(input)
        let pid = try spawn(program, order, &actions)
        return LabGuestProcess(
            pid: pid, input: input, output: output, error: error, hasTerminal: order.terminal.contains(.streams))
    }

    /// Runs a program of the guest's own set-up and waits; what it prints goes to the kernel's log.
    ///
    /// - Returns: its exit code, 128 + n after signal n.
    static func run(_ command: [String]) throws(LabError) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        aggctl_lab_close_from(&actions, 3)
        let order = LabOrder(
            command: command.map { Array($0.utf8) },
            environment: [Array("PATH=/usr/sbin:/usr/bin:/sbin:/bin".utf8)], directory: [])
        let pid = try spawn(command[0], order, &actions)
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            guard errno == EINTR else { throw LabGuestRoot.failure("waiting for \(command[0])") }
        }
        return status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
    }

    private static func spawn(
        _ program: String, _ order: LabOrder, _ actions: inout posix_spawn_file_actions_t
    ) throws(LabError) -> pid_t {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        aggctl_lab_own_session(&attributes)
        var pid: pid_t = 0
        let error = withCStrings(order.environment) { environment in
            let error = withCStrings(order.command) { arguments in
                posix_spawn(&pid, program, &actions, &attributes, arguments, environment)
            }
            guard error == ENOEXEC else { return error }
            // A script without an interpreter line runs in the shell, as it does everywhere.
            let script = [Array("sh".utf8), Array(program.utf8)] + order.command.dropFirst()
            return withCStrings(script) { posix_spawn(&pid, "/bin/sh", &actions, &attributes, $0, environment) }
        }
        guard error == 0 else {
            let kind: LabError.Kind = error == ENOENT ? .notFound : .cannotRun
            throw LabError(kind, "\(program): \(String(cString: strerror(error)))")
        }
        return pid
    }

    /// The program's path by the rules of `PATH` of the command's own environment.
    private static func find(_ order: LabOrder) throws(LabError) -> String {
        let name = String(decoding: order.command[0], as: UTF8.self)
        if name.utf8.contains(0x2f) { return name }
        let prefix = Array("PATH=".utf8)
        let path = order.environment.last { $0.starts(with: prefix) }.map { $0.dropFirst(prefix.count) }
        let folders = path.map { String(decoding: $0, as: UTF8.self) } ?? "/usr/sbin:/usr/bin:/sbin:/bin"
        var denied = false
        for folder in folders.split(separator: ":", omittingEmptySubsequences: false) {
            let candidate = folder.isEmpty ? name : "\(folder)/\(name)"
            var found = stat()
            guard stat(candidate, &found) == 0, found.st_mode & S_IFMT == S_IFREG else { continue }
            if access(candidate, X_OK) == 0 { return candidate }
            denied = true
        }
        if denied { throw LabError(.cannotRun, "\(name): Permission denied") }
        throw LabError(.notFound, "\(name): command not found")
    }
}
