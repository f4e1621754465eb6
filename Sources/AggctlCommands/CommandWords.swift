internal import Aggregation
internal import ArgumentParser
internal import FoundationEssentials

/// The words of a command line before the parser takes them: what it would take in silence, or explain badly.
///
/// Nothing here knows a single command or option: all is asked of the parser's own declarations.
struct CommandWords {
    private let words: [String]

    /// - Parameter words: those that are ours, without what follows `--`.
    init(_ words: some Sequence<String>) { self.words = Array(words) }

    func check() throws {
        try checkEncoding()
        let (command, path, rest) = try findCommand()
        try checkRepetition(of: rest, command, path)
    }

    // MARK: Text

    /// Swift puts U+FFFD where the bytes of an argument are no UTF-8, and what it stood for is lost.
    private func checkEncoding() throws(Problem) {
        guard let word = words.first(where: { $0.unicodeScalars.contains("\u{fffd}") }) else { return }
        throw Problem(
            .usage, subject: word, rule: "the argument is not UTF-8",
            remedy: "for a file of such a name give - and redirect standard input from it, or rename it")
    }

    // MARK: Commands

    /// The command that the first words name, and the words that follow.
    private func findCommand() throws -> (any ParsableCommand.Type, path: [String], rest: ArraySlice<String>) {
        var (command, path): (any ParsableCommand.Type, [String]) = (Aggctl.self, ["aggctl"])
        var rest = words[...]
        // `help` takes the names of commands too.
        if rest.first == "help" { rest.removeFirst() }
        while let word = rest.first, !command.configuration.subcommands.isEmpty {
            guard !word.hasPrefix("-") else {
                try checkOptionBeforeCommand(word, rest, command, path)
                break
            }
            let all = command.configuration.subcommands
            guard let next = all.first(where: { $0._commandName == word || $0.configuration.aliases.contains(word) })
            else { throw Self.unknown(word, among: all, path) }
            (command, path) = (next, path + [next._commandName])
            rest.removeFirst()
        }
        return (command, path, rest)
    }

    private static func unknown(_ word: String, among all: [any ParsableCommand.Type], _ path: [String]) -> Problem {
        var names: [String] = []
        for command in all where command.configuration.shouldDisplay {
            names.append(command._commandName)
            names += command.configuration.aliases
        }
        // What is only begun is meant too.
        let begun = word.count > 1 ? names.filter { $0.hasPrefix(word) } : []
        let nearest = begun.count == 1 ? begun.first : Spelling.nearest(to: word, among: names)
        let meant = nearest.map { "did you mean \($0)? " } ?? ""
        let called = path.joined(separator: " ")
        return Problem(
            .usage, subject: word.isEmpty ? "\"\"" : word, rule: "there is no command \(called) \(word)",
            remedy: "\(meant)\(called) --help lists the commands")
    }

    /// Options belong to a command, which has to come first.
    private func checkOptionBeforeCommand(
        _ word: String, _ rest: ArraySlice<String>, _ command: any ParsableCommand.Type, _ path: [String]
    ) throws(Problem) {
        let name = Self.name(of: word)
        let below = command.configuration.subcommands
        guard below.contains(where: { Self.options(of: $0).contains { $0.isCalled(name) && $0.name != "help" } }),
            let next = rest.first(where: { word in below.contains { $0._commandName == word } })
        else { return }
        let called = (path + [next]).joined(separator: " ")
        throw Problem(
            .usage, subject: name, rule: "the option is before its command", remedy: "write \(called) … \(name)")
    }

    // MARK: Options

    /// The option of a word: `--mode` of `--mode=lacp`.
    private static func name(of word: String) -> String { String(word.prefix { $0 != "=" }) }

    /// The parser takes the last of two values in silence.
    private func checkRepetition(
        of words: ArraySlice<String>, _ command: any ParsableCommand.Type, _ path: [String]
    ) throws(Problems) {
        let names = words.filter { $0.hasPrefix("-") }.map(Self.name)
        let repeated = names.enumerated().filter { place, name in names.firstIndex(of: name) != place }.map(\.element)
        // What options there are is asked only then.
        guard !repeated.isEmpty else { return }
        let options = Self.options(of: command)
        var problems: [Problem] = []
        for name in Set(repeated).sorted() {
            guard let option = options.first(where: { $0.isCalled(name) }), option.takesOneValue else { continue }
            let values = Self.values(of: name, in: words)
            guard Set(values).count > 1 else { continue }
            let isList = option.valueName?.contains(",") == true
            problems.append(
                Problem(
                    .usage, subject: path.dropFirst().joined(separator: " "), option: String(name.drop { $0 == "-" }),
                    rule: "it is given more than once: \(values.joined(separator: ", "))",
                    remedy: isList
                        ? "give it once, with commas: \(name) \(values.joined(separator: ","))" : "give it once"))
        }
        guard problems.isEmpty else { throw Problems(problems) }
    }

    private static func values(of name: String, in words: ArraySlice<String>) -> [String] {
        words.indices.compactMap { place in
            let word = words[place]
            if word.hasPrefix(name + "=") { return String(word.dropFirst(name.count + 1)) }
            guard word == name else { return nil }
            return place + 1 < words.endIndex ? words[place + 1] : ""
        }
    }

    private static func options(of command: any ParsableCommand.Type) -> [DeclaredOption] {
        let dump = Data(command._dumpHelp().utf8)
        return (try? JSONDecoder().decode(DeclaredOption.Dump.self, from: dump))?.command.arguments ?? []
    }
}

/// An option as the parser declares it.
private struct DeclaredOption: Decodable {
    struct Dump: Decodable {
        struct Command: Decodable { var arguments: [DeclaredOption]? }
        var command: Command
    }
    struct Name: Decodable {
        var kind: String
        var name: String
    }

    var kind: String
    var isRepeating: Bool
    var names: [Name]?
    var valueName: String?

    var name: String? { names?.first?.name }
    var takesOneValue: Bool { kind == "option" && !isRepeating }

    /// - Parameter spelling: with its dashes.
    func isCalled(_ spelling: String) -> Bool {
        (names ?? []).contains { ($0.kind == "long" ? "--" : "-") + $0.name == spelling }
    }
}
