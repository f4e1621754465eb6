internal import Aggregation
internal import ArgumentParser

/// `aggctl check`.
struct CheckCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Compare the host with a file.",
        discussion: """
            Exit code 0 means that nothing differs and apply would do nothing and refuse nothing, 2 that something differs, \
            77 that nothing seems to but the kernel hides some of it from a caller without CAP_NET_ADMIN.

            EXAMPLES
              aggctl check bonds.yaml
              aggctl check bonds.yaml --json
            """)

    @OptionGroup var file: FileArgument
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let desired = try file.read(context)
        let workflow = ChangeWorkflow(
            session: try await ChangeSession.open(context, rehearsal: true), reporter: context.reporter)
        let (host, wishes, _) = try await workflow.resolve(desired)
        // Nothing is carried out, so no leave is needed; and what a plan would refuse is not as wanted.
        let plan = Planner(host: host, allow: .everything).plan(wishes)
        let result = CheckResult(wishes, host: host, plan: plan)
        context.reporter.write(result)
        return result.exitStatus
    }
}

/// What `check` found.
struct CheckResult: CommandResult {
    let names: [String]
    let differences: [Difference]
    /// What the kernel hides from this caller: neither equal nor different.
    let unverified: [SettingComparison]
    /// Why apply would refuse, or what it would do, where no difference says it already.
    let reasons: [Reason]

    struct Reason: Sendable {
        /// An aggregate, or a port or file that is looked at.
        let subject: String
        let text: String
    }

    init(_ wishes: [ResolvedAggregate], host: HostState, plan: Plan) {
        names = wishes.map(\.name)
        let differences = wishes.flatMap { Difference.between($0, host) }
        self.differences = differences
        unverified = wishes.flatMap { SettingComparison.compare($0, in: host) }.filter { $0.outcome == .hidden }
        let told = Set(differences.map(\.aggregate))
        let refused = plan.problems.map { Reason(subject: $0.subject, text: $0.description) }
        let planned = plan.steps.map { Reason(subject: $0.aggregate, text: $0.step.summary(.shared)) }
        let short = plan.shortfalls.map { Reason(subject: $0.subject, text: $0.text) }
        // A reason whose subject is a port belongs to the file as a whole.
        let isKnown = Set(names)
        reasons = (refused + (refused.isEmpty ? planned : []) + short).filter {
            isKnown.contains($0.subject) ? !told.contains($0.subject) : told.isEmpty
        }
    }

    var exitStatus: ExitStatus {
        if !differences.isEmpty || !reasons.isEmpty { return .differs }
        return unverified.isEmpty ? .done : .notPermitted
    }

    var json: JSONValue {
        [
            "schema": 1,
            "reasons": .array(
                reasons.map { ["subject": .string($0.subject), "text": .string($0.text)] }),
            "unverified": .array(
                unverified.map { ["aggregate": .string($0.aggregate), "key": .string($0.setting.name)] }),
            "differences": .array(
                differences.map { difference in
                    var object: JSONObject = [
                        "aggregate": .string(difference.aggregate), "key": .string(difference.key),
                        "wanted": JSONValue(difference.wanted), "observed": JSONValue(difference.observed),
                    ]
                    if let port = difference.port { object["port"] = .string(port) }
                    return .object(object)
                }),
        ]
    }

    func text(_ style: Style) -> PrintableText {
        names.map { name -> PrintableText in
            let own = differences.filter { $0.aggregate == name }
            let why = reasons.filter { $0.subject == name }
            let hidden = unverified.filter { $0.aggregate == name }
            var text: PrintableText = "\(style.paint(name, .heading)): "
            if !own.isEmpty || !why.isEmpty {
                text += "\(style.paint("differs", .warning))\n"
            } else if !hidden.isEmpty {
                text += "\(style.paint("not verified", .warning))\n"
            } else {
                text += "\(style.paint("as wanted", .good))\n"
            }
            for difference in own {
                let subject = difference.port.map { "port \($0): " } ?? ""
                text += "  \(subject)\(difference.key) is \(difference.observed ?? "not there"), "
                text += "wanted \(difference.wanted ?? "none")\n"
            }
            for reason in why { text += "  \(reason.text)\n" }
            for comparison in hidden { text += "  \(comparison.text ?? comparison.setting.name)\n" }
            return text
        }.joined()
            + reasons.filter { !names.contains($0.subject) }.map { "\($0.subject): \($0.text)\n" as PrintableText }
            .joined()
    }
}
