import AggctlCommands
import Aggregation
import Synchronization
import SystemPackage

/// One command, run in this process, with all that it wrote.
struct CommandRun {
    let arguments: [String]
    let output: String
    let errors: String
    let code: Int32

    /// - Parameters:
    ///   - state: what the driver sees; nil when there is no driver.
    ///   - facts: what is known of the host.
    ///   - typed: what is answered, line by line, on a terminal; nil when nobody is there.
    ///   - outputError: why standard output takes nothing.
    init(
        _ arguments: [String], state: HostState? = nil, isTerminal: Bool = false, variables: [String: String] = [:],
        profileFolders: [String] = [], facts: HostFacts = twoPorts, typed: [String]? = nil,
        outputError: Errno? = nil
    ) async {
        let output = MemorySink(isTerminal: isTerminal, error: outputError)
        let errors = MemorySink(isTerminal: isTerminal)
        let surroundings = Surroundings(
            output: output, errors: errors, input: TypedInput(typed), variables: variables,
            profileFolders: profileFolders,
            openSession: { _ in
                guard let state else {
                    throw DriverError(
                        .unavailable, operation: "open the driver", subject: "here", text: "there is none")
                }
                return Session(driver: RecordedDriver(state: state))
            }, readFacts: { _, _ in facts })
        code = await Aggctl.run(arguments: arguments, in: surroundings)
        self.arguments = arguments
        self.output = output.text
        self.errors = errors.text
    }

    /// A host of which nothing is known but two ports.
    static let twoPorts: HostFacts = {
        var facts = HostFacts()
        facts.ports = ["eth0", "eth1"].map { HostFacts.Port(name: $0) }
        return facts
    }()

    /// As a terminal would have shown it.
    var transcript: String {
        var text = (["$ aggctl"] + arguments).joined(separator: " ") + "\n" + output
        if !errors.isEmpty { text += "-- standard error --\n" + errors }
        return text + "-- exit \(code) --\n"
    }
}

/// Lines that somebody types, or nobody.
final class TypedInput: InputSource {
    let isTerminal: Bool
    private let lines: Mutex<[String]>

    init(_ lines: [String]?) {
        isTerminal = lines != nil
        self.lines = Mutex(lines ?? [])
    }

    func line() -> String? { lines.withLock { $0.isEmpty ? nil : $0.removeFirst() } }
}

/// Keeps what is written.
final class MemorySink: OutputSink {
    let isTerminal: Bool
    let columns: Int? = 80
    private let error: Errno?
    private let bytes = Mutex<[UInt8]>([])

    init(isTerminal: Bool, error: Errno? = nil) {
        self.isTerminal = isTerminal
        self.error = error
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }

    func write(_ new: [UInt8]) throws(Errno) {
        if let error { throw error }
        bytes.withLock { $0 += new }
    }
}

/// A state that was recorded, in place of a kernel: what is tested here is how it is judged and shown.
struct RecordedDriver: AggregateDriver {
    let state: HostState

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState { state }

    func perform(_ step: Step) async throws(DriverError) {
        throw DriverError(.refused, operation: "perform a step", subject: "a recorded state", text: "it is read only")
    }
}
