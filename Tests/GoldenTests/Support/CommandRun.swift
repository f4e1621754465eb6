import AggctlCommands
import Aggregation
import FoundationEssentials
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
    ///   - driver: in place of one that sees the state and refuses every step.
    ///   - facts: what is known of the host.
    ///   - typed: what is answered, line by line, on a terminal; nil when nobody is there.
    ///   - outputError: why standard output takes nothing.
    ///   - stateDirectory: where records of changes are; a new one when it is nil.
    init(
        _ arguments: [String], state: HostState? = nil, driver: (any AggregateDriver)? = nil, isTerminal: Bool = false,
        variables: [String: String] = [:],
        profileFolders: [String] = [], facts: HostFacts = twoPorts, typed: [String]? = nil,
        outputError: Errno? = nil, stateDirectory: String? = nil
    ) async {
        let output = MemorySink(isTerminal: isTerminal, error: outputError)
        let errors = MemorySink(isTerminal: isTerminal)
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "aggctl-unit-" + String(UInt64.random(in: .min ... .max), radix: 36))
        let surroundings = Surroundings(
            output: output, errors: errors, input: TypedInput(typed), variables: variables,
            profileFolders: profileFolders, stateDirectory: stateDirectory ?? directory.path,
            openSession: { _ in
                guard let driver = driver ?? state.map({ RecordedDriver(state: $0) }) else {
                    throw DriverError(
                        .unavailable, operation: "open the driver", subject: "here", text: "there is none")
                }
                return Session(driver: driver)
            }, readFacts: { _, _ in facts })
        code = await Aggctl.run(arguments: arguments, in: surroundings)
        try? FileManager.default.removeItem(at: directory)
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
final class RecordedDriver: AggregateDriver {
    let state: HostState
    private let asked = Mutex<[Step]>([])

    init(state: HostState) { self.state = state }

    /// The steps that it was asked for, all of which it refused.
    var refused: [Step] { asked.withLock { $0 } }

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState { state }

    func foreignDependants() async -> ForeignDependants { state.foreign ?? ForeignDependants() }

    func hearPartners(at ports: [Int32], for time: Duration) async -> Set<Int32> { state.heardPartners ?? [] }

    func perform(_ step: Step) async throws(DriverError) {
        asked.withLock { $0.append(step) }
        throw DriverError(.refused, operation: "perform a step", subject: "a recorded state", text: "it is read only")
    }
}
