import FoundationEssentials

/// One line of the result.
struct Measurement: Codable {
    private enum CodingKeys: String, CodingKey {
        case name, unit, ours, peer, ratio, limit, note
        case isMet = "met"
    }

    var name: String
    /// `ms`, `ms/bond`, `MiB`, `faults`.
    var unit: String
    /// What aggctl took.
    var ours: Double
    /// What it is compared with: another tool, or aggctl at a smaller size.
    var peer: Double?
    /// `ours / peer`.
    var ratio: Double?
    /// The most that `ratio` may be; without a ratio, the most that `ours` may be.
    var limit: Double?
    /// Nil where nothing is demanded.
    var isMet: Bool?
    /// What there is to know about the figures.
    var note: String?

    init(_ name: String, unit: String, ours: Double, peer: Double? = nil, limit: Double? = nil, note: String? = nil) {
        self.name = name
        self.unit = unit
        self.ours = Self.rounded(ours)
        self.peer = peer.map(Self.rounded)
        ratio = peer.map { Self.rounded(ours / $0) }
        self.limit = limit
        self.note = note
        isMet = limit.map { (ratio ?? self.ours) <= $0 }
    }

    /// Three places: more would be noise.
    private static func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

    /// One line of JSON, as it travels out of the lab kernel.
    func line() throws -> String {
        String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    }

    static func lines(_ text: String) throws -> [Measurement] {
        try text.split(separator: "\n").map { try JSONDecoder().decode(Measurement.self, from: Data($0.utf8)) }
    }

    static func json(_ all: [Measurement]) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(all) + Data("\n".utf8)
    }
}

/// The table for people.
enum Table {
    static func text(_ all: [Measurement]) -> String {
        let head = ["", "ours", "peer", "unit", "ratio", "limit", ""]
        let rows = all.map { one in
            [
                one.name, number(one.ours), number(one.peer), one.unit, number(one.ratio), number(one.limit),
                [one.isMet.map { $0 ? "met" : "MISSED" }, one.note].compactMap { $0 }.joined(separator: "; "),
            ]
        }
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        let lines = ([head] + rows).map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let space = String(repeating: " ", count: widths[column] - cell.count)
                line += [1, 2, 4, 5].contains(column) ? space + cell : cell + space
                line += "  "
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }
        let missed = all.filter { $0.isMet == false }.map(\.name)
        let verdict = missed.isEmpty ? "every limit is met" : "MISSED: \(missed.joined(separator: ", "))"
        return lines.joined() + verdict + "\n"
    }

    /// At most two places, none in large numbers.
    private static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        if value >= 1000 { return "\(Int(value.rounded()))" }
        let hundredths = Int((value * 100).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
