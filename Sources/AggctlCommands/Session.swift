package import Aggregation
internal import Bonding
package import Netlink

/// A network namespace and the driver that works in it.
///
/// The only place that knows which drivers there are.
package struct Session: Sendable {
    package let namespace: NetworkNamespace
    /// The name by which `ip netns` knows the namespace, nil for our own.
    package let namespaceName: String?
    package let driver: any AggregateDriver

    package init(
        namespace: NetworkNamespace = .current, namespaceName: String? = nil, driver: any AggregateDriver
    ) {
        self.namespace = namespace
        self.namespaceName = namespaceName
        self.driver = driver
    }

    /// Opens the namespace that `ip netns` knows by this name, nil for our own.
    package static func open(netns: String?) async throws -> Session {
        let namespace = try netns.map { try NetworkNamespace.named($0) } ?? .current
        return Session(namespace: namespace, namespaceName: netns, driver: try BondingDriver(in: namespace))
    }
}
