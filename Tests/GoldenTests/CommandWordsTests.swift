import AggctlCommands
import Aggregation
import Testing

/// What the words of a command line are before any of them is done: commands that are none, options in two minds.
@Suite struct CommandWordsTests {
    @Test(arguments: [
        (["statsu"], "did you mean status?"), (["frobnicate", "--json"], "aggctl --help lists the commands"),
        (["help", "nosuch"], "aggctl --help lists the commands"), (["help", "lab", "rum"], "did you mean run?"),
        (["lab", "rn", "--", "x"], "did you mean run?"), (["port", "ad", "bond0", "eth0"], "did you mean add?"),
        (["port", "bond0"], "aggctl port --help lists the commands"), ([""], "aggctl --help lists the commands"),
        (["--json", "status"], "aggctl status … --json"),
        (["port", "--netns", "x", "add"], "aggctl port add … --netns"),
        (["status", "--wath"], "--watch"), (["creat", "--help"], "did you mean create?"),
    ]) func namesTheNearest(_ words: [String], _ hint: String) async throws {
        let run = await CommandRun(words)
        #expect(run.code == 64, "\(run.transcript)")
        if words.contains("--json") {
            let error = try #require(try JSONValue.parse(run.errors).members?["error"]?.members)
            #expect(error["hint"]?.text?.contains(hint) == true, "\(run.errors)")
        } else {
            #expect(run.errors.contains(hint), "\(run.transcript)")
            #expect(run.errors.contains("  hint: "), "\(run.transcript)")
        }
    }

    @Test(arguments: [
        [], ["help"], ["help", "lab"], ["help", "lab", "run"], ["help", "status"], ["--version"], ["lab"], ["version"],
    ])
    func helpIsStillHelp(_ words: [String]) async {
        let run = await CommandRun(words)
        #expect(run.code == 0, "\(run.transcript)")
        #expect(run.errors.isEmpty)
    }

    /// Every command's every option that takes one value, asked of the program itself.
    @Test func nothingIsGivenTwiceWithTwoValues() async throws {
        let dump = await CommandRun(["--experimental-dump-help"])
        let root = try #require(try JSONValue.parse(dump.output).members?["command"])
        var count = 0
        for (path, option) in Self.singleOptions(of: root, path: []) {
            for words in [["\(option)=a", "\(option)=b"], [option, "a", option, "b"], [option, "a", "\(option)=b"]] {
                let run = await CommandRun(path + words)
                #expect(run.code == 64, "\(path) \(words)")
                #expect(run.errors.contains("given more than once: a, b"), "\(path) \(words): \(run.errors)")
            }
            count += 1
        }
        #expect(count > 25)
    }

    private static func singleOptions(of command: JSONValue, path: [String]) -> [(path: [String], option: String)] {
        let own = (command.members?["arguments"]?.elements ?? []).compactMap { argument -> ([String], String)? in
            guard let members = argument.members, members["kind"] == "option", members["isRepeating"] == false,
                let name = members["names"]?.elements?.first?.members?["name"]?.text
            else { return nil }
            return (path, "--" + name)
        }
        let below = command.members?["subcommands"]?.elements ?? []
        return own
            + below.flatMap { child -> [(path: [String], option: String)] in
                guard let name = child.members?["commandName"]?.text, name != "help" else { return [] }
                return singleOptions(of: child, path: path + [name])
            }
    }

    /// The words that other tools have.
    @Test func otherNames() async {
        let state = HostFixtures.activeBackup()
        let status = await CommandRun(["status"], state: state)
        for word in ["show", "list"] { #expect(await CommandRun([word], state: state).output == status.output) }
        let version = await CommandRun(["--version"])
        #expect(await CommandRun(["version"]).output == version.output)
    }

    /// The same value twice, lists that add up, and what stands behind `--` are in order.
    @Test(arguments: [
        ["options", "--color", "never", "--color", "never"], ["options", "--json", "--json"],
        ["recommend", "--require", "lacp", "--require", "redundancy"],
    ]) func whatAddsUpIsTaken(_ words: [String]) async {
        let run = await CommandRun(words)
        #expect(run.code == 0, "\(run.transcript)")
    }

    @Test func listsAreToldHow() async {
        let run = await CommandRun(["create", "bx", "--mode", "lacp", "--ports", "v0", "--ports", "v1"])
        #expect(run.code == 64)
        #expect(run.errors.contains("give it once, with commas: --ports v0,v1"))
    }

    /// `--netns` names a namespace, or does something wrong: it is never ignored.
    @Test(arguments: ["", ".", "..", "/", "a/b", "../x", "\u{0}", "a\u{0}b", String(repeating: "n", count: 256)])
    func badNamespaceNames(_ name: String) async {
        for words in [
            ["status"], ["features"], ["options"], ["facts"], ["plan", "x"], ["recommend", "--require", "lacp"],
        ] {
            let run = await CommandRun(words + ["--netns", name], state: HostState())
            #expect(run.code == 64, "\(run.transcript)")
            #expect(run.errors.contains("  hint: "), "\(run.transcript)")
        }
    }

    @Test(arguments: [
        ["features"], ["features", "lacp"], ["options"], ["options", "bonding", "miimon"], ["recommend", "--list"],
        ["recommend", "--require", "lacp"], ["recommend", "--require", "lacp", "--kernel", "6.1", "--ports", "a,b"],
        ["features", "--verify"],
    ]) func aNamespaceThatWouldDoNothing(_ words: [String]) async {
        let run = await CommandRun(words + ["--netns", "blue"], state: HostState())
        #expect(run.code == 64, "\(run.transcript)")
        #expect(run.errors.contains("leave --netns out"))
    }

    /// Options that do nothing beside others are refused.
    @Test(arguments: [
        ["recommend", "--require", "lacp", "--force"], ["recommend", "--list", "--explain"],
        ["recommend", "--list", "--ports", "a,b"], ["recommend", "--require", "lacp", "--output", "-", "--explain"],
        ["recommend", "--require", "lacp", "--output", "-", "--markdown"],
        ["drill", "bond0", "--fault", "none", "--port", "eth0"], ["drill", "bond0", "--report", "-"],
        ["features", "--verify", "--kernel", "6.1"], ["status", "--watch", "--check"],
        ["create", "b", "--mode", "lacp", "--ports", "a,b", "--wait", "1s", "--no-wait"],
    ]) func optionsThatDoNothing(_ words: [String]) async {
        let run = await CommandRun(words, state: HostState())
        #expect(run.code == 64, "\(run.transcript)")
        #expect(run.errors.contains("  hint: "), "\(run.transcript)")
        #expect(run.output.isEmpty)
    }

    /// A device that is there and cannot become a port is called what it is.
    @Test(arguments: [["recommend", "--require", "lacp", "--ports"], ["facts", "--ports"]])
    func devicesThatAreNoPorts(_ words: [String]) async {
        var facts = CommandRun.twoPorts
        facts.others = ["bond0": "a bond device", "lo": "the loopback device"]
        let run = await CommandRun(words + ["eth0,bond0"], facts: facts)
        #expect(run.code == 65, "\(run.transcript)")
        #expect(run.errors.contains("bond0: ports: it is a bond device, which cannot become a port"))
        #expect(run.errors.contains("eth0, eth1"))
        let missing = await CommandRun(words + ["eth0,eth7"], facts: facts)
        #expect(missing.code == 66)
    }
}
