/// What a kind of host usually needs, as requirements.
package struct Workload: Sendable, Hashable {
    package let name: String
    package let title: String
    /// Why it needs that.
    package let reason: String
    package let requirements: [Requirement]

    package init(name: String, title: String, reason: String, requirements: [Requirement]) {
        self.name = name
        self.title = title
        self.reason = reason
        self.requirements = requirements
    }
}

/// What is known of a switch, or of a pair of them.
package struct SwitchProfile: Sendable, Hashable {
    package let name: String
    package let title: String
    /// What it offers: a value of the requirement `switch`.
    package let offers: Requirement
    /// How a group is made on it, line by line; empty where nothing has to be done, or can be.
    package let setup: [String]
    package let source: String

    package init(name: String, title: String, offers: Requirement, setup: [String], source: String) {
        self.name = name
        self.title = title
        self.offers = offers
        self.setup = setup
        self.source = source
    }
}

/// What else would do, and may do better: an answer that is no aggregate.
package struct Alternative: Sendable, Hashable {
    package let name: String
    package let title: String
    package let text: String
    /// Kinds of hosts that it is for.
    package let profiles: [String]
    /// Requirements that it is for, as `dpdk` or `switch=two`.
    package let requirements: [String]
    /// Drivers of ports that it is for.
    package let drivers: [String]
    package let source: String
    package let evidence: [Evidence]

    package init(
        name: String, title: String, text: String, profiles: [String] = [], requirements: [String] = [],
        drivers: [String] = [], source: String, evidence: [Evidence]
    ) {
        self.name = name
        self.title = title
        self.text = text
        self.profiles = profiles
        self.requirements = requirements
        self.drivers = drivers
        self.source = source
        self.evidence = evidence
    }

    /// Whether it is for what is asked.
    func suits(_ wanted: RequirementSet, _ workload: String?, _ host: HostFacts) -> Bool {
        profiles.contains { $0 == workload }
            || wanted.all.contains {
                $0.strength != .mustNot && (requirements.contains($0.key.rawValue) || requirements.contains($0.text))
            }
            || host.ports.contains { port in drivers.contains { $0 == port.driver } }
    }
}

/// Everything that the files of `profiles/` say.
package struct ProfileLibrary: Sendable, Hashable {
    package let matrix: FeatureMatrix
    /// In the order of their names.
    package let workloads: [Workload]
    package let switches: [SwitchProfile]
    package let alternatives: [Alternative]

    package init(
        matrix: FeatureMatrix = FeatureMatrix(features: [], modes: []), workloads: [Workload] = [],
        switches: [SwitchProfile] = [], alternatives: [Alternative] = []
    ) {
        self.matrix = matrix
        self.workloads = workloads.sorted { $0.name < $1.name }
        self.switches = switches.sorted { $0.name < $1.name }
        self.alternatives = alternatives.sorted { $0.name < $1.name }
    }

    /// What else would do for what is wanted, on a kind of host.
    ///
    /// - Parameter workload: the name of that kind, if one was named.
    package func alternatives(for wanted: RequirementSet, of workload: String?, on host: HostFacts) -> [Alternative] {
        alternatives.filter { $0.suits(wanted, workload, host) }
    }
}
