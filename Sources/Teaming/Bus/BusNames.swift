import CDBus

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
        for argument in call.arguments.flatMap(\.texts) {
            guard !argument.utf8.contains(0), dbus_validate_utf8(argument, nil) != 0 else {
                throw .unsayable(argument)
            }
        }
    }
}
