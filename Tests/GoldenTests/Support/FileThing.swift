import Aggregation
import Glibc
import Testing

/// A kind of thing that may stand where a command names a file.
enum FileThing: String, CaseIterable, CustomTestStringConvertible {
    case missing, missingFolder, empty, folder, fifo, socket, null, zero, full, watchdog, dangling, circle, link
    case throughAFile, longName, longPath, sparse, noName, slash, notUTF8

    var testDescription: String { rawValue }

    /// Makes one in a folder.
    ///
    /// - Parameter content: of the file, where it is one.
    /// - Returns: its path.
    func make(in folder: TemporaryFolder, content: String) throws -> String {
        let path = "\(folder.path)/\(rawValue)"
        switch self {
        case .missing: break
        case .missingFolder: return "\(path)/none/file"
        case .empty: try folder.write(rawValue, "")
        case .folder: try folder.write("\(rawValue)/inside", "x")
        case .fifo: mkfifo(path, 0o600)
        case .socket: try Self.bindSocket(path)
        case .null: return "/dev/null"
        case .zero: return "/dev/zero"
        case .full: return "/dev/full"
        // Opening one starts a clock that ends with a reboot: any device that is no stream stands for it.
        case .watchdog: return mknod(path, S_IFCHR | 0o600, dev_t(10 << 8 | 130)) == 0 ? path : "/dev/fuse"
        case .dangling: symlink("\(folder.path)/nowhere", path)
        case .circle: symlink(path, path)
        case .link:
            try folder.write("target", content)
            symlink("target", path)
        case .throughAFile:
            try folder.write(rawValue, content)
            return path + "/file"
        case .longName: return "\(folder.path)/\(String(repeating: "x", count: 256))"
        case .longPath: return folder.path + String(repeating: "/directory", count: 450)
        case .sparse:
            try folder.write(rawValue, content)
            truncate(path, 1 << 30)
        case .noName: return ""
        case .slash: return path + "/"
        case .notUTF8: return "\(folder.path)/\u{fffd}.yaml"
        }
        return path
    }

    private static func bindSocket(_ path: String) throws {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix($0.count - 1)) }
        let number = Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        withUnsafePointer(to: address) { pointer in
            _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(number, $0, size) }
        }
    }
}
