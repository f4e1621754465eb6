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

    /// Levenshtein's distance; words are short, so the plain table of two lines will do.
    private static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(right.prefix(64))
        var previous = Array(0...right.count)
        for (row, character) in left.prefix(64).enumerated() {
            var current = [row + 1]
            for column in right.indices {
                let substitution = previous[column] + (right[column] == character ? 0 : 1)
                current.append(min(substitution, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
