import CTeam
import Dispatch
import Glibc

/// teamd's UNIX socket, spoken to by libteamdctl, for daemons that are not on the bus. Each question is a connection of
/// its own, on a thread that may wait: libteamdctl gives up after five seconds (TEAMDCTL_REPLY_TIMEOUT).
struct TeamdSocket: Sendable {
    let team: String

    /// Where daemons are found (TEAMD_RUN_DIR).
    static let runDirectory = "/run/teamd"

    enum Question: Sendable {
        case actualConfiguration, configuration, state
        case addPort(String), removePort(String)
        case updatePort(String, String)
        case setStateItem(String, String)
    }

    /// - Returns: the text of the answer, empty where there is none.
    func ask(_ question: Question) async throws(TeamdError) -> String {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: Result(catching: { try answer(question) })) }
        }
        do { return try result.get() } catch let error as TeamdError { throw error } catch { throw .broken("\(error)") }
    }

    private func answer(_ question: Question) throws(TeamdError) -> String {
        let path = "\(Self.runDirectory)/\(team).sock"
        guard access(path, F_OK) == 0 else { throw .absent }
        guard access(path, R_OK | W_OK) == 0 else { throw .notPermitted }
        guard let control = teamdctl_alloc() else { throw .broken("out of memory") }
        defer { teamdctl_free(control) }
        teamdctl_set_log_fn(control, ignoreLog)
        let code = teamdctl_connect(control, team, nil, "usock")
        // What it says of a socket that nobody listens to any more is EINVAL.
        guard code == 0 else { throw .absent }
        defer { teamdctl_disconnect(control) }
        // Kept and freed by the library.
        var text: UnsafeMutablePointer<CChar>?
        let result: Int32 =
            switch question {
            case .actualConfiguration: teamdctl_config_actual_get_raw_direct(control, &text)
            case .configuration: teamdctl_config_get_raw_direct(control, &text)
            case .state: teamdctl_state_get_raw_direct(control, &text)
            case .addPort(let port): teamdctl_port_add(control, port)
            case .removePort(let port): teamdctl_port_remove(control, port)
            case .updatePort(let port, let options): teamdctl_port_config_update_raw(control, port, options)
            case .setStateItem(let item, let value): teamdctl_state_item_value_set(control, item, value)
            }
        switch result {
        case 0: return text.map { String(cString: $0) } ?? ""
        case -ETIMEDOUT: throw .silent
        default: throw .refused(String(cString: strerror(-result)))
        }
    }
}

/// libteamdctl writes to standard error unless told otherwise.
private func ignoreLog(
    _ control: OpaquePointer?, _ priority: Int32, _ file: UnsafePointer<CChar>?, _ line: Int32,
    _ function: UnsafePointer<CChar>?, _ format: UnsafePointer<CChar>?, _ arguments: CVaListPointer?
) {}
