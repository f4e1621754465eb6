import Glibc
import Netlink

/// A system bus for one test, that can be ended or be unwilling.
final class PrivateBus {
    let process: pid_t
    /// What a program has in its environment that is to use it.
    let environment: [String]
    private let child: ChildProcess

    /// - Parameter policy: elements of a policy that come after what lets everybody do anything.
    init(_ ns: KernelFixture, policy: String = "") async throws {
        let socket = "/tmp/\(ns.name)-bus"
        let configuration = try ns.file(
            """
            <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
              "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
            <busconfig>
              <listen>unix:path=\(socket)</listen>
              <auth>EXTERNAL</auth>
              <policy context="default">
                <allow user="*"/> <allow own="*"/> <allow send_type="method_call"/> <allow eavesdrop="true"/>
                <allow send_destination="*"/> <allow receive_sender="*"/> \(policy)
              </policy>
            </busconfig>
            """)
        child = try ChildProcess(["dbus-daemon", "--config-file=\(configuration)", "--nofork", "--nopidfile"])
        process = child.process
        environment = ["DBUS_SYSTEM_BUS_ADDRESS=unix:path=\(socket)"]
        let process = process
        ns.atEnd {
            kill(process, SIGKILL)
            unlink(socket)
        }
        try await eventually("the bus") { access(socket, F_OK) == 0 }
    }

    func end() {
        child.signal(SIGKILL)
        _ = child.wait()
    }
}
