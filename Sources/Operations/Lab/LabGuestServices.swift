import CSystemShims
import Glibc

/// The system bus of the guest.
///
/// Its socket is there from the start; the daemon is started by the first client, which
/// spares those who need no bus the time that its start takes.
struct LabGuestServices {
    static let socketPath = "/run/dbus/system_bus_socket"
    /// The listening socket until the daemon has it, then -1.
    private(set) var listener: Int32
    private let program: String

    /// nil when there is no bus daemon here.
    static func start() -> LabGuestServices? {
        let places: [String] = ["/usr/bin/dbus-daemon", "/bin/dbus-daemon"]
        guard let program = places.first(where: { access($0, X_OK) == 0 }) else { return nil }
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard listener >= 0 else { return nil }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: socketPath.utf8) }
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, chmod(socketPath, 0o666) == 0, listen(listener, 64) == 0 else {
            Glibc.close(listener)
            return nil
        }
        return LabGuestServices(listener: listener, program: program)
    }

    /// Hands the socket over as service managers do.
    ///
    /// Descriptor 3, and `LISTEN_PID` equal to the daemon's own number,
    /// which only the process itself can know before it becomes the daemon.
    mutating func startBus() {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, listener, 3)
        aggctl_lab_close_from(&actions, 4)
        let script =
            "export LISTEN_FDS=1 LISTEN_PID=$$; "
            + "exec \(program) --system --nofork --nopidfile --address=systemd:"
        let environment: [String] = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]
        var pid: pid_t = 0
        _ = withCStrings(["sh", "-c", script] as [String]) { arguments in
            withCStrings(environment) { posix_spawn(&pid, "/bin/sh", &actions, nil, arguments, $0) }
        }
        Glibc.close(listener)
        listener = -1
    }
}
