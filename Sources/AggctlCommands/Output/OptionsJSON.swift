internal import Aggregation

/// Options in JSON: their own names and the text form that a file has.
enum OptionsJSON {
    /// An object with an option a key; null for one that the kernel hides from us.
    static func object(_ values: OptionValues, hidden: Set<String>, _ table: OptionTable?) -> JSONValue {
        var members = JSONObject()
        for row in table?.rowsByName ?? [] {
            if let value = values[row.name] {
                members.add(row.name, .string(row.format(value)))
            } else if hidden.contains(row.name) {
                members.add(row.name, .null)
            }
        }
        return .object(members)
    }
}
