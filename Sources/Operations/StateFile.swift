internal import FoundationEssentials
internal import SystemPackage

/// Files in which something is kept that can be found out again, or done without.
enum StateFile {
    /// Puts a file in the place of what was there, at once; makes its folder. A failure costs what was to be kept.
    static func replace(_ path: String, with data: Data) {
        try? FileManager.default.createDirectory(
            atPath: FilePath(path).removingLastComponent().string, withIntermediateDirectories: true)
        try? data.write(to: URL(filePath: path), options: .atomic)
    }
}
