/// Attributes put together as bytes, for records that are kept rather than sent.
package struct AttributeWriter: Sendable {
    package private(set) var bytes: [UInt8]

    /// - Parameter header: the family header, which attributes follow.
    package init(header: some Collection<UInt8> = []) {
        bytes = Array(header)
        pad()
    }

    /// Puts an attribute; the type may carry `NLA_F_NESTED`. A value that no attribute can hold is left out.
    package mutating func put(_ rawType: UInt16, _ value: some Collection<UInt8>) {
        let length = value.count + WireFormat.attributeHeaderLength
        guard let length = UInt16(exactly: length) else { return }
        withUnsafeBytes(of: length) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: rawType) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: value)
        pad()
    }

    package mutating func put(_ attribute: Attribute) { put(attribute.rawType, attribute.bytes) }

    private mutating func pad() {
        while bytes.count % 4 != 0 { bytes.append(0) }
    }
}

extension [UInt8] {
    /// Overwrites a number of host order; nothing happens where it does not fit.
    package mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(_ number: Number, at offset: Int) {
        guard offset >= 0, offset + MemoryLayout<Number>.size <= count else { return }
        withUnsafeMutableBytes { $0.storeBytes(of: number, toByteOffset: offset, as: Number.self) }
    }
}
