package import Aggregation
internal import Bonding
internal import Netlink
internal import Operations
internal import SystemPackage
internal import Teaming

/// Reads what the planner can know of this host, by asking rather than by version.
package enum HostFactsReader {
    /// Options of bonding that not every kernel in use has: those that came after the oldest one that is still kept up.
    package static let askedOptions: [String] = {
        let rows = BondingOptions.table.rows + BondingPortOptions.table.rows
        let oldest = KernelVersion(text: "5.10")
        return rows.filter { row in
            guard let since = KernelVersion(text: row.since), let oldest else { return false }
            return oldest < since
        }.map(\.name).sorted()
    }()

    /// - Parameters:
    ///   - options: what to ask the kernel for. Left out without privilege, and where bonding is not loaded: asking
    ///     changes nothing on the host.
    package static func read(
        _ session: Session, stateDirectory: String, options: [String]
    ) async throws -> HostFacts {
        var facts = HostFacts()
        facts.kernel = LabKernel.release()
        facts.distribution = distribution(SmallFile.text("/etc/os-release") ?? SmallFile.text("/usr/lib/os-release"))
        facts.hasBonding = KernelModules.has("bonding")
        facts.hasTeam = KernelModules.has("team")
        facts.hasTeamd = TeamingDriver.hasDaemon
        let state = try await session.driver.observe([.addresses, .speeds, .capabilities])
        facts.ports = state.links.filter(\.couldBePort).map { HostFacts.Port($0, in: state) }
        for link in state.links where !link.couldBePort { facts.others[link.name] = link.description(in: state) }
        if Caller.hasNetAdmin {
            facts.teamdVersion = await TeamingDriver(in: .current, stateDirectory: stateDirectory).daemonVersion()
        }
        if Caller.hasNetAdmin, KernelModules.isLoaded("bonding"), !options.isEmpty {
            do {
                (facts.knownOptions, facts.unknownOptions) = try await answers(options, stateDirectory)
            } catch is NetlinkError {
                // A host that allows no namespaces of one's own leaves the version to speak.
            } catch let error as DriverError where error.category == .notPermitted {}
        }
        return facts
    }

    private static func answers(
        _ options: [String], _ stateDirectory: String
    ) async throws -> (known: [String], unknown: [String]) {
        let memory = OptionAnswers(stateDirectory: stateDirectory)
        if let answers = memory.recall(options) { return answers }
        let answers = try await OptionQuestions.ask(options) { namespace in
            try HostDriver(in: namespace, stateDirectory: stateDirectory)
        }
        memory.remember(known: answers.known, unknown: answers.unknown)
        return answers
    }

    /// The same ports with what was heard of LACP partners.
    ///
    /// - Throws: when nobody may listen, which takes CAP_NET_RAW.
    static func hearPartners(
        of ports: [HostFacts.Port], in session: Session, for time: Duration
    ) async throws -> [HostFacts.Port] {
        let links = try await session.driver.observe(.links).links
        var devices: [Int32: Int] = [:]
        for (place, port) in ports.enumerated() {
            guard let link = links.first(where: { $0.name == port.name }), link.isUp else { continue }
            devices[link.index] = place
        }
        var ports = ports
        do {
            let heard = try await LACPListener.hear(at: devices.keys.sorted(), in: session.namespace, for: time)
            for (device, unit) in heard {
                guard let place = devices[device] else { continue }
                ports[place].partner = .init(system: unit.actor.system.description, key: Int64(unit.actor.key))
            }
        } catch let error as Errno {
            throw Problem(
                error == .notPermitted ? .notPermitted : .invalid, subject: "facts", option: "listen",
                rule: "no packet socket can be opened: \(error)", remedy: "run it as root")
        }
        return ports
    }

    /// `debian 12` of os-release(5).
    static func distribution(_ text: String?) -> String? {
        var values: [Substring: String] = [:]
        for line in (text ?? "").split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            values[parts[0]] = parts[1].filter { $0 != "\"" && $0 != "'" }
        }
        return values["ID"].map { [$0, values["VERSION_ID"]].compactMap { $0 }.joined(separator: " ") }
    }
}

extension Link {
    /// `a port of bond0`, `a bridge`, `a vlan device on bond0`.
    fileprivate func description(in state: HostState) -> String { AggregateSelection.describe(self, in: state) }

    /// Aggregates, bridges and what is made of other devices are no ports of an aggregate, and loopback never is.
    fileprivate var couldBePort: Bool {
        !flags.contains(.loopback) && !["bond", "team", "bridge", "vrf", "vlan"].contains(kind ?? "")
    }
}
