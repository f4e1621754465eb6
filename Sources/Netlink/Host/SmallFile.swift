import Glibc
package import SystemPackage

/// Reads a file of procfs, sysfs or /run whole; such files are short and have no size.
package enum SmallFile {
    /// Bytes that are read at once.
    private static let chunk = 16 << 10

    /// The bytes of a file; nil when it cannot be opened or read.
    ///
    /// - Parameters:
    ///   - path: relative to `directory` when one is given.
    ///   - limit: bytes after which reading stops.
    ///   - isWhole: says of what was read so far that there is no more; else the end is found by asking once more.
    package static func read(
        _ path: String, in directory: FileDescriptor? = nil, limit: Int = 4 << 20,
        isWhole: ([UInt8]) -> Bool = { _ in false }
    ) -> [UInt8]? {
        let descriptor = openat(directory?.rawValue ?? AT_FDCWD, path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: chunk, alignment: 16) { buffer in
            var bytes: [UInt8] = []
            while bytes.count < limit {
                let count = Glibc.read(descriptor, buffer.baseAddress, chunk)
                if count < 0, errno == EINTR { continue }
                if count < 0 { return nil }
                if count == 0 { break }
                bytes.append(contentsOf: buffer[..<count])
                if isWhole(bytes) { break }
            }
            return bytes
        }
    }

    /// The text of a file; bytes that are not UTF-8 become replacement characters.
    package static func text(_ path: String) -> String? {
        read(path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The names in a folder; none when there is no such folder.
    package static func names(in folder: String) -> Set<String> {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var names: Set<String> = []
        while let entry = readdir(stream) {
            names.insert(
                withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
                })
        }
        return names
    }

    /// The last part of what a symbolic link points at; nil when there is no such link.
    package static func linkTarget(_ path: String) -> String? {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &target, target.count)
        guard
            let last = target.prefix(max(0, length)).map(UInt8.init(bitPattern:)).split(separator: UInt8(ascii: "/"))
                .last
        else { return nil }
        return String(decoding: last, as: UTF8.self)
    }
}
