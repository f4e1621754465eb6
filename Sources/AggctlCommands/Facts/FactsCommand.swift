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
            knows it is asked once after each boot, in a namespace that is taken away again; that takes root, and without it \
            they are left out.

            With --listen LACPDUs are listened for at devices that are up, and none is sent: an active partner is heard \
            within a second, or within 30 where it was asked for few of them.

            What --json writes, recommend --facts reads: on another machine, or after the port has been pulled.

            EXAMPLES
              aggctl facts
              aggctl facts --ports eth0,eth1 --listen 5s
              aggctl facts --json > host.json && aggctl recommend --require lacp --facts host.json
            """)

    @Option(help: ArgumentHelp("These devices alone.", valueName: "a,b,…"))
    var ports: String?

    @Option(help: ArgumentHelp("Listen that long for LACP partners, 1s to 60s.", valueName: "time"))
    var listen: String?

    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let time = try listen.map { try Duration(argument: $0, "listen", of: "facts", in: 1000...60_000) }
        var facts = try await context.facts(HostFactsReader.askedOptions)
        if let ports {
            facts = try facts.choosing(
                ports.split(separator: ",").map(String.init), remedy: "aggctl facts shows those that are there")
        }
        if let time {
            context.reporter.progress("listening for LACP partners for up to \(listen ?? "")")
            facts.ports = try await HostFactsReader.hearPartners(of: facts.ports, in: context.session(), for: time)
        }
        context.reporter.write(FactsReport(facts: facts))
        return .done
    }
}
