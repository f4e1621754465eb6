import AggctlCommands
import Testing

/// `--help` of every command; which commands there are is asked of the program itself.
@Suite struct HelpGoldenTests {
    @Test func everyCommandExplainsItself() async throws {
        let dump = await CommandRun(["--experimental-dump-help"])
        let root = try #require(try JSONValue.parse(dump.output).members?["command"])
        let commands = Self.commands(root, path: [])
        #expect(commands.contains(["status"]))
        for command in commands {
            let run = await CommandRun(command + ["--help"])
            #expect(run.code == 0)
            #expect(run.errors.isEmpty)
            try Golden.expect(run.transcript, is: "help/\((["aggctl"] + command).joined(separator: "-")).txt")
        }
    }

    @Test func version() async {
        let run = await CommandRun(["--version"])
        #expect(run.code == 0)
        #expect(run.output == "0.1.0\n")
    }

    /// A command and all below it, without hidden ones and the parser's own `help`.
    private static func commands(_ command: JSONValue, path: [String]) -> [[String]] {
        let below = command.members?["subcommands"]?.elements ?? []
        return [path]
            + below.flatMap { child -> [[String]] in
                guard let name = child.members?["commandName"]?.text, name != "help",
                    child.members?["shouldDisplay"] != false
                else { return [] }
                return commands(child, path: path + [name])
            }
    }
}
