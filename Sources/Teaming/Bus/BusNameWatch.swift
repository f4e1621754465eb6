import CDBus
import Dispatch
import Netlink

/// Hears of names that appear on the system bus and vanish from it, over a connection of its own.
package actor BusNameWatch {
    private let executor = QueueExecutor(label: "aggctl.bus.names")
    // Used by this actor alone; nonisolated so that the source can keep it.
    private nonisolated(unsafe) let connection: BusConnection
    private nonisolated let continuation: AsyncStream<Void>.Continuation
    // Sendable: only activated and cancelled, which dispatch allows from any thread.
    private nonisolated(unsafe) let source: any DispatchSourceRead

    /// An element for changes of owners, several together when nobody takes them; ends when the bus goes away.
    package nonisolated let changes: AsyncStream<Void>

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// - Parameters:
    ///   - prefix: names are this one and those below it, `org.libteam.teamd` and `org.libteam.teamd.team0`.
    ///   - deadline: when the bus has to have answered.
    package init(prefix: String, by deadline: ContinuousClock.Instant) throws(BusError) {
        let connection = try BusConnection()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        // libdbus frees nothing of it: the connection goes before the box does.
        let box = Unmanaged.passRetained(ContinuationBox(continuation))
        guard
            dbus_connection_add_filter(connection.raw, nameOwnerChanged, box.toOpaque(), releaseContinuationBox) != 0
        else {
            box.release()
            throw .unavailable("out of memory")
        }
        let rule =
            "type='signal',sender='org.freedesktop.DBus',interface='org.freedesktop.DBus',member='NameOwnerChanged',"
            + "arg0namespace='\(prefix)'"
        _ = try connection.calls([BusConnection.toBus("AddMatch", [.string(rule)])], deadline: deadline)[0].get()
        var descriptor: Int32 = -1
        guard dbus_connection_get_unix_fd(connection.raw, &descriptor) != 0 else { throw .disconnected }
        self.connection = connection
        self.continuation = continuation
        changes = stream
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: executor.queue)
        start()
    }

    deinit { source.cancel() }

    /// Ends the stream.
    package nonisolated func close() { continuation.finish() }

    private nonisolated func start() {
        source.setEventHandler { [weak self] in self?.assumeIsolated { $0.drain() } }
        // The descriptor must stay open until dispatch is done with it.
        nonisolated(unsafe) let connection = connection
        source.setCancelHandler { withExtendedLifetime(connection) {} }
        continuation.onTermination = { [weak self] _ in self?.source.cancel() }
        source.activate()
    }

    private func drain() {
        let isOpen = dbus_connection_read_write(connection.raw, 0) != 0
        while dbus_connection_dispatch(connection.raw) == DBUS_DISPATCH_DATA_REMAINS {}
        guard !isOpen else { return }
        source.cancel()
        continuation.finish()
    }
}

private final class ContinuationBox: Sendable {
    let continuation: AsyncStream<Void>.Continuation
    init(_ continuation: AsyncStream<Void>.Continuation) { self.continuation = continuation }
}

private func releaseContinuationBox(_ box: UnsafeMutableRawPointer?) {
    if let box { Unmanaged<ContinuationBox>.fromOpaque(box).release() }
}

/// A hint: who has the name now is asked, not told.
private func nameOwnerChanged(
    _ connection: OpaquePointer?, _ message: OpaquePointer?, _ box: UnsafeMutableRawPointer?
) -> DBusHandlerResult {
    if let box, dbus_message_is_signal(message, "org.freedesktop.DBus", "NameOwnerChanged") != 0 {
        Unmanaged<ContinuationBox>.fromOpaque(box).takeUnretainedValue().continuation.yield()
    }
    return DBUS_HANDLER_RESULT_NOT_YET_HANDLED
}
