package import Aggregation
internal import Bonding
package import Netlink
internal import Operations
internal import SystemPackage

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
        let namespace = try netns.map(named) ?? .current
        return Session(namespace: namespace, namespaceName: netns, driver: try BondingDriver(in: namespace))
    }

    /// How many ports its aggregates should have, as far as somebody has said so.
    func expectedPorts(in stateDirectory: String) throws -> ExpectedPorts {
        ExpectedPorts(path: "\(stateDirectory)/expected-\(try namespace.identity().inode)")
    }

    private static func named(_ name: String) throws -> NetworkNamespace {
        do { return try NetworkNamespace.named(name) } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
            throw Problem(
                .notFound, subject: "--netns", value: name, rule: "there is no network namespace \(name)",
                remedy: "ip netns lists those that have a name")
        }
    }
}
