package import Aggregation
package import Netlink

/// A network namespace and the driver that works in it. The only place that knows which drivers there are.
package struct Session: Sendable {
    package let namespace: NetworkNamespace
    package let driver: any AggregateDriver

    package init(namespace: NetworkNamespace = .current, driver: any AggregateDriver) {
        self.namespace = namespace
        self.driver = driver
    }

    /// Opens the namespace that `ip netns` knows by this name, nil for our own.
    package static func open(netns: String?) async throws -> Session {
        let namespace = try netns.map { try NetworkNamespace.named($0) } ?? .current
        return Session(namespace: namespace, driver: try await makeDriver(in: namespace))
    }

    private static func makeDriver(in namespace: NetworkNamespace) async throws -> any AggregateDriver {
        throw DriverError(
            .unavailable, operation: "open the bonding driver", subject: namespace.label,
            text: "it is not part of this build")
    }
}
