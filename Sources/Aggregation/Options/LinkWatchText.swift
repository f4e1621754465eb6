/// Link watches as they are written in a file and on the command line: `{name: ethtool, delay_up: 100ms}`, or a list of
/// such mappings in brackets.
enum LinkWatchText {
    static func parse(_ text: String) throws(OptionDefinition.InvalidValue) -> [LinkWatch] {
        throw .init(rule: "link watches are not read yet", remedy: "leave it out")
    }

    static func format(_ watches: [LinkWatch]) -> String { "\(watches)" }
}
