package import Aggregation

/// From the files of `profiles/` to what they say, with everything that is wrong with them.
package enum ProfileReader {
    /// - Parameter base: what holds where none of the files says otherwise; they are checked together with it.
    /// - Throws: every problem of every file, in the order of the files.
    package static func library(
        _ files: [ProfileFile], over base: ProfileLibrary = ProfileLibrary()
    ) throws(Problems) -> ProfileLibrary {
        let paths = Set(files.map(\.path))
        var (rows, modes) = (base.rows(without: paths), base.modes(without: paths))
        var workloads = base.workloads.filter { !paths.contains("workloads/\($0.name).yaml") }
        var switches = base.switches.filter { !paths.contains("switches/\($0.name).yaml") }
        var alternatives = base.alternatives.filter { !paths.contains("alternatives/\($0.name).yaml") }
        var problems: [Problem] = []
        for file in files {
            switch file.path.split(separator: "/").first {
            case "alternatives": alternative(file, &problems).map { alternatives.append($0) }
            case "features":
                var row = FeatureKeys.Row()
                if read(file, FeatureKeys.table, into: &row, &problems) { rows.append((file, row)) }
            case "modes":
                var draft = ModeKeys.Draft()
                if read(file, ModeKeys.table, into: &draft, &problems), let profile = ModeKeys.profile(draft) {
                    modes.append((file, profile))
                }
            case "workloads": workload(file, &problems).map { workloads.append($0) }
            case "switches": switchProfile(file, &problems).map { switches.append($0) }
            default:
                problems.append(
                    Problem(
                        .invalid, subject: file.origin, rule: "there is no such kind of profile",
                        remedy: "put it into \(ProfileFile.kinds.joined(separator: ", "))"))
            }
        }
        let matrix = FeatureMatrix(
            features: rows.map { file, row in
                Feature(
                    name: row.name ?? "", title: row.title ?? "", row: row.row ?? 0, claim: row.claim,
                    cells: (row.cells ?? []).map(\.cell))
            },
            modes: modes.map(\.profile))
        problems += modes.flatMap { ProfileChecks.problems(in: $0.profile, $0.file) }
        problems += ProfileChecks.doubledPlaces(rows.map { ($0.file, $0.row.row) })
        // Cells can be counted only against modes that are known.
        if problems.isEmpty { problems = rows.flatMap { ProfileChecks.problems(in: $0.row, $0.file, matrix) } }
        if problems.isEmpty { problems = ProfileChecks.missingRows(matrix) }
        guard problems.isEmpty else { throw Problems(problems) }
        return ProfileLibrary(matrix: matrix, workloads: workloads, switches: switches, alternatives: alternatives)
    }

    /// A workload in a file of its own, wherever that is.
    package static func workload(_ file: ProfileFile) throws(Problems) -> Workload {
        var problems: [Problem] = []
        guard let workload = workload(file, &problems), problems.isEmpty else { throw Problems(problems) }
        return workload
    }

    /// A switch in a file of its own.
    package static func switchProfile(_ file: ProfileFile) throws(Problems) -> SwitchProfile {
        var problems: [Problem] = []
        guard let profile = switchProfile(file, &problems), problems.isEmpty else { throw Problems(problems) }
        return profile
    }

    /// What is known of a host, as `aggctl facts --json` writes it; YAML will do too.
    package static func facts(_ file: ProfileFile) throws(Problems) -> HostFacts {
        var problems: [Problem] = []
        var draft = FactsKeys.Draft()
        let isWhole = read(file, FactsKeys.table, into: &draft, &problems)
        guard isWhole, problems.isEmpty else { throw Problems(problems) }
        return draft.facts ?? HostFacts()
    }

    private static func workload(_ file: ProfileFile, _ problems: inout [Problem]) -> Workload? {
        var draft = WorkloadKeys.Draft()
        guard read(file, WorkloadKeys.table, into: &draft, &problems),
            let workload = WorkloadKeys.workload(draft)
        else { return nil }
        problems += ProfileChecks.problems(in: workload, file)
        return workload
    }

    private static func alternative(_ file: ProfileFile, _ problems: inout [Problem]) -> Alternative? {
        var draft = AlternativeKeys.Draft()
        guard read(file, AlternativeKeys.table, into: &draft, &problems),
            let alternative = AlternativeKeys.alternative(draft)
        else { return nil }
        problems += ProfileChecks.problems(in: alternative, file)
        return alternative
    }

    private static func switchProfile(_ file: ProfileFile, _ problems: inout [Problem]) -> SwitchProfile? {
        var draft = SwitchKeys.Draft()
        guard read(file, SwitchKeys.table, into: &draft, &problems), let profile = SwitchKeys.profile(draft) else {
            return nil
        }
        problems += ProfileChecks.misnamed(profile.name, file)
        return profile
    }

    /// The JSON Schema of a kind of profile, derived from the keys that the reader knows.
    package static func schema(_ kind: String) throws -> String? {
        switch kind {
        case "alternatives": try AlternativeKeys.table.schema.text()
        case "features": try FeatureKeys.table.schema.text()
        case "modes": try ModeKeys.table.schema.text()
        case "workloads": try WorkloadKeys.table.schema.text()
        case "switches": try SwitchKeys.table.schema.text()
        case "facts": try FactsKeys.table.schema.text()
        default: nil
        }
    }

    /// Returns whether the file could be read as a whole.
    private static func read<Target>(
        _ file: ProfileFile, _ table: KeyTable<Target>, into target: inout Target, _ problems: inout [Problem]
    ) -> Bool {
        let result = YAMLReader.read(file.bytes, fileName: file.origin)
        var reading = KeyReading(subject: file.stem, showsLocations: true)
        var complete = false
        if let root = result.root { complete = table.read(root, into: &target, &reading) }
        problems += result.problems + reading.problems
        return complete && result.problems.isEmpty && reading.problems.isEmpty
    }
}

extension ProfileLibrary {
    fileprivate func rows(without paths: Set<String>) -> [(file: ProfileFile, row: FeatureKeys.Row)] {
        matrix.features.map { feature in
            let cells = feature.cells.map { FeatureKeys.CellAt(cell: $0, location: nil) }
            let row = FeatureKeys.Row(
                name: feature.name, title: feature.title, row: feature.row, claim: feature.claim, cells: cells)
            return (.builtIn("features", feature.name), row)
        }.filter { !paths.contains($0.file.path) }
    }

    fileprivate func modes(without paths: Set<String>) -> [(file: ProfileFile, profile: ModeProfile)] {
        matrix.modes.map { (.builtIn("modes", $0.mode.rawValue), $0) }.filter { !paths.contains($0.file.path) }
    }
}

extension ProfileFile {
    /// Where a problem with a profile is told to be that was carried inside the program.
    fileprivate static func builtIn(_ kind: String, _ name: String) -> ProfileFile {
        let path = "\(kind)/\(name).yaml"
        return ProfileFile(path: path, origin: "profiles/\(path) (built in)", bytes: [])
    }
}
