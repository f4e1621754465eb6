import CDBus
import Glibc
import Netlink

/// A connection of our own to the system bus, on a queue of its own: libdbus waits for answers where it is called.
package actor MessageBus {
    /// A method call whose arguments and answer are text, which all of teamd's are.
    package struct Call: Sendable {
        package var destination: String
        package var path: String
        package var interface: String
        package var member: String
        package var arguments: [String]

        package init(
            destination: String, path: String, interface: String, member: String, arguments: [String] = []
        ) {
            self.destination = destination
            self.path = path
            self.interface = interface
            self.member = member
            self.arguments = arguments
        }
    }

    private let executor = QueueExecutor(label: "aggctl.bus")
    private let connection: BusConnection

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Where the system bus is when the environment does not say (D-Bus Specification, Well-known Message Bus Instances).
    package static let socketPath = "/run/dbus/system_bus_socket"

    /// Connects. The bus is asked to take the connection in together with the first call, whose deadline counts for
    /// that too: a bus that hangs keeps nobody waiting here.
    ///
    /// - Throws: ``BusError/unavailable(_:)`` when there is no bus.
    package init() throws(BusError) {
        connection = try BusConnection()
    }

    /// Makes one call.
    ///
    /// - Returns: the first argument of the answer when it is text.
    package func call(_ call: Call, by deadline: ContinuousClock.Instant) throws(BusError) -> String? {
        try connection.calls([call], deadline: deadline)[0].get()
    }

    /// Makes many calls at once and then waits for the answers, in the order of the calls.
    package func calls(_ calls: [Call], by deadline: ContinuousClock.Instant) -> [Result<String?, BusError>] {
        connection.calls(calls, deadline: deadline)
    }
}

