internal import Aggregation
internal import ArgumentParser
internal import Declaration

/// `aggctl recommend`: from requirements to a decision and its plan.
struct RecommendCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "recommend",
        abstract: "Decide between bonding and teaming and their modes, and say why.",
        discussion: """
            Every driver and mode is held against the requirements, row by row of a matrix of sourced facts. Whoever \
            fails a must is out; among the others the first of a fixed list of questions decides (--explain shows \
            it). Exit code 2 means that nothing meets every must: then the smallest sets to give up are named.

            On a terminal, and without arguments, it asks.

            --profile names a kind of host whose requirements count besides those that are given; what is given takes the \
            place of what the profile says of the same thing. --switch names what the ports lead to. Both take a name \
            of --list or a file.

            With --ports the host is looked at (aggctl facts shows what is seen): what its kernel lacks counts as missing, \
            and what the ports need counts too. --facts takes the place of looking: a file that facts --json wrote on \
            another machine. With --kernel alone nothing is looked at, and what came with a later Linux counts as missing.

            Files in /etc/aggctl/profiles and ~/.config/aggctl/profiles take the place of built-in ones of the same \
            path.

            EXAMPLES
              aggctl recommend
              aggctl recommend --require redundancy --require switch=two --ports eth0,eth1
              aggctl recommend --require throughput --require switch=lacp --prefer redundancy --explain
              aggctl recommend --require redundancy --output plan.yaml && aggctl apply plan.yaml
              aggctl recommend --profile hypervisor --switch nextu-3424gl3-10g --ports eth0,eth1
              aggctl recommend --require lacp --facts host.json --ports eth0,eth1
              aggctl recommend --list
            """)

    @Option(
        name: .customLong("require"),
        help: ArgumentHelp("Something that must be met; may be repeated.", valueName: "key[=value]"))
    var musts: [String] = []

    @Option(
        name: .customLong("prefer"),
        help: ArgumentHelp("Something that should be met; may be repeated.", valueName: "key[=value]"))
    var wishes: [String] = []

    @Option(
        name: .customLong("avoid"),
        help: ArgumentHelp("Something that must not be; may be repeated.", valueName: "key[=value]"))
    var mustNots: [String] = []

    @Option(help: ArgumentHelp("A kind of host: a name of --list or a file.", valueName: "name|file"))
    var profile: String?

    @Option(
        name: .customLong("switch"),
        help: ArgumentHelp("What the ports lead to: a name of --list or a file.", valueName: "name|file"))
    var switchName: String?

    @Option(help: ArgumentHelp("Decide for a host with this version of Linux.", valueName: "x.y"))
    var kernel: String?

    @Option(help: ArgumentHelp("Decide for the host that facts --json described.", valueName: "file"))
    var facts: String?

    @Option(help: ArgumentHelp("The ports, for the plan; two names stand in when absent.", valueName: "a,b,…"))
    var ports: String?

    @Option(help: "The name of the aggregate, for the plan; bond0 or team0 when absent.")
    var name: String?

    @Flag(help: "List the requirements there are.")
    var list = false

    @Option(help: "Decide between the modes of one driver: bonding or teaming.")
    var driver: DriverArgument?

    @Flag(help: "Show why, the plan, every candidate, and the questions in their order.")
    var explain = false

    @Flag(help: "Show why and the plan, with the source of each claim.")
    var sources = false

    @Flag(help: "Write the decision as Markdown, for a ticket or a page of documentation.")
    var markdown = false

    @Option(help: ArgumentHelp("Write the plan to this file, - for standard output.", valueName: "file"))
    var output: String?

    @Flag(help: "Write over a file that is there.")
    var force = false

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        if goesToStandardOutput, global.output.json {
            throw ValidationError(
                "--output \(output ?? "-") and --json both write to standard output: name a file for the plan")
        }
        if kernel != nil, facts != nil {
            throw ValidationError("--facts says which kernel it is: leave --kernel out")
        }
        if markdown, global.output.json || list {
            throw ValidationError("--markdown is for the decision, and beside --json it says nothing")
        }
        if list, !givenBesideList.isEmpty {
            throw ValidationError(
                "--list shows what can be required: leave \(givenBesideList.joined(separator: ", ")) out")
        }
        if goesToStandardOutput, explain || sources || markdown {
            let needless = explain ? "--explain" : sources ? "--sources" : "--markdown"
            throw ValidationError("--output \(output ?? "-") writes the plan alone: leave \(needless) out")
        }
        if force, output == nil { throw ValidationError("--force is for --output: name a file, or leave it out") }
    }

    /// Options that do nothing where the vocabulary is listed.
    private var givenBesideList: [String] {
        let all: [(name: String, isGiven: Bool)] = [
            ("--require", !musts.isEmpty), ("--prefer", !wishes.isEmpty), ("--avoid", !mustNots.isEmpty),
            ("--profile", profile != nil), ("--switch", switchName != nil), ("--kernel", kernel != nil),
            ("--facts", facts != nil), ("--ports", ports != nil), ("--name", name != nil), ("--explain", explain),
            ("--sources", sources), ("--driver", driver != nil), ("--output", output != nil), ("--force", force),
        ]
        return all.filter(\.isGiven).map(\.name)
    }

    /// With `--ports` alone, and to propose ports in an interview.
    var looksAtNetwork: Bool { !list && facts == nil && kernel == nil && (ports != nil || isBare) }

    func run(in context: CommandContext) async throws -> ExitStatus {
        let library = try context.profiles()
        if isBare, context.canAsk {
            guard let answers = try await interview(library, context) else {
                context.reporter.note("no answer: nothing was decided")
                return .usage
            }
            var command = self
            (command.ports, command.profile, command.switchName) = (answers.ports, answers.profile, answers.switchName)
            (command.musts, command.output) = (answers.musts, answers.output)
            context.reporter.note("the same without questions: \(answers.commandLine)")
            return try await command.decide(library, context)
        }
        return try await decide(library, context)
    }

    var goesToStandardOutput: Bool {
        output.map { $0 == "-" || FileStatus.descriptor(namedBy: $0) == 1 } ?? false
    }

    /// Nothing is said of what is wanted.
    private var isBare: Bool {
        musts.isEmpty && wishes.isEmpty && mustNots.isEmpty && profile == nil && switchName == nil && ports == nil
            && facts == nil && kernel == nil && output == nil && driver == nil && !list
    }

    private func interview(_ library: ProfileLibrary, _ context: CommandContext) async throws -> Interview.Answers? {
        let host: HostFacts
        do { host = try await context.facts([]) } catch {
            // Where the host cannot be looked at, there are no defaults.
            guard context.netns == nil else { throw error }
            host = HostFacts()
        }
        return Interview(
            ask: { context.ask($0) }, say: { context.say($0) }, library: library, host: host
        ).run()
    }
}
