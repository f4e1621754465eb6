internal import ArgumentParser
internal import Netlink
internal import Teaming

/// The hidden command that a unit of systemd runs before and after it starts the teamd of a team.
struct TakeoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: TeamDaemons.takeoverCommand, abstract: "See to a team whose teamd is started again.",
        shouldDisplay: false)

    enum Step: String, ExpressibleByArgument, Sendable {
        case before
        case after
    }

    @Argument(help: "The name of the team.")
    var team: String

    @Option(help: "When: before or after the daemon is started.")
    var step: Step

    @Option(help: "Where the program keeps what has to outlive it.")
    var state: String

    func run() async throws {
        let driver = TeamingDriver(in: .current, stateDirectory: state)
        switch step {
        case .before: try await driver.prepareTakeover(of: team)
        case .after: try await driver.finishTakeover(of: team)
        }
    }
}
