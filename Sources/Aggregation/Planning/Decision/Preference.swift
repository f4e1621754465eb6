/// Who comes first among those that meet every must: the first of these questions that two candidates answer
/// differently decides, and nothing is added up across questions.
package enum Preference: String, Sendable, CaseIterable {
    case reservations
    case upkeep
    case wishes
    case wholly
    case conditions
    case daemon
    case mode
    case driver

    /// The question, with the answer that wins.
    package var help: String {
        switch self {
        case .reservations: "fewest musts met only in part"
        case .upkeep: "maintained before not maintained"
        case .wishes: "fewest wishes (should) left unmet"
        case .wholly: "fewest requirements met only in part"
        case .conditions: "fewest things that somebody has to see to"
        case .daemon: "works without a daemon"
        case .mode: "the mode that comes first in profiles/modes"
        case .driver: "bonding before teaming"
        }
    }

    /// Lower wins.
    package func value(_ assessment: Assessment) -> Int64 {
        switch self {
        case .reservations: Int64(assessment.reservations.count + assessment.hostReservations.count)
        case .upkeep: assessment.isMaintained ? 0 : 1
        case .wishes: Int64(assessment.unmetWishes.count)
        case .wholly: Int64(assessment.partlyMet.count)
        case .conditions: Int64(assessment.tasks.count)
        case .daemon: assessment.isDaemonFree ? 0 : 1
        case .mode: assessment.place
        case .driver: assessment.candidate.driver == .bonding ? 0 : 1
        }
    }

    /// A candidate's answer in words.
    package func words(_ assessment: Assessment, _ matrix: FeatureMatrix) -> String {
        func list(_ texts: [String]) -> String { texts.isEmpty ? "none" : texts.joined(separator: "; ") }
        return switch self {
        case .reservations:
            list(assessment.reservations.map(\.requirement.text) + assessment.hostReservations.map(\.text))
        case .upkeep: matrix.cell("upkeep", assessment.candidate)?.text ?? "unknown"
        case .wishes: list(assessment.unmetWishes.map(\.requirement.text))
        case .wholly: list(assessment.partlyMet.map(\.requirement.text))
        case .conditions: list(assessment.tasks)
        case .daemon: assessment.isDaemonFree ? "no daemon" : "needs its own teamd"
        case .mode: matrix.profile(assessment.candidate.mode)?.reason ?? assessment.candidate.mode.rawValue
        case .driver: assessment.candidate.driver.rawValue
        }
    }

    /// Whether the first comes before the second.
    package static func isBefore(_ first: Assessment, _ second: Assessment) -> Bool {
        decisive(first, second).map { $0.value(first) < $0.value(second) } ?? false
    }

    /// The first question that the two answer differently.
    package static func decisive(_ first: Assessment, _ second: Assessment) -> Preference? {
        allCases.first { $0.value(first) != $0.value(second) }
    }
}
