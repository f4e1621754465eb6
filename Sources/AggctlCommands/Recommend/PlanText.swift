internal import Aggregation
internal import Declaration

/// The plan file of a decision: what `apply` reads, with where it comes from on top.
struct PlanText {
    let proposal: PlanProposal
    let requirements: RequirementSet
    /// The names of the ports, where those were made up; else none.
    let placeholders: [String]
    /// What plan would warn of.
    let warnings: [PlanNote]

    var portsArePlaceholders: Bool { !placeholders.isEmpty }

    /// Two names, or as many as the aggregate needs to have a carrier, and to keep it when one fails.
    static func placeholders(for met: RequirementSet) -> [String] {
        let least = Int(met.number(.minPorts) ?? 1) + (met.wants(.redundancy) || met.wants(.detection) ? 1 : 0)
        return (0..<max(2, least)).map { "eth\($0)" }
    }

    var text: String {
        var lines = ["# Written by: aggctl recommend" + requirements.all.map { " \($0.flag) \($0.text)" }.joined()]
        if portsArePlaceholders {
            lines.append("# \(placeholders.joined(separator: " and ")) stand for the ports: --ports names them.")
        }
        return lines.joined(separator: "\n") + "\n" + DeclarationFile.render([proposal.desired])
    }
}

extension Requirement {
    /// How it is given on the command line.
    var flag: String {
        switch strength {
        case .must: "--require"
        case .should: "--prefer"
        case .mustNot: "--avoid"
        }
    }
}
