import CTeam
import Dispatch
import Glibc
package import Netlink

/// What the kernel's team driver does, read with libteam: options of the team and of its ports (team.h).
package struct TeamKernel: Sendable, Hashable {
    package var mode: String?
    /// The index of the port in use.
    package var activePort: Int32?
    package var notifyPeersCount: Int64?
    package var notifyPeersInterval: Int64?
    package var mcastRejoinCount: Int64?
    package var mcastRejoinInterval: Int64?
    /// `hash`, or `hash_to_port_mapping` when a balancer moves flows.
    package var transmitMethod: String?
    /// The classic BPF program of the hash, eight bytes an instruction.
    package var hashProgram: [UInt8]?
    /// By index.
    package var ports: [Int32: Port] = [:]

    package struct Port: Sendable, Hashable {
        package var isLinkUp = false
        /// Frames are sent and taken in.
        package var isEnabled: Bool?
        package var priority: Int64?
        package var queue: Int64?
    }

    /// Reads teams of a namespace by their indexes; those that cannot be read are left out.
    ///
    /// Without CAP_NET_ADMIN the kernel tells nothing (GENL_ADMIN_PERM in drivers/net/team).
    package static func read(_ teams: [Int32], in namespace: NetworkNamespace) async -> [Int32: TeamKernel] {
        guard !teams.isEmpty else { return [:] }
        // libteam waits for the kernel, and for its locks, where it is called.
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: reading(teams, in: namespace)) }
        }
    }

    /// libteam is given a thread with descriptors of its own: of a handle that could not be set up it closes descriptor 0
    /// (`team_free` in libteam 1.31), and it ends the program when it can open none (`nl_cli_connect`).
    private static func reading(_ teams: [Int32], in namespace: NetworkNamespace) -> [Int32: TeamKernel] {
        let found = try? namespace.runApart {
            var found: [Int32: TeamKernel] = [:]
            for team in teams {
                guard hasRoomForHandle() else { break }
                found[team] = TeamHandle(team)?.read()
            }
            return found
        }
        return found ?? [:]
    }

    /// Whether a handle's four sockets and its epoll descriptor can be opened.
    private static func hasRoomForHandle() -> Bool {
        let tried = (0..<5).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
        for descriptor in tried where descriptor >= 0 { close(descriptor) }
        return !tried.contains { $0 < 0 }
    }
}

/// A handle of libteam for one team.
private final class TeamHandle {
    private let raw: OpaquePointer

    /// - Returns: nil when the device is no team or may not be asked about.
    init?(_ index: Int32) {
        guard let raw = team_alloc() else { return nil }
        team_set_log_fn(raw, ignoreTeamLog)
        guard team_init(raw, UInt32(bitPattern: index)) == 0 else {
            team_free(raw)
            return nil
        }
        self.raw = raw
    }

    deinit { team_free(raw) }

    func read() -> TeamKernel {
        var team = TeamKernel()
        var port = team_get_next_port(raw, nil)
        while let current = port {
            if !team_is_port_removed(current) {
                let index = Int32(bitPattern: team_get_port_ifindex(current))
                team.ports[index] = .init(isLinkUp: team_is_port_link_up(current))
            }
            port = team_get_next_port(raw, current)
        }
        var option = team_get_next_option(raw, nil)
        while let current = option {
            if team_is_option_initialized(current) { read(current, into: &team) }
            option = team_get_next_option(raw, current)
        }
        return team
    }

    private func read(_ option: OpaquePointer, into team: inout TeamKernel) {
        guard let name = team_get_option_name(option).map({ String(cString: $0) }) else { return }
        if team_is_option_per_port(option) {
            let index = Int32(bitPattern: team_get_option_port_ifindex(option))
            switch name {
            case "enabled": team.ports[index]?.isEnabled = team_get_option_value_bool(option)
            case "priority": team.ports[index]?.priority = Int64(team_get_option_value_s32(option))
            case "queue_id": team.ports[index]?.queue = number(option)
            default: break
            }
            return
        }
        switch name {
        case "mode": team.mode = text(option)
        case "activeport": team.activePort = number(option).map(Int32.init(truncatingIfNeeded:))
        case "notify_peers_count": team.notifyPeersCount = number(option)
        case "notify_peers_interval": team.notifyPeersInterval = number(option)
        case "mcast_rejoin_count": team.mcastRejoinCount = number(option)
        case "mcast_rejoin_interval": team.mcastRejoinInterval = number(option)
        case "lb_tx_method": team.transmitMethod = text(option)
        case "bpf_hash_func": team.hashProgram = bytes(option)
        default: break
        }
    }

    private func number(_ option: OpaquePointer) -> Int64? { Int64(team_get_option_value_u32(option)) }

    private func text(_ option: OpaquePointer) -> String? {
        team_get_option_value_string(option).map { String(cString: $0) }
    }

    private func bytes(_ option: OpaquePointer) -> [UInt8]? {
        guard let start = team_get_option_value_binary(option) else { return nil }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(team_get_option_value_len(option))))
    }
}

/// libteam writes to standard error unless told otherwise.
private func ignoreTeamLog(
    _ handle: OpaquePointer?, _ priority: Int32, _ file: UnsafePointer<CChar>?, _ line: Int32,
    _ function: UnsafePointer<CChar>?, _ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer?
) {}
