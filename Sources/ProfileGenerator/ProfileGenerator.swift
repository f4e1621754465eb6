internal import Aggregation
internal import Declaration
internal import FoundationEssentials
internal import Glibc

/// Prints the Swift file that carries `profiles/` inside the program as values: `ProfileGenerator FOLDER`, which
/// `make generate` calls.
///
/// Exit: 0 printed, 65 the files cannot be read or are wrong (every problem on standard error), 64 usage.
@main
enum ProfileGenerator {
    static func main() {
        guard CommandLine.arguments.count == 2 else { fail("usage: ProfileGenerator FOLDER", EX_USAGE) }
        do {
            print(SwiftText.file(try ProfileReader.library(try files(CommandLine.arguments[1]))), terminator: "")
        } catch {
            fail("\(error)", EX_DATAERR)
        }
    }

    /// Every profile of the folder, in order of path.
    private static func files(_ folder: String) throws -> [ProfileFile] {
        try ProfileFile.kinds.flatMap { kind in
            try FileManager.default.contentsOfDirectory(atPath: "\(folder)/\(kind)").sorted().map { name in
                let path = "\(kind)/\(name)"
                let bytes = try Data(contentsOf: URL(filePath: "\(folder)/\(path)"))
                return ProfileFile(path: path, origin: "\(folder)/\(path)", bytes: Array(bytes))
            }
        }
    }

    private static func fail(_ message: String, _ code: Int32) -> Never {
        _ = Array("\(message)\n".utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
        exit(code)
    }
}
