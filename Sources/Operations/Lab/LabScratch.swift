import CSystemShims
import Glibc

/// The folder of one running lab: the kernel's directory and the file that backs its memory.
///
/// The folder itself is locked for as long as a process of the lab lives; a killed one cannot remove it, so the
/// next lab command removes those of the same user that nobody has locked.
package struct LabScratch: Sendable {
    package let path: String
    /// The open, locked folder.
    let lock: Int32

    static let prefix = "aggctl-lab-"

    /// Folders that may hold a guest's memory, best first: memory, then what the user chose, then disks.
    package static func candidates(_ temporary: String?) -> [String] {
        var all = ["/dev/shm"]
        for path in [temporary, "/tmp", "/var/tmp"] {
            if let path, path.hasPrefix("/"), !all.contains(path) { all.append(path) }
        }
        return all
    }

    /// Makes a folder in the first candidate that can be written, may hold mapped code and has room.
    ///
    /// - Parameter room: bytes that must be free.
    package static func make(in candidates: [String], room: UInt64) throws(LabError) -> LabScratch {
        var problems: [String] = []
        for base in candidates {
            if let problem = problem(of: base, room: room) {
                problems.append("\(base): \(problem)")
                continue
            }
            // Somebody who sweeps may take the folder between its making and its locking: make another one then.
            for _ in 0..<10 {
                var template = Array("\(base)/\(prefix)\(geteuid())-XXXXXX".utf8CString)
                guard mkdtemp(&template) != nil else {
                    problems.append("\(base): \(String(cString: strerror(errno)))")
                    break
                }
                let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
                if let lock = lock(path) { return LabScratch(path: path, lock: lock) }
            }
        }
        throw LabError(
            .noSpace, "No folder can hold the memory of a lab kernel. \(problems.joined(separator: "; ")).",
            remedy: "Free space, ask for less with --memory, or set TMPDIR to a folder with \(room >> 20) MiB free.")
    }

    private static func problem(of base: String, room: UInt64) -> String? {
        guard LabBootLine.isOneWord(base) else {
            return "its name has a blank, a quote or a control character, which no kernel command line holds"
        }
        var system = statvfs()
        guard access(base, W_OK | X_OK) == 0, statvfs(base, &system) == 0 else {
            return String(cString: strerror(errno))
        }
        if system.f_flag & 8 != 0 { return "programs cannot be mapped from there (noexec)" }  // ST_NOEXEC
        let free = UInt64(system.f_bavail) * UInt64(system.f_frsize)
        return free < room ? "\(free >> 20) MiB free, \(room >> 20) MiB needed" : nil
    }

    /// The open folder when it could be locked and still is where it was.
    private static func lock(_ path: String) -> Int32? {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        var opened = stat()
        var named = stat()
        guard flock(folder, LOCK_EX | LOCK_NB) == 0, fstat(folder, &opened) == 0, lstat(path, &named) == 0,
            opened.st_ino == named.st_ino, opened.st_dev == named.st_dev, opened.st_uid == geteuid()
        else {
            close(folder)
            return nil
        }
        return folder
    }

    /// Removes what labs of this user left behind in the candidates.
    ///
    /// - Returns: the paths removed.
    @discardableResult
    package static func sweep(_ candidates: [String]) -> [String] {
        var removed: [String] = []
        for base in candidates {
            for name in names(in: base) where name.hasPrefix("\(prefix)\(geteuid())-") {
                let path = "\(base)/\(name)"
                guard let folder = lock(path) else { continue }
                removeTree(path)
                close(folder)
                removed.append(path)
            }
        }
        return removed
    }

    /// Whether its files are memory, as those of a guest's own tmpfs are.
    var isInMemory: Bool {
        var system = statfs()
        let tmpfsMagic = 0x0102_1994
        return fstatfs(lock, &system) == 0 && Int(system.f_type) == tmpfsMagic
    }

    /// Removes the folder and gives the lock back.
    package func remove() {
        LabScratch.removeTree(path)
        close(lock)
    }

    static func names(in path: String) -> [String] { names(in: opendir(path)) }

    private static func names(in directory: OpaquePointer?) -> [String] {
        guard let directory else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// Removes a file, or a folder with all that is in it; a link itself, also one that cannot be removed, and never
    /// what it points to.
    static func removeTree(_ path: String) { removeTree(path, in: AT_FDCWD) }

    private static func removeTree(_ name: String, in parent: Int32) {
        if unlinkat(parent, name, 0) == 0 { return }
        let folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return }
        // Listed through a descriptor of its own, which listing closes.
        let list = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for entry in names(in: fdopendir(list)) { removeTree(entry, in: folder) }
        close(folder)
        unlinkat(parent, name, AT_REMOVEDIR)
    }
}
