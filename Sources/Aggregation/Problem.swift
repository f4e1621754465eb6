/// Something wrong with what was asked, found before the kernel was touched: what, where, and what to do.
package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What the caller can do about it, and with it the exit code.
    package enum Category: Sendable, Hashable {
        /// Wrong words on the command line.
        case usage
        /// Wrong content: a value, an option, a combination.
        case invalid
        /// No such aggregate, port or file.
        case notFound
        /// A safety rule refuses; the flag overrides it.
        case refused(flag: String?)
        /// A driver, daemon or kernel feature is missing.
        case unavailable
        /// Something did not come in time.
        case timedOut
        case notPermitted
        /// All was accepted, and yet the host is not what was asked for.
        case failed
    }

    package var category: Category
    /// The aggregate, port or file.
    package var subject: String
    /// The option or key.
    package var option: String?
    /// The value as given.
    package var value: String?
    package var mode: Mode?
    /// What is wrong.
    package var rule: String
    /// What to do.
    package var remedy: String?
    package var location: SourceLocation?

    package init(
        _ category: Category, subject: String, option: String? = nil, value: String? = nil, mode: Mode? = nil,
        rule: String, remedy: String? = nil, location: SourceLocation? = nil
    ) {
        self.category = category
        self.subject = subject
        self.option = option
        self.value = value
        self.mode = mode
        self.rule = rule
        self.remedy = remedy
        self.location = location
    }

    /// A safety rule, which a flag may set aside.
    package var isRefusal: Bool { if case .refused = category { true } else { false } }

    /// One sentence without the remedy: `bond0: updelay=250ms: it is no multiple of miimon`.
    package var message: String {
        // A place begins with the name of its file.
        let isNamed = location?.file == subject
        var parts = [location?.description, isNamed ? nil : subject].compactMap { $0 }
        if let option { parts.append(value.map { "\(option)=\($0)" } ?? option) }
        if let mode { parts[parts.count - 1] += " (mode \(mode.rawValue))" }
        return (parts + [rule]).joined(separator: ": ")
    }

    package var description: String { remedy.map { "\(message); \($0)" } ?? message }
}

/// All problems of one input, never only the first.
package struct Problems: Error, Sendable, CustomStringConvertible {
    package let all: [Problem]

    package init(_ all: [Problem]) { self.all = all }

    package var description: String { all.map(\.description).joined(separator: "\n") }
}

extension [Problem] {
    /// What the flags that refusals name allow.
    package var allowances: Allowances {
        let flags = Set(compactMap { problem in if case .refused(let flag) = problem.category { flag } else { nil } })
        return Allowances.flags.reduce(into: []) { if flags.contains($1.key) { $0.insert($1.value) } }
    }
}
