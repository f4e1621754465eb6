internal import Aggregation

/// Options in JSON: their own names and the text form that a file has.
enum OptionsJSON {
    /// An object with an option a key; null for one that the kernel hides from us.
    static func object(_ values: OptionValues, hidden: Set<String>, _ table: OptionTable?) -> JSONValue {
        var members = Dictionary(uniqueKeysWithValues: hidden.map { ($0, JSONValue.null) })
        for (name, value) in values {
            if let row = table?[name] { members[name] = .string(row.format(value)) }
        }
        return .object(members)
    }
}
