/// The attributes in a range of bytes, read in place.
///
/// Nothing is trusted: an attribute shorter than its header or longer than what is left ends the iteration. All readers
/// of one message share its bytes; none copies them.
package struct AttributeReader: Sequence, Sendable {
    package let bytes: [UInt8]
    package let start: Int
    package let end: Int

    /// Reads from `offset` to the end; an offset outside the bytes gives no attributes.
    @inlinable
    package init(_ bytes: [UInt8], offset: Int = 0) {
        self.init(bytes, from: offset, to: bytes.count)
    }

    @inlinable
    package init(_ bytes: [UInt8], from start: Int, to end: Int) {
        self.bytes = bytes
        self.end = Swift.max(0, Swift.min(end, bytes.count))
        self.start = Swift.max(0, Swift.min(start, self.end))
    }

    @inlinable
    package func makeIterator() -> Iterator {
        Iterator(bytes: bytes, position: start, end: end)
    }

    /// The first attribute of this type.
    ///
    /// To read many attributes, iterate once and switch over the type.
    @inlinable
    package subscript(type: Int) -> Attribute? {
        for attribute in self where attribute.type == type { return attribute }
        return nil
    }

    /// Whether the attributes fill the range to its end, so that nothing was cut off.
    package var isComplete: Bool {
        var iterator = makeIterator()
        while iterator.next() != nil {}
        return iterator.position >= end
    }

    /// Walks the attributes once.
    package struct Iterator: IteratorProtocol {
        package let bytes: [UInt8]
        package var position: Int
        package let end: Int

        @inlinable
        package init(bytes: [UInt8], position: Int, end: Int) {
            self.bytes = bytes
            self.position = position
            self.end = end
        }

        @inlinable
        package mutating func next() -> Attribute? {
            guard end - position >= WireFormat.attributeHeaderLength else { return nil }
            let header = bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: position, as: UInt32.self) }
            // struct nlattr is length, then type, both in host order.
            let (length, rawType): (UInt16, UInt16)
            #if _endian(little)
                length = UInt16(truncatingIfNeeded: header)
                rawType = UInt16(truncatingIfNeeded: header >> 16)
            #else
                length = UInt16(truncatingIfNeeded: header >> 16)
                rawType = UInt16(truncatingIfNeeded: header)
            #endif
            guard Int(length) >= WireFormat.attributeHeaderLength, Int(length) <= end - position else { return nil }
            let attribute = Attribute(
                bytes: bytes, start: position + WireFormat.attributeHeaderLength, end: position + Int(length),
                rawType: rawType)
            position = Swift.min(end, position + WireFormat.align(Int(length)))
            return attribute
        }
    }
}

/// One attribute: a type and a range of the message's bytes.
///
/// Numbers are in host order unless the name says otherwise. A getter is `nil` when the value is shorter than its type.
package struct Attribute: Sendable {
    package let message: [UInt8]
    package let start: Int
    package let end: Int
    package let rawType: UInt16

    @inlinable
    package init(bytes: [UInt8], start: Int, end: Int, rawType: UInt16) {
        message = bytes
        self.start = start
        self.end = end
        self.rawType = rawType
    }

    /// The type without the flags for nesting and byte order.
    @inlinable package var type: Int { Int(rawType & WireFormat.attributeTypeMask) }
    /// Length of the value in bytes.
    @inlinable package var count: Int { end - start }

    @inlinable package var u8: UInt8? { load() }
    @inlinable package var u16: UInt16? { load() }
    @inlinable package var u32: UInt32? { load() }
    @inlinable package var u64: UInt64? { load() }
    @inlinable package var i8: Int8? { load() }
    @inlinable package var i32: Int32? { load() }
    @inlinable package var u16BigEndian: UInt16? { u16.map(UInt16.init(bigEndian:)) }
    @inlinable package var u32BigEndian: UInt32? { u32.map(UInt32.init(bigEndian:)) }

    /// An unsigned number of whatever width it has: 1, 2, 4 or 8 bytes.
    package var unsigned: UInt64? {
        switch count {
        case 1: u8.map(UInt64.init)
        case 2: u16.map(UInt64.init)
        case 4: u32.map(UInt64.init)
        case 8: u64
        default: nil
        }
    }

    /// The text up to the first NUL; bytes that are not UTF-8 become replacement characters.
    package var string: String {
        message.withUnsafeBytes { all in
            let value = UnsafeRawBufferPointer(rebasing: all[start..<end])
            let length = value.firstIndex(of: 0) ?? value.count
            return String(decoding: UnsafeRawBufferPointer(rebasing: value[..<length]), as: UTF8.self)
        }
    }

    /// The value as it is: addresses in network order, structures.
    package var bytes: ArraySlice<UInt8> { message[start..<end] }

    /// The attributes inside.
    @inlinable package var nested: AttributeReader { AttributeReader(message, from: start, to: end) }

    /// The attributes inside, after a header (as `VETH_INFO_PEER` has one).
    package func nested(after headerLength: Int) -> AttributeReader {
        AttributeReader(message, from: start + WireFormat.align(headerLength), to: end)
    }

    /// A C structure of plain fixed-width fields at the start of the value; longer values (newer kernels) are fine.
    @inlinable
    package func load<Value: BitwiseCopyable>(as type: Value.Type = Value.self) -> Value? {
        guard count >= MemoryLayout<Value>.size else { return nil }
        return message.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: start, as: type) }
    }
}
