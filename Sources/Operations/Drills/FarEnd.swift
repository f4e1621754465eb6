package import Aggregation
package import Netlink

/// The other side of an aggregate's ports, as far as a drill may touch it.
package struct FarEnd: Sendable {
    /// The other end of one port's cable.
    package struct Port: Sendable {
        /// The port of ours.
        package var port: String
        /// The device it is wired to.
        package var device: String
        package var namespace: NetworkNamespace

        package init(port: String, device: String, namespace: NetworkNamespace) {
            self.port = port
            self.device = device
            self.namespace = namespace
        }
    }

    package var ports: [Port]
    /// Addresses over there that may answer.
    package var targets: [IPAddress]
    /// Where those addresses are.
    package var namespace: NetworkNamespace

    package init(ports: [Port], targets: [IPAddress], namespace: NetworkNamespace) {
        self.ports = ports
        self.targets = targets
        self.namespace = namespace
    }
}
