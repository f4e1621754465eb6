import CSystemShims
import Glibc

/// The agent: the first process of the guest.
///
/// It makes the guest ready, runs the command and carries its streams.
package struct LabGuest {
    package enum Place: String, Sendable {
        /// The first process of a user-mode kernel; the line is its first serial one.
        case userMode = "uml"
        /// The first process of fresh namespaces; the line is descriptor 3.
        case namespaces = "host"
    }

    /// How long what others still write is waited for after the command has ended.
    private static let lateOutput = Duration.milliseconds(300)

    private let channel: Int32
    private var secret: UInt64 = 0
    private var decoder = LabFrameDecoder()
    private var toInput = LabByteQueue()
    private var inputEnds = false
    private var input: Int32 = -1
    private var inputCredit = 0
    private var pipes: [(stream: LabFrame.Stream, descriptor: Int32, credit: Int)] = []
    private let children: (read: Int32, write: Int32)
    private var services: LabGuestServices?

    /// The arguments of this process without its name, when it is the first of a kernel or of namespaces.
    ///
    /// Mounts /proc where there is none. A user-mode kernel shows the host's /proc as ordinary files, so what is asked
    /// is the kind of file system; in fresh namespaces the old one is there and does not know this process.
    package static func firstProcessArguments() -> [String]? {
        var system = statfs()
        let procMagic = 0x9fa0
        if statfs("/proc", &system) != 0 || Int(system.f_type) != procMagic || access("/proc/self", F_OK) != 0 {
            mount("none", "/", nil, UInt(MS_REC | MS_PRIVATE), nil)
            mount("proc", "/proc", "proc", 0, nil)
        }
        guard let bytes = LabDescriptor.contents("/proc/self/cmdline") else { return nil }
        return bytes.split(separator: 0, omittingEmptySubsequences: false).dropFirst().dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }

    /// Serves one command; the guest has no further use when this returns.
    package static func serve(_ place: Place) async throws(LabError) -> Never {
        if place == .userMode { try LabGuestRoot.prepareUserMode() }
        let channel = place == .userMode ? try openLine() : 3
        _ = fcntl(channel, F_SETFD, FD_CLOEXEC)
        var guest = LabGuest(channel: channel, children: try LabDescriptor.pipe())
        do throws(LabError) {
            try guest.send(LabFrame(.hello))
            let frame = try guest.nextFrame()
            guard frame.kind == .start else { throw LabError(.damaged, "A \(frame.kind) frame came before the order.") }
            let order = try LabOrder(decoding: frame.payload)
            guest.secret = order.secret
            try await guest.run(order)
        } catch {
            try? guest.send(LabFrame(.failed, payload: [UInt8(error.exitCode)] + Array(error.description.utf8)))
        }
        // The host ends the kernel; an agent that returned would make it panic first.
        while true { pause() }
    }

    private init(channel: Int32, children: (read: Int32, write: Int32)) {
        self.channel = channel
        self.children = children
    }

    private static func openLine() throws(LabError) -> Int32 {
        let line = open("/dev/ttyS0", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard line >= 0, LabTerminal(raw: line) != nil else { throw LabGuestRoot.failure("opening /dev/ttyS0") }
        return line
    }

    private func send(_ frame: LabFrame) throws(LabError) {
        try LabDescriptor.writeAll(channel, frame.encoded(sealedWith: secret))
    }

    private mutating func nextFrame() throws(LabError) -> LabFrame {
        while true {
            if let frame = try decoder.next() { return frame }
            try takeBytes()
        }
    }

    private mutating func takeBytes() throws(LabError) {
        guard let bytes = try LabDescriptor.read(channel, limit: 65536) else {
            throw LabError(.lost, "The host closed the line.")
        }
        decoder.append(bytes)
        if !bytes.isEmpty { try send(.taken(bytes.count)) }
    }

    private mutating func run(_ order: LabOrder) async throws(LabError) {
        LabDescriptor.setNonBlocking(children.read)
        LabDescriptor.setNonBlocking(children.write)
        try LabGuestRoot.build(modules: order.modules)
        services = LabGuestServices.start()
        if !order.topology.isEmpty { try await LabTopologyBuilder.build(LabTopology(order.topology)) }
        let watched = [SIGCHLD]
        aggctl_lab_watch_signals(children.write, watched, 1)
        signal(SIGPIPE, SIG_IGN)

        let command = try LabGuestProcess.start(order)
        input = command.input
        pipes.append((.output, command.output, LabFrame.outputWindow))
        if command.error >= 0 { pipes.append((.error, command.error, LabFrame.outputWindow)) }
        try send(LabFrame(.running))
        try serve(command)
    }

    private mutating func serve(_ command: LabGuestProcess) throws(LabError) {
        var status: Int32?
        var deadline: ContinuousClock.Instant?
        while true {
            var poll = LabPoll()
            poll.wait(for: POLLIN, on: channel)
            poll.wait(for: POLLIN, on: children.read)
            if let listener = services?.listener { poll.wait(for: POLLIN, on: listener) }
            for pipe in pipes where pipe.credit > 0 { poll.wait(for: POLLIN, on: pipe.descriptor) }
            if !toInput.isEmpty { poll.wait(for: POLLOUT, on: input) }
            poll.run(until: deadline)

            if poll.canRead(channel) { try takeFrames(command) }
            if let listener = services?.listener, poll.canRead(listener) { services?.startBus() }
            if poll.canWrite(input) || (toInput.isEmpty && inputEnds) { try feedInput(command) }
            let moved = try takeOutput(poll)
            if let ended = reap(command.pid) {
                status = ended
                deadline = ContinuousClock.now + LabGuest.lateOutput
            }
            guard let status, let until = deadline else { continue }
            // All that the command wrote is in the pipes by now; others may still hold them open.
            if pipes.isEmpty || (!moved && ContinuousClock.now >= until && pipes.allSatisfy { $0.credit > 0 }) {
                let signal = status & 0x7f
                let code = signal == 0 ? (status >> 8) & 0xff : signal
                return try send(LabFrame(.ended, payload: [signal == 0 ? 0 : 1, UInt8(truncatingIfNeeded: code)]))
            }
        }
    }

    private mutating func takeFrames(_ command: LabGuestProcess) throws(LabError) {
        try takeBytes()
        while let frame = try decoder.next() {
            switch frame.kind {
            case .data:
                if input >= 0 { toInput.append(frame.payload) }
            case .end where frame.stream == .input:
                inputEnds = true
            case .end:
                close(frame.stream)
            case .credit:
                for index in pipes.indices where pipes[index].stream == frame.stream {
                    pipes[index].credit += Int(frame.number ?? 0)
                }
            case .signal:
                guard let number = frame.payload.first else { break }
                kill(-command.pid, Int32(number))
            case .window:
                guard command.hasTerminal, let size = frame.number else { break }
                aggctl_lab_set_window(
                    command.input, UInt16(truncatingIfNeeded: size), UInt16(truncatingIfNeeded: size >> 16))
            default: throw LabError(.damaged, "The host sent a \(frame.kind) frame that makes no sense here.")
            }
        }
    }

    private mutating func feedInput(_ command: LabGuestProcess) throws(LabError) {
        guard input >= 0 else { return }
        if !toInput.isEmpty {
            let written = toInput.write(to: input, limit: toInput.count)
            if written > 0 {
                inputCredit += written
            } else if written == -Int(EPIPE) || written == -Int(EIO) {
                // Nobody reads it any more; without credit the host stops reading it too.
                toInput.drop(toInput.count)
                if !command.hasTerminal { Glibc.close(input) }
                input = -1
                return
            }
        }
        if inputCredit >= LabFrame.inputWindow / 4 || (toInput.isEmpty && inputCredit > 0) {
            try send(.credit(inputCredit, .input))
            inputCredit = 0
        }
        if inputEnds, toInput.isEmpty {
            inputEnds = false
            if command.hasTerminal {
                toInput.append([4])  // end of transmission: what a terminal's user would type
            } else {
                Glibc.close(input)
                input = -1
            }
        }
    }

    /// - Returns: whether anything was there.
    private mutating func takeOutput(_ poll: LabPoll) throws(LabError) -> Bool {
        var moved = false
        for (stream, descriptor, credit) in pipes where credit > 0 && poll.canRead(descriptor) {
            guard let bytes = try LabDescriptor.read(descriptor, limit: min(credit, LabFrame.chunk)) else {
                close(stream)
                continue
            }
            guard !bytes.isEmpty else { continue }
            moved = true
            for index in pipes.indices where pipes[index].stream == stream { pipes[index].credit -= bytes.count }
            try send(LabFrame(.data, stream: stream, payload: bytes))
        }
        return moved
    }

    private mutating func close(_ stream: LabFrame.Stream) {
        for pipe in pipes where pipe.stream == stream {
            if pipe.descriptor == input { input = -1 }
            Glibc.close(pipe.descriptor)
        }
        pipes.removeAll { $0.stream == stream }
    }

    /// Buries every ended child; the first process inherits all orphans.
    ///
    /// - Returns: the command's wait status when it was among them.
    private func reap(_ command: pid_t) -> Int32? {
        guard let bytes = try? LabDescriptor.read(children.read, limit: 256), !bytes.isEmpty else { return nil }
        var result: Int32?
        var status: Int32 = 0
        while true {
            let pid = waitpid(-1, &status, WNOHANG)
            if pid <= 0 { return result }
            if pid == command { result = status }
        }
    }
}
