/// What each way to aggregate can do: rows of features, cells by driver and mode. Read from profiles, never written here.
package struct FeatureMatrix: Sendable, Hashable {
    /// In order of their names.
    package let features: [Feature]
    /// In the order in which they are preferred when nothing else decides.
    package let modes: [ModeProfile]
    /// Every driver and mode there is, preferred modes first.
    package let candidates: [Candidate]
    /// The host that the decision is for, as far as it is known.
    package let host: HostFacts
    /// The only driver that is asked about; nil for both.
    private let driver: DriverKind?
    private let placeByName: [String: Int]

    package init(
        features: [Feature], modes: [ModeProfile], host: HostFacts = HostFacts(), driver: DriverKind? = nil
    ) {
        self.host = host
        self.driver = driver
        self.features = features.sorted { $0.name < $1.name }
        self.modes = modes.sorted { ($0.place, $0.mode.rawValue) < ($1.place, $1.mode.rawValue) }
        candidates = self.modes.flatMap { profile in
            DriverKind.allCases.filter { profile.drivers.contains($0) && Self.absence(of: $0, host, driver) == nil }.map
            {
                Candidate(driver: $0, mode: profile.mode)
            }
        }
        placeByName = Dictionary(
            self.features.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// In the order of their numbers, as they are shown.
    package var rows: [Feature] { features.sorted { $0.row < $1.row } }

    /// The matrix of a host whose kernel is known: what came later it does not have, and what it has is no condition.
    package func on(_ kernel: KernelVersion) -> FeatureMatrix {
        var host = host
        host.kernel = "\(kernel)"
        return FeatureMatrix(features: features.map { row in row.mapCells { $0.on(kernel) } }, modes: modes, host: host)
    }

    /// Why there is no candidate of a driver; nil when there are some.
    package func absence(of driver: DriverKind) -> String? { Self.absence(of: driver, host, self.driver) }

    private static func absence(of driver: DriverKind, _ host: HostFacts, _ only: DriverKind?) -> String? {
        host.absence(of: driver) ?? (only ?? driver == driver ? nil : "only \(only?.rawValue ?? "") was asked for")
    }

    /// The same for one driver alone.
    ///
    /// - Parameter driver: nil for both.
    package func of(_ driver: DriverKind?) -> FeatureMatrix {
        FeatureMatrix(features: features, modes: modes, host: host, driver: driver)
    }

    /// The same for an aggregate of a number of ports.
    ///
    /// - Parameter ports: nil when nobody said how many there will be.
    package func with(ports: Int?) -> FeatureMatrix {
        var host = host
        host.portCount = ports
        return FeatureMatrix(features: features, modes: modes, host: host)
    }

    /// The matrix of a host: without the drivers that it lacks. What its kernel said of an option counts more than its
    /// version, since stable kernels carry backports.
    package func on(_ host: HostFacts) -> FeatureMatrix {
        let kernel = host.kernel.flatMap(KernelVersion.init(text:))
        let features = features.map { row in
            row.mapCells { cell in cell.on(host) ?? kernel.map(cell.on) ?? cell }
        }
        return FeatureMatrix(features: features, modes: modes, host: host)
    }

    package func feature(_ name: String) -> Feature? { placeByName[name].map { features[$0] } }

    package func profile(_ mode: Mode) -> ModeProfile? { modes.first { $0.mode == mode } }

    package func cell(_ feature: String, _ candidate: Candidate) -> Feature.Cell? {
        self.feature(feature)?.cell(candidate)
    }
}

/// A way to aggregate: a driver and what it does with the ports.
package struct Candidate: Sendable, Hashable, CustomStringConvertible {
    package let driver: DriverKind
    package let mode: Mode

    package init(driver: DriverKind, mode: Mode) {
        self.driver = driver
        self.mode = mode
    }

    /// `bonding active-backup`
    package var description: String { "\(driver.rawValue) \(mode.rawValue)" }

    /// What the driver itself calls the mode.
    package var nativeName: String { driver == .bonding ? mode.bondingName : mode.teamRunner ?? mode.rawValue }
}

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

    fileprivate func mapCells(_ change: (Cell) -> Cell) -> Feature {
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

        fileprivate func on(_ kernel: KernelVersion) -> Cell {
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
        fileprivate func on(_ host: HostFacts) -> Cell? {
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

/// What holds for a mode whatever is asked for.
package struct ModeProfile: Sendable, Hashable {
    /// What a mode needs of the switch.
    package enum SwitchNeed: String, Sendable, Hashable, CaseIterable {
        case nothing
        /// A static group.
        case `static`
        case lacp
    }

    package var mode: Mode
    /// From 1; lower is preferred when nothing else decides.
    package var place: Int64
    package var summary: String
    /// Why it has that place.
    package var reason: String
    /// The drivers that have the mode.
    package var drivers: [DriverKind]
    package var switchNeed: SwitchNeed
    /// What has to be set on the switch.
    package var switchSetup: String
    package var switchSource: String
    package var switchEvidence: [Evidence]

    package init(
        mode: Mode, place: Int64, summary: String, reason: String, drivers: [DriverKind], switchNeed: SwitchNeed,
        switchSetup: String, switchSource: String, switchEvidence: [Evidence]
    ) {
        self.mode = mode
        self.place = place
        self.summary = summary
        self.reason = reason
        self.drivers = drivers
        self.switchNeed = switchNeed
        self.switchSetup = switchSetup
        self.switchSource = switchSource
        self.switchEvidence = switchEvidence
    }
}
