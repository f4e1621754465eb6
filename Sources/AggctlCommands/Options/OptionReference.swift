internal import Aggregation

/// The reference page of options, derived from their table.
package enum OptionReference {
    /// What follows this line in the page was measured on kernels and does not come from the table.
    package static let end = "<!-- End of the table; what follows was measured. -->"

    /// The page up to and with its ``end`` line.
    package static func markdown() -> String {
        var page = """
            # Options

            Derived from the option table in `Sources/Aggregation/Options`; `aggctl options` shows the same. *Accepted in* \
            are the modes in which the driver takes an option, *effective in* those in which it does anything. *Since* is \
            the first kernel whose interface has it; stable kernels carry backports. Options of teaming are named by their \
            place in teamd's configuration.


            """
        for driver in DriverKind.allCases {
            for subject in [OptionTable.Subject.aggregate, .port, .watch] {
                let options = OptionDescription.all(driver).filter { $0.subject == subject }
                guard !options.isEmpty else { continue }
                page += "## \(driver.rawValue): options of \(subject.phrase)\n\n"
                page += options.map(section).joined(separator: "\n") + "\n"
            }
        }
        return page + end + "\n"
    }

    private static func section(_ option: OptionDescription) -> String {
        let row = option.row
        var facts: [(String, String)] = [
            ("values", values(option)), ("default", option.defaultText), ("accepted in", option.acceptedText),
            ("effective in", option.effectiveText), ("changes", row.change.rawValue),
        ]
        if !option.needsTexts.isEmpty { facts.append(("needs", option.needsTexts.joined(separator: "; "))) }
        if let excludes = row.excludes { facts.append(("excludes", "`\(excludes)`, unless one of them is 0")) }
        if !row.aliases.isEmpty {
            facts.append(("also written", row.aliases.map { "`\($0)`" }.joined(separator: ", ")))
        }
        if let withdrawn = option.withdrawnText { facts.append(("withdrawn", withdrawn)) }
        facts += [("since", option.sinceText), ("on the wire", option.wireText), ("source", "`\(row.source)`")]
        let lines = facts.map { "- \($0): \($1)\n" }.joined()
        return "### \(option.name)\n\n\(row.help)\n\n\(lines)"
    }

    private static func values(_ option: OptionDescription) -> String {
        guard !option.choices.isEmpty else { return option.row.allowedText }
        return option.choices.map { choice in
            let remarks = [choice.help, choice.since.map { "since Linux \($0)" } ?? ""].filter { !$0.isEmpty }
            return "`\(choice.name)`" + (remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))")
        }.joined(separator: ", ")
    }
}

extension OptionTable.Subject {
    var phrase: String {
        switch self {
        case .aggregate: "an aggregate"
        case .port: "a port"
        case .watch: "a link watch"
        }
    }
}
