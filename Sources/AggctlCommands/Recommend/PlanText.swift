internal import Aggregation
internal import Declaration

/// The plan file of a decision: what `apply` reads, with where it comes from on top.
struct PlanText {
    let proposal: PlanProposal
    let requirements: RequirementSet
    /// The names of the ports were made up.
    let portsArePlaceholders: Bool

    static let placeholders = ["eth0", "eth1"]

    var text: String {
        var lines = ["# Written by: aggctl recommend" + requirements.all.map { " \($0.flag) \($0.text)" }.joined()]
        if portsArePlaceholders {
            lines.append("# \(Self.placeholders.joined(separator: " and ")) stand for the ports: --ports names them.")
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
