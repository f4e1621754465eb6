internal import Aggregation
internal import Glibc
internal import SystemPackage

/// Writing what the user named, whole or not at all, and never over something that is there unless told to.
enum OutputFile {
    static func write(_ text: String, to path: String, force: Bool) throws(Problem) {
        // Written beside the target, so that putting it in place is one step.
        let draft = "\(path).\(getpid())"
        do {
            let file = try FileDescriptor.open(
                FilePath(draft), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupReadWrite, .otherReadWrite])
            defer { unlink(draft) }
            try file.closeAfter { _ = try file.writeAll(text.utf8) }
            // A link, unlike a renamed file, takes nobody's place.
            let result = force ? rename(draft, path) : link(draft, path)
            if result != 0 { throw Errno(rawValue: errno) }
        } catch let error as Errno {
            throw problem(error, path)
        } catch {
            throw Problem(.notFound, subject: path, rule: "it cannot be written: \(error)", remedy: "check the path")
        }
    }

    private static func problem(_ error: Errno, _ path: String) -> Problem {
        switch error {
        case .fileExists:
            Problem(
                .refused(flag: "--force"), subject: path, rule: "it is there already",
                remedy: "name another file, or write over it with --force")
        case .permissionDenied, .readOnlyFileSystem:
            Problem(.notPermitted, subject: path, rule: "it cannot be written: \(error)", remedy: "name another place")
        default:
            Problem(.notFound, subject: path, rule: "it cannot be written: \(error)", remedy: "check the path")
        }
    }
}
