/// The steps from what is to what is wanted.
package struct Plan: Sendable {
    /// What happens to each aggregate that was named, in the order in which it was named.
    package var changes: [AggregateChange] = []
    /// Reasons not to begin; a plan with any is never carried out.
    package var problems: [Problem] = []
    /// Of a plan that is only shown: what carrying it out would be refused for without a flag.
    package var refusals: [Problem] = []
    package var notes: [PlanNote] = []
    /// Those of the notes that say what stays undone: no step makes it so.
    package var shortfalls: [PlanNote] = []
    /// In the order in which they are carried out: ports are released before anybody else takes them.
    package var steps: [PlannedStep] = []

    package init() {}

    /// Nothing differs.
    package var isEmpty: Bool { steps.isEmpty }

    /// The host is not, and will not be, all that was asked for.
    package var fallsShort: Bool { !shortfalls.isEmpty || changes.contains { !$0.missingPorts.isEmpty } }
}

/// What a plan does to one aggregate.
package struct AggregateChange: Sendable, Hashable {
    package enum Kind: String, Sendable { case create, delete, modify, none }

    package let aggregate: String
    package let kind: Kind
    /// Ports that were asked for and are not there.
    package let missingPorts: [String]

    package init(aggregate: String, kind: Kind, missingPorts: [String] = []) {
        self.aggregate = aggregate
        self.kind = kind
        self.missingPorts = missingPorts
    }
}

/// A step with what a person wants to know before it is taken.
package struct PlannedStep: Sendable, Hashable {
    package let aggregate: String
    package let step: Step
    /// What will feel it: addresses, routes and devices above. Empty when nothing does.
    package let interrupts: [String]
    /// The user's key behind each option, where its name differs from the option's.
    package let origins: [String: String]

    package init(_ step: Step, of aggregate: String, interrupts: [String] = [], origins: [String: String] = [:]) {
        self.aggregate = aggregate
        self.step = step
        self.interrupts = interrupts
        self.origins = origins
    }
}

/// Safety rules that the caller has set aside.
package struct Allowances: OptionSet, Sendable {
    package let rawValue: Int
    package init(rawValue: Int) { self.rawValue = rawValue }

    /// By the flag of the command line.
    package static let flags: [String: Allowances] = [
        "--take-addresses": .takeAddresses, "--allow-interruption": .interruption, "--allow-cutoff": .cutoff,
        "--ignore-manager": .ignoreManager,
    ]

    /// `--take-addresses`: move addresses and routes from ports to the aggregate.
    package static let takeAddresses = Allowances(rawValue: 1)
    /// `--allow-interruption`: a device that carries something may go down for a moment.
    package static let interruption = Allowances(rawValue: 2)
    /// `--allow-cutoff`: a device that carries something may go for good.
    package static let cutoff = Allowances(rawValue: 4)
    /// `--ignore-manager`: devices that another manager configures may be changed.
    package static let ignoreManager = Allowances(rawValue: 8)
    /// All of them: what a plan would do if it were allowed to.
    package static let everything: Allowances = [.takeAddresses, .interruption, .cutoff, .ignoreManager]
}
