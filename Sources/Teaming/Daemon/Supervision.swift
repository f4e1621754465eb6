import Glibc

/// Whether something starts a daemon again when it ends.
enum Supervision: Sendable, Hashable {
    /// Nothing does.
    case none
    /// The service of systemd whose main process it is.
    case unit(String)
    /// systemd, which is there, does not say.
    case unknown
}

extension ServiceManager {
    /// How long systemd may take to say whose processes some are.
    private static let answerPatience: Duration = .seconds(2)

    /// Who looks after processes, as the first process says it: the name of a control group proves nothing, for below
    /// their own slices users name them.
    static func supervision(of processes: [pid_t]) async -> [pid_t: Supervision] {
        guard !processes.isEmpty, isRunning else { return [:] }
        var found: [pid_t: Supervision] = [:]
        guard let bus = try? MessageBus() else {
            for process in processes { found[process] = .unknown }
            return found
        }
        let deadline = ContinuousClock.now + answerPatience
        let answers = await bus.calls(
            processes.map { call("GetUnitByPID", [.uint32(UInt32(bitPattern: $0))]) }, by: deadline)
        for (process, answer) in zip(processes, answers) {
            switch answer {
            case .success(let path?): found[process] = await unit(at: path, of: process, bus, deadline)
            case .success(nil), .failure(.refused): found[process] = Supervision.none
            case .failure: found[process] = .unknown
            }
        }
        return found
    }

    private static func unit(
        at path: String, of process: pid_t, _ bus: MessageBus, _ deadline: ContinuousClock.Instant
    ) async -> Supervision {
        let answers = await bus.calls(
            [
                question("MainPID", of: path, interface: "Service"),
                question("ControlGroup", of: path, interface: "Service"),
                question("Id", of: path, interface: "Unit"),
            ], by: deadline)
        do throws(BusError) {
            // A daemon that a session, a hook or another service has left running is nobody's to start again.
            guard try answers[0].get() == "\(process)", try answers[1].get()?.hasPrefix("/system.slice/") == true,
                let name = try answers[2].get()
            else { return .none }
            return .unit(name)
        } catch {
            if case .refused = error { return .none }
            return .unknown
        }
    }
}
