/// The value of one option in the form the wire uses. Its meaning comes from the option's row in the table.
package enum OptionValue: Hashable, Sendable, Codable {
    /// An integer, a duration in wire units, a boolean as 0 or 1, or the number of a choice.
    case number(Int64)
    /// The name of a port, or none.
    case port(String?)
    case address(LinkLayerAddress)
    /// Monitoring targets in the order given.
    case targets([IPAddress])
    /// Names whose order counts.
    case names([String])
    case watches([LinkWatch])
    case text(String)
}

/// One option and the value it has, or is to have.
package struct OptionSetting: Hashable, Sendable, Codable {
    package let name: String
    package let value: OptionValue

    package init(_ name: String, _ value: OptionValue) {
        self.name = name
        self.value = value
    }
}

/// Options by name, as observed. An option that is absent was not reported by the kernel.
package typealias OptionValues = [String: OptionValue]
