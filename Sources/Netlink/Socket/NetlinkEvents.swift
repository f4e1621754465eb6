import CNetlink
import Dispatch
import Glibc
import SystemPackage

/// Something that the kernel announced.
package enum NetlinkEvent: Sendable, Hashable {
    /// A change. It is a hint: read the object again before acting.
    case message(ReceivedMessage)
    /// Announcements were lost, in the kernel or because nobody took them: dump and compare.
    case overrun
}

/// A netlink socket for announcements (multicast groups).
///
/// Open it before the first dump, so that no change falls in between. It closes when it is cancelled or let go.
package actor NetlinkEvents {
    private let executor = QueueExecutor(label: "aggctl.netlink.events")
    private let handle: SocketHandle
    private let capacity: Int
    private nonisolated let continuation: AsyncStream<NetlinkEvent>.Continuation
    // Sendable: only activated and cancelled, which dispatch allows from any thread.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    /// The announcements, for one reader.
    ///
    /// An overrun is an element, not the end. Cancelling the task that reads closes the socket.
    package nonisolated let stream: AsyncStream<NetlinkEvent>

    /// How many datagrams or losses were seen; `waitUntil` compares it to know whether to read again.
    private var generation: UInt64 = 0
    private var isCancelled = false
    private var sinceOverrun = Int.max
    private var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    private var nextWaiter: UInt64 = 0

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Most datagrams read before other work on the queue gets its turn.
    private static let readsPerTurn = 64

    /// Joins groups, from the socket's opening on.
    ///
    /// - Parameters:
    ///   - groups: what to hear about.
    ///   - capacity: announcements kept for a slow reader; beyond them the oldest are dropped and an overrun is told.
    package init(
        groups: [NetlinkGroup], in namespace: NetworkNamespace = .current, capacity: Int = 4096,
        receiveBuffer: Int32 = 4 << 20
    ) throws(NetlinkError) {
        try self.init(.route, groups.map(\.number), in: namespace, capacity: capacity, receiveBuffer: receiveBuffer)
    }

    /// Joins a group of a generic netlink family.
    ///
    /// - Throws: `ENOENT` if the kernel has no such family (its module is not loaded) or the family no such group.
    package init(
        family: String, group: String, in namespace: NetworkNamespace = .current
    ) async throws(NetlinkError) {
        let number = try await NetlinkSocket(.generic, in: namespace).multicastGroup(group, of: family)
        try self.init(.generic, [number], in: namespace, capacity: 256, receiveBuffer: 1 << 20)
    }

    private init(
        _ family: NetlinkProtocol, _ numbers: [Int32], in namespace: NetworkNamespace, capacity: Int,
        receiveBuffer: Int32
    ) throws(NetlinkError) {
        let handle = try namespace.open { () throws(NetlinkError) in
            let handle = try SocketHandle(protocol: family, receiveBuffer: receiveBuffer, strict: false)
            nl_socket_disable_seq_check(handle.raw)
            for number in numbers {
                Glibc.errno = 0
                let code = nl_socket_add_membership(handle.raw, number)
                guard code == 0 else {
                    throw NetlinkError.system(operation: "join netlink group", subject: "\(number)", code: code)
                }
            }
            let code = nl_socket_set_nonblocking(handle.raw)
            guard code == 0 else {
                throw NetlinkError.system(operation: "open a netlink socket", subject: "", code: code)
            }
            return handle
        }
        self.handle = handle
        self.capacity = max(1, capacity)
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(max(1, capacity)))
        source = DispatchSource.makeReadSource(fileDescriptor: handle.descriptor, queue: executor.queue)
        start()
    }

    deinit {
        continuation.finish()
        source.cancel()
    }

    private nonisolated func start() {
        source.setEventHandler { [weak self] in
            self?.assumeIsolated { $0.drain() }
        }
        // The descriptor must stay open until dispatch is done with it; the handler is the last to hold it.
        source.setCancelHandler { [handle] in withExtendedLifetime(handle) {} }
        continuation.onTermination = { [weak self] _ in
            guard let self else { return }
            Task { await self.cancel() }
        }
        source.activate()
    }

    /// Ends the stream and closes the socket.
    package func cancel() {
        isCancelled = true
        source.cancel()
        continuation.finish()
        wakeAll()
    }

    // MARK: Waiting for a condition

    /// Waits until a condition holds, reading it again after every announcement.
    ///
    /// The condition is read at once, then again whenever something was announced or `recheck` has passed.
    ///
    /// - Parameters:
    ///   - recheck: for conditions that the kernel does not announce (LACP state); `nil` relies on announcements.
    ///   - condition: reads the state afresh.
    /// - Returns: whether the condition held before the deadline.
    /// - Throws: what the condition throws; `CancellationError` when the task is cancelled.
    package nonisolated(nonsending) func waitUntil(
        deadline: ContinuousClock.Instant, recheck: Duration? = nil, condition: () async throws -> Bool
    ) async throws -> Bool {
        while true {
            let seen = await currentGeneration()
            if try await condition() { return true }
            try Task.checkCancellation()
            let now = ContinuousClock.now
            guard now < deadline else { return false }
            let pause = min(deadline - now, recheck ?? .seconds(3600))
            if await change(after: seen, within: pause) == false {
                // Cancelled: nothing will be announced any more, so only the deadline is left to wait for.
                try await Task.sleep(until: min(deadline, ContinuousClock.now + (recheck ?? .milliseconds(100))))
            }
        }
    }

    private func currentGeneration() -> UInt64 { generation }

    /// Returns after a change, after `pause` or on cancellation of the task; `false` if the socket is closed.
    private func change(after seen: UInt64, within pause: Duration) async -> Bool {
        guard generation == seen else { return true }
        guard !isCancelled else { return false }
        let waiter = nextWaiter
        nextWaiter += 1
        let parts = pause.components
        let nanoseconds = Int(parts.seconds) * 1_000_000_000 + Int(parts.attoseconds / 1_000_000_000)
        let timer = DispatchWorkItem { [weak self] in self?.assumeIsolated { $0.wake(waiter) } }
        executor.queue.asyncAfter(deadline: .now() + .nanoseconds(max(0, nanoseconds)), execute: timer)
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // A cancellation from before this line has no waiter to wake; one from after it finds the waiter.
                if Task.isCancelled { continuation.resume() } else { waiters[waiter] = continuation }
            }
        } onCancel: {
            Task { await self.wake(waiter) }
        }
        return true
    }

    private func wake(_ waiter: UInt64) {
        waiters.removeValue(forKey: waiter)?.resume()
    }

    private func wakeAll() {
        let waiting = waiters.values
        waiters.removeAll()
        for waiter in waiting { waiter.resume() }
    }

    // MARK: Reading

    private func drain() {
        guard !isCancelled else { return }
        let inbox = Inbox()
        inbox.read(from: handle, limit: NetlinkEvents.readsPerTurn)
        for message in inbox.messages { yield(.message(message)) }
        if inbox.hasLost { tellOverrun() }
        guard !inbox.messages.isEmpty || inbox.hasLost || inbox.isBroken else { return }
        generation &+= 1
        if inbox.isBroken { cancel() } else { wakeAll() }
    }

    private func yield(_ event: NetlinkEvent) {
        if sinceOverrun < .max { sinceOverrun += 1 }
        // The buffer was full. An overrun told less than a buffer's length ago is still in it.
        if case .dropped = continuation.yield(event), sinceOverrun >= capacity { tellOverrun() }
    }

    private func tellOverrun() {
        continuation.yield(.overrun)
        sinceOverrun = 0
    }
}

