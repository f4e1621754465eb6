import AggctlCommands
import Aggregation
import Glibc
import Netlink
import Synchronization
import SystemPackage

/// `aggctl` as it is built, or run in this process with another driver put in.
enum Program {
    /// What a command said and how it ended.
    struct Outcome: CustomStringConvertible {
        let code: Int32
        let output: String
        let errors: String

        var description: String { "exit \(code)\n\(output)\(errors)" }
    }

    /// The program beside the test bundle.
    static var path: String {
        let own = (try? FilePath("/proc/self/exe").resolved()) ?? ".build/tests/release/x"
        return FilePath(own).removingLastComponent().appending("aggctl").string
    }
}

extension FilePath {
    fileprivate func resolved() throws -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let capacity = buffer.count
        let count = buffer.withUnsafeMutableBytes { bytes in
            bytes.baseAddress.map { readlink(string, $0, capacity) } ?? -1
        }
        guard count > 0 else { throw Errno(rawValue: errno) }
        return String(decoding: buffer.prefix(count), as: UTF8.self)
    }
}

extension KernelFixture {
    /// A directory for what one test's commands remember, so that tests beside each other do not keep each other out.
    var stateDirectory: String { "/tmp/\(name)-state" }

    /// Runs a command in this process, inside the namespace.
    ///
    /// - Parameters:
    ///   - driver: what carries steps out; the fixture's own when it is nil.
    ///   - profiles: folders whose files take the place of built-in ones.
    func aggctl(
        _ arguments: [String], driver: (any AggregateDriver)? = nil, profiles: [String] = []
    ) async -> Program.Outcome {
        let output = Collected()
        let errors = Collected()
        let driver = driver ?? self.driver
        let surroundings = Surroundings(
            output: output, errors: errors, profileFolders: profiles, stateDirectory: stateDirectory
        ) {
            [namespace, name] _ in
            Session(namespace: namespace, namespaceName: name, driver: driver)
        }
        let code = await Aggctl.run(arguments: arguments, in: surroundings)
        return Program.Outcome(code: code, output: output.text, errors: errors.text)
    }

    /// The same for a command line without quoting.
    @discardableResult
    func aggctl(
        _ line: String, driver: (any AggregateDriver)? = nil, profiles: [String] = []
    ) async -> Program.Outcome {
        await aggctl(line.split(separator: " ").map(String.init), driver: driver, profiles: profiles)
    }

    /// Runs a command that has to succeed, however long a busy machine takes.
    func require(_ line: String) async throws {
        let outcome = await aggctl(line.patient)
        guard outcome.code == 0 else { throw Missing(what: "success of \(line): \(outcome)") }
    }

    /// A file for a command to read.
    func file(_ text: String) throws -> String {
        let path = "/tmp/\(name)-\(UInt32.random(in: .min ... .max)).yaml"
        let file = try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(Array(text.utf8)) }
        atEnd { unlink(path) }
        return path
    }
}

extension String {
    /// The same command, waiting for what comes in the end: the usual five seconds are for people.
    var patient: String {
        let waits = ["create ", "apply ", "set ", "port ", "repair "].contains(where: hasPrefix)
        let isAnswered = ["wait", "--down", "--dry-run"].contains(where: contains)
        return waits && !isAnswered ? self + " --wait 60s" : self
    }
}

/// Keeps what a command writes.
final class Collected: OutputSink {
    let isTerminal = false
    let columns: Int? = nil
    private let bytes = Mutex<[UInt8]>([])

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ new: [UInt8]) throws(Errno) { bytes.withLock { $0 += new } }
}

/// The real driver, which counts what it is asked to do and can be told to refuse one step.
final class RefusingDriver: AggregateDriver {
    private struct State {
        var performed: [Step] = []
        var hasRefused = false
    }

    private let real: any AggregateDriver
    private let refused: Int?
    private let refusesVerification: Bool
    private let state = Mutex(State())

    /// - Parameters:
    ///   - refused: the number of the step, from 1, that fails; none when it is nil.
    ///   - refusesVerification: the reading after the last step fails.
    init(
        _ real: any AggregateDriver, refusing refused: Int? = nil,
        refusingVerification refusesVerification: Bool = false
    ) {
        self.real = real
        self.refused = refused
        self.refusesVerification = refusesVerification
    }

    /// What it was asked to do, refused steps included.
    var performed: [Step] { state.withLock { $0.performed } }
    /// It has come to the step that was to fail.
    var hasRefused: Bool { state.withLock { $0.hasRefused } }

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState {
        if refusesVerification, scope == .verification {
            throw DriverError(.refused, operation: "read the host", subject: "test", text: "injected")
        }
        return try await real.observe(scope)
    }

    func foreignDependants() async -> ForeignDependants { await real.foreignDependants() }

    func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting] {
        try await real.settings(of: devices)
    }

    func perform(_ step: Step) async throws(DriverError) {
        let refuses = state.withLock { state in
            state.performed.append(step)
            guard state.performed.count == refused else { return false }
            state.hasRefused = true
            return true
        }
        if refuses { throw DriverError(.refused, operation: step.summary(.shared), subject: "test", text: "injected") }
        try await real.perform(step)
    }
}
