import Aggregation
import Netlink

/// After a new teamd has taken a living device over.
extension TeamingDriver {
    /// How long teamd may take to see that the link of a port that it found is there.
    private static let linkPatience: Duration = .seconds(5)

    /// Waits until ports are ports again, and makes those join anew whose link teamd does not see.
    ///
    /// A teamd 1.31 that systemd had started again held a port for down whose carrier was there the whole time, and so did
    /// every teamd after it (seen once in some twelve runs on Linux 6.1, and not since): it looks only when the kernel
    /// says that something has changed (`lw_ethtool_event_watch_port_changed`). A port that joins is looked at.
    func settle(_ members: [String], of team: String, _ failure: TeamingFailure) async throws {
        for port in members { try await waitForMembership(of: port, in: team, team, failure) }
        let socket = try NetlinkSocket(.route, in: namespace)
        for port in members where try await isUnseen(port, of: team) {
            try await control.removePort(port, from: team)
            try await waitForMembership(of: port, in: nil, team, failure)
            try await socket.setUp(.name(port), false)
            try await control.addPort(port, to: team)
            try await waitForMembership(of: port, in: team, team, failure)
        }
    }

    /// A port with carrier that teamd holds for down although it watches nothing but the carrier.
    private func isUnseen(_ port: String, of team: String) async throws -> Bool {
        let events = try NetlinkEvents(groups: [.links], in: namespace)
        let socket = try NetlinkSocket(.route, in: namespace)
        let control = control
        let isSeen = try await events.waitUntil(deadline: .now + Self.linkPatience, recheck: .milliseconds(50)) {
            let answer = await control.snapshots(of: [team], within: Self.linkPatience)[team]
            guard let state = try? answer?.get().state.ports[port] else { return true }
            let delayed = state.watches.contains { $0.watch.kind != .ethtool || $0.watch.isDelayed }
            guard !state.isUp, !delayed else { return true }
            return try await !socket.hasCarrier(port)
        }
        await events.cancel()
        return !isSeen
    }
}

extension LinkWatch {
    /// It takes a link for up only after a while.
    fileprivate var isDelayed: Bool {
        settings.contains { $0.name == "delay_up" && $0.value != .number(0) }
    }
}
