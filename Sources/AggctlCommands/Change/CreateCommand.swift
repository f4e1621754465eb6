internal import Aggregation
internal import ArgumentParser
internal import Declaration

/// `aggctl create`: one aggregate from the command line.
struct CreateCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make an aggregate of ports.",
        discussion: """
            Ports are taken down to join and the aggregate is brought up. When any step fails, everything is put back \
            as it was. It waits until the aggregate is usable; exit code 75 when it is not in time. An aggregate without a link monitor gets miimon 100ms; --set link-monitor=none leaves it out.

            EXAMPLES
              aggctl create bond0 --mode active-backup --ports eth0,eth1
              aggctl create bond0 --mode lacp --ports eth0,eth1 --set lacp.rate=fast --set hash=l3,l4 \\
                  --address 192.0.2.2/24
              aggctl create bond0 --mode active-backup --ports eth0,eth1 --take-addresses --dry-run
              aggctl create team0 --driver teaming --mode lacp --ports eth0,eth1 --set runner.fast_rate=on
            """)

    @Argument(help: "The name of the aggregate.")
    var name: String

    @Option(help: "active-backup, lacp, balance-rr, balance-xor, broadcast, random, balance-tlb or balance-alb.")
    var mode: String

    @Option(
        help: ArgumentHelp(
            "The ports in the order in which they join; the first gives the address.", valueName: "a,b,…"))
    var ports: String

    @Option(help: "bonding, teaming or auto.")
    var driver = "bonding"

    @Option(
        name: .customLong("set"),
        help: ArgumentHelp("A setting: a key of the file or an option of the driver.", valueName: "key=value"))
    var settings: [String] = []

    @Option(
        name: .customLong("address"), help: ArgumentHelp("An address for the aggregate.", valueName: "address/length"))
    var addresses: [String] = []

    @Flag(help: "Leave the aggregate down.")
    var down = false

    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        if down, wait.wait != nil {
            throw Problem(
                .usage, subject: name, option: "--wait", rule: "nobody waits for an aggregate that stays down",
                remedy: "leave out --wait or --down")
        }
        let desired = try desired()
        let waiting = try wait.asked(by: "create")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        try await refuseExisting(in: session)
        return try await ChangeCommand.run([desired], safety, session, context, waiting: waiting, mustFindPorts: true)
    }

    private func desired() throws -> DesiredAggregate {
        var desired = DesiredAggregate(name: try InterfaceName(name))
        var problems: [Problem] = []
        if let choice = DesiredAggregate.DriverChoice(rawValue: driver) {
            desired.driver = choice
        } else {
            problems.append(
                Problem(
                    .invalid, subject: name, option: "driver", value: driver, rule: "there is no such value",
                    remedy: "use bonding, teaming or auto"))
        }
        do {
            desired.ports = try CommandSettings.ports(ports, of: name, driver: desired.driver ?? .bonding)
        } catch { problems += error.all }
        var given = [CommandSettings.Given("mode", mode, by: "--mode")]
        if down { given.append(.init("state", DesiredAggregate.State.down.rawValue, by: "--down")) }
        if !addresses.isEmpty {
            given.append(.init("addresses", addresses.joined(separator: ","), by: "--address"))
        }
        do { try CommandSettings.apply(settings, to: &desired, given: given) } catch { problems += error.all }
        guard problems.isEmpty else { throw Problems(problems) }
        return desired
    }

    /// Never a bare "File exists".
    private func refuseExisting(in session: ChangeSession) async throws {
        guard let link = try await session.driver.observe(.ports).link(named: name) else { return }
        // It may be what an interrupted change left.
        try session.unfinished.requireNone(of: [name])
        guard let facts = link.aggregate else {
            throw Problem(
                .invalid, subject: name, rule: "a device of this name exists: \(link.kind ?? "a network card")",
                remedy: "choose another name")
        }
        let isIdle = facts.driver == .bonding && facts.ports.isEmpty && !link.isUp && facts.mode == .balanceRR
        throw Problem(
            .invalid, subject: name,
            rule: isIdle
                ? "it exists already, idle: without ports, down, with default options, as loading the bonding driver leaves it"
                : "it exists already",
            remedy: isIdle
                ? "run aggctl delete \(name) first, or describe it in a file and use aggctl apply"
                : "change it with aggctl set, or describe it in a file and use aggctl apply")
    }
}
