internal import Aggregation
internal import Bonding
internal import Netlink
internal import Teaming

/// Both drivers as one: the kernel's links are read once, each driver adds what only it knows, and each step goes to the
/// driver whose step it is.
struct HostDriver: AggregateDriver {
    private let bonding: BondingDriver
    private let teaming: TeamingDriver

    init(in namespace: NetworkNamespace, stateDirectory: String) throws(NetlinkError) {
        bonding = try BondingDriver(in: namespace)
        teaming = TeamingDriver(in: namespace, stateDirectory: stateDirectory)
    }

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState {
        var state = try await bonding.observe(scope)
        await teaming.complete(&state)
        return state
    }

    func perform(_ step: Step) async throws(DriverError) {
        if step.driver == .teaming {
            try await teaming.perform(step)
        } else {
            try await bonding.perform(step)
        }
    }
}
