internal import Aggregation
internal import SystemPackage

/// Reading what the user names, with a bound: nobody describes aggregates in gigabytes.
enum InputFile {
    /// More than any reader of ours takes, so that it can say that the file is too large.
    private static let limit = 16 << 20

    /// - Parameter path: a path, or `-` for standard input.
    static func read(_ path: String) throws(Problem) -> [UInt8] {
        do {
            if path == "-" { return try read(.standardInput) }
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: .closeOnExec)
            return try file.closeAfter { try read(file) }
        } catch let error as Errno {
            throw Problem(
                error == .permissionDenied ? .notPermitted : .notFound, subject: path,
                rule: "it cannot be read: \(error)",
                remedy: "check the path and its permissions")
        } catch {
            throw Problem(.notFound, subject: path, rule: "it cannot be read: \(error)", remedy: "check the path")
        }
    }

    private static func read(_ file: FileDescriptor) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while bytes.count < limit {
            let count = try buffer.withUnsafeMutableBytes { try file.read(into: $0) }
            if count == 0 { break }
            bytes += buffer.prefix(count)
        }
        return bytes
    }
}
