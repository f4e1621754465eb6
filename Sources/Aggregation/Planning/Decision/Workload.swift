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

/// Everything that the files of `profiles/` say.
package struct ProfileLibrary: Sendable, Hashable {
    package let matrix: FeatureMatrix
    /// In the order of their names.
    package let workloads: [Workload]
    package let switches: [SwitchProfile]

    package init(
        matrix: FeatureMatrix = FeatureMatrix(features: [], modes: []), workloads: [Workload] = [],
        switches: [SwitchProfile] = []
    ) {
        self.matrix = matrix
        self.workloads = workloads.sorted { $0.name < $1.name }
        self.switches = switches.sorted { $0.name < $1.name }
    }
}
