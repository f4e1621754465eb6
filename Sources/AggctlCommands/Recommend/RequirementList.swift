internal import Aggregation

/// What `aggctl recommend --list` says: the whole vocabulary, and the profiles.
struct RequirementList: CommandResult {
    let library: ProfileLibrary

    var json: JSONValue {
        let requirements = RequirementKey.allCases.map { key -> JSONValue in
            let definition = key.definition
            var members: JSONObject = [
                "requirement": .string(key.rawValue), "help": .string(definition.help),
                "features": .array(definition.allFeatures.map { .string($0) }),
            ]
            switch definition.value {
            case .none: members["value"] = "none"
            case .number: members["value"] = "number"
            case .duration: members["value"] = "time"
            case .hardwareAddress: members["value"] = "address"
            case .targets: members["value"] = "addresses"
            case .choice: members["value"] = "choice"
            case .release: members["value"] = "release"
            }
            if !definition.choices.isEmpty {
                members["choices"] = .array(
                    definition.choices.map { ["name": .string($0.name), "help": .string($0.help)] })
            }
            return .object(members)
        }
        let workloads = library.workloads.map { workload -> JSONValue in
            [
                "profile": .string(workload.name), "title": .string(workload.title),
                "reason": .string(workload.reason),
                "requirements": .array(workload.requirements.map { .string($0.description) }),
            ]
        }
        let switches = library.switches.map { profile -> JSONValue in
            [
                "switch": .string(profile.name), "title": .string(profile.title),
                "offers": .string(profile.offers.text), "source": .string(profile.source),
            ]
        }
        return [
            "schema": 1, "requirements": .array(requirements), "profiles": .array(workloads),
            "switches": .array(switches),
        ]
    }

    func text(_ style: Style) -> PrintableText {
        var table = TextTable([.init("REQUIREMENT"), .init("WHAT IT ASKS FOR")])
        for key in RequirementKey.allCases {
            let definition = key.definition
            let choices = definition.choices
            let value = choices.isEmpty ? definition.valueText : "=…" + definition.suffixText
            table.add([.init(key.rawValue + value), .init(definition.help)])
            for choice in choices { table.add([.init("  \(key.rawValue)=\(choice.name)"), .init(choice.help)]) }
        }
        var workloads = TextTable([.init("PROFILE"), .init("WHAT KIND OF HOST"), .init("REQUIREMENTS")])
        for workload in library.workloads {
            let requirements = workload.requirements.map(\.description).joined(separator: ", ")
            workloads.add([.init(workload.name), .init(workload.title), .init(requirements)])
        }
        var switches = TextTable([.init("SWITCH"), .init("WHICH IT IS"), .init("OFFERS")])
        for profile in library.switches {
            switches.add([.init(profile.name), .init(profile.title), .init(profile.offers.text)])
        }
        return [table, workloads, switches].map { $0.render(style) }.joined(separator: "\n")
    }
}
