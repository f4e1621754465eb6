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

    @Argument(help: "The port: a name, or a selector in braces.")
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
        return try await change.run(safety, waiting, context) { desired, port in
            var wish = CommandSettings.PortWish(DesiredPort(port.selector))
            try CommandSettings.apply(settings, to: &wish, of: desired.name.text, driver: desired.driver ?? .bonding)
            guard !port.isMember else {
                throw Problem(
                    .invalid, subject: desired.name.text, option: "ports", value: arguments.port,
                    rule: "it is a port of it already", remedy: "change it with aggctl port set")
            }
            desired.ports?.append(wish.port)
            desired.approximate = wish.approximate
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
        try safety.requireUse(of: [.interruption, .cutoff], by: "port remove")
        let waiting = try wait.asked(by: "port remove")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        return try await PortChange(arguments: arguments, session: session).run(safety, waiting, context) {
            desired, port in
            try port.requireMembership()
            desired.ports?.removeAll { $0.selector == port.selector }
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
        try safety.requireUse(of: [], by: "port activate")
        let waiting = try wait.asked(by: "port activate")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        return try await PortChange(arguments: arguments, session: session).run(safety, waiting, context) {
            desired, port in
            try port.requireMembership()
            let option =
                desired.driver == .teaming ? DriverKind.teaming.activePortOption : DriverKind.bonding.activePortOption
            desired.options = [DriverOption(name: option, text: port.name)]
        }
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
        try safety.requireUse(of: [.interruption, .cutoff], by: "port set")
        let waiting = try wait.asked(by: "port set")
        let session = try await ChangeSession.open(context, rehearsal: safety.dryRun)
        return try await PortChange(arguments: arguments, session: session).run(safety, waiting, context) {
            desired, port in
            try port.requireMembership()
            var wish = CommandSettings.PortWish(DesiredPort(port.selector))
            try CommandSettings.apply(settings, to: &wish, of: desired.name.text, driver: desired.driver ?? .bonding)
            desired.ports = desired.ports?.map { $0.selector == port.selector ? wish.port : $0 }
            desired.approximate = wish.approximate
        }
    }
}
