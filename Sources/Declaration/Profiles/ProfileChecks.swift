internal import Aggregation

/// Rules between the keys of a profile, and between profiles.
enum ProfileChecks {
    static func problems(in profile: ModeProfile, _ file: ProfileFile) -> [Problem] {
        var problems: [Problem] = []
        problems += misnamed(profile.mode.rawValue, file)
        if profile.drivers.contains(.teaming), profile.mode.teamRunner == nil {
            problems.append(problem(file, "drivers", "teaming has no such mode", "leave teaming out"))
        }
        if profile.drivers.contains(.bonding), profile.mode == .random {
            problems.append(
                problem(file, "drivers", "bonding has no such mode of its own: it is balance-rr", "leave bonding out"))
        }
        return problems
    }

    /// Every candidate needs exactly one cell: none would be a hole, two an accident of their order.
    static func problems(in row: FeatureKeys.Row, _ file: ProfileFile, _ matrix: FeatureMatrix) -> [Problem] {
        var problems: [Problem] = []
        let cells = row.cells ?? []
        if let name = row.name { problems += misnamed(name, file) }
        for candidate in matrix.candidates {
            let own = cells.filter { $0.cell.applies(to: candidate) }
            if own.isEmpty {
                problems.append(
                    problem(file, "cells", "none is for \(candidate)", "add one, with answer: unproven if nobody knows")
                )
            } else if own.count > 1 {
                let first = own[0].location.map { ", first in line \($0.line)" } ?? ""
                problems.append(
                    problem(
                        file, "cells", "more than one is for \(candidate)\(first)", "name each mode once for a driver",
                        at: own[1].location))
            }
        }
        for item in cells {
            for option in (item.cell.option.map { [$0] } ?? []) + item.cell.lacks
            where !optionIsKnown(option, of: item.cell.driver) {
                problems.append(
                    problem(
                        file, "cells", "\(item.cell.driver.rawValue) has no option \(option)",
                        "aggctl options shows those of bonding", at: item.location))
            }
            for mode in item.cell.modes ?? []
            where !matrix.candidates.contains(.init(driver: item.cell.driver, mode: mode)) {
                problems.append(
                    problem(
                        file, "cells", "\(item.cell.driver.rawValue) has no mode \(mode.rawValue)", "leave it out",
                        at: item.location))
            }
        }
        return problems
    }

    /// Each row has a place of its own.
    static func doubledPlaces(_ rows: [(file: ProfileFile, place: Int64?)]) -> [Problem] {
        var first: [Int64: ProfileFile] = [:]
        var problems: [Problem] = []
        for (file, place) in rows {
            guard let place else { continue }
            if let other = first[place] {
                problems.append(
                    problem(file, "row", "row \(place) is \(other.stem) already", "give it a number that no other has"))
            } else {
                first[place] = file
            }
        }
        return problems
    }

    /// Rows that a requirement asks for have to be there.
    static func missingRows(_ matrix: FeatureMatrix) -> [Problem] {
        RequirementKey.allCases.flatMap { key in
            key.definition.allFeatures.filter { matrix.feature($0) == nil }.map { name in
                Problem(
                    .invalid, subject: "profiles", rule: "there is no features/\(name).yaml",
                    remedy: "the requirement \(key.rawValue) is decided by it")
            }
        }
    }

    private static func optionIsKnown(_ name: String, of driver: DriverKind) -> Bool {
        driver == .bonding && (BondingOptions.table[name] ?? BondingPortOptions.table[name]) != nil
    }

    /// A workload without requirements decides nothing.
    static func problems(in workload: Workload, _ file: ProfileFile) -> [Problem] {
        guard workload.requirements.isEmpty else { return misnamed(workload.name, file) }
        return misnamed(workload.name, file)
            + [problem(file, "must", "nothing is required", "name at least one requirement under must or should")]
    }

    /// An alternative for nothing is never told, and one for a requirement that there is not neither.
    static func problems(in alternative: Alternative, _ file: ProfileFile) -> [Problem] {
        var problems = misnamed(alternative.name, file)
        if (alternative.profiles + alternative.requirements + alternative.drivers).isEmpty {
            problems.append(
                problem(file, "requirements", "it is for nothing", "name profiles, requirements or drivers of ports"))
        }
        for text in alternative.requirements {
            do throws(Problem) { _ = try Requirement(text: text) } catch {
                guard error.value != nil || RequirementKey(rawValue: text) == nil else { continue }
                problems.append(
                    problem(file, "requirements", error.rule, error.remedy ?? "write one of recommend --list"))
            }
        }
        return problems
    }

    /// A file is found by its name.
    static func misnamed(_ name: String, _ file: ProfileFile) -> [Problem] {
        guard name != file.stem else { return [] }
        return [
            problem(file, nil, "it describes \(name), which is not the name of the file", "name the file \(name).yaml")
        ]
    }

    private static func problem(
        _ file: ProfileFile, _ key: String?, _ rule: String, _ remedy: String, at location: SourceLocation? = nil
    ) -> Problem {
        Problem(
            .invalid, subject: file.stem, option: key, rule: rule, remedy: remedy,
            location: location ?? SourceLocation(file: file.origin, line: 1, column: 1))
    }
}
