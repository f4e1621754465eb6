package import Aggregation
package import Netlink

/// Teams run by teamd, in one network namespace.
package final class TeamingDriver: Sendable {
    package init(in namespace: NetworkNamespace, stateDirectory: String) {}
    package func complete(_ state: inout HostState) async {}
    package func perform(_ step: Step) async throws(DriverError) {}
}
