internal import Aggregation
internal import ArgumentParser
internal import Netlink

/// How long to wait until a new aggregate can carry traffic.
struct CarrierWaitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Wait this long for carrier (default 5s).", valueName: "time"))
    var wait: String?

    @Flag(help: "Do not wait for carrier.")
    var noWait = false

    init() {}

    func validate() throws {
        if wait != nil, noWait { throw ValidationError("--wait and --no-wait exclude each other: leave one out.") }
    }

    /// Nil when nobody waits.
    func duration(down: Bool) throws -> Duration? {
        guard !noWait, !down else { return nil }
        guard let wait else { return .seconds(5) }
        return try Duration(argument: wait, "wait", of: "create", in: 0...Duration.longestWait)
    }
}

/// Waits for carrier by the kernel's own announcements.
enum CarrierWait {
    /// - Throws: ``CommandFailure`` with code 75 when the time is over; the aggregate stays.
    static func run(_ names: [String], in session: Session, for duration: Duration) async throws {
        let events = try NetlinkEvents(groups: [.links], in: session.namespace)
        let driver = session.driver
        let arrived: Bool
        do {
            arrived = try await Interruption.cancelling {
                try await events.waitUntil(deadline: .now + duration) {
                    let host = try await driver.observe(.links)
                    return names.allSatisfy { host.link(named: $0)?.hasCarrier == true }
                }
            }
        } catch is CancellationError {
            throw CommandFailure(
                .failed, message: "\(names.joined(separator: ", ")): done; interrupted while waiting for carrier")
        }
        await events.cancel()
        guard !arrived else { return }
        throw CommandFailure(
            .timedOut, message: "\(names.joined(separator: ", ")): done and up, but without carrier after \(duration)",
            hint: "look at its ports with aggctl status \(names.joined(separator: " "))")
    }
}
