import AggctlCommands
import Aggregation
import Testing

/// `aggctl recommend` on a terminal without arguments.
@Suite struct InterviewTests {
    private static let host: HostFacts = {
        var facts = HostFacts()
        facts.kernel = "6.12.9"
        (facts.hasBonding, facts.hasTeam, facts.hasTeamd) = (true, true, true)
        facts.ports = [("eno1", 1000, ["192.0.2.1/24"]), ("eth0", 10000, []), ("eth1", 10000, [])].map {
            name, speed, addresses in
            var port = HostFacts.Port(name: name)
            (port.medium, port.duplex, port.hasCarrier) = (.ethernet, .full, true)
            (port.speed, port.addresses) = (Int64(speed), addresses)
            return port
        }
        return facts
    }()

    @Test(arguments: [
        ("enter-alone", ["", "", "", "", "", ""]),
        ("a-profile", ["eth0, eth1", "database", "lacp", "", ""]),
        (
            "second-thoughts",
            [
                "?", "eth0", "eth0,eth9", "eth0,eth1", "999", "webb", "none", "lcap", "two", "speed", "redundancy",
                "daemonfree", "daemon-free", "",
            ]
        ),
        ("gone", ["", "?"]),
    ]) func asks(_ name: String, _ lines: [String]) async throws {
        let run = await CommandRun(
            ["recommend"], isTerminal: true, variables: ["NO_COLOR": "1"], facts: Self.host, typed: lines)
        try Golden.expect(run.transcript, is: "interview/\(name).txt")
    }

    /// The command that the interview names decides the same.
    @Test func namesTheCommandThatAsksNothing() async throws {
        let asked = await CommandRun(
            ["recommend"], isTerminal: true, facts: Self.host, typed: ["", "database", "lacp", "", ""])
        let line = try #require(asked.errors.split(separator: "\n").last { $0.contains("without questions: ") })
        let words = try #require(line.split(separator: ": ").last).split(separator: " ").dropFirst().map(String.init)
        let told = await CommandRun(words, isTerminal: true, facts: Self.host)
        #expect(told.output == asked.output)
        #expect(told.code == 0)
    }

    @Test func asksNobodyWhoIsNotThere() async {
        let run = await CommandRun(["recommend"], facts: Self.host)
        #expect(run.code == 64)
    }
}
