internal import Aggregation
internal import Declaration

/// From the words of the command to a decision and its plan.
extension RecommendCommand {
    func decide(_ library: ProfileLibrary, _ context: CommandContext) async throws -> ExitStatus {
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
