/// Lines under headings, for a terminal or as Markdown.
struct Page {
    enum Format {
        case text(Style)
        case markdown
    }

    private let format: Format
    private(set) var text = PrintableText.empty

    init(_ format: Format) { self.format = format }

    mutating func heading(_ title: String, _ remark: String? = nil, _ role: Style.Role = .heading) {
        if !text.isEmpty { text += "\n" }
        let remark = remark.map { ": \($0)" } ?? ""
        switch format {
        case .text(let style):
            text += "\(style.paint(title, role))\(remark)\n"
        case .markdown: text += "## \(Self.escaped(title + remark))\n\n"
        }
    }

    /// - Parameter indent: steps of two spaces.
    mutating func line(_ line: String, _ role: Style.Role? = nil, indent: Int = 1) {
        switch format {
        case .text(let style):
            text += .spaces(2 * indent) + style.paint(line, role) + "\n"
        case .markdown: text += .spaces(2 * indent - 2) + "- \(Self.escaped(line))\n"
        }
    }

    /// One of several things that stand for themselves.
    mutating func item(_ text: String) {
        if case .markdown = format { line(text) } else { line("- \(text)") }
    }

    /// A file, line by line as it is.
    mutating func file(_ content: String, language: String) {
        let lines = content.split(separator: "\n", omittingEmptySubsequences: false)
        switch format {
        case .text: for line in lines where !line.isEmpty { self.line(String(line)) }
        case .markdown: text += "```\(language)\n" + PrintableText(page: content) + "```\n"
        }
    }

    /// - Parameter rows: as many cells each as the header has.
    mutating func table(_ header: [String], _ rows: [[String]]) {
        switch format {
        case .text(let style):
            var table = TextTable(header.map { TextTable.Column($0) })
            for row in rows { table.add(row.map { TextTable.Cell($0) }) }
            text += table.render(style, indent: 2)
        case .markdown:
            let rule = header.map { _ in "---" }
            for row in [header, rule] + rows {
                text += "| \(row.map(Self.escaped).joined(separator: " | ")) |\n"
            }
        }
    }

    /// What Markdown would take for a mark of its own.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if "\\`*_[]<>|#".contains(character) { result.append("\\") }
            result.append(character)
        }
    }
}
