internal import Glibc
internal import System

/// What the running kernel's bonding said of options, kept until it is another: asking takes namespaces and bonds.
///
/// A file of two lines below /run, which no boot outlives: which driver was asked, and the answers, `NAME` or `!NAME`.
package struct OptionAnswers: Sendable {
    private let path: String

    /// - Parameter stateDirectory: where the program keeps what has to outlive it.
    package init(stateDirectory: String) { path = "\(stateDirectory)/option-answers" }

    /// Answers for all of these names; nil when some were never asked for, or of another driver.
    package func recall(_ names: [String]) -> (known: [String], unknown: [String])? {
        let lines = (StateFile.text(path) ?? "").split(separator: "\n")
        guard lines.count == 2, lines[0] == Self.driver else { return nil }
        let answers = Set(lines[1].split(separator: " ").map(String.init))
        let (known, unknown) = (names.filter(answers.contains), names.filter { answers.contains("!\($0)") })
        return known.count + unknown.count == names.count ? (known, unknown) : nil
    }

    /// Losing them costs the time to ask again.
    package func remember(known: [String], unknown: [String]) {
        let answers = (known + unknown.map { "!\($0)" }).joined(separator: " ")
        StateFile.note(Array("\(Self.driver)\n\(answers)\n".utf8), in: path)
    }

    /// The release, and the loaded driver: its folder is another one when it has been loaded anew.
    private static var driver: String {
        var status = stat()
        let isThere = stat("/sys/module/bonding", &status) == 0
        return "\(LabKernel.release()) \(isThere ? status.st_ino : 0)"
    }
}
