internal import Aggregation

/// Profiles as Swift source.
///
/// A row is a function of its own: as one expression the compiler would weigh all of them at once.
enum SwiftText {
    static func file(_ library: ProfileLibrary) -> String {
        let matrix = library.matrix
        return """
            // swift-format-ignore-file
            // Written by `make generate` from profiles/: change the files there, not here.
            package import Aggregation

            /// What the files of `profiles/` say, as values: the program works without any file beside it, and decides
            /// without reading one.
            package enum BuiltInProfiles {
                package static let library = ProfileLibrary(
                    matrix: FeatureMatrix(
                        features: [\(matrix.features.map { "row\($0.row)()" }.joined(separator: ", "))],
                        modes: modes()),
                    workloads: workloads(), switches: switches(), alternatives: alternatives())

            \(matrix.features.map(function).joined())
            \(function("modes", of: "ModeProfile", matrix.modes.map(text)))
            \(function("workloads", of: "Workload", library.workloads.map(text)))
            \(function("switches", of: "SwitchProfile", library.switches.map(text)))
            \(function("alternatives", of: "Alternative", library.alternatives.map(text)))
            }

            """
    }

    private static func function(_ feature: Feature) -> String {
        let claim = feature.claim.map { ", claim: \(text($0))" } ?? ""
        return """
                @inline(never) private static func row\(feature.row)() -> Feature {
                    Feature(
                        name: \(text(feature.name)), title: \(text(feature.title)), row: \(feature.row)\(claim),
                        cells: [
            \(feature.cells.map { "                \(text($0)),\n" }.joined())            ])
                }

            """
    }

    private static func function(_ name: String, of type: String, _ items: [String]) -> String {
        """
            @inline(never) private static func \(name)() -> [\(type)] {
                [
        \(items.map { "            \($0),\n" }.joined())        ]
            }

        """
    }

    // MARK: - Values

    private static func text(_ cell: Feature.Cell) -> String {
        call(
            "Feature.Cell",
            [
                ("driver", ".\(cell.driver)"), ("modes", cell.modes.map { list($0) }), ("answer", ".\(cell.answer)"),
                ("text", text(cell.text)), ("since", cell.since.map(text)),
                ("until", cell.until.map { "Month(text: \(text("\($0)")))" }), ("option", cell.option.map(text)),
                ("lacks", cell.lacks.isEmpty ? nil : list(cell.lacks)),
                ("conditions", cell.conditions.isEmpty ? nil : list(cell.conditions)),
                ("switchSetup", cell.switchSetup.map(text)), ("risk", cell.risk.map(text)),
                ("trial", cell.trial.map(text)), ("source", text(cell.source)), ("evidence", list(cell.evidence)),
            ])
    }

    private static func text(_ claim: Feature.Claim) -> String {
        call(
            "Feature.Claim",
            [
                ("bonding", text(claim.bonding)), ("teaming", text(claim.teaming)), ("verdict", ".\(claim.verdict)"),
                ("reason", claim.reason.map(text) ?? "nil"),
            ])
    }

    private static func text(_ mode: ModeProfile) -> String {
        call(
            "ModeProfile",
            [
                ("mode", ".\(mode.mode)"), ("place", "\(mode.place)"), ("summary", text(mode.summary)),
                ("reason", text(mode.reason)), ("drivers", list(mode.drivers)), ("switchNeed", ".\(mode.switchNeed)"),
                ("switchSetup", text(mode.switchSetup)), ("switchSource", text(mode.switchSource)),
                ("switchEvidence", list(mode.switchEvidence)),
            ])
    }

    private static func text(_ workload: Workload) -> String {
        call(
            "Workload",
            [
                ("name", text(workload.name)), ("title", text(workload.title)), ("reason", text(workload.reason)),
                ("requirements", "[\(workload.requirements.map(text).joined(separator: ", "))]"),
            ])
    }

    private static func text(_ profile: SwitchProfile) -> String {
        call(
            "SwitchProfile",
            [
                ("name", text(profile.name)), ("title", text(profile.title)), ("offers", text(profile.offers)),
                ("setup", list(profile.setup)), ("source", text(profile.source)),
            ])
    }

    private static func text(_ alternative: Alternative) -> String {
        func given(_ texts: [String]) -> String? { texts.isEmpty ? nil : list(texts) }
        return call(
            "Alternative",
            [
                ("name", text(alternative.name)), ("title", text(alternative.title)),
                ("text", text(alternative.text)), ("profiles", given(alternative.profiles)),
                ("requirements", given(alternative.requirements)), ("drivers", given(alternative.drivers)),
                ("source", text(alternative.source)), ("evidence", list(alternative.evidence)),
            ])
    }

    private static func text(_ requirement: Requirement) -> String {
        "Requirement(.\(requirement.key), \(text(requirement.value)), .\(requirement.strength))"
    }

    private static func text(_ value: Requirement.Value) -> String {
        switch value {
        case .none: ".none"
        case .choice(let name): ".choice(\(text(name)))"
        case .release(let name, let month):
            "Month(text: \(text("\(month)"))).map { Requirement.Value.release(\(text(name)), until: $0) } ?? .none"
        case .number(let number): ".number(\(number))"
        case .duration(let time): ".duration(\(time))"
        case .hardwareAddress(let address): ".hardwareAddress(LinkLayerAddress(\(address.bytes)))"
        case .targets(let targets):
            ".targets([\(targets.map { "IPAddress(bytes: \($0.bytes))" }.joined(separator: ", "))].compactMap { $0 })"
        }
    }

    private static func text(_ text: String) -> String { String(reflecting: text) }

    private static func list(_ texts: [String]) -> String { "[\(texts.map(text).joined(separator: ", "))]" }

    private static func list(_ words: [some RawRepresentable]) -> String {
        "[\(words.map { ".\($0)" }.joined(separator: ", "))]"
    }

    /// A call of an initializer, without the arguments that are nil: those have a default.
    private static func call(_ name: String, _ arguments: [(label: String, value: String?)]) -> String {
        let given = arguments.compactMap { label, value in value.map { "\(label): \($0)" } }
        return "\(name)(\(given.joined(separator: ", ")))"
    }
}
