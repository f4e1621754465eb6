internal import Glibc
package import SystemPackage

/// Somebody else could have written what a path leads to.
package struct Distrust: Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        case owner(UInt32)
        case writable(mode: UInt32)
        case symbolicLink
        case noFolder
        case noFile
    }

    package var path: String
    package var reason: Reason

    package var description: String {
        switch reason {
        case .owner(let user): "\(path) belongs to user \(user), not to root"
        case .writable(let mode): "\(path) can be written by others than its owner (mode \(String(mode, radix: 8)))"
        case .symbolicLink: "\(path) is a symbolic link"
        case .noFolder: "\(path) is not a directory"
        case .noFile: "\(path) is not a regular file"
        }
    }

    package var remedy: String {
        switch reason {
        case .owner, .writable: "find out who changed it, then: chown root:root \(path) && chmod go-w \(path)"
        case .symbolicLink, .noFolder, .noFile: "find out who made it, then remove it"
        }
    }

    /// Why something is not to be trusted: it belongs to neither root nor us, or others may write it.
    ///
    /// - Parameter isShared: for a folder whose entries only their owners may replace (sticky, as /tmp).
    init?(_ path: String, _ status: stat, isShared: Bool = false) {
        self.path = path
        if status.st_uid != 0, status.st_uid != geteuid() {
            reason = .owner(status.st_uid)
        } else if status.st_mode & (S_IWGRP | S_IWOTH) != 0, !(isShared && status.st_mode & S_ISVTX != 0) {
            reason = .writable(mode: UInt32(status.st_mode & 0o7777))
        } else {
            return nil
        }
    }

    /// Why others can write a folder, or choose what is in it; nil when they cannot.
    package static func ofFolder(_ path: String) -> Distrust? {
        var status = stat()
        guard stat(path, &status) == 0 else { return Distrust(path, .noFolder) }
        return Distrust(path, status)
    }

    package init(_ path: String, _ reason: Reason) {
        self.path = path
        self.reason = reason
    }

    /// Why a program is not to be run for root later on: others could put another one in its place.
    ///
    /// - Returns: nil when it and all folders above it belong to root and nobody else can write them.
    package static func ofProgram(_ path: String) -> Distrust? {
        var place = FilePath(path).lexicallyNormalized()
        var isEnd = true
        while true {
            var status = stat()
            guard lstat(place.string, &status) == 0 else { return Distrust(place.string, .noFile) }
            switch status.st_mode & S_IFMT {
            case S_IFLNK: return Distrust(place.string, .symbolicLink)
            case S_IFREG where isEnd, S_IFDIR where !isEnd: break
            default: return Distrust(place.string, isEnd ? .noFile : .noFolder)
            }
            if status.st_uid != 0 { return Distrust(place.string, .owner(status.st_uid)) }
            if let distrust = Distrust(place.string, status, isShared: !isEnd) { return distrust }
            guard place.removeLastComponent() else { return nil }
            isEnd = false
        }
    }
}

/// A file of ours that could not be read or written.
package enum StateFailure: Error, Sendable, Hashable, CustomStringConvertible {
    case untrusted(Distrust)
    case system(path: String, Errno)

    package var description: String {
        switch self {
        case .untrusted(let distrust): "\(distrust)"
        case .system(let path, let reason): "\(path): \(reason)"
        }
    }

    package var errno: Errno {
        switch self {
        case .untrusted: .notPermitted
        case .system(_, let reason): reason
        }
    }
}
