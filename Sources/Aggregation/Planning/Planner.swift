/// Compares what is wanted with what is and writes down the steps between. Pure: nothing is touched.
package struct Planner: Sendable {
    package let host: HostState
    package let allow: Allowances

    package init(host: HostState, allow: Allowances = []) {
        self.host = host
        self.allow = allow
    }

    /// Plans all aggregates of a file together, in whatever order it lists them: ports and addresses may move from one to
    /// another, and one may be a port of another.
    package func plan(_ wishes: [ResolvedAggregate]) -> Plan {
        let stack = WishStack(wishes, host)
        var companions = Companions(wishes, host)
        var parts: [Int: AggregatePlanner] = [:]
        // Whether one has to be down to be attached is known once the one above it is planned.
        for place in stack.lowersFirst.reversed() {
            var planner = AggregatePlanner(
                host: companions.host(host, for: wishes[place]), wish: wishes[place], allow: allow,
                companions: companions)
            planner.plan()
            companions.attached.formUnion(planner.attached.intersection(companions.ports))
            parts[place] = planner
        }
        let inFile = wishes.indices.compactMap { parts[$0] }
        var plan = Plan()
        plan.changes = inFile.map(\.change)
        // What follows from a cycle only is not worth a word.
        plan.problems = stack.problems + inFile.filter { !stack.isCyclic($0.wish.name) }.flatMap(\.problems)
        plan.notes = inFile.flatMap(\.notes)
        plan.shortfalls = inFile.flatMap(\.shortfalls)
        plan.steps = steps(stack.lowersFirst.compactMap { parts[$0] }, companions, isNested: stack.isNested)
        return plan
    }

    /// - Parameter parts: lower aggregates before those that they are ports of.
    private func steps(_ parts: [AggregatePlanner], _ companions: Companions, isNested: Bool) -> [PlannedStep] {
        var steps = parts.flatMap(\.preludes) + parts.flatMap(\.releases)
        if companions.handedOver.isEmpty {
            steps += parts.flatMap { $0.builds + $0.departures + $0.arrivals }
        } else {
            // One that is attached goes down for that.
            let isBelow = { (part: AggregatePlanner) in companions.ports.contains(part.wish.name) }
            steps += parts.flatMap { $0.builds + (isBelow($0) ? $0.departures : []) }
            steps += parts.filter { !isBelow($0) }.flatMap(\.departures) + parts.flatMap(\.arrivals)
        }
        steps += parts.flatMap(\.finishes)
        // What stands on others is deleted before them.
        return steps + (isNested ? parts.reversed() : parts).flatMap(\.endings)
    }
}
