internal import Aggregation

/// The first screen of `aggctl recommend`: what to use, what to see to before, what to remember and how to apply it, in
/// about ten lines of at most 80 columns.
struct DecisionScreen {
    let report: DecisionReport

    private var decision: Decision { report.decision }

    /// Columns of a line, and those that the word at its beginning takes.
    private static let width = 80
    private static let margin = 10

    func text(_ style: Style) -> PrintableText {
        var rows = Rows(style)
        if let recommended = decision.recommended {
            use(recommended, in: &rows)
            for driver in DriverKind.allCases where driver != recommended.candidate.driver {
                rows.add(driver == .teaming ? "NOT TEAM" : "NOT BOND", [reason(against: driver, recommended)])
            }
            rows.add("BEFORE", tasks(before: recommended))
            rows.add("SETTINGS", [settings])
            rows.add("REMEMBER", (report.plan?.warnings.map(\.text) ?? []) + risks(of: recommended), most: 2)
        } else {
            rows.add("NONE", ["no driver and mode meets every must"], .bad)
            rows.add("EXCLUDED", decision.conflicts.map(Self.words))
            rows.add(
                "GIVE UP",
                decision.giveUps.map { giveUp in
                    let names = giveUp.requirements.map(\.text).joined(separator: " and ")
                    return "\(names): then \(giveUp.buys.title)"
                })
        }
        rows.add("ALSO SEE", [report.alternatives.map(\.title).joined(separator: "; ")])
        if decision.recommended != nil { rows.add("APPLY", commands) }
        rows.add("MORE", ["--explain says why and shows the plan, --sources where it is written"])
        return rows.text
    }

    private func use(_ recommended: Assessment, in rows: inout Rows) {
        let reservations = recommended.reservations
        let count = recommended.verdicts.count
        let met = recommended.verdicts.count { $0.outcome != .notMet } - reservations.count
        rows.add(
            recommended.hasReservations ? "USE, WITH RESERVATIONS:" : "USE",
            ["\(recommended.candidate.title): \(Self.words(met: met, of: count))"],
            recommended.hasReservations ? .warning : .good)
        let host = recommended.hostReservations.map { Self.firstSentence($0.text) }
        rows.add("PARTLY", reservations.map(Self.words) + host, most: 2)
        rows.add("UNMET", recommended.unmetWishes.map(Self.words), most: 2)
        rows.add("READ AS", decision.notes)
    }

    private static func words(met: Int, of count: Int) -> String {
        guard met == count else { return "\(met) of \(count) requirements wholly met" }
        return switch count {
        case 1: "the requirement is met"
        case 2: "both requirements are met"
        default: "all \(count) requirements are met"
        }
    }

    /// Why it is not the other driver.
    private func reason(against driver: DriverKind, _ recommended: Assessment) -> String {
        if let absence = decision.matrix.absence(of: driver) { return absence }
        guard let best = decision.best(driver) else {
            guard let nearest = decision.nearest(driver), let first = nearest.unmetMusts.first else {
                return "no mode of \(driver.rawValue) meets every must"
            }
            return
                "no mode meets every must; \(nearest.candidate.mode.rawValue) comes nearest, but \(Self.words(first))"
        }
        let mode = best.candidate.mode.rawValue
        guard let question = Preference.decisive(recommended, best) else { return "\(mode) could too" }
        let answer = question.words(best, decision.matrix)
        return switch question {
        case .wishes: "\(mode) could too, but leaves \(answer) unmet"
        case .reservations, .wholly: "\(mode) could too, but meets only in part: \(answer)"
        case .conditions: "\(mode) could too, but needs more: \(answer)"
        case .upkeep, .daemon: "\(mode) could too, but: \(answer)"
        case .mode, .driver: "\(mode) could too, and comes later: \(question.help)"
        }
    }

    private func tasks(before recommended: Assessment) -> [String] {
        var tasks: [String] = []
        if let setup = decision.switchSetup(recommended) { tasks.append("switch: \(setup.text)") }
        if let profile = report.profiles.switchProfile, !report.commands(on: profile, for: recommended).isEmpty {
            tasks.append("\(profile.title): --explain shows the commands")
        }
        return tasks + recommended.tasks
    }

    private var settings: String {
        let options = report.plan?.proposal.options ?? []
        return options.isEmpty
            ? "nothing but the defaults" : options.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    /// What may go wrong, first where it is about what is wanted.
    private func risks(of recommended: Assessment) -> [String] {
        let wanted = Set(recommended.verdicts.flatMap(\.grounds).map(\.feature))
        let risks = decision.risks(recommended.candidate)
        return (risks.filter { wanted.contains($0.feature) } + risks.filter { !wanted.contains($0.feature) })
            .map { Self.firstSentence($0.text) }
    }

    private var commands: [String] {
        if let planFile = report.planFile { return ["aggctl apply \(planFile)"] }
        let ports = report.plan?.portsArePlaceholders == true ? " --ports A,B" : ""
        return ["aggctl recommend …\(ports) --output plan.yaml", "aggctl apply plan.yaml"]
    }

    private static func words(_ verdict: Assessment.Verdict) -> String {
        let ground = verdict.decisive.map { ": \(firstSentence($0.cell.text))" } ?? ""
        return verdict.requirement.text + ground
    }

    private static func firstSentence(_ text: String) -> String {
        text.firstRange(of: ". ").map { String(text[..<$0.lowerBound]) + "." } ?? text
    }

    private static func words(_ conflict: Concession.Conflict) -> String {
        let names = conflict.requirements.map(\.text).joined(separator: " and ")
        let ground =
            conflict.explanations.lazy.compactMap(\.ground).first.map { ": \(firstSentence($0.cell.text))" } ?? ""
        return names + ground
    }

    /// Words at the left, and what belongs to each of them beside it.
    private struct Rows {
        private let style: Style
        private(set) var text = PrintableText.empty

        init(_ style: Style) { self.style = style }

        /// - Parameter most: what is shown under one word: who wants all of it asks for that.
        mutating func add(_ word: String, _ items: [String], _ role: Style.Role = .heading, most: Int = 3) {
            var lines = items.prefix(most).flatMap {
                Self.wrap($0, first: word.count < margin ? 0 : word.count + 1 - margin)
            }
            if items.count > most { lines.append("and \(items.count - most) more: --explain") }
            for (number, line) in lines.enumerated() {
                let start = number == 0 ? word : ""
                text +=
                    style.paint(start, number == 0 ? role : nil) + .spaces(max(margin - start.count, 1)) + "\(line)\n"
            }
        }

        /// - Parameter first: columns less that the first line has.
        private static func wrap(_ item: String, first: Int) -> [String] {
            var lines: [String] = []
            var line = ""
            for word in item.split(separator: " ") {
                let room = width - margin - (lines.isEmpty ? first : 0)
                if !line.isEmpty, line.count + 1 + word.count > room {
                    lines.append(line)
                    line = String(word)
                } else {
                    line += (line.isEmpty ? "" : " ") + word
                }
            }
            return line.isEmpty ? lines : lines + [line]
        }
    }
}
