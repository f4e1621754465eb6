import CDBus
import Glibc
import Netlink

/// The connection itself; used by one caller at a time.
final class BusConnection {
    // Opaque: libdbus counts references.
    let raw: OpaquePointer
    /// The bus has taken the connection in.
    private var isRegistered = false

    /// A call of the bus itself (D-Bus Specification, Message Bus Messages).
    static func toBus(_ member: String, _ arguments: [BusValue] = []) -> MessageBus.Call {
        MessageBus.Call(
            destination: "org.freedesktop.DBus", path: "/org/freedesktop/DBus", interface: "org.freedesktop.DBus",
            member: member, arguments: arguments)
    }

    init() throws(BusError) {
        guard dbus_threads_init_default() != 0 else { throw .unavailable("out of memory") }
        var error = DBusError()
        dbus_error_init(&error)
        let address = try Self.address(getenv("DBUS_SYSTEM_BUS_ADDRESS").map { String(cString: $0) })
        guard let raw = dbus_connection_open_private(address, &error) else {
            defer { dbus_error_free(&error) }
            throw .unavailable(error.message.map { String(cString: $0) } ?? "no reason given")
        }
        // libdbus would end the program when the bus ends.
        dbus_connection_set_exit_on_disconnect(raw, 0)
        self.raw = raw
    }

    /// Where the system bus is.
    ///
    /// An address can name a program to be run (`unixexec:`) or another machine, and we are root: only a socket of this
    /// machine is taken from the environment.
    static func address(_ variable: String?) throws(BusError) -> String {
        guard let variable, !variable.isEmpty else { return "unix:path=\(MessageBus.socketPath)" }
        let start = "unix:path=/"
        // What follows a `;` is another address, and what follows a `,` another key.
        guard variable.hasPrefix(start), !variable.dropFirst(start.count).contains(where: { ";,=:".contains($0) })
        else {
            throw .unavailable("DBUS_SYSTEM_BUS_ADDRESS is not unix:path=/… and is not used")
        }
        return variable
    }

    deinit {
        dbus_connection_close(raw)
        dbus_connection_unref(raw)
    }

    func calls(
        _ calls: [MessageBus.Call], deadline: ContinuousClock.Instant
    ) -> [Result<String?, BusError>] {
        // In one go with the calls: the bus reads what comes in its order. `dbus_bus_get` would do this by itself, and wait
        // 25 seconds for the answer.
        let registration = isRegistered ? nil : sending(Self.toBus("Hello"), deadline)
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
            guard argument.append(to: &place) else { throw .unavailable("out of memory") }
        }
        var pending: OpaquePointer?
        // Ours is the deadline; libdbus' own only has to be later.
        let limit = (deadline - .now).pollTimeout &+ 1000
        guard dbus_connection_send_with_reply(raw, message, &pending, limit) != 0, let pending else {
            throw .disconnected
        }
        return pending
    }

    private func answer(_ pending: OpaquePointer, _ deadline: ContinuousClock.Instant) throws(BusError) -> String? {
        defer { dbus_pending_call_unref(pending) }
        while dbus_pending_call_get_completed(pending) == 0 {
            let left = (deadline - .now).pollTimeout
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
        guard dbus_message_iter_init(message, &place) != 0 else { return nil }
        return text(&place)
    }

    /// Text, a path or a number; also inside a variant.
    private static func text(_ place: inout DBusMessageIter) -> String? {
        switch dbus_message_iter_get_arg_type(&place) {
        case aggctl_dbus_type_string, aggctl_dbus_type_object_path:
            var text: UnsafePointer<CChar>?
            dbus_message_iter_get_basic(&place, &text)
            return text.map { String(cString: $0) }
        case aggctl_dbus_type_uint32:
            var number: UInt32 = 0
            dbus_message_iter_get_basic(&place, &number)
            return String(number)
        case aggctl_dbus_type_variant:
            var inner = DBusMessageIter()
            dbus_message_iter_recurse(&place, &inner)
            return text(&inner)
        default: return nil
        }
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
