import Glibc

/// A program that runs beside a test, whose end it decides.
final class ChildProcess {
    let process: pid_t
    private let output: Int32

    /// - Parameter environment: added to the test's own.
    init(_ arguments: [String], environment: [String] = []) throws {
        var path = Array("/tmp/aggctl-child-XXXXXX".utf8CString)
        output = mkstemp(&path)
        guard output >= 0 else { throw Missing(what: "scratch file") }
        unlink(path)
        _ = fcntl(output, F_SETFD, FD_CLOEXEC)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, output, 2)
        var strings = (["env"] + environment + arguments).map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var process = pid_t()
        let code = posix_spawnp(&process, "env", &actions, nil, &strings, environ)
        guard code == 0 else { throw Missing(what: "child: \(String(cString: strerror(code)))") }
        self.process = process
    }

    func signal(_ number: Int32) { kill(process, number) }

    /// Waits for the end; a signal gives 128 and its number.
    func wait() -> Program.Outcome {
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let text = outputSoFar
        close(output)
        let code = status & 0x7f == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f)
        return Program.Outcome(code: code, output: text, errors: "")
    }

    /// What it has written by now.
    var outputSoFar: String {
        var state = stat()
        guard fstat(output, &state) == 0 else { return "" }
        let size = Int(state.st_size)
        let bytes = [UInt8](unsafeUninitializedCapacity: max(1, size)) { buffer, count in
            count = max(0, pread(output, buffer.baseAddress, size, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
