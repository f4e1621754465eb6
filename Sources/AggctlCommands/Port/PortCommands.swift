internal import Aggregation
internal import ArgumentParser
internal import Declaration
internal import Operations

/// The noun `port`.
struct PortCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "port",
        abstract: "Add, remove, activate and set ports of an aggregate.",
        discussion: """
            EXAMPLES
              aggctl port add bond0 eth2
              aggctl port activate bond0 eth1
              aggctl port remove bond0 eth0
            """,
        subcommands: [PortAdd.self, PortRemove.self, PortActivate.self, PortSet.self])
}

/// What every verb of `port` names.
struct PortArguments: ParsableArguments {
    @Argument(help: "The name of the aggregate.")
    var name: String

    @Argument(help: "The name of the port.")
    var port: String
}

/// `aggctl port add`.
struct PortAdd: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Make a device a port.",
        discussion: """
            The device is taken down to join; the aggregate brings it up.

            EXAMPLES
              aggctl port add bond0 eth2
              aggctl port add bond0 eth2 --set priority=10
            """)

    @OptionGroup var arguments: PortArguments
    @Option(name: .customLong("set"), help: ArgumentHelp("A setting of the port.", valueName: "key=value"))
    var settings: [String] = []
    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try wait.asked(by: "port add")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        let change = PortChange(arguments: arguments, session: session)
        return try await change.run(safety, waiting, context) { ports, isMember, driver in
            var port = DesiredPort(.name(arguments.port))
            try CommandSettings.apply(settings, to: &port, driver: driver)
            guard !isMember else {
                throw Problem(
                    .invalid, subject: arguments.name, option: "ports", value: arguments.port,
                    rule: "it is a port of it already", remedy: "change it with aggctl port set")
            }
            ports.append(port)
        }
    }
}

/// `aggctl port remove`.
struct PortRemove: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Give a port back.",
        discussion: """
            A port that was up before it joined comes up again, unless the aggregate keeps using its address. Removing \
            the last usable port of an aggregate that carries something needs --allow-cutoff.

            EXAMPLES
              aggctl port remove bond0 eth2
            """)

    @OptionGroup var arguments: PortArguments
    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try wait.asked(by: "port remove")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        let change = PortChange(arguments: arguments, session: session)
        return try await change.run(safety, waiting, context) { ports, _, _ in
            ports.removeAll { $0.selector == .name(arguments.port) }
        }
    }
}

/// `aggctl port activate`.
struct PortActivate: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "activate",
        abstract: "Make a port the active one now.",
        discussion: """
            For active-backup, and with bonding balance-tlb and balance-alb. The next failure, or a primary that comes back, chooses anew.

            EXAMPLES
              aggctl port activate bond0 eth1
            """)

    @OptionGroup var arguments: PortArguments
    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try wait.asked(by: "port activate")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        let change = PortChange(arguments: arguments, session: session)
        return try await change.run(safety, waiting, context, activates: true) { _, _, _ in }
    }
}

/// `aggctl port set`.
struct PortSet: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change options of a port.",
        discussion: """
            EXAMPLES
              aggctl port set bond0 eth1 priority=10
              aggctl port set bond0 eth1 queue-id=2
            """)

    @OptionGroup var arguments: PortArguments
    @Argument(help: ArgumentHelp("Settings of the port.", valueName: "key=value"))
    var settings: [String]
    @OptionGroup var wait: WaitOptions
    @OptionGroup var safety: SafetyOptions
    @OptionGroup var global: GlobalOptions

    func run(in context: CommandContext) async throws -> ExitStatus {
        let waiting = try wait.asked(by: "port set")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        let change = PortChange(arguments: arguments, session: session)
        return try await change.run(safety, waiting, context) { ports, _, driver in
            var port = DesiredPort(.name(arguments.port))
            try CommandSettings.apply(settings, to: &port, driver: driver)
            ports = ports.map { $0.selector == port.selector ? port : $0 }
        }
    }
}

/// A change of one aggregate's list of ports.
struct PortChange {
    let arguments: PortArguments
    let session: ChangeSession

    /// - Parameters:
    ///   - activates: the port becomes the active one.
    ///   - edit: changes the list; told whether the port is in it, and the driver.
    func run(
        _ safety: SafetyOptions, _ waiting: UsableWait, _ context: CommandContext, activates: Bool = false,
        edit: (inout [DesiredPort], Bool, DesiredAggregate.DriverChoice) throws -> Void
    ) async throws -> ExitStatus {
        let found = try await ChangeCommand.existing(arguments.name, in: session)
        let members = found.host.ports(of: found.link).map(\.name)
        var desired = ChangeCommand.unchanged(found.link, found.facts, name: try InterfaceName(arguments.name))
        var ports = members.map { DesiredPort(.name($0)) }
        try edit(&ports, members.contains(arguments.port), desired.driver)
        desired.ports = ports
        // A port that was missing before is still missed.
        let expected = try session.expectedPorts().recall(on: found.host)[found.link.name]
        desired.expectedPorts = expected.map { max(0, $0 + ports.count - members.count) }
        if activates {
            desired.options = [DriverOption(name: found.facts.driver.activePortOption, text: arguments.port)]
        }
        guard members.contains(arguments.port) || ports.count > members.count else {
            throw Problem(
                .notFound, subject: arguments.name, option: "ports", value: arguments.port, rule: "it is no port of it",
                remedy: members.isEmpty ? "it has none" : "it has \(members.joined(separator: ", "))")
        }
        return try await ChangeCommand.run([desired], safety, session, context, waiting: waiting, mustFindPorts: true)
    }
}
