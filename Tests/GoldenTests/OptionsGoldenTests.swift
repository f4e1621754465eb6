import AggctlCommands
import Testing

/// `aggctl options` and the reference page.
@Suite struct OptionsGoldenTests {
    @Test(arguments: ["", "mode", "miimon", "ad_select", "num_unsol_na", "arp_ip_target", "prio"])
    func text(_ option: String) async throws {
        let run = await CommandRun(["options"] + (option.isEmpty ? [] : ["bonding", option]))
        #expect(run.code == 0)
        #expect(!run.output.split(separator: "\n").contains { $0.hasSuffix(" ") })
        try Golden.expect(run.transcript, is: "options/\(option.isEmpty ? "all" : option).txt")
    }

    @Test(arguments: ["", "runner.tx_hash", "link_watch", "arp_ping.target_host", "sticky"])
    func teaming(_ option: String) async throws {
        let run = await CommandRun(["options", "teaming"] + (option.isEmpty ? [] : [option]))
        #expect(run.code == 0)
        try Golden.expect(run.transcript, is: "options/teaming-\(option.isEmpty ? "all" : option).txt")
    }

    @Test(arguments: ["bonding", "teaming"]) func json(_ driver: String) async throws {
        let run = await CommandRun(["options", driver, "--json"])
        #expect(run.code == 0)
        #expect(try JSONSchema(named: "options.schema.json").faults(in: try JSONValue.parse(run.output)) == [])
        try Golden.expect(run.transcript, is: "options/all-\(driver).json.txt")
    }

    /// What stands after the end of the table was measured and is another test's.
    @Test func referencePage() throws {
        let path = "docs/option-reference.md"
        let page = (try? Golden.text(of: path)) ?? ""
        let measured = page.firstRange(of: OptionReference.end + "\n").map { String(page[$0.upperBound...]) } ?? ""
        try Golden.expect(OptionReference.markdown() + measured, isFile: path)
    }
}
