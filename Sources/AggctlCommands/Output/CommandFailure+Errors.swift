internal import Aggregation
internal import ArgumentParser
internal import Netlink
internal import Operations
internal import SystemPackage

/// From every error there is to what is shown and to the exit code. Nothing else decides on either.
extension CommandFailure {
    /// - Parameter columns: the width for help that an argument error brings along.
    package init(_ error: any Error, columns: Int? = nil) {
        switch error {
        case let failure as CommandFailure: self = failure
        case let problem as Problem: self.init(problems: [problem])
        case let problems as Problems: self.init(problems: problems.all)
        case let failure as ChangeFailure: self.init(failure)
        case let error as DriverError: self.init(error)
        case let error as NetlinkError: self.init(error)
        case let error as JournalError: self.init(error)
        case let error as InvalidName: self.init(.invalidInput, message: error.description, hint: InvalidName.remedy)
        case let error as OptionDefinition.InvalidValue:
            self.init(.invalidInput, message: error.rule, hint: error.remedy)
        case is CancellationError: self.init(.failed, message: "interrupted", hint: "run it again")
        case let code as ExitCode: self = .silent(ExitStatus(rawValue: code.rawValue))
        default: self.init(argumentError: error, columns: columns)
        }
    }

    /// All problems at once; the code is that of the first thing to mend.
    private init(problems: [Problem]) {
        let status = problems.map(\.category.exitStatus).min { $0.urgency < $1.urgency } ?? .failed
        var items = problems.prefix(Self.most).map(Item.init(problem:))
        let rest = problems.count - items.count
        if rest > 0 { items.append(Item("\(rest) more problems are not shown", hint: "mend these first")) }
        self.init(status, items: items)
    }

    /// A file of 1 MiB can have so many that their text takes ten.
    private static let most = 500

    private init(_ error: DriverError) {
        var details: JSONObject = ["operation": .string(error.operation), "subject": .string(error.subject)]
        if error.errno != 0 { details["errno"] = .integer(Int64(error.errno)) }
        if let option = error.option { details["option"] = .string(option) }
        var plain = error
        plain.remedy = nil
        self.init(
            error.category.exitStatus, message: plain.description, hint: error.remedy ?? error.category.usualRemedy,
            details: details)
    }

    private init(_ error: NetlinkError) {
        let category: DriverError.Category =
            switch error.errno {
            case .notPermitted, .permissionDenied: .notPermitted
            case .noSuchFileOrDirectory, .noSuchAddressOrDevice: .notFound
            case .timedOut: .timedOut
            default: .refused
            }
        self.init(
            category.exitStatus, message: "\(error)", hint: category.usualRemedy,
            details: [
                "operation": .string(error.operation), "subject": .string(error.subject),
                "errno": .integer(Int64(error.errno.rawValue)),
            ])
    }

    /// All of them are found before anything is touched.
    private init(_ error: JournalError) {
        let status: ExitStatus =
            switch error {
            case .busy: .timedOut
            case .unwritable(_, .permissionDenied), .unwritable(_, .notPermitted): .notPermitted
            default: .failed
            }
        self.init(status, message: "\(error); nothing was changed", hint: error.remedy)
    }

    /// What the argument parser says, and whatever nobody foresaw.
    private init(argumentError error: any Error, columns: Int?) {
        let code = Aggctl.exitCode(for: error)
        guard code == .validationFailure else {
            self.init(.failed, message: String(describing: error))
            return
        }
        let message = Aggctl.message(for: error)
        let whole = Aggctl.fullMessage(for: error, columns: columns)
        // The whole is `Error: MESSAGE`, help on the value if there is any, and the usage.
        let rest = whole.hasPrefix("Error: \(message)") ? String(whole.dropFirst("Error: \(message)".count)) : ""
        let trailer = rest.drop { $0.isNewline }.split(separator: "\n", omittingEmptySubsequences: false)
        // `  See 'aggctl status --help' for more information.` is what a hint is for, in JSON too.
        let (see, about) = ("  See '", "' for more information.")
        let hint = trailer.last { $0.hasPrefix(see) && $0.hasSuffix(about) }.map {
            "see \($0.dropFirst(see.count).dropLast(about.count))"
        }
        let usage = trailer.filter { !$0.hasPrefix(see) }.joined(separator: "\n")
        self.init(.usage, items: [Item(message, hint: hint)], trailer: usage.isEmpty ? nil : usage)
    }
}

extension CommandFailure.Item {
    fileprivate init(problem: Problem) {
        var details: JSONObject = [
            "code": .string(problem.category.exitStatus.word), "subject": .string(problem.subject),
        ]
        if let option = problem.option { details["option"] = .string(option) }
        if let value = problem.value { details["value"] = .string(value) }
        if let mode = problem.mode { details["mode"] = .string(mode.rawValue) }
        if case .refused(let flag?) = problem.category { details["flag"] = .string(flag) }
        if let location = problem.location {
            details["file"] = .string(location.file)
            details["line"] = .integer(Int64(location.line))
            details["column"] = .integer(Int64(location.column))
        }
        self.init(problem.message, hint: problem.remedy ?? problem.category.usualRemedy, details: details)
    }
}

extension Problem.Category {
    fileprivate var exitStatus: ExitStatus {
        switch self {
        case .usage: .usage
        case .invalid: .invalidInput
        case .notFound: .notFound
        case .refused: .refused
        case .unavailable: .unavailable
        case .timedOut: .timedOut
        case .notPermitted: .notPermitted
        case .failed: .failed
        }
    }

    fileprivate var usualRemedy: String? {
        switch self {
        case .refused(let flag?): "\(flag) does it all the same"
        case .notPermitted: DriverError.Category.notPermitted.usualRemedy
        default: nil
        }
    }
}

extension DriverError.Category {
    fileprivate var exitStatus: ExitStatus {
        switch self {
        case .refused: .failed
        case .notPermitted: .notPermitted
        case .unavailable: .unavailable
        case .notFound: .notFound
        case .timedOut: .timedOut
        }
    }

    fileprivate var usualRemedy: String? {
        self == .notPermitted ? "this needs CAP_NET_ADMIN: run it as root" : nil
    }
}

extension ExitStatus {
    /// Of several problems the one that has to be mended first: words before content, content before the host.
    fileprivate var urgency: Int {
        let order: [ExitStatus] = [.usage, .invalidInput, .notFound, .unavailable, .notPermitted, .refused]
        return order.firstIndex(of: self) ?? order.count
    }
}
