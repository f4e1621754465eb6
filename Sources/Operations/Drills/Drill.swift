package import Aggregation
internal import FoundationEssentials
package import Netlink

/// A failover drill: probes over an aggregate while one of its ports loses its carrier, and what that cost.
///
/// Everything it starts or takes away is ended or given back before it returns, whether it succeeds, fails or is
/// cancelled.
package struct Drill: Sendable {
    /// What to do, and for how long.
    package struct Request: Sendable {
        package var aggregate: String
        package var fault = DrillFault.carrier
        /// The port to take; nil for one that carries most flows.
        package var port: String?
        /// Empty for whichever of the far end's can be reached.
        package var targets: [IPAddress] = []
        package var objective: Duration?
        package var flows = 16
        package var interval = Duration.milliseconds(2)
        /// How long to probe before the fault.
        package var baseline = Duration.seconds(1)
        /// How long the fault lasts at least, and at most where flows do not come back.
        package var hold = Duration.seconds(1)
        package var longestHold = Duration.seconds(10)
        /// How long to probe after the fault at least, and at most where the port does not come back.
        package var settle = Duration.seconds(1)
        package var longestSettle = Duration.seconds(15)

        package init(aggregate: String) { self.aggregate = aggregate }
    }

    let request: Request
    let driver: any AggregateDriver
    /// Where the aggregate is.
    let namespace: NetworkNamespace
    let farEnd: FarEnd
    /// What it is about to do, for people.
    let progress: @Sendable (String) -> Void

    /// How long to wait for a second usable port, and for the first answer.
    private static let patience = Duration.seconds(5)

    package init(
        _ request: Request, driver: any AggregateDriver, namespace: NetworkNamespace = .current, farEnd: FarEnd,
        progress: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.request = request
        self.driver = driver
        self.namespace = namespace
        self.farEnd = farEnd
        self.progress = progress
    }

    /// Holds the drill.
    ///
    /// - Throws: ``DrillError`` when it cannot be held or says nothing, `DriverError` and `NetlinkError` when the host
    ///   cannot be read, `CancellationError`.
    package func run() async throws -> DrillReport {
        let events = try NetlinkEvents(groups: [.links], in: namespace)
        let counters = try NetlinkSocket(in: namespace)
        let subject = try await findSubject(events)
        let run = UInt64.random(in: .min ... .max)
        let sender = try ProbeSender(run: run, interval: request.interval, in: namespace)
        defer { sender.end() }
        let calibration = FlowCalibration(subject: subject, sender: sender, counters: counters, flows: request.flows)
        let responder = try EchoResponder(
            on: subject.paths.map(\.target), portsPerTarget: FlowCalibration.portsPerTarget, run: run,
            in: farEnd.namespace)
        defer { responder.end() }

        progress("finding \(request.flows) flows that use every port of \(subject.name)")
        let found = try await calibration.run(responder.ports, patience: Self.patience)
        let pulled = try choosePort(subject, found)
        let session = DrillSession(
            drill: self, subject: subject, found: found, pulled: pulled, sender: sender, counters: counters,
            events: events)
        return try await session.run()
    }

    // MARK: - Before

    /// Waits until there are two usable ports: LACP may still be negotiating.
    private func findSubject(_ events: NetlinkEvents) async throws -> DrillSubject {
        var subject = try await readSubject()
        if subject.ports.count > 1, subject.usablePorts.count < 2 {
            progress("waiting for a second usable port of \(subject.name)")
            _ = try await events.waitUntil(deadline: .now + Self.patience, recheck: .milliseconds(200)) {
                subject = try await readSubject()
                return subject.usablePorts.count > 1
            }
        }
        if request.fault != .none { try subject.requireRedundancy() }
        return subject
    }

    private func readSubject() async throws -> DrillSubject {
        try DrillSubject(
            named: request.aggregate, in: try await driver.observe([.addresses, .ports]), wanted: request.targets,
            farTargets: farEnd.targets)
    }

    /// The port to take, with its far end: one that carries probes, and nothing else.
    private func choosePort(
        _ subject: DrillSubject, _ found: FlowCalibration.Result
    ) throws(DrillError) -> FarEnd.Port? {
        guard request.fault == .carrier else { return nil }
        let name: String
        if let port = request.port {
            guard subject.ports.contains(where: { $0.name == port }) else {
                let names = subject.ports.map(\.name).joined(separator: ", ")
                throw .unfit(
                    Problem(
                        .notFound, subject: port, rule: "it is no port of \(subject.name)",
                        remedy: "use one of \(names)"))
            }
            name = port
        } else {
            // Ties go to the first: ports are in the order in which they joined.
            let load = subject.usablePorts.map { port in (port, found.placements.count { $0.uses(port) }) }
            let most = load.map(\.1).max() ?? 0
            guard let busiest = load.first(where: { $0.1 == most }) else {
                throw .unfit(Problem(.refused(flag: nil), subject: subject.name, rule: "it has no usable port"))
            }
            name = busiest.0
        }
        guard found.placements.contains(where: { $0.uses(name) }) else {
            throw .noFlowOnPort(port: name, aggregate: subject.name, mode: subject.mode)
        }
        guard let port = farEnd.ports.first(where: { $0.port == name }) else {
            throw .unfit(
                Problem(
                    .unavailable, subject: name, rule: "the far end of its cable is not ours to take down",
                    remedy: "hold the drill in a lab, as with: aggctl lab run --topology pair -- COMMAND"))
        }
        return port
    }
}
