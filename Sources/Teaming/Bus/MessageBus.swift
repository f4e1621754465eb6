import Netlink

/// A connection of our own to the system bus, on a queue of its own: libdbus waits for answers where it is called.
package actor MessageBus {
    /// A method call.
    package struct Call: Sendable {
        package var destination: String
        package var path: String
        package var interface: String
        package var member: String
        package var arguments: [BusValue]

        package init(
            destination: String, path: String, interface: String, member: String, arguments: [BusValue] = []
        ) {
            self.destination = destination
            self.path = path
            self.interface = interface
            self.member = member
            self.arguments = arguments
        }
    }

    private let executor = QueueExecutor(label: "aggctl.bus")
    private let connection: BusConnection

    package nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// Where the system bus is when the environment does not say (D-Bus Specification, Well-known Message Bus Instances).
    package static let socketPath = "/run/dbus/system_bus_socket"

    /// Connects. The bus is asked to take the connection in together with the first call, whose deadline counts for
    /// that too: a bus that hangs keeps nobody waiting here.
    ///
    /// - Throws: ``BusError/unavailable(_:)`` when there is no bus.
    package init() throws(BusError) {
        connection = try BusConnection()
    }

    /// Makes one call.
    ///
    /// - Returns: the first argument of the answer as text; nil when there is none or it is made of several things.
    package func call(_ call: Call, by deadline: ContinuousClock.Instant) throws(BusError) -> String? {
        try connection.calls([call], deadline: deadline)[0].get()
    }

    /// Makes many calls at once and then waits for the answers, in the order of the calls.
    package func calls(_ calls: [Call], by deadline: ContinuousClock.Instant) -> [Result<String?, BusError>] {
        connection.calls(calls, deadline: deadline)
    }
}
