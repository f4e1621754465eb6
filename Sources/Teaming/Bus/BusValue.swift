import CDBus

/// An argument of a call (D-Bus Specification, Type System), as far as calls of ours have them.
package indirect enum BusValue: Sendable, Hashable, ExpressibleByStringLiteral {
    case string(String)
    case boolean(Bool)
    case int32(Int32)
    case uint32(UInt32)
    case uint64(UInt64)
    case structure([BusValue])
    /// Elements of one type, whose signature an empty array has to tell.
    case array(of: String, [BusValue])
    case variant(BusValue)

    package init(stringLiteral text: String) { self = .string(text) }

    package var signature: String {
        switch self {
        case .string: "s"
        case .boolean: "b"
        case .int32: "i"
        case .uint32: "u"
        case .uint64: "t"
        case .structure(let members): "(" + members.map(\.signature).joined() + ")"
        case .array(let element, _): "a" + element
        case .variant: "v"
        }
    }

    /// All texts in it.
    var texts: [String] {
        switch self {
        case .string(let text): [text]
        case .boolean, .int32, .uint32, .uint64: []
        case .structure(let members), .array(_, let members): members.flatMap(\.texts)
        case .variant(let value): value.texts
        }
    }

    /// Adds it to a message.
    ///
    /// - Returns: false when there is no memory.
    func append(to place: inout DBusMessageIter) -> Bool {
        switch self {
        case .string(let text):
            text.withCString { text in
                var text: UnsafePointer<CChar>? = text
                return dbus_message_iter_append_basic(&place, aggctl_dbus_type_string, &text) != 0
            }
        case .boolean(let value):
            Self.append(dbus_bool_t(value ? 1 : 0), aggctl_dbus_type_boolean, to: &place)
        case .int32(let number): Self.append(number, aggctl_dbus_type_int32, to: &place)
        case .uint32(let number): Self.append(number, aggctl_dbus_type_uint32, to: &place)
        case .uint64(let number): Self.append(number, aggctl_dbus_type_uint64, to: &place)
        case .structure(let members):
            Self.append(members, as: aggctl_dbus_type_struct, signature: nil, to: &place)
        case .array(let element, let members):
            Self.append(members, as: aggctl_dbus_type_array, signature: element, to: &place)
        case .variant(let value):
            Self.append([value], as: aggctl_dbus_type_variant, signature: value.signature, to: &place)
        }
    }

    private static func append<Number: BitwiseCopyable>(
        _ number: Number, _ type: Int32, to place: inout DBusMessageIter
    ) -> Bool {
        var number = number
        return dbus_message_iter_append_basic(&place, type, &number) != 0
    }

    private static func append(
        _ members: [BusValue], as type: Int32, signature: String?, to place: inout DBusMessageIter
    ) -> Bool {
        var inner = DBusMessageIter()
        guard dbus_message_iter_open_container(&place, type, signature, &inner) != 0 else { return false }
        // Closed also when a member did not fit: libdbus wants it so before the message is let go.
        let isWhole = members.allSatisfy { $0.append(to: &inner) }
        return dbus_message_iter_close_container(&place, &inner) != 0 && isWhole
    }
}
