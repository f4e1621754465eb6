internal import Aggregation
internal import Bonding
internal import Netlink
internal import Operations
internal import Teaming

/// Both drivers as one: the kernel's links are read once, each driver adds what only it knows, and each step goes to the
/// driver whose step it is.
struct HostDriver: AggregateDriver {
    private let bonding: BondingDriver
    private let teaming: TeamingDriver
    private let namespace: NetworkNamespace

    init(in namespace: NetworkNamespace, stateDirectory: String) throws(NetlinkError) {
        self.namespace = namespace
        bonding = try BondingDriver(in: namespace)
        teaming = TeamingDriver(in: namespace, stateDirectory: stateDirectory)
    }

    func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState {
        var state = try await bonding.observe(scope)
        await teaming.complete(&state)
        return state
    }

    func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting] {
        try await bonding.settings(of: devices)
    }

    func perform(_ step: Step) async throws(DriverError) {
        if step.driver == .teaming {
            try await teaming.perform(step)
        } else {
            try await bonding.perform(step)
        }
    }

    func awaitDaemons(of aggregates: [String]) async { await teaming.awaitDaemons(of: aggregates) }

    func foreignDependants() async -> ForeignDependants { await bonding.foreignDependants() }

    func missingPrerequisite(of driver: DriverKind) async -> Problem? {
        let module = driver == .bonding ? "bonding" : "team"
        if !KernelModules.isLoaded(module), KernelModules.isListed(module) == false {
            return Problem(
                .unavailable, subject: driver.rawValue,
                rule: "this kernel has no \(module) driver: it is not loaded, built in, or among its modules",
                remedy: "install the modules of the running kernel, or try it with aggctl lab run")
        }
        guard driver == .teaming, !TeamingDriver.hasDaemon else { return nil }
        return Problem(
            .unavailable, subject: driver.rawValue, rule: "teamd is not installed",
            remedy: "install it: apt install libteam-utils")
    }

    func hearPartners(at ports: [Int32], for time: Duration) async -> Set<Int32> {
        Set((try? await LACPListener.hear(at: ports, in: namespace, for: time))?.keys.map { $0 } ?? [])
    }

    func hints() async throws(DriverError) -> AsyncStream<Void> {
        let links: NetlinkEvents
        do throws(NetlinkError) { links = try NetlinkEvents(groups: [.links], in: namespace) } catch {
            throw error.asDriverError
        }
        let teams = TeamHints(in: namespace)
        await teams.open()
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let tasks = [
            Task {
                for await _ in links.stream {
                    continuation.yield()
                    await teams.open()
                }
            },
            Task { for await _ in teams.stream { continuation.yield() } },
        ]
        continuation.onTermination = { _ in
            for task in tasks { task.cancel() }
            Task { await teams.close() }
        }
        return stream
    }
}
