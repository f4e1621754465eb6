import FoundationEssentials
import Glibc

/// Runs programs that are not ours, to hear from them what the kernel did.
enum Witness {
    /// Runs a program and gives what it wrote to standard output.
    ///
    /// - Throws: ``Failure`` when it cannot be run or ends with another code than 0.
    static func run(_ arguments: [String], input: String = "") throws -> String {
        let files = (try scratch(), try scratch(), try scratch())
        defer { for file in [files.0, files.1, files.2] { close(file) } }
        _ = Array(input.utf8).withUnsafeBytes { write(files.0, $0.baseAddress, $0.count) }
        lseek(files.0, 0, SEEK_SET)

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, files.0, 0)
        posix_spawn_file_actions_adddup2(&actions, files.1, 1)
        posix_spawn_file_actions_adddup2(&actions, files.2, 2)
        var strings = arguments.map { strdup($0) } + [nil]
        defer { for string in strings { free(string) } }
        var process = pid_t()
        let code = posix_spawnp(&process, arguments[0], &actions, nil, &strings, environ)
        guard code == 0 else { throw Failure(arguments: arguments, text: String(cString: strerror(code))) }
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        let output = text(files.1)
        guard status == 0 else { throw Failure(arguments: arguments, text: text(files.2) + output) }
        return output
    }

    struct Failure: Error, CustomStringConvertible {
        let arguments: [String]
        let text: String
        var description: String { "\(arguments.joined(separator: " ")): \(text)" }
    }

    /// A file without a name: nothing blocks on it and nothing is left of it.
    private static func scratch() throws -> Int32 {
        var path = Array("/tmp/aggctl-witness-XXXXXX".utf8CString)
        let descriptor = mkstemp(&path)
        guard descriptor >= 0 else { throw Failure(arguments: ["mkstemp"], text: String(cString: strerror(errno))) }
        unlink(path)
        // Other tests start programs at the same time.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return descriptor
    }

    private static func text(_ descriptor: Int32) -> String {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return "" }
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, size, 0))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Any JSON, for reading what witnesses print.
enum JSON: Decodable, Hashable {
    case null
    case bool(Bool)
    case number(Int64)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode(Double.self) {
            // Times of a bridge, which nobody calculates with.
            self = .string(String(value))
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    /// What `ip -j` prints for one command.
    static func parse(_ text: String) throws -> JSON {
        try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    subscript(key: String) -> JSON? { if case .object(let object) = self { object[key] } else { nil } }
    subscript(place: Int) -> JSON? {
        if case .array(let array) = self, array.indices.contains(place) { array[place] } else { nil }
    }
    var elements: [JSON] { if case .array(let array) = self { array } else { [] } }

    /// As the file writes it: `on`, `200`, `layer2`.
    var plain: String {
        switch self {
        case .null: "none"
        case .bool(let value): value ? "on" : "off"
        case .number(let value): String(value)
        case .string(let value): value
        case .array(let values): values.map(\.plain).joined(separator: ",")
        case .object: "{}"
        }
    }
}
