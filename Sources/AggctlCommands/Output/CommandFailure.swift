/// Why a command failed, ready to be shown: the one form that every error takes before it leaves the program.
package struct CommandFailure: Error, Sendable {
    /// One thing that is wrong.
    package struct Item: Sendable {
        /// What is wrong, and with what: one sentence.
        package var message: String
        /// What to do about it.
        package var hint: String?
        /// It says what became of the change, and is no problem of its own.
        package var isOutcome = false
        /// More for programs, as `subject`, `option`, `file` or `errno`.
        package var details: JSONObject

        package init(_ message: String, hint: String? = nil, details: JSONObject = [:]) {
            self.message = message
            self.hint = hint
            self.details = details
        }
    }

    package var status: ExitStatus
    package var items: [Item]
    /// Lines that follow the messages, such as the usage of a command.
    package var trailer: String?

    package init(_ status: ExitStatus, items: [Item], trailer: String? = nil) {
        self.status = status
        self.items = items
        self.trailer = trailer
    }

    package init(_ status: ExitStatus, message: String, hint: String? = nil, details: JSONObject = [:]) {
        self.init(status, items: [Item(message, hint: hint, details: details)])
    }

    /// Ends with a code that has been explained already.
    package static func silent(_ status: ExitStatus) -> CommandFailure { CommandFailure(status, items: []) }

    package var isSilent: Bool { items.isEmpty }

    /// `aggctl: what is wrong` and a line with what to do, for every item.
    package func text(_ style: Style) -> PrintableText {
        var text = PrintableText.empty
        for item in items {
            text += "\(style.paint("aggctl:", .bad)) \(PrintableText(lines: item.message, indent: 4))\n"
            if let hint = item.hint {
                text += "  \(style.paint("hint:", .heading)) \(PrintableText(lines: hint, indent: 4))\n"
            }
        }
        if let trailer { text += PrintableText(page: trailer) + "\n" }
        return text
    }

    /// `{"error": {"code", "exit", "message", "hint", …}}`; several items are listed under `problems`.
    package var json: JSONValue {
        var error: JSONObject = [:]
        if items.count == 1, let item = items.first {
            error = Self.members(item)
        } else {
            let count = items.count { !$0.isOutcome }
            let text = items.map(\.message).joined(separator: "; ")
            error["message"] = .string(count == 1 ? text : "\(count) problems: \(text)")
            error["problems"] = .array(items.map { .object(Self.members($0)) })
        }
        error["code"] = .string(status.word)
        error["exit"] = .integer(Int64(status.rawValue))
        return ["schema": 1, "error": .object(error)]
    }

    private static func members(_ item: Item) -> JSONObject {
        var members = item.details
        members["message"] = .string(item.message)
        if let hint = item.hint { members["hint"] = .string(hint) }
        return members
    }
}
