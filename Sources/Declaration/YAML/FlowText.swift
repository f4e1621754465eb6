internal import Aggregation

/// Structured values on the command line: a piece of YAML in brackets.
enum FlowText {
    /// Whether a text begins as a sequence or mapping in brackets.
    static func isStructured(_ text: String) -> Bool { text.hasPrefix("{") || text.hasPrefix("[") }

    /// The tree of a structured text, with every problem that it has.
    static func read(_ text: String) -> YAMLReader.Result {
        YAMLReader.read(Array(text.utf8), fileName: "value")
    }

    /// The tree of a faultless structured text, without places.
    static func node(_ text: String) -> YAMLNode? {
        guard isStructured(text) else { return nil }
        let result = read(text)
        return result.problems.isEmpty ? result.root : nil
    }
}
