package import FoundationEssentials

/// What `/run/aggctl/lab/topology.json` says about the other side of a lab.
package struct LabTopologyMap: Codable, Equatable, Sendable {
    package static let path = "/run/aggctl/lab/topology.json"

    package struct Port: Codable, Equatable, Sendable {
        /// The port in the namespace of the command.
        package var port: String
        /// The device at the other end of its cable.
        package var farEnd: String
        /// The named namespace of that device.
        package var namespace: String

        enum CodingKeys: String, CodingKey {
            case port
            case farEnd = "far_end"
            case namespace
        }
    }

    package var schema = 1
    package var name: String
    /// The bridge or bond over the far ends.
    package var device: String
    package var ports: [Port]
    /// Addresses that answer, without prefix lengths.
    package var targets: [String]
    /// The named namespace of those addresses.
    package var answersIn: String

    enum CodingKeys: String, CodingKey {
        case schema, name, device, ports, targets
        case answersIn = "answers_in"
    }

    package init(name: String, device: String, ports: [Port], targets: [String], answersIn: String) {
        self.name = name
        self.device = device
        self.ports = ports
        self.targets = targets
        self.answersIn = answersIn
    }

    /// The map of the lab that this process runs in; nil outside a lab and in one without a topology.
    package static func current() -> LabTopologyMap? {
        guard let bytes = LabDescriptor.contents(path) else { return nil }
        return try? JSONDecoder().decode(LabTopologyMap.self, from: Data(bytes))
    }

    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        return try encoder.encode(self)
    }
}
