/// Compares what is wanted with what is and writes down the steps between. Pure: nothing is touched.
package struct Planner: Sendable {
    package let host: HostState
    package let allow: Allowances

    package init(host: HostState, allow: Allowances = []) {
        self.host = host
        self.allow = allow
    }

    /// Plans all aggregates of a file together, so that a port may move from one to another.
    package func plan(_ wishes: [ResolvedAggregate]) -> Plan {
        let released = released(by: wishes)
        let claimed = Set(wishes.filter { $0.state != .absent }.flatMap { ($0.ports ?? []).map(\.name) })
        let parts = wishes.map { wish in
            var planner = AggregatePlanner(
                host: host, wish: wish, allow: allow, released: released, claimed: claimed)
            planner.plan()
            return planner
        }
        var plan = Plan()
        plan.changes = parts.map(\.change)
        plan.problems = parts.flatMap(\.problems)
        plan.notes = parts.flatMap(\.notes)
        plan.shortfalls = parts.flatMap(\.shortfalls)
        plan.steps = parts.flatMap(\.releases) + parts.flatMap(\.builds) + parts.flatMap(\.endings)
        return plan
    }

    /// Ports that leave an aggregate by these wishes.
    private func released(by wishes: [ResolvedAggregate]) -> Set<String> {
        var names: Set<String> = []
        for wish in wishes {
            guard let link = host.link(named: wish.name), link.aggregate != nil else { continue }
            let members = host.ports(of: link).map(\.name)
            let kept = wish.state == .absent ? [] : wish.ports.map { Set($0.map(\.name)) } ?? Set(members)
            names.formUnion(members.filter { !kept.contains($0) })
        }
        return names
    }
}
