package import Aggregation
import CNetlink
import Glibc
package import Netlink
import SystemPackage

/// Kernel bonding over rtnetlink, in one network namespace.
///
/// Stateless but for its sockets: what it knows of the host it asks the kernel for, each time.
package final class BondingDriver: AggregateDriver {
    let socket: NetlinkSocket
    let namespace: NetworkNamespace
    let codec = BondCodec()
    private let reader: HostReader

    /// Opens the sockets.
    ///
    /// - Throws: the system call that failed, for instance the one that enters the namespace.
    package init(in namespace: NetworkNamespace = .current) throws(NetlinkError) {
        self.namespace = namespace
        socket = try NetlinkSocket(.route, in: namespace)
        reader = HostReader(socket: socket, namespace: namespace, decoders: [codec])
    }

    /// Reads the namespace.
    ///
    /// The names in `AggregateFacts.ports` are in the order in which the ports joined only with `.ports`, which reads
    /// /proc/net/bonding; without it they are in the order of their indexes.
    package func observe(_ scope: ObservationScope) async throws(DriverError) -> HostState {
        do throws(NetlinkError) {
            var (state, isOfOneMoment) = try await look(scope)
            for _ in 1..<Self.looks where !isOfOneMoment { (state, isOfOneMoment) = try await look(scope) }
            return state
        } catch {
            throw error.asDriverError
        }
    }

    /// How often it is looked at a bond whose LACP goes on while it is read.
    private static let looks = 3

    /// The host, and whether what is known of a port is of one moment.
    ///
    /// States come over netlink, counters after them, partners last, from a text that has the states as well. Where
    /// LACP went on in between, a port would be judged by a state and a partner that it never had together.
    private func look(_ scope: ObservationScope) async throws(NetlinkError) -> (HostState, isOfOneMoment: Bool) {
        var state = try await reader.read(scope: scope)
        var links = state.links
        // So that there is one owner and changing an element does not copy all.
        state.links = []
        if scope.contains(.lacpCounters) { try await readCounters(into: &links) }
        let isOfOneMoment = scope.contains(.ports) ? await readProc(into: &links) : true
        state.links = links
        return (state, isOfOneMoment)
    }

    package func foreignDependants() async -> ForeignDependants { await ForeignDevices.dependants(of: namespace) }

    package func settings(of devices: [String]) async throws(DriverError) -> [DeviceSetting] {
        do throws(NetlinkError) {
            return try await SettingsReader(socket: socket, namespace: namespace).read(devices)
        } catch {
            throw error.asDriverError
        }
    }

    package func perform(_ step: Step) async throws(DriverError) {
        let names = BondingError(step)
        do {
            try await send(step, names)
        } catch let error as NetlinkError {
            var refusal = names.convert(error)
            if case .create(let name, _, _, _, _) = step, refusal.errno == EEXIST {
                await explainTaken(name, in: &refusal)
            }
            throw refusal
        } catch let error as OptionEncodingError {
            throw names.convert(error)
        } catch let error as DriverError {
            throw error
        } catch {
            throw DriverError(.refused, operation: names.operation, subject: names.subject, text: "\(error)")
        }
    }

    // MARK: Reading

    /// - Returns: false where the text has another state of LACP for a port than the links have.
    private func readProc(into links: inout [Link]) async -> Bool {
        guard links.contains(where: { $0.kind == codec.kind }),
            let directory = await BondProcDirectory(in: namespace)
        else { return true }
        var agrees = true
        var places: [String: Int] = [:]
        for (place, link) in links.enumerated() where link.port != nil { places[link.name] = place }
        for place in links.indices where links[place].kind == codec.kind {
            guard let members = links[place].aggregate?.ports,
                let proc = directory.read(links[place].name, ports: members.count)
            else { continue }
            let master = links[place].index
            // A port may have come or gone between the two readings; netlink's word counts.
            var order = proc.ports.map(\.name).filter { name in
                places[name].map { links[$0].master == master } ?? false
            }
            if order.count != members.count { order += members.filter { !order.contains($0) } }
            links[place].aggregate?.ports = order
            for port in proc.ports {
                guard let place = places[port.name], links[place].master == master else { continue }
                agrees = agrees && links[place].port.map(port.hasStates(of:)) ?? true
                links[place].port?.partner = port.partner
                // Kernels before 7.1 tell churn here only.
                if links[place].port?.actorChurn == nil { links[place].port?.actorChurn = port.actorChurn }
                if links[place].port?.partnerChurn == nil {
                    links[place].port?.partnerChurn = port.partnerChurn
                }
            }
        }
        return agrees
    }

    private func readCounters(into links: inout [Link]) async throws(NetlinkError) {
        guard links.contains(where: { $0.aggregate?.mode == .lacp }) else { return }
        let found = try await socket.dump(try LACPStatistics.request(), decode: LACPStatistics.decode)
        let counters = Dictionary(found.map { ($0.port, $0.counters) }, uniquingKeysWith: { first, _ in first })
        for place in links.indices where links[place].port != nil {
            guard let counter = counters[links[place].index] else { continue }
            links[place].port?.receivedLACPDUs = counter.received
            links[place].port?.sentLACPDUs = counter.sent
        }
    }

    /// Says what has the name that a new aggregate was to get.
    private func explainTaken(_ name: String, in refusal: inout DriverError) async {
        guard let state = try? await observe(.links), let link = state.link(named: name) else { return }
        guard link.kind == codec.kind else {
            refusal.text =
                "\(name) exists already; it is \(link.kind.map { "a \($0) device" } ?? "a device of hardware")"
            return
        }
        refusal.text = "\(name) exists already; it is a bond"
        refusal.remedy = "change it with aggctl set, or delete it first"
        if link.isIdleBond {
            refusal.text +=
                " without ports and with default options, as the module makes one when it is loaded without max_bonds=0"
            refusal.remedy = "delete it with aggctl delete \(name), or choose another name"
        }
    }
}

extension Link {
    /// A bond as the module makes it when it is loaded: nothing was done with it.
    package var isIdleBond: Bool {
        guard let aggregate, aggregate.driver == .bonding, aggregate.ports.isEmpty, !isUp, master == nil else {
            return false
        }
        return BondingOptions.table.rows.allSatisfy { row in
            guard let value = aggregate.options[row.name] else { return true }
            return value == row.defaultValue.value(in: aggregate.mode)
        }
    }
}
