import Testing

@testable import Teaming

/// What the environment may say of the bus: a socket of this machine, and nothing that runs a program.
@Suite struct BusAddressTests {
    @Test(arguments: [nil, "", "unix:path=/run/dbus/system_bus_socket", "unix:path=/tmp/a-b_c.d/bus"])
    func aSocketIsTaken(_ variable: String?) throws {
        let wanted = variable?.isEmpty == false ? variable : "unix:path=/run/dbus/system_bus_socket"
        #expect(try BusConnection.address(variable) == wanted)
    }

    @Test(arguments: [
        "unixexec:path=/bin/sh,argv1=-c,argv2=id", "autolaunch:", "tcp:host=192.0.2.1,port=1", "unix:abstract=a",
        "unix:path=/run/a;unixexec:path=/bin/sh", "unix:path=/run/a,guid=0;tcp:", "unix:path=run/a", "launchd:env=A",
        "unix:tmpdir=/tmp", "nonce-tcp:host=a", "unix:path=", "UNIX:path=/a",
    ]) func whatRunsOrLeadsElsewhereIsNot(_ variable: String) {
        #expect(throws: BusError.self) { try BusConnection.address(variable) }
    }
}
