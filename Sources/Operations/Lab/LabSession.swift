import CSystemShims
import Glibc

/// Runs one command in a lab: the host's side of the line.
///
/// One loop moves everything; nothing in it waits on a single descriptor, so a slow reader, an endless writer or a
/// silent kernel cannot keep a signal or the time limit from being served. The guest sends no more of a stream than
/// this side has room for, and the other way round.
package struct LabSession {
    /// How long a kernel may take to its first process.
    static let bootLimit = Duration.seconds(60)
    /// How long a command may live after the time limit or a forwarded signal.
    static let grace = Duration.seconds(5)
    static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH]

    private enum Phase: Equatable {
        case booting
        case settingUp
        case running
        case ended(LabOutcome)
    }

    private let request: LabRequest
    private let kernel: LabKernel
    private let machine: LabMachine
    private let signalPipe: (read: Int32, write: Int32)
    private let interactive: Bool

    private var phase = Phase.booting
    private var decoder: LabFrameDecoder
    private var toGuest = LabByteQueue()
    private var log: [UInt8] = []
    private var lineCredit = LabFrame.lineWindow
    private var inputCredit = LabFrame.inputWindow
    private var inputOpen: Bool
    private let output: Sink
    private let error: Sink
    private let timeLimit: ContinuousClock.Instant?
    /// Set once the command has been told to end: when patience ends, and what to report then.
    private var ending: (deadline: ContinuousClock.Instant, outcome: LabOutcome)?
    private let bootDeadline: ContinuousClock.Instant

    /// Runs the command and waits for its end; blocks the calling thread.
    ///
    /// - Throws: `LabError` when the command could not be run to its end; nothing of the lab is left then.
    package static func run(_ request: LabRequest) throws(LabError) -> LabOutcome {
        guard !request.command.isEmpty else { throw LabError(.notFound, "No command was given.") }
        signal(SIGPIPE, SIG_IGN)
        if !request.topology.isEmpty { _ = try LabTopology(request.topology) }
        let kernel = try LabKernel.resolve(request.kernel)
        let signalPipe = try LabDescriptor.pipe()
        LabDescriptor.setNonBlocking(signalPipe.read)
        LabDescriptor.setNonBlocking(signalPipe.write)
        if request.forwardsSignals { aggctl_lab_watch_signals(signalPipe.write, signals, Int32(signals.count)) }
        defer {
            if request.forwardsSignals { aggctl_lab_watch_signals(-1, signals, Int32(signals.count)) }
            close(signalPipe.read)
            close(signalPipe.write)
        }
        let started = ContinuousClock.now
        let machine = try LabMachine.start(request, kernel)
        defer { machine.stop() }
        if let warning = LabWall.warning(machine.held, in: kernel) { request.note(warning) }
        var session = LabSession(request, kernel, machine, signalPipe, started)
        let terminal = session.interactive ? LabTerminal(raw: request.input) : nil
        defer { terminal?.restore() }
        return try session.loop()
    }

    private init(
        _ request: LabRequest, _ kernel: LabKernel, _ machine: LabMachine, _ signalPipe: (read: Int32, write: Int32),
        _ started: ContinuousClock.Instant
    ) {
        self.request = request
        self.kernel = kernel
        self.machine = machine
        self.signalPipe = signalPipe
        decoder = LabFrameDecoder(secret: request.secret, longest: LabFrame.longestAnswer)
        interactive = isatty(request.input) == 1 && isatty(request.output) == 1
        inputOpen = request.input >= 0
        output = Sink(descriptor: request.output, stream: .output)
        error = Sink(descriptor: request.error, stream: .error)
        timeLimit = request.timeout.map { started + $0 }
        bootDeadline = started + LabSession.bootLimit
    }

    private var deadline: ContinuousClock.Instant? {
        var all: [ContinuousClock.Instant] = []
        if phase == .booting { all.append(bootDeadline) }
        if let ending { all.append(ending.deadline) } else if let timeLimit { all.append(timeLimit) }
        return all.min()
    }

    private mutating func loop() throws(LabError) -> LabOutcome {
        while true {
            var poll = LabPoll()
            poll.wait(for: POLLIN | (toGuest.isEmpty || lineCredit <= 0 ? 0 : POLLOUT), on: machine.channel)
            poll.wait(for: POLLIN, on: machine.log)
            poll.wait(for: POLLIN, on: signalPipe.read)
            let takesInput = phase == .running && inputOpen && inputCredit > 0 && toGuest.isEmpty
            if takesInput { poll.wait(for: POLLIN, on: request.input) }
            if !output.waiting.isEmpty { poll.wait(for: POLLOUT, on: output.descriptor) }
            if !error.waiting.isEmpty { poll.wait(for: POLLOUT, on: error.descriptor) }
            poll.run(until: deadline)

            takeLog()
            try takeSignals()
            if poll.canRead(machine.channel) { try takeFrames() }
            if takesInput, poll.canRead(request.input) { takeInput() }
            if poll.canWrite(output.descriptor) { flush(output) }
            if poll.canWrite(error.descriptor) { flush(error) }
            if !toGuest.isEmpty, lineCredit > 0 {
                lineCredit -= max(0, toGuest.write(to: machine.channel, limit: lineCredit))
            }

            if case .ended(let outcome) = phase, output.waiting.isEmpty, error.waiting.isEmpty {
                return ending?.outcome == .timedOut ? .timedOut : outcome
            }
            if let outcome = try expired() { return outcome }
        }
    }

    private mutating func expired() throws(LabError) -> LabOutcome? {
        let now = ContinuousClock.now
        if let ending {
            return now >= ending.deadline ? ending.outcome : nil
        }
        if let timeLimit, now >= timeLimit {
            guard phase == .running else { return .timedOut }
            send(LabFrame(.signal, payload: [UInt8(SIGTERM)]))
            ending = (now + .seconds(1), .timedOut)
        }
        if phase == .booting, now >= bootDeadline {
            throw failure(.bootFailed, "did not reach its first process within \(LabSession.bootLimit)")
        }
        return nil
    }

    private mutating func send(_ frame: LabFrame) {
        toGuest.append(frame.encoded)
    }

    // MARK: - From the guest

    private mutating func takeFrames() throws(LabError) {
        guard let bytes = try LabDescriptor.read(machine.channel, limit: 65536) else {
            if case .ended = phase { return }
            let stage = phase == .running ? "ended while the command ran" : "ended before the command ran"
            throw failure(phase == .running ? .lost : .bootFailed, stage)
        }
        decoder.append(bytes)
        while let frame = try decoder.next() { try take(frame) }
    }

    private mutating func take(_ frame: LabFrame) throws(LabError) {
        switch frame.kind {
        case .hello where phase == .booting:
            phase = .settingUp
            send(LabFrame(.start, payload: order.encoded))
        case .running where phase == .settingUp:
            phase = .running
            if !inputOpen { endInput() }
        case .data where frame.stream == .output: try take(frame.payload, for: output)
        case .data where frame.stream == .error: try take(frame.payload, for: error)
        // No more than was ever promised: what the guest says may not make this side keep more.
        case .taken:
            lineCredit = min(LabFrame.lineWindow, lineCredit + Int(frame.number ?? 0))
        case .credit:
            inputCredit = min(LabFrame.inputWindow, inputCredit + Int(frame.number ?? 0))
        case .end:
            inputOpen = false
        case .ended where frame.payload.count == 2 && phase == .running:
            let value = Int32(frame.payload[1])
            phase = .ended(frame.payload[0] == 0 ? .exited(value) : .signalled(value))
        case .failed:
            let words = String(decoding: frame.payload.dropFirst(), as: UTF8.self)
            switch frame.payload.first {
            case 126: throw LabError(.cannotRun, words)
            case 127: throw LabError(.notFound, words)
            default: throw LabError(.guest, words)
            }
        default:
            throw LabError(.damaged, "The lab kernel sent a \(frame.kind) frame that makes no sense here.")
        }
    }

    private var order: LabOrder {
        var order = LabOrder(
            command: request.command, environment: request.environment, directory: request.directory,
            topology: request.topology, secret: request.secret)
        if case .userMode(_, let modules) = kernel { order.modules = modules }
        if interactive {
            order.terminal = isatty(request.error) == 1 ? [.streams, .error] : .streams
            if let window = LabTerminal.window(request.input) { (order.rows, order.columns) = window }
        }
        return order
    }

    // MARK: - The user's streams

    /// What waits for one of the user's descriptors.
    private final class Sink {
        let descriptor: Int32
        let stream: LabFrame.Stream
        var waiting = LabByteQueue()
        /// How many bytes more the guest may send.
        var window = LabFrame.outputWindow
        var taken = 0
        var closed = false

        init(descriptor: Int32, stream: LabFrame.Stream) {
            self.descriptor = descriptor
            self.stream = stream
        }
    }

    private mutating func take(_ bytes: [UInt8], for sink: Sink) throws(LabError) {
        guard bytes.count <= sink.window else {
            throw LabError(.damaged, "The lab kernel sent more of its \(sink.stream) than there was room for.")
        }
        sink.window -= bytes.count
        sink.waiting.append(bytes)
        flush(sink)
    }

    /// Writes no more than a pipe takes without waiting, since the user's descriptor may not be made non-blocking.
    private mutating func flush(_ sink: Sink) {
        while !sink.waiting.isEmpty {
            var ready = LabPoll()
            ready.wait(for: POLLOUT, on: sink.descriptor)
            ready.run(until: ContinuousClock.now)
            guard sink.descriptor < 0 || ready.canWrite(sink.descriptor) else { break }
            let written = sink.closed ? -Int(EPIPE) : sink.waiting.write(to: sink.descriptor, limit: 4096)
            if written >= 0 {
                sink.taken += written
            } else if written != -Int(EAGAIN), written != -Int(EINTR) {
                if !sink.closed { send(LabFrame(.end, stream: sink.stream)) }
                sink.closed = true
                sink.waiting.drop(sink.waiting.count)
            } else {
                break
            }
        }
        if sink.taken >= LabFrame.outputWindow / 4 || (sink.waiting.isEmpty && sink.taken >= LabFrame.chunk) {
            send(.credit(sink.taken, sink.stream))
            sink.window += sink.taken
            sink.taken = 0
        }
    }

    private mutating func takeInput() {
        do {
            guard let bytes = try LabDescriptor.read(request.input, limit: min(inputCredit, LabFrame.chunk)) else {
                return endInput()
            }
            guard !bytes.isEmpty else { return }
            inputCredit -= bytes.count
            send(LabFrame(.data, stream: .input, payload: bytes))
        } catch {
            endInput()
        }
    }

    private mutating func endInput() {
        inputOpen = false
        send(LabFrame(.end, stream: .input))
    }

    // MARK: - Signals and the kernel's own words

    private mutating func takeSignals() throws(LabError) {
        for byte in (try? LabDescriptor.read(signalPipe.read, limit: 64)) ?? [] {
            let number = Int32(byte)
            if number == SIGWINCH {
                guard interactive, let window = LabTerminal.window(request.input) else { continue }
                send(.window(rows: window.rows, columns: window.columns))
                continue
            }
            let outcome = LabOutcome.signalled(number)
            guard phase == .running, ending == nil else {
                ending = (ContinuousClock.now, outcome)
                continue
            }
            send(LabFrame(.signal, payload: [byte]))
            ending = (ContinuousClock.now + LabSession.grace, outcome)
        }
    }

    private mutating func takeLog() {
        guard let bytes = try? LabDescriptor.read(machine.log, limit: 65536), !bytes.isEmpty else { return }
        log += bytes
        if log.count > 65536 { log.removeFirst(log.count - 32768) }
    }

    private mutating func failure(_ kind: LabError.Kind, _ what: String) -> LabError {
        takeLog()
        let lines = String(decoding: log, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix(" ") }.suffix(12)  // without the addresses of a call trace
        let said = lines.isEmpty ? "It said nothing." : "It said last:\n  " + lines.joined(separator: "\n  ")
        let name =
            switch kernel {
            case .userMode(let program, _): "The lab kernel \(program)"
            case .running: "The lab's agent \(request.agent)"
            }
        return LabError(kind, "\(name) \(what). \(said)")
    }
}
