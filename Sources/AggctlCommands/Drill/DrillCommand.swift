internal import Aggregation
internal import ArgumentParser
internal import Netlink
internal import Operations

/// `aggctl drill`: does failover work, and how long does it take?
struct DrillCommand: AggctlCommand {
    static let configuration = CommandConfiguration(
        commandName: "drill",
        abstract: "Take a port away and measure what that costs.",
        discussion: """
            Sends numbered UDP probes in many flows over the aggregate, so that every port carries some in each \
            direction as far as the mode allows; takes the carrier of a port that carries probes away at the far end \
            of its cable; gives it back; and reports how long flows were not answered. The port comes back whatever \
            happens: at the end, on an error, on Ctrl-C, and when this program is killed.

            An outage is the time from the sending of the last answered probe to the sending of the next answered one, \
            with at least one lost in between; the worst of all flows counts. It is known to two intervals (of 2 ms) \
            and what the sender was late.

            A drill needs a far end that it controls: inside aggctl lab run with a topology it has one.

            FAULTS
              carrier   the carrier of one port (the default)
              none      nothing, to see what the host does by itself

            EXIT CODES
              0 done, objective met; 1 failed, nothing proved; 3 objective missed, or flows came back only with the \
            port; 5 there is no redundancy to test; 69 there is no far end

            EXAMPLES
              aggctl drill bond0
              aggctl drill bond0 --objective 200ms --report drill.json
              aggctl lab run --topology lacp -- sh -c 'aggctl create bond0 --mode lacp --ports eth0,eth1 \\
                  --set hash=l3,l4 --address 198.51.100.2/24 && aggctl drill bond0'
            """)

    @Argument(help: "The aggregate.")
    var name: String

    @Option(help: "What to take away: carrier or none.")
    var fault: DrillFault = .carrier

    @Option(help: "The port to take; one that carries most flows when none is named.")
    var port: String?

    @Option(
        name: .customLong("target"),
        help: ArgumentHelp("An address at the far end to probe; may be given more than once.", valueName: "addr"))
    var targets: [String] = []

    @Option(help: ArgumentHelp("The longest outage that is acceptable: 200ms, 1s.", valueName: "time"))
    var objective: String?

    @Option(help: ArgumentHelp("How many flows to probe with, 16 to 64.", valueName: "number"))
    var flows = 16

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp("Write the report as JSON to this file as well.", valueName: "file"))
    var reportFile: String?

    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (16...64).contains(flows) else { throw ValidationError("--flows must be 16 to 64") }
        if port != nil, fault == .none {
            throw ValidationError("--port names the port to fail: --fault none fails none")
        }
        if reportFile == "-" { throw ValidationError("--report needs a file: for standard output use --json") }
    }

    func run(in context: CommandContext) async throws -> ExitStatus {
        var request = try request()
        // A report that cannot be written is no reason to find out after the fault.
        let file = try reportFile.map { try OutputFile($0, replacing: true).opened() }
        let map = try Self.map()
        let session = try await context.session()
        guard Caller.hasNetAdmin else {
            throw Problem(
                .notPermitted, subject: name, rule: "a drill takes a port's carrier away and opens sockets on devices",
                remedy: "this needs CAP_NET_ADMIN: run it as root")
        }
        if let port {
            let found = try PortChange.find(port, of: name, on: try await session.driver.observe(.links))
            request.port = found.link?.name ?? found.selector.description
        }
        let drill = Drill(
            request, driver: session.driver, namespace: session.namespace, farEnd: try Self.farEnd(map),
            progress: { context.reporter.note($0) })
        let report: DrillReport
        do {
            report = try await Interruption.cancelling { try await drill.run() }
        } catch is CancellationError {
            throw CommandFailure(.failed, message: "the drill was interrupted; no carrier is taken away any more")
        } catch let error as DrillError {
            throw CommandFailure(error)
        }
        let result = DrillResult(report: report)
        // The result is worth having even where the report cannot be written.
        context.reporter.write(result)
        try file?.write(JSONWriter.write(result.json, pretty: true))
        return result.exitStatus
    }

    private func request() throws -> Drill.Request {
        var request = Drill.Request(aggregate: name)
        request.fault = fault
        request.port = port
        request.flows = flows
        var problems: [Problem] = []
        for text in targets {
            if let address = IPAddress(text: text) {
                request.targets.append(address)
            } else {
                problems.append(
                    Problem(
                        .invalid, subject: name, option: "target", value: text, rule: "it is no IP address",
                        remedy: "write it as 198.51.100.1 or 2001:db8:100::1"))
            }
        }
        if let objective {
            do throws(Problem) {
                request.objective = try Duration(
                    argument: objective, "objective", of: name, category: .invalid, in: 0...60_000)
            } catch {
                problems.append(error)
            }
        }
        guard problems.isEmpty else { throw Problems(problems) }
        return request
    }

    /// What the lab says of the other side that it built.
    private static func map() throws -> LabTopologyMap {
        guard let map = LabTopologyMap.current() else {
            throw Problem(
                .unavailable, subject: "drill",
                rule: "there is no far end here whose carrier a drill may take away, nor anything that answers probes",
                remedy: "hold it in a lab: aggctl lab run --topology pair -- sh, then create the aggregate and drill it"
            )
        }
        return map
    }

    /// The other side that the lab built.
    private static func farEnd(_ map: LabTopologyMap) throws -> FarEnd {
        let ports = try map.ports.map {
            FarEnd.Port(port: $0.port, device: $0.farEnd, namespace: try NetworkNamespace.named($0.namespace))
        }
        return FarEnd(
            ports: ports, targets: map.targets.compactMap { IPAddress(text: $0) },
            namespace: try NetworkNamespace.named(map.answersIn))
    }
}

extension DrillFault: ExpressibleByArgument {}

extension CommandFailure {
    fileprivate init(_ error: DrillError) {
        if case .unfit(let problem) = error {
            self.init(problem)
        } else {
            self.init(.failed, message: error.description, hint: error.remedy)
        }
    }
}
