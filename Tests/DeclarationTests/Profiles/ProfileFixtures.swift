import Aggregation
import Declaration
import FoundationEssentials
import Testing

/// The project's own profiles, as they are in its folder.
enum ProfileFixtures {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "profiles")

    static func files() throws -> [ProfileFile] {
        try ProfileFile.kinds.flatMap { kind in
            let place = folder.appending(path: kind)
            return try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().map { name in
                ProfileFile(
                    path: "\(kind)/\(name)", origin: name,
                    bytes: Array(try Data(contentsOf: place.appending(path: name))))
            }
        }
    }

    static func library() throws -> ProfileLibrary { try ProfileReader.library(try files()) }

    static func matrix() throws -> FeatureMatrix { try library().matrix }

    /// One of the files with its text changed.
    static func file(_ path: String, _ change: (String) -> String) throws -> ProfileFile {
        try #require(try files(changing: path, change).first { $0.path == path })
    }

    /// The files with the text of one changed.
    static func files(
        changing path: String, _ change: (String) -> String, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws -> [ProfileFile] {
        var files = try files()
        let index = try #require(files.firstIndex { $0.path == path }, sourceLocation: sourceLocation)
        let old = String(decoding: files[index].bytes, as: UTF8.self)
        let new = change(old)
        #expect(new != old, "nothing was changed", sourceLocation: sourceLocation)
        files[index] = ProfileFile(path: path, origin: files[index].origin, bytes: Array(new.utf8))
        return files
    }

    /// What the reader says of changed files, one line a problem.
    static func problems(_ files: [ProfileFile], over base: ProfileLibrary = ProfileLibrary()) -> [String] {
        do {
            _ = try ProfileReader.library(files, over: base)
            return []
        } catch {
            return error.all.map(\.description)
        }
    }
}
