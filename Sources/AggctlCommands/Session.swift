package import Aggregation
package import Netlink
internal import Operations
internal import SystemPackage

/// A network namespace and the driver that works in it.
package struct Session: Sendable {
    package let namespace: NetworkNamespace
    /// The name by which `ip netns` knows the namespace, nil for our own.
    package let namespaceName: String?
    package let driver: any AggregateDriver
    /// What records of the namespace are known by.
    private let key: Result<NamespaceKey, NetlinkError>

    package init(
        namespace: NetworkNamespace = .current, namespaceName: String? = nil, driver: any AggregateDriver
    ) {
        self.namespace = namespace
        self.namespaceName = namespaceName
        self.driver = driver
        key = Result { () throws(NetlinkError) in try namespace.key() }
    }

    /// Opens the namespace that `ip netns` knows by this name, nil for our own.
    ///
    /// - Parameter stateDirectory: where the program keeps what has to outlive it.
    package static func open(netns: String?, stateDirectory: String) async throws -> Session {
        let namespace = try netns.map(named) ?? .current
        return Session(
            namespace: namespace, namespaceName: netns,
            driver: try HostDriver(in: namespace, stateDirectory: stateDirectory))
    }

    /// What is known of ports from before they joined.
    func portMemory(in stateDirectory: String) throws -> PortMemory {
        PortMemory(path: "\(stateDirectory)/ports.json", namespace: try key.get())
    }

    /// How many ports its aggregates should have, as far as somebody has said so.
    func expectedPorts(in stateDirectory: String) throws -> ExpectedPorts {
        ExpectedPorts(in: stateDirectory, of: try key.get())
    }

    /// When its aggregates last began anew through us.
    func changeAges(in stateDirectory: String) throws -> ChangeAges {
        ChangeAges(in: stateDirectory, of: try key.get())
    }

    private static func named(_ name: String) throws -> NetworkNamespace {
        func problem(_ rule: String) -> Problem {
            Problem(
                .notFound, subject: "--netns", value: name, rule: rule,
                remedy: "ip netns lists the namespaces that have a name")
        }
        let namespace: NetworkNamespace
        do { namespace = try NetworkNamespace.named(name) } catch {
            switch error.errno {
            case .noSuchFileOrDirectory: throw problem("there is no network namespace \(name)")
            case .noSuchAddressOrDevice, .tooManySymbolicLinkLevels: throw problem("\(name) is not a network namespace")
            default: throw error
            }
        }
        guard namespace.isNamespace else { throw problem("\(name) is not a network namespace") }
        return namespace
    }
}
