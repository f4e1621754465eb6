internal import Aggregation

/// The aggregates that somebody named on the command line.
struct AggregateSelection {
    let names: [String]

    /// - Parameter names: names or alternative names; all aggregates when there is none.
    init(_ names: [String]) { self.names = names }

    /// - Throws: ``Problems`` with every name that is no aggregate.
    func choose(from host: StatusReading.Host) throws -> [AggregateStatus] {
        let state = host.state
        let all = AggregateHealth.statuses(of: state, expected: host.expected, ages: host.ages)
        guard !names.isEmpty else { return all }
        var chosen: [AggregateStatus] = []
        var problems: [Problem] = []
        for name in names {
            let link = state.link(named: name)
            if let status = all.first(where: { $0.name == link?.name }) {
                if !chosen.contains(where: { $0.name == status.name }) { chosen.append(status) }
            } else {
                problems.append(problem(name, link, state, known: all.map(\.name)))
            }
        }
        if !problems.isEmpty { throw Problems(problems) }
        return chosen
    }

    private func problem(_ name: String, _ link: Link?, _ state: HostState, known: [String]) -> Problem {
        let remedy: String
        if let master = link?.master.flatMap({ state.link(index: $0) }), master.isAggregate {
            remedy = "ask for \(master.name)"
        } else if known.isEmpty {
            remedy = "there is no aggregate here; aggctl create makes one"
        } else {
            let meant = Spelling.nearest(to: name, among: known).map { "did you mean \($0)? " } ?? ""
            remedy = "\(meant)aggregates here: \(known.joined(separator: ", "))"
        }
        let kind = link.map { "it is \(Self.describe($0, in: state)), not an aggregate" }
        let rule = kind ?? "there is no such aggregate"
        return Problem(.notFound, subject: name, rule: rule, remedy: remedy)
    }

    /// `a port of bond0`, `a bridge`, `a vlan device on bond0`.
    static func describe(_ link: Link, in state: HostState) -> String {
        if let master = link.master.flatMap({ state.link(index: $0) }) {
            return "a port of \(master.isAggregate ? "" : "\(master.kind ?? "device") ")\(master.name)"
        }
        if link.flags.contains(.loopback) { return "the loopback device" }
        let lower = link.lowerIsElsewhere || link.kind == "veth" ? nil : link.lower.flatMap { state.link(index: $0) }
        let place = lower.map { " on \($0.name)" } ?? ""
        return link.kind.map { "a \($0) device\(place)" } ?? "a network device"
    }
}
