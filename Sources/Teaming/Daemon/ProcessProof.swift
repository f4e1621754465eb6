import Glibc
import Netlink

/// Whether a process runs one of some programs for uid 0, as the kernel tells it.
///
/// What a process says of itself proves nothing: its name, its command line, and a control group where users may make
/// some. Nor does the owner of /proc/PID, which is the effective user alone: anybody starts su(1) with words of their own.
enum ProcessProof: Sendable, Hashable {
    case proven
    case refuted
    /// The caller may not see which program it runs; it runs for uid 0.
    case hidden

    init(_ process: pid_t, runs programs: ProgramFiles) {
        switch ProcessLink("/proc/\(process)/exe") {
        case .target(let path):
            self = programs.contain(path, of: process) && Self.isRoots(process) ? .proven : .refuted
        case .denied: self = Self.isRoots(process) ? .hidden : .refuted
        case .absent: self = .refuted
        }
    }

    /// Real, effective, saved and file system user id are 0. The name of the process, which stands above, has no line feed
    /// there (`proc_task_name` in fs/proc/array.c).
    static func isRoots(_ process: pid_t) -> Bool {
        let lines = (SmallFile.text("/proc/\(process)/status") ?? "").split(separator: "\n")
        guard let line = lines.first(where: { $0.hasPrefix("Uid:") }) else { return false }
        let ids = line.dropFirst("Uid:".count).split(whereSeparator: \.isWhitespace)
        return ids.count == 4 && ids.allSatisfy { $0 == "0" }
    }
}

/// Where a program may be, and the file that is there now.
struct ProgramFiles: Sendable {
    private let paths: Set<String>
    private let file: FileIdentity?

    /// - Parameter paths: absolute; the first that is there is the one that would be run.
    init(_ paths: [String]) {
        var known = Set(paths)
        for path in paths {
            guard let real = realpath(path, nil) else { continue }
            known.insert(String(cString: real))
            free(real)
        }
        // The kernel says this of a file that an update has replaced, or that is gone.
        self.paths = known.union(known.map { $0 + " (deleted)" })
        file = paths.first { access($0, X_OK) == 0 }.flatMap { FileIdentity($0) }
    }

    fileprivate func contain(_ path: String, of process: pid_t) -> Bool {
        if paths.contains(path) { return true }
        // The same file by another way: a bind mount, a hard link.
        return file != nil && FileIdentity("/proc/\(process)/exe") == file
    }
}

/// What tells one file or folder from all others: for network namespaces too, as long as both live.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64
    let inode: UInt64

    init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }

    /// - Returns: nil when there is no such file, or it may not be looked at; `errno` says which.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    }
}

/// What a link of /proc points at.
enum ProcessLink: Sendable, Hashable {
    case target(String)
    /// The caller may not look.
    case denied
    case absent

    init(_ path: String) {
        let size = Int(PATH_MAX)
        let found = withUnsafeTemporaryAllocation(byteCount: size, alignment: 1) { buffer -> String? in
            guard let start = buffer.baseAddress else { return nil }
            let count = readlink(path, start.assumingMemoryBound(to: CChar.self), size)
            return count < 0 ? nil : String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
        }
        if let found {
            self = .target(found)
        } else {
            self = errno == EACCES || errno == EPERM ? .denied : .absent
        }
    }
}
