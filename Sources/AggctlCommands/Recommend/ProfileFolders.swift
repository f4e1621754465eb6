internal import Aggregation
internal import Declaration
internal import FoundationEssentials

/// Where profiles come from: those inside the program, overlaid by the administrator's and by the user's own.
enum ProfileFolders {
    /// What all of them say together.
    ///
    /// - Parameter folders: later ones win, file by file; one that does not exist is no fault.
    static func library(_ folders: [String]) throws -> ProfileLibrary {
        let own = try folders.map { try read($0) }
        guard !own.joined().isEmpty else { return BuiltInProfiles.library }
        return try ProfileReader.library(ProfileFile.overlaid(own), over: BuiltInProfiles.library)
    }

    /// A profile in a file that is named on the command line.
    static func file(_ path: String) throws -> ProfileFile {
        ProfileFile(path: path, origin: path, bytes: try InputFile.read(path))
    }

    /// Whether a word on the command line is the path of a file rather than the name of a profile.
    static func isPath(_ text: String) -> Bool { text.contains("/") || text.hasSuffix(".yaml") }

    /// Every YAML file of a folder's own folders.
    private static func read(_ folder: String) throws -> [ProfileFile] {
        try names(folder).flatMap { kind in
            try names("\(folder)/\(kind)").filter { $0.hasSuffix(".yaml") }.map { name in
                let path = "\(folder)/\(kind)/\(name)"
                return ProfileFile(path: "\(kind)/\(name)", origin: path, bytes: try InputFile.read(path))
            }
        }
    }

    /// What is in a folder, in order; nothing when it is none.
    private static func names(_ folder: String) throws -> [String] {
        var isFolder = false
        guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw Problem(
                .notPermitted, subject: folder, rule: "the folder of profiles cannot be read",
                remedy: "check its permissions")
        }
    }
}
