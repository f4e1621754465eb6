import AggctlCommands
import Aggregation
import SystemPackage
import Testing

/// What is said when something is wrong, and the exit code.
@Suite struct ErrorGoldenTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let code: Int32
        let error: any Error & Sendable

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "problem", code: 65,
            error: Problem(
                .invalid, subject: "bond0", option: "updelay", value: "250ms", mode: .activeBackup,
                rule: "it is no multiple of miimon", remedy: "write 200ms or 300ms",
                location: Aggregation.SourceLocation(file: "bonds.yaml", line: 4, column: 7))),
        Case(
            name: "problems", code: 65,
            error: Problems([
                Problem(.notFound, subject: "eth7", rule: "there is no such device"),
                Problem(.invalid, subject: "bond0", option: "miimon", value: "100", rule: "it has no unit"),
                Problem(.refused(flag: "--allow-cutoff"), subject: "bond0", rule: "it carries address 192.0.2.1/24"),
            ])),
        Case(
            name: "refused", code: 5,
            error: Problem(.refused(flag: "--take-addresses"), subject: "eth0", rule: "it has address 192.0.2.1/24")),
        Case(name: "not-permitted", code: 77, error: Problem(.notPermitted, subject: "bond0", rule: "no privilege")),
        Case(
            name: "driver", code: 1,
            error: DriverError(
                .refused, operation: "set on bond0", subject: "bond0", errno: 22, text: "Invalid argument",
                option: "lacp_rate", remedy: "take it down first")),
        Case(
            name: "driver-not-permitted", code: 77,
            error: DriverError(
                .notPermitted, operation: "create bond0", subject: "bond0", errno: 1, text: "Operation not permitted")),
        Case(
            name: "driver-timed-out", code: 75,
            error: DriverError(.timedOut, operation: "wait for bond0", subject: "bond0", text: "no carrier after 5s")),
        Case(
            name: "hostile", code: 66,
            error: Problem(.notFound, subject: "\u{1b}]0;x\u{7}", rule: "there is no such aggregate")),
    ]

    @Test(arguments: cases) func rendering(_ example: Case) throws {
        let failure = CommandFailure(example.error)
        #expect(failure.status.rawValue == example.code)
        let json = String(decoding: JSONWriter.write(failure.json, pretty: true), as: UTF8.self)
        let faults = try JSONSchema(named: "error.schema.json").faults(in: try JSONValue.parse(json))
        #expect(faults == [])
        try Golden.expect(failure.text(.plain).description + json, is: "errors/\(example.name).txt")
    }

    /// Wrong words, and names that are not there.
    static let commands: [(name: String, code: Int32, arguments: [String])] = [
        ("unknown-command", 64, ["stat"]), ("unknown-flag", 64, ["status", "--josn"]),
        ("unknown-flag-json", 64, ["status", "--josn", "--json"]), ("no-value", 64, ["status", "--netns"]),
        ("bad-colour", 64, ["options", "--color", "blue"]), ("bad-driver", 64, ["options", "bridging"]),
        ("unknown-option", 65, ["options", "bonding", "lacp_rat"]),
        ("unknown-team-option", 65, ["options", "teaming", "runner.fast_rat"]),
        ("no-such-aggregate", 66, ["status", "bond1", "eth1", "lo", "vlan7"]),
        ("no-such-aggregate-json", 66, ["status", "bond1", "eth1", "--json"]),
    ]

    @Test(arguments: commands.indices) func command(_ place: Int) async throws {
        let example = Self.commands[place]
        var state = HostFixtures.activeBackup()
        var loopback = Link(index: 100, name: "lo")
        loopback.flags = [.up, .loopback]
        var vlan = Link(index: 101, name: "vlan7")
        vlan.kind = "vlan"
        vlan.lower = 10
        state.links += [loopback, vlan]
        let run = await CommandRun(example.arguments, state: state)
        #expect(run.code == example.code)
        #expect(run.output.isEmpty)
        if let line = run.errors.split(separator: "\n").last, example.arguments.contains("--json") {
            #expect(try JSONSchema(named: "error.schema.json").faults(in: try JSONValue.parse(String(line))) == [])
        }
        try Golden.expect(run.transcript, is: "commands/\(example.name).txt")
    }

    @Test func aReaderThatGoesAwayIsNoFailure() async {
        let run = await CommandRun(["status", "--check"], state: HostFixtures.activeBackup(), outputError: .brokenPipe)
        #expect(run.code == 0)
        #expect(run.errors.isEmpty)
    }

    @Test func outputThatCannotBeWrittenIsAFailure() async {
        let run = await CommandRun(["status"], state: HostFixtures.activeBackup(), outputError: .noSpace)
        #expect(run.code == 1)
        #expect(run.errors.contains("cannot write to standard output: No space left on device"))
    }

    @Test func withoutADriverItSaysSo() async {
        let run = await CommandRun(["status"])
        #expect(run.code == 69)
    }
}
