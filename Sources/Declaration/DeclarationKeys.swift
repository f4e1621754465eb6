internal import Aggregation

/// The neutral keys with what is known of each, for help, completion and documents.
package enum DeclarationKeys {
    /// One key as a command writes it.
    package struct Description: Sendable, Hashable {
        /// With dots: `link-monitor.interval`.
        package let path: String
        /// One line.
        package let help: String
        /// What may be written: `slow or fast, or default`.
        package let allowed: String
        /// Whether `+=` and `-=` edit it.
        package let isList: Bool
    }

    /// What `--set` and `set` take for an aggregate, beside the driver's options.
    package static let aggregate = AggregateKeys.table.keys.map(\.facts)
        .filter { $0.name != "options" && CommandSettings.givenElsewhere[$0.name] == nil }.flatMap { describe($0) }
    /// What `--set` and `set` take for a port, beside the driver's options.
    package static let port = PortKeys.settings.map(\.facts).filter { $0.name != "options" }.flatMap { describe($0) }

    private static func describe(_ key: KeyFacts, prefix: String = "") -> [Description] {
        let path = prefix + key.name
        let own = Description(path: path, help: key.help, allowed: key.form.allowed, isList: key.form.isList)
        return [own] + key.form.fields.flatMap { describe($0, prefix: path + ".") }
    }
}
