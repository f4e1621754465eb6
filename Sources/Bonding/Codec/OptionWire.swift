import Aggregation
import Netlink

/// Why a value cannot be sent.
package struct OptionEncodingError: Error, Sendable, Hashable {
    package let option: String
    package let rule: String
    package let remedy: String
}

/// One option's value on the wire, by the wire type of its row. Both directions read the row and know no option by name.
enum OptionWire {
    /// Puts the attribute of an option.
    ///
    /// - Parameter index: gives the interface index of a device by name.
    /// - Throws: when the value is of another kind than the row or does not fit it, or the device does not exist.
    static func put(
        _ row: OptionDefinition, _ value: OptionValue, into writer: inout AttributeWriter, index: (String) -> Int32?
    ) throws(OptionEncodingError) {
        switch (row.wire, value) {
        case (.u8, .number(let number)): writer.put(row.attribute, try bytes(number, as: UInt8.self, row))
        case (.u16, .number(let number)): writer.put(row.attribute, try bytes(number, as: UInt16.self, row))
        case (.u32, .number(let number)): writer.put(row.attribute, try bytes(number, as: UInt32.self, row))
        case (.s32, .number(let number)): writer.put(row.attribute, try bytes(number, as: Int32.self, row))
        case (.ifindex, .port(nil)): writer.put(row.attribute, try bytes(0, as: Int32.self, row))
        case (.ifindex, .port(let name?)):
            guard let index = index(name) else {
                throw OptionEncodingError(
                    option: row.name, rule: "there is no device \(name)", remedy: "name a port of the aggregate")
            }
            writer.put(row.attribute, try bytes(Int64(index), as: Int32.self, row))
        case (.ethernetAddress, .address(let address)) where address.bytes.count == LinkLayerAddress.ethernetLength:
            writer.put(row.attribute, address.bytes)
        case (.ipv4Nest, .targets(let targets)) where targets.allSatisfy { $0.family == .ipv4 },
            (.ipv6Nest, .targets(let targets)) where targets.allSatisfy { $0.family == .ipv6 }:
            // An empty nest clears the list.
            var nest = AttributeWriter()
            for (place, target) in targets.enumerated() { nest.put(UInt16(truncatingIfNeeded: place), target.bytes) }
            writer.put(row.attribute | WireFormat.nestedFlag, nest.bytes)
        default: throw mismatch(row)
        }
    }

    private static func bytes<Number: FixedWidthInteger>(
        _ number: Int64, as type: Number.Type, _ row: OptionDefinition
    ) throws(OptionEncodingError) -> [UInt8] {
        guard let fitting = Number(exactly: number) else { throw mismatch(row) }
        return withUnsafeBytes(of: fitting) { Array($0) }
    }

    private static func mismatch(_ row: OptionDefinition) -> OptionEncodingError {
        OptionEncodingError(
            option: row.name, rule: "the value does not fit the option", remedy: "use \(row.allowedText)")
    }

    /// Reads the attribute of an option; nil when it is shorter than its type.
    static func value(_ row: OptionDefinition, _ attribute: Attribute, names: DeviceNames) -> OptionValue? {
        switch row.wire {
        case .u8: attribute.u8.map { .number(Int64($0)) }
        case .u16: attribute.u16.map { .number(Int64($0)) }
        case .u32: attribute.u32.map { .number(Int64($0)) }
        case .s32: attribute.i32.map { .number(Int64($0)) }
        case .ifindex: attribute.i32.map { .port($0 == 0 ? nil : names.label($0)) }
        case .ethernetAddress:
            attribute.count >= LinkLayerAddress.ethernetLength
                ? .address(LinkLayerAddress(attribute.bytes.prefix(LinkLayerAddress.ethernetLength))) : nil
        case .ipv4Nest, .ipv6Nest: .targets(attribute.nested.compactMap { IPAddress(bytes: $0.bytes) })
        case .json, .stateItem: nil
        }
    }
}