/// What one turn of reading brought.
private final class Inbox {
    private(set) var messages: [ReceivedMessage] = []
    private(set) var hasLost = false
    /// The socket gives nothing any more.
    private(set) var isBroken = false

    func read(from socket: SocketHandle, limit: Int) {
        guard let callbacks = nl_cb_alloc(NL_CB_DEFAULT) else {
            hasLost = true
            return
        }
        defer { nl_cb_put(callbacks) }
        defer { withExtendedLifetime(self) {} }
        let context = Unmanaged.passUnretained(self).toOpaque()
        nl_cb_set(callbacks, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, inboxAccepts, context)
        nl_cb_set(callbacks, NL_CB_VALID, NL_CB_CUSTOM, inboxMessage, context)
        for _ in 0..<limit {
            let code = nl_recvmsgs_report(socket.raw, callbacks)
            switch code {
            case 0...: continue
            case -NLE_AGAIN: return
            // ENOBUFS arrives as NLE_NOMEM; a datagram over the buffer's size is lost too.
            case -NLE_NOMEM, -NLE_MSG_TRUNC: hasLost = true
            default:
                hasLost = true
                isBroken = true
                return
            }
        }
    }

    fileprivate func received(_ message: OpaquePointer?) {
        guard let header = nlmsg_hdr(message) else { return }
        messages.append(ReceivedMessage(copying: header))
    }
}

private func inboxAccepts(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let source = nlmsg_get_src(message) else { return Int32(NL_SKIP.rawValue) }
    return source.pointee.nl_pid == 0 ? Int32(NL_OK.rawValue) : Int32(NL_SKIP.rawValue)
}

private func inboxMessage(_ message: OpaquePointer?, _ context: UnsafeMutableRawPointer?) -> Int32 {
    if let context { Unmanaged<Inbox>.fromOpaque(context).takeUnretainedValue().received(message) }
    return Int32(NL_OK.rawValue)
}
