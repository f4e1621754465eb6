import FoundationEssentials
import Testing

/// Compares text with a committed file.
///
/// `AGGCTL_REWRITE=1` writes what came out instead, and then fails, so that a run that rewrites is never taken for one
/// that compared.
enum Golden {
    static let isRewriting = ProcessInfo.processInfo.environment["AGGCTL_REWRITE"] == "1"

    /// The top folder of the project.
    static let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// - Parameter name: a path below Tests/GoldenTests/Snapshots.
    static func expect(_ actual: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try expect(actual, isFile: "Tests/GoldenTests/Snapshots/\(name)", sourceLocation: sourceLocation)
    }

    /// - Parameter path: below the top folder of the project.
    static func expect(
        _ actual: String, isFile path: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let file = project.appending(path: path)
        if isRewriting {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(actual.utf8).write(to: file)
            Issue.record("\(path) was rewritten: run again without AGGCTL_REWRITE", sourceLocation: sourceLocation)
            return
        }
        guard let expected = try? text(of: path) else {
            Issue.record("\(path) is missing: AGGCTL_REWRITE=1 writes it", sourceLocation: sourceLocation)
            return
        }
        #expect(
            actual == expected, "\(path) differs: AGGCTL_REWRITE=1 takes the new text over",
            sourceLocation: sourceLocation)
    }

    static func text(of path: String) throws -> String {
        String(decoding: try Data(contentsOf: project.appending(path: path)), as: UTF8.self)
    }
}
