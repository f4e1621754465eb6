/// A table for people: columns aligned by display width, `-` for what is unknown, no space at the end of a line.
package struct TextTable {
    /// A column's heading and the side its cells stand on.
    package struct Column: Sendable {
        package enum Alignment: Sendable { case left, right }

        package let title: String
        package let alignment: Alignment

        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    /// What stands in one place of the table.
    package struct Cell: Sendable, ExpressibleByStringInterpolation {
        package let text: PrintableText
        package let role: Style.Role?

        /// - Parameter text: nil or empty when it is unknown.
        package init(_ text: String?, _ role: Style.Role? = nil) {
            let text = text ?? ""
            self.text = text.isEmpty ? "-" : PrintableText(text)
            self.role = role
        }

        private init(blank: Void) {
            text = ""
            role = nil
        }

        /// Nothing to say, which is not the same as unknown.
        package static let blank = Cell(blank: ())

        package init(stringLiteral text: String) { self.init(text) }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    package init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; cells that are missing at its end are unknown.
    package mutating func add(_ cells: [Cell]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0] : Cell(nil) })
    }

    package var isEmpty: Bool { rows.isEmpty }

    /// The table with a line feed after every line.
    package func render(_ style: Style, indent: Int = 0) -> PrintableText {
        let heading = columns.map { Cell($0.title, .heading) }
        let widths = columns.indices.map { column in
            ([heading] + rows).map { $0[column].text.width }.max() ?? 0
        }
        let margin = PrintableText.spaces(indent)
        return ([heading] + rows).map { margin + line($0, widths, style) + "\n" }.joined()
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ style: Style) -> PrintableText {
        var line = PrintableText.empty
        // Spaces are written when something follows them.
        var pending = 0
        for (place, cell) in cells.enumerated() {
            let space = widths[place] - cell.text.width
            let isRight = columns[place].alignment == .right
            if isRight { pending += space }
            if !cell.text.isEmpty {
                line += PrintableText.spaces(pending) + style.paint(cell.text, cell.role)
                pending = 0
            }
            pending += isRight ? 2 : space + 2
        }
        return line
    }
}
