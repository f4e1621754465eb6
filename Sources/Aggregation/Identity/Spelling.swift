/// Finds what somebody meant to type.
package enum Spelling {
    /// The candidate with the fewest edits away from a word; nil when nothing is near.
    package static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
        let limit = max(1, word.count / 3)
        let scored = candidates.map { (name: $0, distance: distance(word, $0)) }
        guard let best = scored.min(by: { ($0.distance, $0.name) < ($1.distance, $1.name) }),
            best.distance <= limit
        else { return nil }
        return best.name
    }

    /// Edits between two words: a letter put in, left out, exchanged, or swapped with its neighbour (optimal string
    /// alignment). Words are short, so the plain table will do.
    private static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.prefix(64))
        let right = Array(right.prefix(64))
        var rows = [Array(0...right.count)]
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for column in right.indices {
                let substitution = rows[row][column] + (right[column] == character ? 0 : 1)
                var best = min(substitution, rows[row][column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row - 1] == right[column], character == right[column - 1] {
                    best = min(best, rows[row - 1][column - 1] + 1)
                }
                current.append(best)
            }
            rows.append(current)
        }
        return rows[left.count][right.count]
    }
}