/// What libdbus aborts the program for is found here first, and nowhere else.
package enum BusNames {
    /// Whether a bus name can be made of a team's name: elements are of letters, digits and underscores and begin with
    /// no digit (D-Bus Specification, Message Protocol, Valid Names).
    package static func isElement(_ text: String) -> Bool {
        guard let first = text.utf8.first, !isDigit(first) else { return false }
        return text.utf8.allSatisfy { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    static func check(_ call: MessageBus.Call) throws(BusError) {
        guard dbus_validate_bus_name(call.destination, nil) != 0 else { throw .unsayable(call.destination) }
        guard dbus_validate_path(call.path, nil) != 0 else { throw .unsayable(call.path) }
        guard dbus_validate_interface(call.interface, nil) != 0 else { throw .unsayable(call.interface) }
        guard dbus_validate_member(call.member, nil) != 0 else { throw .unsayable(call.member) }
        for argument in call.arguments {
            guard !argument.utf8.contains(0), dbus_validate_utf8(argument, nil) != 0 else {
                throw .unsayable(argument)
            }
        }
    }
}

/// The connection itself; used by one caller at a time.
private final class BusConnection {
    // Opaque: libdbus counts references.
    private let raw: OpaquePointer
    /// The bus has taken the connection in.
    private var isRegistered = false

    /// What the bus itself is called and asked (D-Bus Specification, Message Bus Messages). `dbus_bus_get` would do this
    /// by itself, and wait 25 seconds for the answer.
    private static let hello = MessageBus.Call(
        destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus",
        member: "Hello")

    init() throws(BusError) {
        guard dbus_threads_init_default() != 0 else { throw .unavailable("out of memory") }
        var error = DBusError()
        dbus_error_init(&error)
        let address =
            getenv("DBUS_SYSTEM_BUS_ADDRESS").map { String(cString: $0) } ?? "unix:path=\(MessageBus.socketPath)"
        guard let raw = dbus_connection_open_private(address, &error) else {
            defer { dbus_error_free(&error) }
            throw .unavailable(error.message.map { String(cString: $0) } ?? "no reason given")
        }
        // libdbus would end the program when the bus ends.
        dbus_connection_set_exit_on_disconnect(raw, 0)
        self.raw = raw
    }

    deinit {
        dbus_connection_close(raw)
        dbus_connection_unref(raw)
    }

    func calls(
        _ calls: [MessageBus.Call], deadline: ContinuousClock.Instant
    ) -> [Result<String?, BusError>] {
        // In one go with the calls: the bus reads what comes in its order.
        let registration = isRegistered ? nil : sending(Self.hello, deadline)
        let waiting = calls.map { sending($0, deadline) }
        if let registration {
            // Half of the time is left for asking in another way.
            let now = ContinuousClock.now
            if case .failure(let error) = answering(registration, now + (deadline - now) / 2) {
                for case .success(let pending) in waiting {
                    dbus_pending_call_cancel(pending)
                    dbus_pending_call_unref(pending)
                }
                return calls.map { _ in .failure(.unavailable("it took nobody in: \(error)")) }
            }
            isRegistered = true
        }
        return waiting.map { answering($0, deadline) }
    }

    private func sending(
        _ call: MessageBus.Call, _ deadline: ContinuousClock.Instant
    ) -> Result<OpaquePointer, BusError> {
        Result { () throws(BusError) in try send(call, deadline) }
    }

    private func answering(
        _ sent: Result<OpaquePointer, BusError>, _ deadline: ContinuousClock.Instant
    ) -> Result<String?, BusError> {
        Result { () throws(BusError) in try answer(sent.get(), deadline) }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = (deadline - .now).components
        return Int32(clamping: max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000))
    }

    private func send(_ call: MessageBus.Call, _ deadline: ContinuousClock.Instant) throws(BusError) -> OpaquePointer {
        try BusNames.check(call)
        guard dbus_connection_get_is_connected(raw) != 0 else { throw .unavailable("it closed the connection") }
        guard let message = dbus_message_new_method_call(call.destination, call.path, call.interface, call.member)
        else { throw .unavailable("out of memory") }
        defer { dbus_message_unref(message) }
        // A daemon that is not there is not to be started by its name.
        dbus_message_set_auto_start(message, 0)
        var place = DBusMessageIter()
        dbus_message_iter_init_append(message, &place)
        for argument in call.arguments {
            let isAppended = argument.withCString { text in
                var text: UnsafePointer<CChar>? = text
                return dbus_message_iter_append_basic(&place, aggctl_dbus_type_string, &text) != 0
            }
            guard isAppended else { throw .unavailable("out of memory") }
        }
        var pending: OpaquePointer?
        // Ours is the deadline; libdbus' own only has to be later.
        let limit = Self.milliseconds(until: deadline) &+ 1000
        guard dbus_connection_send_with_reply(raw, message, &pending, limit) != 0, let pending else {
            throw .disconnected
        }
        return pending
    }

    private func answer(_ pending: OpaquePointer, _ deadline: ContinuousClock.Instant) throws(BusError) -> String? {
        defer { dbus_pending_call_unref(pending) }
        while dbus_pending_call_get_completed(pending) == 0 {
            let left = Self.milliseconds(until: deadline)
            guard left > 0 else {
                dbus_pending_call_cancel(pending)
                throw .timedOut
            }
            if dbus_connection_read_write_dispatch(raw, left) == 0 {
                guard dbus_pending_call_get_completed(pending) != 0 else { throw .disconnected }
            }
        }
        guard let reply = dbus_pending_call_steal_reply(pending) else { throw .disconnected }
        defer { dbus_message_unref(reply) }
        if dbus_message_get_type(reply) == aggctl_dbus_message_type_error { throw Self.error(reply) }
        return Self.text(reply)
    }

    private static func text(_ message: OpaquePointer) -> String? {
        var place = DBusMessageIter()
        guard dbus_message_iter_init(message, &place) != 0,
            dbus_message_iter_get_arg_type(&place) == aggctl_dbus_type_string
        else { return nil }
        var text: UnsafePointer<CChar>?
        dbus_message_iter_get_basic(&place, &text)
        return text.map { String(cString: $0) }
    }

    private static func error(_ message: OpaquePointer) -> BusError {
        let name = dbus_message_get_error_name(message).map { String(cString: $0) } ?? ""
        let text = text(message) ?? ""
        switch name {
        case "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner":
            return .noSuchName
        case "org.freedesktop.DBus.Error.AccessDenied": return .denied(text)
        case "org.freedesktop.DBus.Error.NoReply", "org.freedesktop.DBus.Error.Timeout": return .timedOut
        case "org.freedesktop.DBus.Error.Disconnected": return .disconnected
        default: return .refused(name: name, text: text)
        }
    }
}
