internal import Aggregation

/// What is wrong with keys only when they are seen together. Rules that need an option table or a kernel are not here.
enum DeclarationChecks {
    /// Contradictions inside one aggregate.
    static func problems(in aggregate: DesiredAggregate) -> [Problem] {
        var problems: [Problem] = []
        func refuse(_ key: String, _ rule: String, _ remedy: String, value: String? = nil) {
            problems.append(
                Problem(
                    .invalid, subject: aggregate.name.text, option: key, value: value, rule: rule, remedy: remedy,
                    location: aggregate.location(key)))
        }
        if aggregate.driver == .auto {
            let remedy = "name the driver, or use neutral keys only"
            let rule = "driver auto excludes options"
            if !aggregate.options.isEmpty { refuse("options", rule, remedy) }
            for (index, port) in (aggregate.ports ?? []).enumerated() where !port.options.isEmpty {
                refuse("ports.\(index).options", rule, remedy)
            }
        }
        if aggregate.driver == .teaming, let mode = aggregate.mode, mode.teamRunner == nil {
            refuse("mode", Mode.missingInTeaming.rule, Mode.missingInTeaming.remedy, value: mode.rawValue)
        }
        for (index, port) in (aggregate.ports ?? []).enumerated() where port.selector == .name(aggregate.name.text) {
            refuse("ports.\(index)", "it is the aggregate itself", "list the ports that it is made of")
        }
        return problems
    }

    /// Contradictions between the aggregates of one file.
    static func problems(between aggregates: [DesiredAggregate]) -> [Problem] {
        var problems: [Problem] = []
        var names: [InterfaceName: DesiredAggregate] = [:]
        var owners: [PortSelector: DesiredAggregate] = [:]
        for aggregate in aggregates {
            if let first = names[aggregate.name] {
                problems.append(
                    Problem(
                        .invalid, subject: aggregate.name.text, option: "name",
                        rule: "it is declared twice\(place(first.location("name")))", remedy: "join the two",
                        location: aggregate.location("name")))
            } else {
                names[aggregate.name] = aggregate
            }
            guard aggregate.state != .absent else { continue }
            for (index, port) in (aggregate.ports ?? []).enumerated() {
                let owner = owners[port.selector]
                if owner == nil { owners[port.selector] = aggregate }
                guard let owner, owner.name != aggregate.name else { continue }
                problems.append(
                    Problem(
                        .invalid, subject: aggregate.name.text, option: "ports.\(index)",
                        rule: "port \(port.selector) is a port of \(owner.name) already",
                        remedy: "list it in one of the two",
                        location: aggregate.location("ports.\(index)")))
            }
        }
        return problems
    }

    private static func place(_ location: SourceLocation?) -> String {
        location.map { ", first in line \($0.line)" } ?? ""
    }
}
