package import Aggregation

/// From the files of `profiles/` to the feature matrix, with everything that is wrong with them.
package enum ProfileReader {
    /// - Throws: every problem of every file, in the order of the files.
    package static func matrix(_ files: [ProfileFile]) throws(Problems) -> FeatureMatrix {
        var rows: [(file: ProfileFile, row: FeatureKeys.Row)] = []
        var modes: [(file: ProfileFile, profile: ModeProfile)] = []
        var problems: [Problem] = []
        for file in files {
            switch file.path.split(separator: "/").first {
            case "features":
                var row = FeatureKeys.Row()
                if read(file, FeatureKeys.table, into: &row, &problems) { rows.append((file, row)) }
            case "modes":
                var draft = ModeKeys.Draft()
                if read(file, ModeKeys.table, into: &draft, &problems), let profile = ModeKeys.profile(draft) {
                    modes.append((file, profile))
                }
            default:
                problems.append(
                    Problem(
                        .invalid, subject: file.origin, rule: "there is no such kind of profile",
                        remedy: "put it into features or modes"))
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
        return matrix
    }

    /// The JSON Schema of a kind of profile, derived from the keys that the reader knows.
    package static func schema(_ kind: String) throws -> String? {
        switch kind {
        case "features": try FeatureKeys.table.schema.text()
        case "modes": try ModeKeys.table.schema.text()
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
