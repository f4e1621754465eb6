import AggctlCommands
import FoundationEssentials
import Glibc

/// docs/option-reference.md: derived from the option table up to a line, measured after it.
enum OptionReferenceFile {
    /// The kernel whose measurements are in the file.
    static let kernel = "6.1"

    /// `make measure` sets it: print what was measured rather than compare it.
    static let isRewriting = getenv("AGGCTL_REWRITE").map { String(cString: $0) } == "1"

    /// Lines between which `scripts/measure-options` finds the text; the guest cannot write to the host's files.
    static func printForRewriting(_ text: String) {
        print("-----BEGIN MEASURED-----\n\(text)-----END MEASURED-----")
    }

    /// The measured part as it is committed; nil when the file or the line is not there.
    static func measuredPart() throws -> String? {
        let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = String(
            decoding: try Data(contentsOf: project.appending(path: "docs/option-reference.md")), as: UTF8.self)
        return page.firstRange(of: OptionReference.end + "\n").map { String(page[$0.upperBound...]) }
    }

    /// The release of the running kernel: `6.1.176`.
    static func runningRelease() -> String {
        var names = utsname()
        uname(&names)
        return withUnsafeBytes(of: names.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}
