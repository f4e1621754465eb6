internal import Glibc

/// Where answers come from; tests put their own in.
package protocol InputSource: Sendable {
    /// Somebody sits there.
    var isTerminal: Bool { get }
    /// The next line without its line feed; nil when there will be none.
    func line() -> String?
}

/// Standard input.
package struct StandardInput: InputSource {
    package init() {}

    package var isTerminal: Bool { isatty(STDIN_FILENO) == 1 }
    package func line() -> String? { readLine() }
}
