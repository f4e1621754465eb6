internal import Aggregation
internal import Declaration
internal import FoundationEssentials

/// Where profiles come from: those inside the program, overlaid by the administrator's and by the user's own.
enum ProfileFolders {
    /// What all of them say together.
    ///
    /// - Parameters:
    ///   - folders: later ones win, file by file; one that does not exist is no fault.
    ///   - note: told what is left aside, and what is waited for.
    static func library(_ folders: [String], note: (String) -> Void = { _ in }) throws -> ProfileLibrary {
        let own = try folders.map { try read($0, note) }
        guard !own.joined().isEmpty else { return BuiltInProfiles.library }
        return try ProfileReader.library(ProfileFile.overlaid(own), over: BuiltInProfiles.library)
    }

    /// A profile in a file that is named on the command line.
    static func file(_ path: String, _ context: CommandContext) throws -> ProfileFile {
        ProfileFile(path: path, origin: path, bytes: try context.read(path))
    }

    /// Whether a word on the command line is the path of a file rather than the name of a profile.
    static func isPath(_ text: String) -> Bool { text.contains("/") || stem(text) != nil }

    /// The name of a YAML file without its ending; nil for any other file.
    private static func stem(_ name: String) -> Substring? {
        for ending in [".yaml", ".yml"] where name.lowercased().hasSuffix(ending) { return name.dropLast(ending.count) }
        return nil
    }

    /// Every YAML file of a folder's own folders.
    private static func read(_ folder: String, _ note: (String) -> Void) throws -> [ProfileFile] {
        try names(folder).flatMap { kind in
            guard isFolder("\(folder)/\(kind)") else {
                leaveAside("\(folder)/\(kind)", "profiles are in \(ProfileFile.kinds.joined(separator: ", "))", note)
                return [ProfileFile]()
            }
            return try files(in: "\(folder)/\(kind)", kind, note)
        }
    }

    private static func files(in folder: String, _ kind: String, _ note: (String) -> Void) throws -> [ProfileFile] {
        var origins: [String: String] = [:]
        return try names(folder).compactMap { name in
            let origin = "\(folder)/\(name)"
            guard let stem = stem(name) else {
                leaveAside(origin, "a profile's name ends in .yaml or .yml", note)
                return nil
            }
            // One ending, so that a file takes the place of the built-in one whatever its own is.
            let path = "\(kind)/\(stem).yaml"
            if let other = origins.updateValue(origin, forKey: path) {
                throw Problem(
                    .invalid, subject: origin, rule: "it is the same profile as \(other)",
                    remedy: "remove one of the two")
            }
            return ProfileFile(path: path, origin: origin, bytes: try InputFile.read(origin, waiting: note))
        }
    }

    /// Nothing that somebody put there is ignored in silence, but what editors and package managers leave behind.
    private static func leaveAside(_ path: String, _ reason: String, _ note: (String) -> Void) {
        let leftovers = ["~", ".bak", ".orig", ".swp", ".rpmnew", ".rpmsave", ".dpkg-old", ".dpkg-dist", ".dpkg-new"]
        if !leftovers.contains(where: path.hasSuffix) { note("\(path): ignored: \(reason)") }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    /// What is in a folder, in order; nothing when it is none.
    private static func names(_ folder: String) throws -> [String] {
        guard isFolder(folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
        } catch {
            throw Problem(
                .notPermitted, subject: folder, rule: "the folder of profiles cannot be read",
                remedy: "check its permissions")
        }
    }
}
