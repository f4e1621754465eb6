internal import Aggregation

/// A decision and its plan, as `aggctl recommend` shows them.
struct DecisionReport: CommandResult {
    let decision: Decision
    /// Nil when nothing meets every must.
    let plan: PlanText?
    let profiles: ProfileChoice
    /// What else would do.
    let alternatives: [Alternative]
    let extent: Extent
    /// Where the plan is written to; nil when it is shown at most.
    let planFile: String?

    /// How much of it a person is told.
    enum Extent: Hashable {
        /// The first screen.
        case summary
        /// Why, and the plan.
        ///
        /// - Parameters:
        ///   - candidates: every candidate too, and the questions in their order.
        ///   - sources: where it is written.
        case page(candidates: Bool, sources: Bool)
        /// All of that for a ticket or a page of documentation.
        case markdown(candidates: Bool)
    }

    func text(_ style: Style) -> PrintableText {
        switch extent {
        case .summary: DecisionScreen(report: self).text(style)
        case .page: page(.text(style))
        case .markdown: page(.markdown)
        }
    }

    private var showsCandidates: Bool {
        switch extent {
        case .summary: false
        case .page(let candidates, _), .markdown(let candidates): candidates
        }
    }

    /// A claim is worth as much as where it comes from; a terminal has room for it when it is asked for.
    private func source(_ text: String, in page: inout Page, indent: Int = 1) {
        if case .page(_, sources: false) = extent { return }
        page.line("source: \(text)", indent: indent)
    }

    private func page(_ format: Page.Format) -> PrintableText {
        var page = Page(format)
        if let workload = profiles.workload {
            page.heading("Profile", "\(workload.name): \(workload.title)")
            page.line(workload.reason)
        }
        for driver in DriverKind.allCases {
            guard let absence = decision.matrix.absence(of: driver) else { continue }
            page.heading("Left out", "\(driver.rawValue): \(absence)")
        }
        if let recommended = decision.recommended {
            describe(recommended, in: &page)
        } else {
            explainFailure(in: &page)
        }
        if !alternatives.isEmpty {
            page.heading("Also consider", "what is no aggregate and may do better")
            for alternative in alternatives {
                page.item(alternative.text)
                source(alternative.source, in: &page, indent: 2)
            }
        }
        if showsCandidates { explain(in: &page) }
        return page.text
    }

    private func describe(_ recommended: Assessment, in page: inout Page) {
        let reservations = recommended.reservations.map(\.requirement.text)
        page.heading(
            recommended.hasReservations ? "Recommended with reservations" : "Recommended",
            recommended.candidate.title, recommended.hasReservations ? .warning : .good)
        page.line(decision.matrix.profile(recommended.candidate.mode)?.summary ?? "")
        if !reservations.isEmpty { page.line("met only in part: \(reservations.joined(separator: ", "))", .warning) }
        for finding in recommended.hostReservations { page.line(finding.text, .warning) }
        for note in decision.notes { page.line(note) }
        requirements(of: recommended, in: &page)
        consequences(of: recommended, in: &page)
        compare(in: &page)
        others(than: recommended, in: &page)
        if let plan {
            page.heading("Plan", "what aggctl apply takes; --output writes it to a file")
            page.file(plan.text, language: "yaml")
        }
    }

    private func requirements(of assessment: Assessment, in page: inout Page) {
        page.heading("Requirements")
        for verdict in assessment.verdicts { show(verdict, in: &page, indent: 1) }
    }

    /// One requirement, what became of it, and on what grounds.
    private func show(_ verdict: Assessment.Verdict, in page: inout Page, indent: Int) {
        page.line("\(verdict.requirement): \(verdict.words)", verdict.role, indent: indent)
        for ground in verdict.grounds {
            page.line(ground.cell.text, indent: indent + 1)
            for condition in ground.cell.allConditions {
                page.line("on condition that: \(condition)", indent: indent + 1)
            }
            source(ground.cell.sourceText, in: &page, indent: indent + 1)
        }
    }

    /// What follows from choosing it.
    private func consequences(of assessment: Assessment, in page: inout Page) {
        if let options = plan?.proposal.options, !options.isEmpty {
            page.heading("Options")
            for option in options {
                page.line("\(option.key): \(option.value)")
                page.line(option.reason, indent: 2)
                if let function = option.source { source(function, in: &page, indent: 2) }
            }
        }
        if !assessment.conditions.isEmpty {
            page.heading("To see to")
            for condition in assessment.conditions { page.item(condition) }
        }
        if let setup = decision.switchSetup(assessment) {
            page.heading("On the switch")
            page.line(setup.text)
            source(setup.source, in: &page)
            describeSwitch(assessment, in: &page)
        }
        let risks = decision.risks(assessment.candidate)
        if !risks.isEmpty {
            page.heading("Risks")
            for risk in risks { page.item(risk.text) }
        }
        if let warnings = plan?.warnings, !warnings.isEmpty {
            page.heading("Warnings", "as aggctl plan gives them")
            for warning in warnings { page.item("\(warning)") }
        }
    }

