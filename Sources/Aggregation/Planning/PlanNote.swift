/// Something a person should know about a plan that does not stop it.
package struct PlanNote: Sendable, Hashable {
    package enum Kind: String, Sendable { case info, warning }

    package var kind: Kind
    /// The aggregate or port.
    package var subject: String
    package var option: String?
    package var text: String

    package init(_ kind: Kind, subject: String, option: String? = nil, text: String) {
        self.kind = kind
        self.subject = subject
        self.option = option
        self.text = text
    }
}
