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

        /// The daemon does something for it.
        var changes: Bool {
            switch self {
            case .actualConfiguration, .configuration, .state: false
            case .addPort, .removePort, .updatePort, .setStateItem: true
            }
        }
    }

    /// Asks and waits for the answer, but not beyond a deadline.
    ///
    /// - Returns: the text of the answer, empty where there is none.
    func ask(_ question: Question, by deadline: ContinuousClock.Instant) async throws(TeamdError) -> String {
        let (answers, answering) = AsyncStream.makeStream(of: Result<String, TeamdError>.self)
        // The library cannot be called off: a thread that is late ends by itself.
        DispatchQueue.global().async {
            answering.yield(Result { () throws(TeamdError) in try answer(question) })
        }
        let timer = Task {
            try await Task.sleep(until: deadline, clock: .continuous)
            answering.yield(.failure(.silent))
        }
        defer { timer.cancel() }
        for await answer in answers { return try answer.get() }
        throw .silent
    }

    /// Whether somebody listens, and lets us in; nil when so.
    ///
    /// What libteamdctl says of a connection that failed does not tell these apart.
    func obstacle() -> TeamdError? {
        do throws(TeamdError) {
            close(try connected())
            return nil
        } catch {
            return error
        }
    }

    /// The process that listens (SO_PEERCRED of unix(7)): root's, or whoever owns the folder, into which nobody else can
    /// have put the socket. Nil when nobody does, or does not let us in.
    func listener() -> pid_t? {
        var folder = stat()
        guard stat(Self.runDirectory, &folder) == 0, folder.st_mode & 0o022 == 0,
            let descriptor = try? connected()
        else { return nil }
        defer { close(descriptor) }
        // struct ucred hides behind _GNU_SOURCE: process, user, group.
        var credentials: [UInt32] = [0, 0, 0]
        var size = socklen_t(MemoryLayout<UInt32>.size * credentials.count)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0,
            credentials[1] == 0 || credentials[1] == folder.st_uid
        else { return nil }
        let process = pid_t(truncatingIfNeeded: credentials[0])
        // 0 is one of another process namespace.
        return process > 0 ? process : nil
    }

    private func connected() throws(TeamdError) -> Int32 {
        let descriptor = socket(
            AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        guard descriptor >= 0 else { throw .broken(String(cString: strerror(errno))) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let fits = withUnsafeMutableBytes(of: &address.sun_path) { room in
            let path = Array(path.utf8)
            guard path.count < room.count else { return false }
            room.copyBytes(from: path)
            return true
        }
        let code =
            fits
            ? withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { name in
                    connect(descriptor, name, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            } : -1
        guard code != 0 else { return descriptor }
        let reason = fits ? errno : ENOENT
        close(descriptor)
        switch reason {
        case ENOENT, ECONNREFUSED: throw .absent
        case EACCES, EPERM: throw .notPermitted
        // As many as may wait do so already.
        case EAGAIN: throw .silent
        default: throw .broken(String(cString: strerror(reason)))
        }
    }

    var isThere: Bool { access(path, F_OK) == 0 }

    private var path: String { "\(Self.runDirectory)/\(team).sock" }

    private func answer(_ question: Question) throws(TeamdError) -> String {
        if let obstacle = obstacle() { throw obstacle }
        guard let control = teamdctl_alloc() else { throw .broken("out of memory") }
        defer { teamdctl_free(control) }
        teamdctl_set_log_fn(control, ignoreLog)
        guard teamdctl_connect(control, team, nil, "usock") == 0 else { throw .absent }
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
