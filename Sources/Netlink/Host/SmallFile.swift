import Glibc
package import SystemPackage

/// Reads a file of procfs, sysfs or /run whole; such files are short and have no size.
package enum SmallFile {
    /// The bytes of a file; nil when it cannot be opened or read.
    ///
    /// - Parameters:
    ///   - path: relative to `directory` when one is given.
    ///   - limit: bytes after which reading stops.
    package static func read(_ path: String, in directory: FileDescriptor? = nil, limit: Int = 4 << 20) -> [UInt8]? {
        let descriptor = openat(directory?.rawValue ?? AT_FDCWD, path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = 4096
        while bytes.count < limit {
            let start = bytes.count
            var count = 0
            // Straight into the result: the common file fits one chunk.
            bytes.append(contentsOf: repeatElement(0, count: chunk))
            repeat {
                count = bytes.withUnsafeMutableBytes {
                    Glibc.read(descriptor, $0.baseAddress.map { $0 + start }, chunk)
                }
            } while count < 0 && errno == EINTR
            bytes.removeLast(chunk - max(0, count))
            if count < 0 { return nil }
            if count == 0 { return bytes }
            chunk = min(chunk * 2, 64 << 10)
        }
        return bytes
    }

    /// The text of a file; bytes that are not UTF-8 become replacement characters.
    package static func text(_ path: String) -> String? {
        read(path).map { String(decoding: $0, as: UTF8.self) }
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
