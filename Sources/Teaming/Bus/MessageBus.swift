import CDBus
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

    /// Connects.
    ///
    /// - Throws: ``BusError/unavailable(_:)`` when there is no bus.
    package init() throws(BusError) {
        connection = try BusConnection()
    }

    /// Makes one call.
    ///
    /// - Returns: the first argument of the answer when it is text.
    package func call(_ call: Call, within limit: Duration) throws(BusError) -> String? {
        try connection.calls([call], deadline: .now + limit)[0].get()
    }

    /// Makes many calls at once and then waits for the answers, in the order of the calls.
    package func calls(_ calls: [Call], within limit: Duration) -> [Result<String?, BusError>] {
        connection.calls(calls, deadline: .now + limit)
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

    init() throws(BusError) {
        guard dbus_threads_init_default() != 0 else { throw .unavailable("out of memory") }
        var error = DBusError()
        dbus_error_init(&error)
        guard let raw = dbus_bus_get_private(DBUS_BUS_SYSTEM, &error) else {
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
        let waiting = calls.map { call in
            Result<OpaquePointer, BusError> { () throws(BusError) in try send(call, deadline) }
        }
        return waiting.map { sent in
            Result<String?, BusError> { () throws(BusError) in try answer(sent.get(), deadline) }
        }
    }

    private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
        let left = (deadline - .now).components
        return Int32(clamping: max(0, left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000))
    }

    private func send(_ call: MessageBus.Call, _ deadline: ContinuousClock.Instant) throws(BusError) -> OpaquePointer {
        try BusNames.check(call)
        guard dbus_connection_get_is_connected(raw) != 0 else { throw .disconnected }
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
