internal import Aggregation
internal import Netlink

/// Asks the running kernel which options of bonding it knows, in a namespace of its own. A version does not tell: stable
/// kernels carry backports, and an unknown option is accepted and ignored, so each is set and read back.
package enum OptionQuestions {
    /// - Parameter names: options of an aggregate or of a port, by their names in the option tables.
    /// - Returns: the names that the kernel took, and those that it ignored.
    /// - Throws: what making namespaces and devices comes to, lack of privilege above all.
    package static func ask(
        _ names: [String], open: @escaping TrialRun.Opening
    ) async throws -> (known: [String], unknown: [String]) {
        let scene = try TrialScene(.bonding, open: open)
        do {
            try await scene.cable(1)
            let known = try await answers(scene)
            await scene.end()
            return (names.filter(known.contains), names.filter { !known.contains($0) })
        } catch {
            await scene.end()
            throw error
        }
    }

    /// Every option that the kernel shows of a bond that has what makes it show them.
    private static func answers(_ scene: TrialScene) async throws -> Set<String> {
        try await scene.make(.lacp, ports: 1)
        var known = try await shown(scene.name, scene)
        let watching = scene.name + "w"
        // Targets are shown only when there are some; a kernel that does not know the option ignores it.
        try await scene.make(
            watching, .activeBackup, ["arp_interval=1000ms", "ns_ip6_target=2001:db8::1", "arp_validate=all"])
        known.formUnion(try await shown(watching, scene))
        return known
    }

    private static func shown(_ name: String, _ scene: TrialScene) async throws -> Set<String> {
        let state = try await scene.driver.observe(.links)
        guard let bond = state.link(named: name) else { return [] }
        let ports = state.links.filter { $0.master == bond.index }
        return ports.reduce(into: Set(bond.aggregate?.options.keys.map { $0 } ?? [])) {
            $0.formUnion($1.port?.options.keys.map { $0 } ?? [])
        }
    }
}
