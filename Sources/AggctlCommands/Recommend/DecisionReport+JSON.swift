internal import Aggregation

/// The same facts for programs.
extension DecisionReport {
    var json: JSONValue {
        let matrix = decision.matrix
        var members: JSONObject = [
            "requirements": .array(decision.requirements.all.map(\.json)),
            "candidates": .array(decision.assessments.map { $0.json(matrix) }),
            "questions": .array(
                Preference.allCases.map { ["question": .string($0.rawValue), "help": .string($0.help)] }),
        ]
        let absences = DriverKind.allCases.compactMap { driver in
            decision.matrix.absence(of: driver).map { (driver, $0) }
        }
        if !absences.isEmpty {
            members["left_out"] = .array(
                absences.map { ["driver": .string($0.0.rawValue), "reason": .string($0.1)] })
        }
        if !alternatives.isEmpty {
            members["also_consider"] = .array(
                alternatives.map { alternative in
                    [
                        "name": .string(alternative.name), "title": .string(alternative.title),
                        "text": .string(alternative.text), "source": .string(alternative.source),
                    ]
                })
        }
        if let workload = profiles.workload { members["profile"] = .string(workload.name) }
        if let profile = profiles.switchProfile { members["switch_profile"] = .string(profile.name) }
        if let recommended = decision.recommended {
            members["recommended"] = recommended.candidate.json
            members["runner_up"] = decision.runnerUp.map { other(than: recommended, $0) } ?? .null
            members["risks"] = .array(
                decision.risks(recommended.candidate).map {
                    ["text": .string($0.text), "feature": .string($0.feature), "source": .string($0.source)]
                })
            members["reservations"] = .array(recommended.reservations.map(\.requirement.json))
            let notes = decision.notes + recommended.hostReservations.map(\.text)
            if !notes.isEmpty { members["notes"] = .array(notes.map { .string($0) }) }
            if let setup = decision.switchSetup(recommended) {
                members["switch"] = ["text": .string(setup.text), "source": .string(setup.source)]
            }
        } else {
            members["recommended"] = .null
            members["conflicts"] = .array(decision.conflicts.map(\.json))
            members["give_up"] = .array(
                decision.giveUps.map { giveUp in
                    ["requirements": .array(giveUp.requirements.map(\.json)), "buys": giveUp.buys.json]
                })
        }
        if let plan, let recommended = decision.recommended {
            members["plan"] = [
                "for": recommended.candidate.json, "file": .string(plan.text),
                "ports_are_placeholders": .bool(plan.portsArePlaceholders),
                "options": .array(plan.proposal.options.map(\.json)),
                "warnings": .array(plan.warnings.map { .string($0.description) }),
            ]
        }
        return ["schema": 1, "decision": .object(members)]
    }

    private func other(than winner: Assessment, _ other: Assessment) -> JSONValue {
        var members: JSONObject = ["candidate": other.candidate.json]
        if let question = Preference.decisive(winner, other) {
            members["tipped_by"] = [
                "question": .string(question.rawValue), "winner": .string(question.words(winner, decision.matrix)),
                "runner_up": .string(question.words(other, decision.matrix)),
            ]
        }
        return .object(members)
    }
}

extension Requirement {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "requirement": .string(key.rawValue), "strength": .string(strength.rawValue), "text": .string(text),
        ]
        switch value {
        case .none: break
        case .choice(let name): members["value"] = .string(name)
        case .release(let name, let month):
            members["value"] = .string(name)
            members["until"] = .string(month.description)
        case .number(let number): members["number"] = .integer(number)
        case .duration(let time): members["time_ms"] = .integer(time)
        case .hardwareAddress(let address): members["address"] = .string(address.description)
        case .targets(let targets): members["targets"] = .array(targets.map { .string($0.description) })
        }
        return .object(members)
    }
}

extension Candidate {
    fileprivate var json: JSONValue {
        [
            "driver": .string(driver.rawValue), "mode": .string(mode.rawValue), "native_name": .string(nativeName),
        ]
    }
}

extension Assessment {
    fileprivate func json(_ matrix: FeatureMatrix) -> JSONValue {
        let answers = Preference.allCases.map { ($0.rawValue, JSONValue.string($0.words(self, matrix))) }
        return [
            "candidate": candidate.json, "meets_every_must": .bool(meetsEveryMust),
            "verdicts": .array(verdicts.map(\.json)), "conditions": .array(conditions.map { .string($0) }),
            "answers": .object(JSONObject(answers)),
        ]
    }
}

extension Assessment.Verdict {
    fileprivate var json: JSONValue {
        [
            "requirement": .string(requirement.text), "outcome": .string(outcome.rawValue),
            "answer": .string(answer.rawValue), "grounds": .array(grounds.map(\.json)),
        ]
    }
}

extension Assessment.Verdict.Ground {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "feature": .string(feature), "answer": .string(cell.answer.rawValue), "text": .string(cell.text),
            "conditions": .array(cell.conditions.map { .string($0) }), "source": .string(cell.source),
            "evidence": .array(cell.evidence.map { .string($0.rawValue) }),
        ]
        if let since = cell.since { members["since"] = .string(since) }
        if let until = cell.until { members["until"] = .string(until.description) }
        return .object(members)
    }
}

extension Concession.Conflict {
    fileprivate var json: JSONValue {
        [
            "requirements": .array(requirements.map(\.json)),
            "explanations": .array(
                explanations.map { explanation in
                    var members: JSONObject = [
                        "failed": explanation.failed.json,
                        "candidates": .array(explanation.candidates.map(\.json)),
                    ]
                    if let ground = explanation.ground { members["ground"] = ground.json }
                    return .object(members)
                }),
        ]
    }
}

extension PlanProposal.Option {
    fileprivate var json: JSONValue {
        var members: JSONObject = [
            "key": .string(key), "value": .string(value), "reason": .string(reason),
        ]
        if let source { members["source"] = .string(source) }
        return .object(members)
    }
}
