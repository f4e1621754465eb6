import AggctlCommands
import Aggregation
import Declaration
import FoundationEssentials
import Testing

/// `aggctl facts`, and what `recommend` makes of facts that are not what they should be.
@Suite struct FactsGoldenTests {
    /// A host of which everything is known.
    private static let rich: HostFacts = {
        var facts = HostFacts()
        facts.kernel = "6.12.9"
        facts.distribution = "debian 13"
        (facts.hasBonding, facts.hasTeam, facts.hasTeamd) = (true, true, true)
        facts.teamdVersion = "1.32"
        facts.knownOptions = ["lacp_active", "ns_ip6_target"]
        facts.unknownOptions = ["coupled_control"]
        var first = HostFacts.Port(name: "eth0")
        first.medium = .ethernet
        first.driver = "ixgbevf"
        first.partner = .init(system: "02:00:5e:00:53:02", key: 15)
        first.path = "pci 0000:01:00.2"
        first.physicalFunction = "0000:01:00.0"
        (first.speed, first.duplex, first.hasCarrier, first.mtu) = (10000, .full, true, 9000)
        (first.address, first.permanentAddress) = ("02:00:00:00:00:01", "02:00:00:00:00:01")
        first.addresses = ["192.0.2.7/24", "2001:db8::7/64"]
        first.onTop = ["eth0.5 (vlan)"]
        var second = HostFacts.Port(name: "veth1")
        (second.medium, second.kind, second.hasCarrier, second.master) = (.other, "veth", false, "br0")
        facts.ports = [first, second]
        return facts
    }()

    @Test func shows() async throws {
        try Golden.expect(await CommandRun(["facts"], facts: Self.rich).transcript, is: "facts/rich.txt")
        try Golden.expect(await CommandRun(["facts"], facts: HostFacts()).transcript, is: "facts/nothing.txt")
        let one = await CommandRun(["facts", "--ports", "veth1"], facts: Self.rich)
        try Golden.expect(one.transcript, is: "facts/one-port.txt")
    }

    @Test func whatIsWrittenIsRead() async throws {
        let run = await CommandRun(["facts", "--json"], facts: Self.rich)
        #expect(run.code == 0)
        let file = ProfileFile(path: "host.json", origin: "host.json", bytes: Array(run.output.utf8))
        #expect(try ProfileReader.facts(file) == Self.rich)
        let faults = try JSONSchema(named: "facts.schema.json").faults(in: try JSONValue.parse(run.output))
        #expect(faults == [])
    }

    @Test(arguments: ["facts", "alternatives", "features", "modes", "switches", "workloads"])
    func schemasAreThoseOfTheReader(_ kind: String) throws {
        let name = kind == "facts" ? kind : "profile-\(kind)"
        let text = try #require(try ProfileReader.schema(kind))
        try Golden.expect(text, isFile: "docs/schemas/\(name).schema.json")
    }

    @Test(arguments: [
        ("later-format", #"{"schema": 2, "facts": {"kernel": "9.1"}}"#),
        ("unknown-keys", #"{"schema": 1, "facts": {"kernal": "6.1", "ports": [{"name": "eth0", "sped": 1}]}}"#),
        (
            "wrong-values",
            #"{"schema": 1, "facts": {"bonding": "perhaps", "ports": [{"name": "a/b", "duplex": "three"}]}}"#
        ),
        ("not-whole", #"{"schema": 1, "facts": {"kernel": "6.1""#),
        ("no-drivers", #"{"schema": 1, "facts": {"bonding": false, "team": false}}"#),
        ("port-missing", #"{"schema": 1, "facts": {"ports": [{"name": "eth0"}, {"name": "eth2"}]}}"#),
    ]) func refuses(_ name: String, _ text: String) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "aggctl-facts-\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "host.json")
        try Data(text.utf8).write(to: file)
        let run = await CommandRun([
            "recommend", "--require", "redundancy", "--facts", file.path, "--ports", "eth0,eth1",
        ])
        #expect(run.output.isEmpty)
        let transcript = run.transcript.split(separator: folder.path + "/", omittingEmptySubsequences: false)
            .joined()
        try Golden.expect(transcript, is: "facts/\(name).txt")
    }

    /// What decides a row is asked for.
    @Test func asksForWhatTheMatrixWantsToKnow() throws {
        let wanted = try FeatureTrials.builtInMatrix().features.flatMap(\.cells).compactMap(\.option)
        #expect(!wanted.isEmpty)
        #expect(Set(wanted).isSubset(of: HostFactsReader.askedOptions))
    }

    @Test func refusesAPortThatIsNotHere() async throws {
        let run = await CommandRun(["recommend", "--require", "lacp", "--ports", "eth0,ehh1,eth7"])
        #expect(run.code == 66)
        try Golden.expect(run.transcript, is: "facts/port-not-here.txt")
    }
}
