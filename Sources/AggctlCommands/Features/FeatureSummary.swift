internal import Aggregation

/// A row of the matrix as it is shown: for some drivers and one kernel.
struct FeatureSummary {
    let feature: Feature
    let drivers: [DriverKind]
    /// Nil for whichever kernel has the most.
    let kernel: KernelVersion?

    func cells(_ driver: DriverKind) -> [Feature.Cell] { feature.cells(of: driver) }

    func answer(_ cell: Feature.Cell) -> Answer { cell.answer(on: kernel) }

    /// What it comes to: `yes`, or where that depends on the mode the best answer, as `yes: lacp tlb`.
    func shortAnswer(_ driver: DriverKind) -> String {
        let cells = cells(driver)
        let answers = Set(cells.map(answer))
        if answers.count == 1, let only = answers.first { return only.rawValue }
        for best in [Answer.yes, .partly, .unproven] where answers.contains(best) {
            let modes = cells.filter { answer($0) == best }.flatMap { $0.modes ?? Mode.modes(of: driver) }
            return "\(best.rawValue): \(modes.map(\.shortName).joined(separator: " "))"
        }
        return Answer.no.rawValue
    }

    /// `in lacp`; nothing where there is one answer for every mode.
    func modesText(_ cell: Feature.Cell) -> String {
        cell.modes.map { " in " + $0.map(\.rawValue).joined(separator: ", ") } ?? ""
    }

    /// `Linux 5.18`, `libteam 1.32`.
    static func sinceText(_ cell: Feature.Cell) -> String? {
        cell.since.map { "\(cell.driver == .bonding ? "Linux" : "libteam") \($0)" }
    }

    static func sourceText(_ cell: Feature.Cell) -> String {
        "\(cell.source) (\(cell.evidence.map(\.rawValue).joined(separator: ", ")))"
    }

    /// A kernel that is too old changes the answer, which then is not what the sentence says.
    func remark(_ cell: Feature.Cell) -> String? {
        guard answer(cell) != cell.answer, let kernel, let since = cell.since else { return nil }
        return "not in Linux \(kernel): it came with \(since)"
    }
}

extension Mode {
    /// What fits into a table: the abbreviations of the kernel's source, but for lacp, which is called 8023AD there.
    var shortName: String {
        switch self {
        case .balanceRR: "rr"
        case .activeBackup: "ab"
        case .balanceXOR: "xor"
        case .broadcast: "bc"
        case .lacp: "lacp"
        case .balanceTLB: "tlb"
        case .balanceALB: "alb"
        case .random: "rnd"
        }
    }

    /// `rr balance-rr, ab active-backup`
    static var shortNames: String {
        allCases.filter { $0.shortName != $0.rawValue }.map { "\($0.shortName) \($0.rawValue)" }
            .joined(separator: ", ")
    }
}
