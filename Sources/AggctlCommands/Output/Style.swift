internal import ArgumentParser

/// When to use colour: the value of `--color`.
package enum ColourChoice: String, Sendable, CaseIterable, ExpressibleByArgument {
    case auto, always, never
}

/// How text is emphasised.
///
/// Colour only repeats what the words say already.
package struct Style: Sendable {
    package let isColoured: Bool

    package init(isColoured: Bool) { self.isColoured = isColoured }

    /// An explicit choice wins; else a terminal is coloured unless NO_COLOR is not empty (no-color.org) or the terminal
    /// says it is dumb.
    package init(choice: ColourChoice, isTerminal: Bool, variables: [String: String]) {
        isColoured =
            switch choice {
            case .always: true
            case .never: false
            case .auto: isTerminal && (variables["NO_COLOR"] ?? "").isEmpty && variables["TERM"] != "dumb"
            }
    }

    package static let plain = Style(isColoured: false)

    /// What a piece of text is, as far as it matters to a reader's eye.
    package enum Role: Sendable, Hashable { case good, warning, bad, heading }

    /// The text in the colour of its role, or as it is.
    package func paint(_ text: PrintableText, _ role: Role?) -> PrintableText {
        guard isColoured, let role else { return text }
        let code =
            switch role {
            case .good: "32"
            case .warning: "33"
            case .bad: "31"
            case .heading: "1"
            }
        return text.painted(code)
    }

    package func paint(_ text: String, _ role: Role?) -> PrintableText { paint(PrintableText(text), role) }
}
