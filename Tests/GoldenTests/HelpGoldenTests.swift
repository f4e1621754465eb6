import AggctlCommands
import Testing

/// `--help` of every command, found by asking the program itself.
@Suite struct HelpGoldenTests {
    @Test func root() async throws { try await expectHelp([]) }
    @Test func status() async throws { try await expectHelp(["status"]) }
    @Test func options() async throws { try await expectHelp(["options"]) }

    @Test func version() async {
        let run = await CommandRun(["--version"])
        #expect(run.code == 0)
        #expect(run.output == "0.1.0\n")
    }

    private func expectHelp(_ command: [String]) async throws {
        let run = await CommandRun(command + ["--help"])
        #expect(run.code == 0)
        #expect(run.errors.isEmpty)
        try Golden.expect(run.transcript, is: "help/\((["aggctl"] + command).joined(separator: "-")).txt")
    }
}
