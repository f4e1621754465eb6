import Aggregation
import Bonding
import Testing

/// One bond of every mode with as many unusual options as fit together and two ports, as `ip` and /proc/net/bonding
/// tell it: neither is ours, and both decode what we decode.
@Suite struct OptionWitnessSerialEveryKernelTests {
    /// Each mode with a link monitor, and with a path monitor where the mode can have one.
    private static let bonds: [(name: String, mode: Mode, monitor: String)] = BondOptionTests.cases.map {
        mode, monitor in
        ("w\(mode.bondingNumber)-\(monitor == "miimon" ? "mii" : "arp")", mode, monitor)
    }

    @Test func ipAndProcReadWhatWeRead() async throws {
        try await withNamespace { ns in
            try await Self.build(in: ns)
            // Links come up, and active ports change, while we look: all three have to see the same state.
            var (state, shown, texts) = try await Self.look(in: ns)
            try await eventually(within: .seconds(60), "a state that lasts") {
                let later = try await ns.driver.observe([.ports])
                if Self.facts(later) == Self.facts(state) { return true }
                (state, shown, texts) = try await Self.look(in: ns)
                return false
            }
            let links = Dictionary(uniqueKeysWithValues: shown.elements.map { ($0["ifname"]?.plain ?? "", $0) })
            #expect(texts.count == Self.bonds.count)
            for bond in Self.bonds {
                let link = try #require(state.link(named: bond.name))
                let facts = try #require(link.aggregate)
                #expect(facts.ports.count == 2)
                let data = try #require(links[bond.name]?["linkinfo"]?["info_data"])
                IPWitness.compare(facts.options, BondingOptions.table, with: data, of: bond.name)
                let ports = try facts.ports.map { try #require(state.link(named: $0)) }
                ProcWitness(text: try #require(texts[bond.name])).compare(link, ports)
                for port in ports {
                    let data = try #require(links[port.name]?["linkinfo"]?["info_slave_data"])
                    let options = try #require(port.port).options
                    IPWitness.compare(options, BondingPortOptions.table, with: data, of: port.name)
                }
            }
        }
    }

    private static func look(in ns: KernelFixture) async throws -> (HostState, JSON, [String: String]) {
        let state = try await ns.driver.observe([.ports])
        return (state, try JSON.parse(ns.ip(["-d", "-j"], ["link show"])), try procTexts(in: ns))
    }

    private static func facts(_ state: HostState) -> [AggregateFacts] { state.links.compactMap(\.aggregate) }

    private static func build(in ns: KernelFixture) async throws {
        for bond in bonds {
            let ports = ["\(bond.name)-a", "\(bond.name)-b"]
            try await ns.dummies(ports[0], ports[1])
            let settings = BondOptionTests.settings(bond.mode, monitor: bond.monitor)
            try await ns.perform(
                .create(aggregate: bond.name, driver: .bonding, mode: bond.mode, settings: settings, index: nil))
            for port in ports { try await ns.perform(.attach(port: port, aggregate: bond.name)) }
            try await ns.perform(.bring(device: bond.name, up: true))
            if BondingOptions.table["primary"]?.accepted.contains(bond.mode) == true {
                let primary = OptionSetting("primary", .port(ports[1]))
                try await ns.perform(.setOptions(aggregate: bond.name, settings: [primary]))
            }
            let unusual = BondingPortOptions.table.rows.filter { $0.accepted.contains(bond.mode) }
                .map { OptionSetting($0.name, .number(5)) }
            try await ns.perform(.setPortOptions(port: ports[0], aggregate: bond.name, settings: unusual))
        }
    }

    /// The files of all bonds, read by one program.
    private static func procTexts(in ns: KernelFixture) throws -> [String: String] {
        let names = bonds.map { "/proc/net/bonding/\($0.name)" }
        let text = try Witness.run(["ip", "netns", "exec", ns.name, "tail", "-n", "+1"] + names)
        var texts: [String: String] = [:]
        for part in text.split(separator: "==> /proc/net/bonding/") {
            guard let end = part.firstRange(of: " <==\n") else { continue }
            texts[String(part[..<end.lowerBound])] = String(part[end.upperBound...])
        }
        return texts
    }
}
