import Dispatch
import Glibc
import Netlink
import Synchronization

/// A UDP socket over IPv4 in a namespace; closes with its last reference.
final class TestSocket: Sendable {
    let descriptor: Int32

    /// - Parameters:
    ///   - address: the local one, nil for any.
    ///   - port: the local one, 0 for one that the kernel picks.
    init(_ address: String?, port: UInt16 = 0, in namespace: NetworkNamespace) async throws {
        descriptor = try await namespace.run {
            let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
            var yes: Int32 = 1
            setsockopt(descriptor, SOL_SOCKET, SO_BROADCAST, &yes, socklen_t(MemoryLayout<Int32>.size))
            var size: Int32 = 1 << 20
            setsockopt(descriptor, SOL_SOCKET, SO_RCVBUFFORCE, &size, socklen_t(MemoryLayout<Int32>.size))
            let code = Self.withAddress(address ?? "0.0.0.0", port) { bind(descriptor, $0, $1) }
            guard code == 0 else {
                close(descriptor)
                throw Missing(what: "socket on \(address ?? "any"): \(String(cString: strerror(errno)))")
            }
            return descriptor
        }
    }

    deinit { close(descriptor) }

    static func withAddress<Value>(
        _ text: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, text, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Sends one number. What the kernel refuses is lost like what the network loses.
    func send(_ number: UInt32, to address: String, _ port: UInt16) {
        var number = number
        _ = Self.withAddress(address, port) { sendto(descriptor, &number, 4, Int32(MSG_DONTWAIT), $0, $1) }
    }

    /// The numbers that have come in.
    func received() -> [UInt32] {
        var numbers: [UInt32] = []
        var number: UInt32 = 0
        while recv(descriptor, &number, 4, Int32(MSG_DONTWAIT)) == 4 { numbers.append(number) }
        return numbers
    }

    /// Sends what has come in back to who sent it.
    func echo() {
        var number: UInt32 = 0
        var from = sockaddr_storage()
        while true {
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let done = withUnsafeMutablePointer(to: &from) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    guard recvfrom(descriptor, &number, 4, Int32(MSG_DONTWAIT), name, &length) == 4 else {
                        return false
                    }
                    sendto(descriptor, &number, 4, Int32(MSG_DONTWAIT), name, length)
                    return true
                }
            }
            guard done else { return }
        }
    }
}

/// Sends probes of several flows from the host to a station behind the switch, which answers, on a thread of its own.
///
/// What is known of an outage is counted between two probes that were lost, by when they were sent: a sender that is late
/// makes an outage look shorter and never longer, and says how late it was.
final class FlowProber: Sendable {
    static let flows = 6
    private static let interval: UInt32 = 8000
    private static let port: UInt16 = 7

    private struct State {
        /// Milliseconds, by flow and number.
        var sent: [[Double]] = Array(repeating: [], count: FlowProber.flows)
        var answered: [[Bool]] = Array(repeating: [], count: FlowProber.flows)
        var isStopped = false
        var hasEnded = false
    }

    private let near: [TestSocket]
    private let far: TestSocket
    private let state = Mutex(State())

    init(from host: NetworkNamespace, to far: NetworkNamespace) async throws {
        var near: [TestSocket] = []
        for _ in 0..<Self.flows { near.append(try await TestSocket(FarSide.host, in: host)) }
        self.near = near
        self.far = try await TestSocket(FarSide.gateway, port: Self.port, in: far)
        DispatchQueue(label: "prober").async { [self] in
            while !state.withLock({ $0.isStopped }) { round() }
            // What was sent last may still be answered.
            for _ in 0..<30 { collect() }
            state.withLock { $0.hasEnded = true }
        }
    }

    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) * 1000 + Double(time.tv_nsec) / 1_000_000
    }

    private func round() {
        for (flow, socket) in near.enumerated() {
            let number = state.withLock { state in
                state.sent[flow].append(Self.now)
                state.answered[flow].append(false)
                return UInt32(state.sent[flow].count - 1)
            }
            socket.send(number, to: FarSide.gateway, Self.port)
        }
        collect()
    }

    private func collect() {
        usleep(Self.interval)
        far.echo()
        for (flow, socket) in near.enumerated() {
            let numbers = socket.received()
            state.withLock { state in
                for number in numbers where Int(number) < state.answered[flow].count {
                    state.answered[flow][Int(number)] = true
                }
            }
        }
    }

    /// All flows have been answered without a loss since a moment, for so long.
    ///
    /// - Parameter age: probes that are younger may be on their way.
    func isSteady(since start: Double, for time: Double, age: Double = 150) -> Bool {
        let now = Self.now
        return state.withLock { state in
            (0..<Self.flows).allSatisfy { flow in
                var oldest = Double.infinity
                for number in state.sent[flow].indices.reversed() where state.sent[flow][number] < now - age {
                    let sent = state.sent[flow][number]
                    guard sent >= start else { break }
                    guard state.answered[flow][number] else { break }
                    oldest = sent
                    if now - age - oldest >= time { return true }
                }
                return false
            }
        }
    }

    /// Waits until all flows go on.
    ///
    /// - Returns: whether they did in time.
    func goesOn(within limit: Duration, for time: Double = 250) async throws -> Bool {
        let start = Self.now
        let deadline = ContinuousClock.now + limit
        while !isSteady(since: start, for: time) {
            guard ContinuousClock.now < deadline else { return false }
            try await Task.sleep(for: .milliseconds(50))
        }
        return true
    }

    /// Ends the thread and waits for its end, after which its ports are free.
    func stop() async {
        state.withLock { $0.isStopped = true }
        while !state.withLock({ $0.hasEnded }) { try? await Task.sleep(for: .milliseconds(20)) }
    }

    /// Milliseconds of an outage that is certain, and how late the sender was at most.
    struct Outage { let time: Double, lateness: Double }

    /// Stops, and gives the longest outage of a flow since a moment.
    func end(since start: Double) async -> Outage {
        await stop()
        return state.withLock { state in
            var longest = 0.0
            var lateness = 0.0
            for flow in 0..<Self.flows {
                var first: Double?
                var last = start
                for (sent, answered) in zip(state.sent[flow], state.answered[flow]) where sent >= start {
                    lateness = max(lateness, sent - last - Double(Self.interval) / 1000)
                    last = sent
                    first = answered ? nil : first ?? sent
                    if let first { longest = max(longest, sent - first) }
                }
            }
            return Outage(time: longest, lateness: lateness)
        }
    }
}
