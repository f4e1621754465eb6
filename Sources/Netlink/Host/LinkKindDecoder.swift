package import Aggregation

/// What a driver knows about its own kind of link; the reader of links itself knows no kind.
package protocol LinkKindDecoder: Sendable {
    /// IFLA_INFO_KIND of its aggregates and IFLA_INFO_SLAVE_KIND of their ports.
    var kind: String { get }

    /// Reads IFLA_INFO_DATA.
    ///
    /// - Returns: nil when the data is no aggregate's.
    func aggregate(_ data: AttributeReader, names: DeviceNames) -> AggregateFacts?

    /// Reads IFLA_INFO_SLAVE_DATA.
    func port(_ data: AttributeReader) -> PortFacts?
}

/// Names of the devices of one namespace by index.
package struct DeviceNames: Sendable {
    private let names: [Int32: String]

    package init(_ links: [Link]) {
        names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    package func name(_ index: Int32) -> String? { names[index] }

    /// For people and keys, also where the device is gone or elsewhere.
    package func label(_ index: Int32) -> String { names[index] ?? "device \(index)" }
}
