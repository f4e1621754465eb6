import Glibc
import Netlink

/// systemd, where it is the first process: it starts a daemon again that dies, by a unit of ours (org.freedesktop.systemd1(5)).
///
/// The unit is a transient one: Debian ships none, and a file of ours would outlive the teams, which live as long as the
/// system runs. It is called `aggctl-teamd-NAME.service`; `systemctl cat` shows it and drop-ins change it.
struct ServiceManager: Sendable {
    private let bus: MessageBus

    private static let service = "org.freedesktop.systemd1"
    private static let manager = "/org/freedesktop/systemd1"
    /// How long one answer may take.
    private static let patience: Duration = .seconds(5)
    private static let unitPrefix = "aggctl-teamd-"

    /// - Returns: nil where systemd is not the first process, cannot be asked, or would start daemons in another network
    ///   namespace than this one.
    init?(for namespace: NetworkNamespace) {
        guard Self.isThere(for: namespace), let bus = try? MessageBus() else { return nil }
        self.bus = bus
    }

    /// systemd is the first process, as sd_booted(3) finds out.
    static var isRunning: Bool { access("/run/systemd/system", F_OK) == 0 }

    /// … and in this network namespace.
    static func isThere(for namespace: NetworkNamespace) -> Bool { isRunning && isHome(namespace) }

    private static func isHome(_ namespace: NetworkNamespace) -> Bool {
        var first = stat()
        guard let here = try? namespace.identity(), stat("/proc/1/ns/net", &first) == 0 else { return false }
        return here.device == UInt64(first.st_dev) && here.inode == UInt64(first.st_ino)
    }

    /// The unit of a team. What a unit's name may not have is written as systemd-escape(1) does.
    static func unit(of team: String) -> String {
        let escaped = team.utf8.enumerated().map { place, byte -> String in
            let isPlain =
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte & 0xdf) || byte == UInt8(ascii: "_")
                || byte == UInt8(ascii: ":") || (byte == UInt8(ascii: ".") && place > 0)
            if isPlain { return String(UnicodeScalar(byte)) }
            let digits = String(byte, radix: 16)
            return "\\x" + (digits.count < 2 ? "0" : "") + digits
        }
        return unitPrefix + escaped.joined() + ".service"
    }

    /// What the unit of a daemon runs.
    struct Order: Sendable {
        var team: String
        var command: [String]
        /// Run before and after every start of the daemon, the first among them; none where empty.
        var before: [String] = []
        var after: [String] = []
        /// Folders that the daemon and our program write.
        var writable: [String]
    }

    /// Starts a daemon and tells its process.
    ///
    /// - Returns: nil when the daemon ended at once, or could not be run.
    func start(_ order: Order, by deadline: ContinuousClock.Instant) async throws(BusError) -> pid_t? {
        let unit = Self.unit(of: order.team)
        // What a unit of this name left that failed; there is mostly none.
        _ = try? await call("ResetFailedUnit", [.string(unit)])
        try await create(unit, order.properties, by: deadline)
        while ContinuousClock.now < deadline {
            guard let path = try? await call("GetUnit", [.string(unit)]),
                let number = try? await property("MainPID", of: path)
            else { return nil }
            if let process = pid_t(number), process > 0 { return process }
            if try await property("ActiveState", of: path, interface: "Unit") == "failed" { return nil }
            // systemd tells of it by signals only to those who subscribe, and is done in a few milliseconds.
            try? await Task.sleep(for: .milliseconds(2))
        }
        throw .timedOut
    }

    private func create(
        _ unit: String, _ properties: [BusValue], by deadline: ContinuousClock.Instant
    ) async throws(BusError) {
        let arguments: [BusValue] = [
            .string(unit), "fail", .array(of: "(sv)", properties), .array(of: "(sa(sv))", []),
        ]
        while true {
            do throws(BusError) {
                _ = try await call("StartTransientUnit", arguments)
                return
            } catch {
                // The last unit of this name has ended and is not cleared away yet, of which nothing tells.
                guard case .refused("\(Self.service).UnitExists", _) = error, ContinuousClock.now < deadline else {
                    throw error
                }
                try? await Task.sleep(for: .milliseconds(10))
            }
        }
    }

    /// Ends a daemon by its unit, so that it is not started again. Its device stays: see `properties`.
    func stop(_ team: String) async {
        _ = try? await call("StopUnit", [.string(Self.unit(of: team)), "replace"])
    }

    // MARK: Asking

    private func call(_ member: String, _ arguments: [BusValue]) async throws(BusError) -> String {
        try await bus.call(Self.call(member, arguments), by: .now + Self.patience) ?? ""
    }

    private func property(
        _ name: String, of path: String, interface: String = "Service"
    ) async throws(BusError) -> String? {
        try await bus.call(Self.question(name, of: path, interface: interface), by: .now + Self.patience)
    }

    /// A call of the manager.
    static func call(_ member: String, _ arguments: [BusValue]) -> MessageBus.Call {
        MessageBus.Call(
            destination: service, path: manager, interface: "\(service).Manager", member: member, arguments: arguments)
    }

    /// A question for a property of a unit.
    static func question(_ name: String, of path: String, interface: String) -> MessageBus.Call {
        MessageBus.Call(
            destination: service, path: path, interface: "org.freedesktop.DBus.Properties", member: "Get",
            arguments: [.string("\(service).\(interface)"), .string(name)])
    }
}
