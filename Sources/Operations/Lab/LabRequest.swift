import Glibc
import Netlink

/// One command to be run in a lab.
package struct LabRequest: Sendable {
    package var kernel: LabKernelChoice = .auto
    /// The command and its arguments, bytes as given.
    package var command: [[UInt8]]
    /// `NAME=VALUE` each.
    package var environment: [[UInt8]]
    package var directory: [UInt8]
    package var topology: String = ""
    /// For boot and command together; nil for no limit.
    package var timeout: Duration?
    /// The guest's memory in MiB.
    package var memory = 512
    /// The program that runs as agent in the guest: aggctl itself.
    package var agent: String
    /// Where the command's streams come from and go to; -1 for none.
    package var input: Int32 = 0
    package var output: Int32 = 1
    package var error: Int32 = 2
    /// What keeps the guest from this machine; nil for what its kernel gets.
    package var wall: LabWall?
    /// What the frames of the guest's agent are sealed with; see `LabFrame`.
    package var secret = UInt64.random(in: .min ... .max)
    /// Takes what the user has to know before the command runs.
    package var note: @Sendable (String) -> Void = { _ in }
    /// Whether signals sent to this process go to the command.
    ///
    /// Only one lab of a process may do so.
    package var forwardsSignals = true

    /// A request with this process's environment, working directory and standard streams.
    ///
    /// - Parameter agent: path of aggctl; nil means the program that is running.
    package init(command: [[UInt8]], agent: String? = nil) {
        self.command = command
        self.agent = agent ?? Caller.program ?? "/proc/self/exe"
        environment = LabRequest.currentEnvironment
        directory = LabRequest.currentDirectory
    }

    private static var currentEnvironment: [[UInt8]] {
        var list: [[UInt8]] = []
        var next = environ
        while let text = next.pointee {
            list.append(bytes(text))
            next += 1
        }
        return list
    }

    private static var currentDirectory: [UInt8] {
        guard let path = getcwd(nil, 0) else { return Array("/".utf8) }
        defer { free(path) }
        return bytes(path)
    }

    static func bytes(_ text: UnsafePointer<CChar>) -> [UInt8] {
        [UInt8](UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }
}

/// How the command in a lab ended.
package enum LabOutcome: Equatable, Sendable {
    case exited(Int32)
    case signalled(Int32)
    case timedOut

    /// The exit code of `aggctl lab run`: the command's own, 128 + n after signal n, 124 after the time limit.
    package var exitCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let number): 128 + number
        case .timedOut: 124
        }
    }
}
