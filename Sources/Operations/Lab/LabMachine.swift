import CSystemShims
import Glibc

/// A started kernel with the agent in it: the line to it, what it prints itself, and its guard.
struct LabMachine {
    /// Both ways; never blocks.
    let channel: Int32
    /// What the kernel prints; never blocks.
    let log: Int32
    /// What keeps it from this machine.
    let held: LabWall.Layers
    private let lifeline: Int32
    private let guardian: pid_t
    private let scratch: LabScratch

    /// - Throws: `LabError` when there is no room or the program cannot be started.
    static func start(_ request: LabRequest, _ kernel: LabKernel) throws(LabError) -> LabMachine {
        let temporary = getenv("TMPDIR").map { String(cString: $0) }
        let candidates = LabScratch.candidates(temporary)
        LabScratch.sweep(candidates)
        let room = kernel == .running ? 1 : request.memory
        let scratch = try LabScratch.make(in: candidates, room: UInt64(room) << 20)
        do throws(LabError) {
            return try start(request, kernel, scratch)
        } catch {
            scratch.remove()
            throw error
        }
    }

    private static func start(
        _ request: LabRequest, _ kernel: LabKernel, _ scratch: LabScratch
    ) throws(LabError) -> LabMachine {
        let arguments: [String]
        switch kernel {
        case .userMode(let program, _):
            arguments = try LabBootLine(
                program: program, memory: request.memory, scratch: scratch.path, agent: request.agent
            ).arguments()
        case .running:
            arguments = [request.agent, "lab-guest", "host"]
        }
        var environment = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=\(scratch.path)", "TMPDIR=\(scratch.path)"]
        if kernel != .running, LabVectorState.isNeeded { environment += try LabVectorState.prepare(in: scratch.path) }

        let channel = try LabDescriptor.socketPair()
        let log = try LabDescriptor.pipe()
        let lifeline = try LabDescriptor.pipe()
        defer {
            close(channel.1)
            close(log.write)
            close(lifeline.read)
        }
        let namespaces = kernel == .running ? aggctl_lab_namespaces() : 0
        let wall = request.wall ?? (kernel == .running ? .running : .userMode)
        var held: UInt32 = 0
        let guardian = withCStrings(arguments) { arguments in
            withCStrings(environment) { environment in
                scratch.path.withCString { directory in
                    wall.withLaunchForm(of: kernel, scratch: scratch, memory: request.memory) { wall in
                        var launch = aggctl_lab_launch(
                            program: arguments[0], arguments: arguments, environment: environment,
                            directory: directory, channel: channel.1, log: log.write, lifeline: lifeline.read,
                            lock: scratch.lock, namespaces: namespaces, wall: wall)
                        return aggctl_lab_launch(&launch, &held)
                    }
                }
            }
        }
        guard guardian > 0 else {
            for descriptor in [channel.0, log.read, lifeline.write] { close(descriptor) }
            throw LabError(
                .bootFailed, "\(arguments[0]) cannot be started: \(String(cString: strerror(-guardian))).",
                remedy: "Check the kernel program, or choose another one with --kernel.")
        }
        LabDescriptor.setNonBlocking(channel.0)
        LabDescriptor.setNonBlocking(log.read)
        return LabMachine(
            channel: channel.0, log: log.read, held: LabWall.Layers(rawValue: held), lifeline: lifeline.write,
            guardian: guardian, scratch: scratch)
    }

    /// Ends all processes of the kernel, waits for that, and removes what they left.
    func stop() {
        close(lifeline)
        while waitpid(guardian, nil, 0) < 0, errno == EINTR {}
        close(channel)
        close(log)
        scratch.remove()
    }
}

/// Calls the body with a list of C strings that ends in nil.
func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    withCStrings(texts.map { Array($0.utf8) }, body)
}

func withCStrings<Result>(
    _ texts: [[UInt8]], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var list: [UnsafeMutablePointer<CChar>?] = texts.map { text in
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: text.count + 1)
        for (index, byte) in text.enumerated() { copy[index] = CChar(bitPattern: byte) }
        copy[text.count] = 0
        return copy
    }
    list.append(nil)
    defer { for copy in list { copy?.deallocate() } }
    return list.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("a list with at least one entry has a base") }
        return body(base)
    }
}
