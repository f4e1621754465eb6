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

    private var goesToStandardOutput: Bool {
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

    private func decide(_ library: ProfileLibrary, _ context: CommandContext) async throws -> ExitStatus {
        if list {
            context.reporter.write(RequirementList(library: library))
            return .done
        }
        let given = try ProfileChoice(profile, switchName, in: library, context)
        let members = try members()
        let wanted = try name.map { try InterfaceName($0) }
        let stated = try requirements(given)
        let file = try goesToStandardOutput ? nil : output.map { try OutputFile($0, replacing: force) }
        let host = try await host(members, context)
        let matrix = try matrix(library.matrix, on: host).with(ports: ports == nil ? nil : members.count)
            .of(driver?.kind)
        let requirements = RequirementSet(stated.all + (host?.requirements ?? []))
        let decision = Decision(requirements, matrix)
        let plan = try decision.recommended.map { try makePlan(for: $0, decision, wanted, members) }
        let report = DecisionReport(
            decision: decision, plan: plan, profiles: given,
            alternatives: library.alternatives(for: requirements, of: given.workload?.name, on: matrix.host),
            extent: extent, planFile: file == nil ? nil : output)
        return try deliver(report, file, context)
    }

    /// How much a person is told.
    private var extent: DecisionReport.Extent {
        if markdown { return .markdown(candidates: explain) }
        return explain || sources ? .page(candidates: explain, sources: sources) : .summary
    }

    /// The host that the decision is for, with the chosen ports; nil when nothing of it is known.
    private func host(_ members: [InterfaceName], _ context: CommandContext) async throws -> HostFacts? {
        let all: HostFacts
        if let facts {
            all = try ProfileReader.facts(try ProfileFolders.file(facts, context))
        } else if ports != nil, kernel == nil {
            all = try await context.facts(HostFactsReader.askedOptions)
        } else {
            return nil
        }
        // Facts without devices are those of a kernel: the ports are then names for the plan.
        guard ports != nil, facts == nil || !all.ports.isEmpty else {
            var facts = all
            facts.ports = []
            return facts
        }
        return try all.choosing(
            members.map(\.text),
            remedy: "for another host give --facts FILE, made there by aggctl facts --json, or --kernel X.Y")
    }

    private func matrix(_ matrix: FeatureMatrix, on host: HostFacts?) throws -> FeatureMatrix {
        if let kernel { return matrix.on(try KernelVersion(argument: kernel, of: "recommend")) }
        guard let host else { return matrix }
        let absences = DriverKind.allCases.compactMap(host.absence)
        guard absences.count < DriverKind.allCases.count else {
            throw Problem(
                .unavailable, subject: "recommend", rule: absences.joined(separator: ", and "),
                remedy:
                    "install the modules of the kernel; or decide for another host with --facts FILE or --kernel X.Y")
        }
        return matrix.on(host)
    }

    /// - Parameter members: the ports that were named; none stand for as many as it takes.
    private func makePlan(
        for recommended: Assessment, _ decision: Decision, _ wanted: InterfaceName?, _ members: [InterfaceName]
    ) throws -> PlanText {
        let usual = recommended.candidate.driver == .bonding ? "bond0" : "team0"
        let aggregate = try wanted ?? InterfaceName(usual)
        guard !members.contains(aggregate) else {
            throw problem(
                ports, "the aggregate is among its own ports", "give it another name with --name", of: aggregate.text)
        }
        let isNamed = ports != nil
        let names = isNamed ? members : try PlanText.placeholders(for: recommended.met).map { try InterfaceName($0) }
        let proposal = PlanProposal(recommended, decision.matrix, name: aggregate, ports: names)
        return PlanText(
            proposal: proposal, requirements: decision.requirements,
            placeholders: isNamed ? [] : names.map(\.text), warnings: proposal.warnings(on: decision.matrix.host))
    }

    /// Writes plan and report, in whatever order leaves standard output to the one that was sent there.
    ///
    /// - Parameter file: where the plan goes, unless that is standard output.
    private func deliver(
        _ report: DecisionReport, _ file: OutputFile?, _ context: CommandContext
    ) throws -> ExitStatus {
        let status: ExitStatus = report.decision.recommended == nil ? .differs : .done
        guard let output else {
            context.reporter.write(report)
            return status
        }
        guard let plan = report.plan else {
            context.reporter.write(report)
            context.reporter.note("no plan was written to \(output): nothing meets every must")
            return status
        }
        guard let file else {
            context.reporter.write(text: PrintableText(page: plan.text))
            return status
        }
        // The decision is worth having even where the plan cannot be written.
        context.reporter.write(report)
        try file.write(plan.text)
        context.reporter.note("the plan is in \(output): aggctl apply \(output)")
        return status
    }

    /// What is given on the command line, and what profiles add to that.
    private func requirements(_ profiles: ProfileChoice) throws -> RequirementSet {
        var problems: [Problem] = []
        var all: [Requirement] = []
        let given =
            musts.map { ($0, Requirement.Strength.must) } + wishes.map { ($0, .should) }
            + mustNots.map { ($0, .mustNot) }
        for (text, strength) in given {
            do { all.append(try Requirement(text: text, strength: strength)) } catch { problems.append(error) }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        if profiles.switchProfile != nil, all.contains(where: { $0.key == .switch }) {
            throw Problem(
                .usage, subject: "recommend", option: "switch", value: switchName,
                rule: "what the ports lead to is said twice", remedy: "leave one of --switch and switch=… out")
        }
        all += profiles.requirements(besides: all)
        guard !all.isEmpty else {
            throw Problem(
                .usage, subject: "recommend", rule: "nothing is required",
                remedy: "say what matters, as --require redundancy, or name a kind of host with --profile; "
                    + "--list shows what there is")
        }
        return RequirementSet(all)
    }

    private func members() throws -> [InterfaceName] {
        guard let ports else { return [] }
        let members = ports.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard members.count >= 2 else {
            throw problem(ports, "one port is no aggregate", "name two at least, as --ports eth0,eth1")
        }
        guard Set(members).count == members.count else {
            throw problem(ports, "a port is there twice", "name each port once")
        }
        return try members.map { try InterfaceName($0) }
    }

    private func problem(_ value: String?, _ rule: String, _ remedy: String, of subject: String? = nil) -> Problem {
        Problem(
            .usage, subject: subject ?? name ?? "recommend", option: "ports", value: value, rule: rule, remedy: remedy)
    }
}
