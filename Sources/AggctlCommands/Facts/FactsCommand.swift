internal import Aggregation
internal import ArgumentParser

/// `aggctl facts`: what the planner knows of this host.
struct FactsCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "facts",
        abstract: "Show what the planner knows of this host.",
        discussion: """
            The kernel and its drivers, teamd, the distribution, and the devices that could become ports: speed, duplex, \
            carrier, where they are plugged in, addresses, what is on top of them. Which options of bonding the kernel \
            knows it is asked, in a namespace that is taken away again; that takes root, and without it they are left out.

            What --json writes, recommend --facts reads: on another machine, or after the port has been pulled.

            EXAMPLES
              aggctl facts
              aggctl facts --ports eth0,eth1
              aggctl facts --json > host.json && aggctl recommend --require lacp --facts host.json
            """)

    @Option(help: ArgumentHelp("These devices alone.", valueName: "a,b,…"))
    var ports: String?

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        var facts = try await context.facts(HostFactsReader.askedOptions)
        if let ports { facts = try facts.choosing(ports.split(separator: ",").map(String.init)) }
        context.reporter.write(FactsReport(facts: facts))
        return .done
    }
}
