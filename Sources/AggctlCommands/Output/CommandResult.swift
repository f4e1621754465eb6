/// What a command found out or did, for people and for programs: the same facts in both.
package protocol CommandResult: Sendable {
    /// The whole document: an object with `schema` and the list under its noun.
    var json: JSONValue { get }
    /// Lines, each with its line feed.
    func text(_ style: Style) -> String
}
