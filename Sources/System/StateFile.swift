package import SystemPackage

/// One file of a folder of ours: see ``StateFolder``.
package enum StateFile {
    package static func read(_ path: String) throws(StateFailure) -> [UInt8] {
        let (folder, name) = split(path)
        return try StateFolder(folder).read(name)
    }

    /// The text of a file; nil when it cannot be read.
    package static func text(_ path: String) -> String? {
        (try? read(path)).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Puts a file in the place of what was there, at once; makes its folder.
    package static func write(_ text: String, to path: String, permissions: FilePermissions) throws(StateFailure) {
        try write(Array(text.utf8), to: path, permissions: permissions)
    }

    package static func write(_ bytes: [UInt8], to path: String, permissions: FilePermissions) throws(StateFailure) {
        let (folder, name) = split(path)
        try StateFolder(folder, creating: true).write(bytes, to: name, permissions: permissions)
    }

    /// Writes something that can be found out again or done without: a failure costs what was to be kept.
    package static func note(_ bytes: [UInt8], in path: String) {
        try? write(bytes, to: path, permissions: .ofNotes)
    }

    package static func remove(_ path: String) {
        let (folder, name) = split(path)
        (try? StateFolder(folder))?.remove(name)
    }

    package static func move(_ path: String, to other: String) {
        let (folder, name) = split(path)
        (try? StateFolder(folder))?.move(name, to: split(other).name)
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        let path = FilePath(path)
        return (path.removingLastComponent().string, path.lastComponent?.string ?? "")
    }
}

extension FilePermissions {
    /// Of what every user's `status` tells.
    package static let ofNotes: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
    /// Of what only root has to read.
    package static let ofSecrets: FilePermissions = .ownerReadWrite
}