    /// What is typed on a switch; nothing where the mode asks nothing of it.
    func commands(on profile: SwitchProfile, for assessment: Assessment) -> [String] {
        let need = decision.matrix.profile(assessment.candidate.mode)?.switchNeed ?? .nothing
        return need == .nothing ? [] : profile.setup
    }

    /// How that is done on the switch that was named.
    private func describeSwitch(_ assessment: Assessment, in page: inout Page) {
        guard let profile = profiles.switchProfile else { return }
        page.line("\(profile.title):")
        let commands = commands(on: profile, for: assessment)
        if commands.isEmpty {
            page.line("nothing is to be set on it", indent: 2)
        } else {
            for line in commands { page.line(line, indent: 2) }
            source(profile.source, in: &page, indent: 2)
        }
    }

    /// The best of each driver, or the one that comes nearest, requirement by requirement.
    private func compare(in page: inout Page) {
        let columns = DriverKind.allCases.compactMap { decision.best($0) ?? decision.nearest($0) }
        guard columns.count > 1 else { return }
        page.heading("Side by side")
        let header = ["REQUIREMENT"] + columns.map { $0.candidate.title }
        page.table(
            header,
            decision.requirements.all.enumerated().map { place, requirement in
                [requirement.description] + columns.map { $0.verdicts[place].words }
            })
    }

    private func others(than recommended: Assessment, in page: inout Page) {
        page.heading("Why not another")
        if let runnerUp = decision.runnerUp {
            page.line("Runner-up: \(runnerUp.candidate.title).")
            tipping(recommended, runnerUp, in: &page)
        } else {
            page.line("Nothing else meets every must.")
        }
        for driver in DriverKind.allCases where driver != recommended.candidate.driver {
            if let best = decision.best(driver) {
                guard decision.runnerUp?.candidate != best.candidate else { continue }
                page.line("Best of \(driver.rawValue): \(best.candidate.title).")
                tipping(recommended, best, in: &page)
            } else if let nearest = decision.nearest(driver) {
                page.line("No mode of \(driver.rawValue) meets every must. Nearest: \(nearest.candidate.title).")
                for verdict in nearest.unmetMusts { show(verdict, in: &page, indent: 2) }
            }
        }
    }

    /// The question that decided between two, with both answers.
    private func tipping(_ winner: Assessment, _ other: Assessment, in page: inout Page) {
        guard let question = Preference.decisive(winner, other) else { return }
        page.line("Decided by: \(question.help).", indent: 2)
        for assessment in [winner, other] {
            page.line("\(assessment.candidate.title): \(question.words(assessment, decision.matrix))", indent: 3)
        }
    }

    private func explainFailure(in page: inout Page) {
        page.heading("Nothing meets every must", nil, .bad)
        page.heading("What excludes what")
        for conflict in decision.conflicts {
            page.line(conflict.requirements.map(\.description).joined(separator: " and ") + ":")
            for (explanation, failed) in conflict.explanationsTogether {
                let names = explanation.candidates.map(\.description).joined(separator: ", ")
                page.line("\(names): not \(failed.map(\.description).joined(separator: " together with "))", indent: 2)
                if let ground = explanation.ground {
                    page.line(ground.cell.text, indent: 3)
                    source(ground.cell.sourceText, in: &page, indent: 3)
                }
            }
        }
        compare(in: &page)
        page.heading("Smallest sets to give up")
        for giveUp in decision.giveUps {
            let names = giveUp.requirements.map(\.description).joined(separator: " and ")
            page.item("\(names): then \(giveUp.buys.title)")
        }
    }

    private func explain(in page: inout Page) {
        page.heading("Questions", "the first that two candidates answer differently decides")
        for (number, question) in Preference.allCases.enumerated() { page.line("\(number + 1). \(question.help)") }
        for (number, assessment) in decision.assessments.enumerated() {
            let place = assessment.meetsEveryMust ? "place \(number + 1)" : "out"
            page.heading(assessment.candidate.title, place, assessment.meetsEveryMust ? .good : .bad)
            for verdict in assessment.verdicts { show(verdict, in: &page, indent: 1) }
            guard assessment.meetsEveryMust else { continue }
            for (number, question) in Preference.allCases.enumerated() {
                page.line("answer \(number + 1): \(question.words(assessment, decision.matrix))")
            }
        }
    }
}

extension Candidate {
    /// `bonding lacp (802.3ad)`
    var title: String { nativeName == mode.rawValue ? "\(self)" : "\(self) (\(nativeName))" }
}

extension Assessment.Verdict {
    /// `met with condition`, and what is left open.
    fileprivate var words: String {
        switch (outcome, answer) {
        case (.met, _): "met"
        case (.metWithCondition, .partly): "met in part"
        case (.metWithCondition, _): "met with condition"
        case (.notMet, .unproven): "not met (unproven)"
        case (.notMet, _): "not met"
        }
    }

    fileprivate var role: Style.Role {
        switch outcome {
        case .met: .good
        case .metWithCondition: .warning
        case .notMet: .bad
        }
    }
}

extension Feature.Cell {
    /// `kernel bond_main.c (code, observed)`
    var sourceText: String { "\(source) (\(evidence.map(\.rawValue).joined(separator: ", ")))" }
}
