/// One row of the matrix.
package struct Feature: Sendable, Hashable {
    package let name: String
    package let title: String
    /// Its place; 1 to 29 are the rows of the comparison that was published in 2023, in their order there.
    package let row: Int64
    /// What that comparison said.
    package let claim: Claim?
    /// For every candidate exactly one applies.
    package let cells: [Cell]

    package init(name: String, title: String, row: Int64, claim: Claim? = nil, cells: [Cell]) {
        self.name = name
        self.title = title
        self.row = row
        self.claim = claim
        self.cells = cells
    }

    func mapCells(_ change: (Cell) -> Cell) -> Feature {
        Feature(name: name, title: title, row: row, claim: claim, cells: cells.map(change))
    }

    package func cells(of driver: DriverKind) -> [Cell] { cells.filter { $0.driver == driver } }

    /// What was published in 2023, and what is left of it.
    package struct Claim: Sendable, Hashable {
        package enum Verdict: String, Sendable, Hashable, CaseIterable {
            case right
            /// Half of it, or not any more.
            case partly
            case wrong
        }

        package var bonding: String
        package var teaming: String
        package var verdict: Verdict
        /// Why it is not simply right.
        package var reason: String?

        package init(bonding: String, teaming: String, verdict: Verdict, reason: String?) {
            self.bonding = bonding
            self.teaming = teaming
            self.verdict = verdict
            self.reason = reason
        }

        package func text(_ driver: DriverKind) -> String { driver == .bonding ? bonding : teaming }
    }

    package func cell(_ candidate: Candidate) -> Cell? { cells.first { $0.applies(to: candidate) } }

    /// What is true of some candidates, and how that is known.
    package struct Cell: Sendable, Hashable {
        package var driver: DriverKind
        /// Nil for every mode of the driver.
        package var modes: [Mode]?
        package var answer: Answer
        /// One sentence.
        package var text: String
        /// The first version of the driver's home that has it: the kernel for bonding, libteam for teaming.
        package var since: String?
        /// Until when what the row is about is supported, where that has an end.
        package var until: Month?
        /// The option of bonding that a kernel with the feature knows.
        package var option: String?
        /// Options of bonding that a tool of the row cannot set.
        package var lacks: [String]
        /// What somebody has to see to for the answer to hold.
        package var conditions: [String]
        /// What has to be set on the switch.
        package var switchSetup: String?
        /// What may go wrong for who chooses this.
        package var risk: String?
        /// How it can be tried on a running kernel; nil where that takes hardware or cannot be had.
        package var trial: String?
        /// Where it was read or seen.
        package var source: String
        package var evidence: [Evidence]

        package init(
            driver: DriverKind, modes: [Mode]? = nil, answer: Answer, text: String, since: String? = nil,
            until: Month? = nil, option: String? = nil, lacks: [String] = [], conditions: [String] = [],
            switchSetup: String? = nil, risk: String? = nil, trial: String? = nil, source: String,
            evidence: [Evidence]
        ) {
            self.driver = driver
            self.modes = modes
            self.answer = answer
            self.text = text
            self.since = since
            self.until = until
            self.option = option
            self.lacks = lacks
            self.conditions = conditions
            self.switchSetup = switchSetup
            self.risk = risk
            self.trial = trial
            self.source = source
            self.evidence = evidence
        }

        package func applies(to candidate: Candidate) -> Bool {
            driver == candidate.driver && (modes?.contains(candidate.mode) ?? true)
        }

        /// The answer for a kernel of a version: what came later it does not have.
        package func answer(on kernel: KernelVersion?) -> Answer {
            guard driver == .bonding, let kernel, let since = since.flatMap(KernelVersion.init(text:)), kernel < since
            else { return answer }
            return .no
        }

        func on(_ kernel: KernelVersion) -> Cell {
            guard driver == .bonding, let since, answer != .no else { return self }
            guard answer(on: kernel) == answer else {
                return lacking("Linux \(kernel) does not have it: it came with \(since).")
            }
            return had
        }

        /// As it is for who needs it until the end of a month.
        func lasting(until month: Month) -> Cell {
            guard answer != .no else { return self }
            guard let until else { return lacking("Nobody says until when it is supported.", .unproven) }
            return until < month ? lacking("Its support ends with \(until).") : self
        }

        /// Nil when the host's kernel was not asked.
        func on(_ host: HostFacts) -> Cell? {
            guard let option, answer != .no else { return nil }
            if host.knownOptions?.contains(option) == true { return had }
            guard host.unknownOptions?.contains(option) == true else { return nil }
            return lacking("The kernel of this host does not know \(option), as it said when asked.")
        }

        /// What the kernel has is no condition.
        private var had: Cell {
            var cell = self
            cell.since = nil
            return cell
        }

        private func lacking(_ text: String, _ answer: Answer = .no) -> Cell {
            var cell = had
            cell.answer = answer
            cell.text = text
            cell.conditions = []
            cell.risk = nil
            return cell
        }

        /// The conditions, the version among them.
        package var allConditions: [String] { conditions + (versionCondition.map { [$0] } ?? []) }

        /// What a host has or has not, and nobody has to see to.
        var versionCondition: String? {
            since.map { "\(driver == .bonding ? "Linux" : "libteam") \($0) or newer" }
        }
    }
}

/// Whether a candidate has a feature.
package enum Answer: String, Sendable, Hashable, CaseIterable {
    case yes, partly, no
    /// Nobody has shown it either way, which is no promise.
    case unproven
}

/// How a cell is known.
package enum Evidence: String, Sendable, Hashable, CaseIterable {
    /// Read in the source code named.
    case code
    /// Seen on a running kernel.
    case observed
    /// Read in a document.
    case document
    /// Believed, and not checked.
    case belief
}
