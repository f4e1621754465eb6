internal import Aggregation

/// The name after `--netns`, before anything is opened.
enum NamespaceName {
    /// - Throws: for a name that no namespace can have, and for one that would do nothing where it stands.
    static func check(_ command: any AggctlCommand) throws(Problem) {
        guard let name = command.global.netns else { return }
        let bytes = name.utf8
        guard !bytes.isEmpty, name != ".", name != "..", bytes.count <= 255, !bytes.contains(UInt8(ascii: "/")),
            !bytes.contains(0)
        else {
            throw Problem(
                .usage, subject: "--netns", value: name,
                rule: "no network namespace can have the name \"\(shown(name))\"",
                remedy: "use a name that ip netns lists: 1 to 255 bytes without a slash")
        }
        guard command.looksAtNetwork else {
            throw Problem(
                .usage, subject: "--netns", value: name, rule: "this command looks at no network as it was given",
                remedy: "leave --netns out")
        }
    }

    private static func shown(_ name: String) -> String { name.count <= 40 ? name : name.prefix(40) + "…" }
}
