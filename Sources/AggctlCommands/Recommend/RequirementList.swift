internal import Aggregation

/// What `aggctl recommend --list` says: the whole vocabulary.
struct RequirementList: CommandResult {
    var json: JSONValue {
        let requirements = RequirementKey.allCases.map { key -> JSONValue in
            let definition = key.definition
            var members: [String: JSONValue] = [
                "requirement": .string(key.rawValue), "help": .string(definition.help),
                "features": .array(definition.allFeatures.map { .string($0) }),
            ]
            switch definition.value {
            case .none: members["value"] = "none"
            case .targets: members["value"] = "addresses"
            case .choice(let choices):
                members["value"] = "choice"
                members["choices"] = .array(
                    choices.map { ["name": .string($0.name), "help": .string($0.help)] })
            }
            return .object(members)
        }
        return ["schema": 1, "requirements": .array(requirements)]
    }

    func text(_ style: Style) -> String {
        var table = TextTable([.init("REQUIREMENT"), .init("WHAT IT ASKS FOR")])
        for key in RequirementKey.allCases {
            let definition = key.definition
            let choices = definition.choices
            let value = choices.isEmpty ? definition.valueText : "=…"
            table.add([.init(key.rawValue + value), .init(definition.help)])
            for choice in choices { table.add([.init("  \(key.rawValue)=\(choice.name)"), .init(choice.help)]) }
        }
        return table.render(style)
    }
}
