import Aggregation

/// Makes a `KernelRecord` of a message: attribute by attribute, volatile ones left out by the caller.
///
/// The key is made of the stable parts in the order of their types, with names in the place of interface indexes, so
/// that a thing that was lost and put back has the key that it had.
struct RecordBuilder {
    private let kind: KernelRecord.Kind
    private let head: String
    private var writer: AttributeWriter
    private var parts: [(type: Int, text: String)] = []

    /// - Parameters:
    ///   - header: the family header as the kernel sent it.
    ///   - head: what of the header belongs to the key.
    init(_ kind: KernelRecord.Kind, header: ArraySlice<UInt8>, head: String) {
        self.kind = kind
        self.head = head
        writer = AttributeWriter(header: header)
    }

    /// Keeps an attribute, which belongs to the key with its bytes.
    mutating func keep(_ attribute: Attribute) {
        keep(attribute, key: HexText.text(attribute.bytes))
    }

    /// Keeps an attribute, which belongs to the key with this text; with nil it does not.
    mutating func keep(_ attribute: Attribute, key: String?) {
        writer.put(attribute)
        if let key { parts.append((attribute.type, key)) }
    }

    /// Keeps an attribute with other bytes than the kernel sent.
    mutating func keep(rawType: UInt16, bytes: [UInt8]) {
        writer.put(rawType, bytes)
        parts.append((Int(rawType & WireFormat.attributeTypeMask), HexText.text(bytes[...])))
    }

    func record(summary: String, deviceNames: [String] = []) -> KernelRecord {
        let ordered = parts.sorted { $0.type < $1.type }
        let key = ordered.reduce(into: "\(kind.rawValue) \(head)") { $0 += " \($1.type)=\($1.text)" }
        return KernelRecord(
            kind: kind, key: key, summary: summary, payload: writer.bytes, deviceNames: deviceNames)
    }
}
