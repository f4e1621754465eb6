internal import Aggregation
internal import ArgumentParser

/// `aggctl options`: what can be set, and when.
struct OptionsCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "options",
        abstract: "Show the options of a driver, or everything about one of them.",
        discussion: """
            EXAMPLES:
              aggctl options
              aggctl options bonding lacp_rate
              aggctl options teaming link_watch
              aggctl options bonding --json
            """)

    @Argument(help: "bonding or teaming.")
    var driver: DriverArgument = .bonding

    @Argument(help: "One option, by its name or another name that it is known by.")
    var option: String?

    @Flag(help: ArgumentHelp("Print the part of the reference page that the tables give.", visibility: .hidden))
    var reference = false

    @OptionGroup
    var global: GlobalOptions

    init() {}

    /// It shows tables, not this host.
    var looksAtNetwork: Bool { false }

    func run(in context: CommandContext) async throws -> ExitStatus {
        if reference {
            context.reporter.write(text: PrintableText(page: OptionReference.markdown()))
            return .done
        }
        let all = OptionDescription.all(driver.kind)
        guard let option else {
            context.reporter.write(OptionsReport(options: all, isDetailed: false))
            return .done
        }
        let chosen = all.filter { $0.name == option || $0.row.name == option || $0.row.aliases.contains(option) }
        guard !chosen.isEmpty else { throw unknown(option, among: all) }
        context.reporter.write(OptionsReport(options: chosen, isDetailed: true))
        return .done
    }

    private func unknown(_ option: String, among all: [OptionDescription]) -> Problem {
        let names = all.flatMap { [$0.name] + $0.row.aliases }
        let meant = Spelling.nearest(to: option, among: names).map { "did you mean \($0)?" }
        return Problem(
            .invalid, subject: driver.rawValue, option: option, rule: "there is no such option",
            remedy: meant ?? "aggctl options \(driver.rawValue) lists them all")
    }
}

/// A driver as a word on the command line.
enum DriverArgument: String, Sendable, CaseIterable, ExpressibleByArgument {
    case bonding, teaming

    var kind: DriverKind { self == .bonding ? .bonding : .teaming }
}
