/// What a command found out or did, for people and for programs: the same facts in both.
package protocol CommandResult: Sendable {
    /// The whole document: an object with `schema` and the list under its noun.
    var json: JSONValue { get }
    /// Writes that document.
    func writeJSON(to writer: inout JSONWriter)
    /// Lines, each with its line feed.
    func text(_ style: Style) -> PrintableText
}

extension CommandResult {
    package func writeJSON(to writer: inout JSONWriter) { writer.append(json) }
}

/// A result whose list can be long: it is written element by element, so that a thousand aggregates take no more memory
/// than one.
package protocol ListResult: CommandResult {
    /// The noun that the list stands under.
    static var listName: String { get }
    associatedtype Elements: Sequence<JSONValue>
    var elements: Elements { get }
}

extension ListResult {
    private var members: JSONObject { ["schema": 1] }

    package var json: JSONValue {
        var object = members
        object[Self.listName] = .array(Array(elements))
        return .object(object)
    }

    package func writeJSON(to writer: inout JSONWriter) {
        writer.append(list: Self.listName, of: elements, beside: members)
    }
}
