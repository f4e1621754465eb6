import AggctlCommands
import Testing

/// The pieces that output is made of.
@Suite struct OutputTests {
    @Test func jsonIsWrittenAsPromised() throws {
        let value: JSONValue = [
            "b": [1, true, .null, []], "a": ["path": "/dev/\u{1}\"\\\n\u{e9}"], "empty": [:], "n": .number(1.5),
            "nan": .number(.nan),
        ]
        let text = String(decoding: JSONWriter.write(value, pretty: true), as: UTF8.self)
        try Golden.expect(text, is: "output/json.txt")
        let line = String(decoding: JSONWriter.write(value, pretty: false), as: UTF8.self)
        #expect(line.filter { $0 == "\n" }.count == 1)
        #expect(try JSONValue.parse(line) == JSONValue.parse(text))
    }

    @Test func colourIsOnlyForTerminalsUnlessAskedFor() {
        func isColoured(_ choice: ColourChoice, _ terminal: Bool, _ variables: [String: String] = [:]) -> Bool {
            Style(choice: choice, isTerminal: terminal, variables: variables).isColoured
        }
        #expect(isColoured(.auto, true))
        #expect(!isColoured(.auto, false))
        #expect(!isColoured(.auto, true, ["NO_COLOR": "1"]))
        #expect(isColoured(.auto, true, ["NO_COLOR": ""]))
        #expect(isColoured(.always, false, ["NO_COLOR": "1"]))
        #expect(!isColoured(.never, true))
    }

    @Test func colourChangesNothingButColour() async {
        let state = HostFixtures.activeBackup().changing("eth1") { $0.loseCarrier() }
        let plain = await CommandRun(["status"], state: state)
        let coloured = await CommandRun(["status"], state: state, isTerminal: true)
        #expect(coloured.output.contains("\u{1b}["))
        #expect(coloured.output.replacing(/\u{1b}\[[0-9]*m/, with: "") == plain.output)
    }

    @Test func tablesAlignByDisplayWidth() {
        var table = TextTable([.init("NAME"), .init("COUNT", .right), .init("NOTE")])
        table.add(["eth0", "7", .blank])
        table.add(["端口", "1000", "a\tb"])
        table.add(["e\u{301}"])
        #expect(
            table.render(.plain).description == """
                NAME  COUNT  NOTE
                eth0      7
                端口   1000  a?b
                e\u{301}         -  -

                """)
    }

    /// A check that finds nothing has to be able to find something.
    @Test func theSchemaCheckFindsFaults() throws {
        let schema = try JSONSchema(named: "error.schema.json")
        #expect(schema.faults(in: ["schema": 1, "error": ["code": "usage", "exit": 64, "message": "x"]]) == [])
        #expect(schema.faults(in: ["schema": 2, "error": ["code": "usage", "exit": 64, "message": "x"]]).count == 1)
        #expect(schema.faults(in: ["schema": 1, "error": ["code": "oops", "exit": "64"]]).count == 3)
        #expect(schema.faults(in: ["schema": 1, "error": [:], "more": 1]).count == 4)
    }
}
