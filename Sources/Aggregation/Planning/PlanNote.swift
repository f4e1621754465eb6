/// Something a person should know about a plan that does not stop it.
package struct PlanNote: Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// What was decided without being asked.
        case info
        /// What will not do what it seems to.
        case warning
    }

    /// The aggregate or port.
    package var subject: String
    /// The option or key.
    package var option: String?
    package var text: String
    package var kind: Kind

    package init(_ kind: Kind, subject: String, option: String? = nil, text: String) {
        self.kind = kind
        self.subject = subject
        self.option = option
        self.text = text
    }

    package var description: String { "\(subject): \(option.map { "\($0): " } ?? "")\(text)" }
}
